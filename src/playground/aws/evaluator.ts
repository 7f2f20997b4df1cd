import { conditionHolds } from './conditions.ts'
import { type Context, list } from './context.ts'
import { matchesPattern, type Variables } from './patterns.ts'
import type { PolicyDocument, Statement } from './policy.ts'

/** What is asked of the policies: one action on one resource (`*` where the action has none). */
export type AccessRequest = { action: string; resource: string; context: Context }

/** The outcome, and for a refusal which kind of policy caused it (AWS names it in its message). */
export type Decision =
  | { allowed: true; reason: 'allowed' }
  | {
      allowed: false
      reason: 'implicit deny' | 'explicit deny'
      by: 'identity-based' | 'boundary' | 'session' | 'resource-based'
    }

/**
 * Decides as AWS does within one account: an explicit deny anywhere wins, else the identity policies must allow and so
 * must the permissions boundary and the session policy, where there are such. Resource-based policies are the caller's business. Pure.
 */
export function evaluate(
  input: AccessRequest & {
    identityPolicies: PolicyDocument[]
    boundary?: PolicyDocument | undefined
    sessionPolicy?: PolicyDocument | undefined
  },
): Decision {
  const identity = verdict(input.identityPolicies, input)
  const boundary = input.boundary ? verdict([input.boundary], input) : 'allowed'
  const session = input.sessionPolicy ? verdict([input.sessionPolicy], input) : 'allowed'
  for (const reason of ['explicit deny', 'implicit deny'] as const) {
    if (identity === reason) return { allowed: false, reason, by: 'identity-based' }
    if (boundary === reason) return { allowed: false, reason, by: 'boundary' }
    if (session === reason) return { allowed: false, reason, by: 'session' }
  }
  return { allowed: true, reason: 'allowed' }
}

/** What a set of policies of one kind says by itself. */
function verdict(policies: PolicyDocument[], request: AccessRequest): Decision['reason'] {
  const matching = policies.flatMap(policy => {
    // Policy variables came with that version; in older policies they are plain text.
    const variables = policy.Version === '2012-10-17' ? request.context : null
    return list(policy.Statement).filter(statement => matches(statement, request, variables))
  })
  if (matching.some(statement => statement.Effect === 'Deny')) return 'explicit deny'
  return matching.length > 0 ? 'allowed' : 'implicit deny'
}

const matches = (statement: Statement, { action, resource, context }: AccessRequest, variables: Variables) =>
  actionMatches(statement, action) &&
  resourceMatches(statement, resource, variables) &&
  conditionHolds(statement.Condition, context, variables)

/** Whether the statement is about this action, without regard to case. */
export function actionMatches(statement: Statement, action: string): boolean {
  const one = (pattern: string) => matchesPattern(pattern.toLowerCase(), action.toLowerCase(), null, 'text')
  return statement.NotAction ? !list(statement.NotAction).some(one) : list(statement.Action).some(one)
}

function resourceMatches(statement: Statement, resource: string, variables: Variables): boolean {
  const one = (pattern: string) => pattern === '*' || matchesPattern(pattern, resource, variables, 'arn')
  return statement.NotResource ? !list(statement.NotResource).some(one) : list(statement.Resource).some(one)
}
