import { type Caller, isoSeconds } from './caller.ts'
import { conditionHolds } from './conditions.ts'
import { type Context, list } from './context.ts'
import { actionMatches, type Decision, evaluate } from './evaluator.ts'
import type { Statement } from './policy.ts'
import { type IamRole, roleByArn, type State } from './state.ts'

/** One action of one caller on one resource; `context` adds or replaces condition keys of the request. */
export type Attempt = { action: string; resource: string; context?: Context }

/** AWS's sentence for credentials that have run out, in whichever service. */
export const expiredMessage = 'The security token included in the request is expired'

/**
 * Decides an attempt as AWS does: identity and session policies, for `sts:AssumeRole` the role's trust policy too, and
 * across accounts nothing else, because no other resource here has a policy. Does not look at the caller's expiry.
 */
export function decide(state: State, caller: Caller, now: number, attempt: Attempt): Decision {
  const context = { ...requestContext(attempt.resource, now), ...caller.context, ...attempt.context }
  const decision = evaluate({
    action: attempt.action,
    resource: attempt.resource,
    context,
    identityPolicies: caller.identityPolicies,
    boundary: caller.boundary,
    sessionPolicy: caller.sessionPolicy,
  })
  if (attempt.action.toLowerCase() === 'sts:assumerole') {
    return decideAssumeRole(decision, roleByArn(state, attempt.resource), caller, context)
  }
  const owner = attempt.resource.split(':')[4]
  const foreign = owner !== undefined && /^\d{12}$/.test(owner) && owner !== caller.accountId
  if (decision.allowed && foreign && !isOrganizationWide(attempt.resource)) {
    return { allowed: false, reason: 'implicit deny', by: 'resource-based' }
  }
  return decision
}

// A delegated administrator acts on these although the management account owns them.
const isOrganizationWide = (arn: string) => /^arn:aws:(organizations|identitystore|sso):/.test(arn)

function decideAssumeRole(identity: Decision, role: IamRole | undefined, caller: Caller, context: Context): Decision {
  const named = (statement: Statement) => principalMatch(statement, caller)
  const trust = role ? trustVerdict(role, 'sts:AssumeRole', named, context) : 'none'
  if (identity.reason === 'explicit deny') return identity
  if (trust === 'deny') return { allowed: false, reason: 'explicit deny', by: 'resource-based' }
  if (trust === 'none') return { allowed: false, reason: 'implicit deny', by: 'resource-based' }
  if (identity.allowed || trust !== 'caller' || role?.accountId !== caller.accountId) return identity
  // Being named in one's own account replaces the identity policy. A session policy still limits, and the boundary of
  // a role, but not that of a user:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html
  const limits = identity.by === 'session' || (identity.by === 'boundary' && caller.kind === 'role')
  return limits ? identity : { allowed: true, reason: 'allowed' }
}

/** Whether a role lets in whom a SAML provider vouches for, under the name the provider gives. */
export function trustsProvider(
  role: IamRole,
  now: number,
  { providerArn, sessionName }: { providerArn: string; sessionName: string },
): boolean {
  const context: Context = {
    ...requestContext(role.arn, now),
    'aws:FederatedProvider': providerArn,
    'saml:aud': 'https://signin.aws.amazon.com/saml',
    'sts:RoleSessionName': sessionName,
  }
  const named = ({ Principal }: Statement) =>
    typeof Principal === 'object' && list(Principal['Federated']).includes(providerArn) ? 'caller' : undefined
  return trustVerdict(role, 'sts:AssumeRoleWithSAML', named, context) === 'caller'
}

/** What a trust policy says: which statements are about the caller is for `named` to say. */
function trustVerdict(
  role: IamRole,
  action: string,
  named: (statement: Statement) => 'caller' | 'account' | undefined,
  context: Context,
): 'deny' | 'caller' | 'account' | 'none' {
  const matching = list(role.trust.Statement).filter(
    statement =>
      actionMatches(statement, action) &&
      named(statement) !== undefined &&
      conditionHolds(statement.Condition, context, role.trust.Version === '2012-10-17' ? context : null),
  )
  if (matching.some(({ Effect }) => Effect === 'Deny')) return 'deny'
  if (matching.length === 0) return 'none'
  return matching.some(statement => named(statement) === 'caller') ? 'caller' : 'account'
}

function principalMatch({ Principal }: Statement, caller: Caller): 'caller' | 'account' | undefined {
  const named = typeof Principal === 'object' ? list(Principal['AWS']) : list(Principal)
  if (named.some(one => one === caller.arn || one === caller.principalArn || one === '*')) return 'caller'
  return named.some(one => one === caller.accountId || one === `arn:aws:iam::${caller.accountId}:root`)
    ? 'account'
    : undefined
}

function requestContext(resource: string, now: number): Context {
  const [, , , region, accountId] = resource.split(':')
  return {
    'aws:CurrentTime': isoSeconds(now),
    'aws:EpochTime': String(Math.floor(now / 1000)),
    'aws:SecureTransport': 'true',
    'aws:RequestedRegion': region || 'us-east-1',
    ...(accountId ? { 'aws:ResourceAccount': accountId } : {}),
  }
}

/** AWS's sentence for a refused attempt. */
export function deniedMessage(caller: Caller, { action, resource }: Attempt, decision: Decision): string {
  const start = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}`
  if (decision.allowed) throw new Error('There is no such sentence for what is allowed')
  const article = decision.by === 'identity-based' ? 'an' : 'a'
  const kind = decision.by === 'boundary' ? 'permissions boundary' : `${decision.by} policy`
  if (decision.reason === 'explicit deny') return `${start} with an explicit deny in ${article} ${kind}`
  // STS does not say more about a trust policy that does not let the caller in.
  if (decision.by === 'resource-based' && action.toLowerCase() === 'sts:assumerole') return start
  return `${start} because no ${kind} allows the ${action} action`
}
