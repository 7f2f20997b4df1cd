import { type AnyRole, changeableRoleFor, roleFor, rolesIn } from './any-role.ts'
import { reservedRolesAt } from './assignments.ts'
import { AwsError } from './aws-error.ts'
import { isoSeconds } from './caller.ts'
import { list } from './context.ts'
import {
  boundaryAnswer,
  boundaryContext,
  checkDocument,
  documentRules,
  encoded,
  limitExceeded,
  listed,
  namePattern,
  noSuchEntity,
  pathPattern,
  pathPrefix,
  sizeOf,
} from './iam-support.ts'
import { uniqueId } from './ids.ts'
import type { Call, Operation } from './operation.ts'
import { optionalInteger, optionalText, text } from './parameters.ts'
import { type PolicyDocument, parsePolicy } from './policy.ts'
import { type IamRole, roleByArn, userByArn } from './state.ts'

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const trustLimit = 2048

/** IAM's operations on roles. */
export const iamRoleOperations: Record<string, Operation> = {
  GetRole(call) {
    const role = roleFor(call)
    return { Role: { ...shown(role), PermissionsBoundary: boundaryAnswer(role.permissionsBoundary) } }
  },

  // Boundaries, tags and last use are GetRole's only: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html
  ListRoles(call) {
    const prefix = pathPrefix(call)
    call.authorize('iam:ListRoles')
    const all = rolesIn(call)
      .filter(({ path }) => path.startsWith(prefix))
      .map(shown)
    return listed(call, 'Roles', `ListRoles ${call.caller.accountId} ${prefix}`, all)
  },

  CreateRole(call) {
    const { params, state, now } = call
    const name = text(params, 'RoleName', { max: 64, pattern: namePattern })
    const path = optionalText(params, 'Path', { max: 512, pattern: pathPattern }) ?? '/'
    const document = text(params, 'AssumeRolePolicyDocument', documentRules)
    const maxSessionSeconds = optionalInteger(params, 'MaxSessionDuration', 3600, 43_200) ?? 3600
    const boundary = optionalText(params, 'PermissionsBoundary', { min: 20, max: 2048 })
    const { accountId } = call.caller
    const arn = `arn:aws:iam::${accountId}:role${path}${name}`
    call.authorize('iam:CreateRole', [arn], boundaryContext(boundary))
    const trust = trustIn(call, document)
    if (boundary !== undefined && !state.policies.has(boundary))
      throw noSuchEntity(`Scope ARN: ${boundary} does not exist or is not attachable.`)
    if (rolesIn(call).some(other => other.name.toLowerCase() === name.toLowerCase()))
      throw new AwsError('EntityAlreadyExists', `Role with name ${name} already exists.`, 409)
    const made: Omit<IamRole, 'kind' | 'inlinePolicies' | 'attachedPolicies'> = {
      ...{ accountId, name, path, arn, trust, maxSessionSeconds },
      // Made anew under an old name, a role is another one.
      roleId: uniqueId('AROA', `${arn} ${state.eventCount}`),
      createdAt: now,
      ...(boundary === undefined ? {} : { permissionsBoundary: boundary }),
    }
    call.record({ type: 'role-created', data: made })
    return { Role: shown(made) }
  },

  DeleteRole(call) {
    const { accountId, name: roleName, inlinePolicies, attachedPolicies } = changeableRoleFor(call)
    if (attachedPolicies.length > 0) throw inUse('Cannot delete entity, must detach all policies first.')
    if (inlinePolicies.size > 0) throw inUse('Cannot delete entity, must delete policies first.')
    call.record({ type: 'role-deleted', data: { accountId, roleName } })
    return {}
  },

  UpdateAssumeRolePolicy(call) {
    const document = text(call.params, 'PolicyDocument', documentRules)
    const { accountId, name: roleName } = changeableRoleFor(call)
    call.record({ type: 'role-trust-set', data: { accountId, roleName, trust: trustIn(call, document) } })
    return {}
  },
}

const inUse = (message: string) => new AwsError('DeleteConflict', message, 409)

/** A trust policy as AWS takes it: well formed, small enough, and naming principals that are there. */
function trustIn({ state, now }: Call, document: string): PolicyDocument {
  checkDocument(document, 'trust')
  if (sizeOf([document]) > trustLimit) throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${trustLimit}`)
  const trust = parsePolicy(document, 'trust')
  const actions = list(trust.Statement).flatMap(({ Action, NotAction }) => list(Action ?? NotAction))
  if (!actions.every(action => /^sts:/i.test(action)))
    throw new AwsError('MalformedPolicyDocument', 'AssumeRole policy may only specify STS AssumeRole actions.')
  const named = list(trust.Statement).flatMap(({ Principal }) =>
    typeof Principal === 'object' ? list(Principal['AWS']) : [],
  )
  for (const arn of named) {
    const [, kind] = /^arn:aws:iam::\d{12}:(user|role)\//.exec(arn) ?? []
    const isRole = () => roleByArn(state, arn) ?? reservedRolesAt(state, now).find(role => role.arn === arn)
    const missing = (kind === 'user' && !userByArn(state, arn)) || (kind === 'role' && !isRole())
    // Part of an ARN cannot be left open here.
    if (missing || (arn !== '*' && arn.includes('*')))
      throw new AwsError('MalformedPolicyDocument', `Invalid principal in policy: "AWS":"${arn}"`)
  }
  return trust
}

const shown = ({ name, path, arn, roleId, trust, maxSessionSeconds, createdAt }: ShownRole) => ({
  Path: path,
  RoleName: name,
  RoleId: roleId,
  Arn: arn,
  CreateDate: isoSeconds(createdAt),
  AssumeRolePolicyDocument: encoded(JSON.stringify(trust)),
  MaxSessionDuration: maxSessionSeconds,
})

type ShownRole = Omit<AnyRole, 'inlinePolicies' | 'attachedPolicies'>
