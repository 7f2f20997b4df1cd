import { AwsError, commonError } from './aws-error.ts'
import { principalNamed } from './caller.ts'
import { type Context, list, lookUp } from './context.ts'
import { parseDate } from './date-value.ts'
import { type Decision, evaluate } from './evaluator.ts'
import { listed, noSuchEntity } from './iam-support.ts'
import type { Operation } from './operation.ts'
import { type Parameters, queryList, text } from './parameters.ts'
import type { PolicyDocument } from './policy.ts'

/** IAM's policy simulator: what the policies of a principal say, without trying it. */
export const iamSimulationOperations: Record<string, Operation> = {
  // Neither SCPs nor the policies of resources are part of it; statements that matched are not named.
  SimulatePrincipalPolicy(call) {
    const { params, state, now } = call
    const arn = text(params, 'PolicySourceArn', { min: 20, max: 2048 })
    const actions = queryList(params, 'ActionNames').map(one => actionIn(one))
    const resources = queryList(params, 'ResourceArns').map(one => text({ ResourceArns: one }, 'ResourceArns'))
    const given = Object.assign({}, ...queryList(params, 'ContextEntries').map(entryIn))
    refuseUnsimulated(params)
    if (actions.length === 0) throw commonError('validation', 'ActionNames must have at least one member')
    call.authorize('iam:SimulatePrincipalPolicy', [arn])
    const principal = principalNamed(state, now, arn)
    if (!principal) throw noSuchEntity(`The principal with ARN ${arn} cannot be found.`)
    const { identityPolicies, boundary } = principal
    const context: Context = { ...principal.context, ...given }
    const missing = missingKeys([...identityPolicies, ...list(boundary)], context)
    const results = actions.map(action => {
      const decide = (resource: string) => {
        const asked = { action, resource, context }
        const withinBoundary = boundary && evaluate({ ...asked, identityPolicies: [boundary] }).allowed
        return {
          EvalResourceName: resource,
          EvalResourceDecision: words[evaluate({ ...asked, identityPolicies, boundary }).reason],
          MissingContextValues: missing,
          PermissionsBoundaryDecisionDetail: boundary && { AllowedByPermissionsBoundary: withinBoundary },
        }
      }
      const single = (resources.length > 0 ? resources : ['*']).map(decide)
      const decisions = single.map(({ EvalResourceDecision }) => EvalResourceDecision)
      return {
        EvalActionName: action,
        EvalResourceName: '*',
        EvalDecision: severity.find(one => decisions.includes(one)),
        MissingContextValues: missing,
        PermissionsBoundaryDecisionDetail: boundary && {
          AllowedByPermissionsBoundary: single.every(
            one => one.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary,
          ),
        },
        ResourceSpecificResults: resources.length > 0 ? single : undefined,
      }
    })
    const scope = `SimulatePrincipalPolicy ${arn} ${actions.join()} ${resources.join()}`
    return listed(call, 'EvaluationResults', scope, results)
  },
}

const words = { allowed: 'allowed', 'implicit deny': 'implicitDeny', 'explicit deny': 'explicitDeny' } satisfies Record<
  Decision['reason'],
  string
>
// At the top of an answer stands the strictest decision over all resources.
const severity = ['explicitDeny', 'implicitDeny', 'allowed']

const invalid = (message: string) => new AwsError('InvalidInput', message)

function actionIn(value: unknown): string {
  const action = text({ ActionNames: value }, 'ActionNames', { min: 3, max: 128 })
  if (!/^[A-Za-z0-9-]+:[A-Za-z0-9]+$/.test(action)) throw invalid(`Invalid action: ${action}`)
  return action
}

function entryIn(value: unknown): Context {
  const entry = typeof value === 'object' && value !== null ? (value as Parameters) : {}
  const key = text(entry, 'ContextKeyName', { min: 5, max: 256 })
  const type = text(entry, 'ContextKeyType')
  const [, base, isList] = /^(string|numeric|boolean|ip|binary|date)(List)?$/.exec(type) ?? []
  if (base === undefined) throw commonError('validation', `Unknown ContextKeyType ${type}`)
  const values = queryList(entry, 'ContextKeyValues').map(one => text({ ContextKeyValues: one }, 'ContextKeyValues'))
  for (const one of values) {
    const isOfType =
      (base !== 'date' || !Number.isNaN(parseDate(one))) &&
      (base !== 'numeric' || Number.isFinite(Number(one))) &&
      (base !== 'boolean' || /^(true|false)$/i.test(one))
    if (!isOfType) throw invalid(`Invalid value ${one} for context key ${key} of type ${type}`)
  }
  if (isList) return { [key]: values }
  const [only, ...others] = values
  if (only === undefined || others.length > 0) throw invalid(`Context key ${key} of type ${type} takes one value`)
  return { [key]: only }
}

function missingKeys(policies: PolicyDocument[], context: Context): string[] {
  const conditions = policies.flatMap(({ Statement }) => list(Statement).map(({ Condition }) => Condition ?? {}))
  const keys = conditions.flatMap(condition => Object.values(condition).flatMap(Object.keys))
  return [...new Set(keys)].filter(key => lookUp(context, key) === undefined)
}

// Ignoring one of these would answer another question than was asked.
function refuseUnsimulated(params: Parameters) {
  const found = Object.keys(params).find(name =>
    /^(PolicyInputList|PermissionsBoundaryPolicyInputList|PolicyExclusionList|ResourcePolicy|ResourceOwner|CallerArn|ResourceHandlingOption)/.test(
      name,
    ),
  )
  if (found) throw commonError('validation', `The simulated AWS does not know ${found} of SimulatePrincipalPolicy`)
}
