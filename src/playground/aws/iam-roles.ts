import { reservedRolesAt } from './assignments.ts'
import { isoSeconds } from './caller.ts'
import {
  boundaryAnswer,
  boundaryContext,
  encoded,
  listed,
  namePattern,
  noSuchEntity,
  pathPrefix,
} from './iam-support.ts'
import { beginning } from './initial-state.ts'
import type { Call, Operation } from './operation.ts'
import { text } from './parameters.ts'
import type { PolicyDocument } from './policy.ts'
import type { IamRole } from './state.ts'

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
    const { accountId } = call.caller
    const all = rolesIn(call)
      .filter(({ path }) => path.startsWith(prefix))
      .map(shown)
    return listed(call, 'Roles', `ListRoles ${accountId} ${prefix}`, all)
  },
}

/** A role as IAM knows it, whoever made it. */
export type AnyRole = Pick<
  IamRole,
  'name' | 'path' | 'arn' | 'roleId' | 'trust' | 'permissionsBoundary' | 'maxSessionSeconds'
>

/** Customer roles of the caller's account, and those that Identity Center keeps there. */
function rolesIn({ state, caller, now }: Call): AnyRole[] {
  const reserved = reservedRolesAt(state, now).filter(({ accountId }) => accountId === caller.accountId)
  return [
    ...(state.accounts.get(caller.accountId)?.roles.values() ?? []),
    ...reserved.map(role => ({ ...role, trust: reservedTrust, maxSessionSeconds: 43_200 })),
  ]
}

/** The role that is named, once the caller may do this operation on it; throws AccessDenied or NoSuchEntity. */
function roleFor(call: Call): AnyRole {
  const roleName = text(call.params, 'RoleName', { max: 64, pattern: namePattern })
  const role = rolesIn(call).find(({ name }) => name.toLowerCase() === roleName.toLowerCase())
  const resource = role?.arn ?? `arn:aws:iam::${call.caller.accountId}:role/${roleName}`
  call.authorize(`iam:${call.operation}`, [resource], boundaryContext(role?.permissionsBoundary))
  if (!role) throw noSuchEntity(`The role with name ${roleName} cannot be found.`)
  return role
}

const shown = ({ name, path, arn, roleId, trust, maxSessionSeconds }: AnyRole) => ({
  Path: path,
  RoleName: name,
  RoleId: roleId,
  Arn: arn,
  CreateDate: isoSeconds(beginning),
  AssumeRolePolicyDocument: encoded(JSON.stringify(trust)),
  MaxSessionDuration: maxSessionSeconds,
})

const reservedTrust: PolicyDocument = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Federated: 'arn:aws:iam::aws:saml-provider/AWSSSO_DO_NOT_DELETE' },
    Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
  },
}
