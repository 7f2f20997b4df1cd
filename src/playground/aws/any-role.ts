import { reservedRolesAt } from './assignments.ts'
import { AwsError } from './aws-error.ts'
import { boundaryContext, namePattern, noSuchEntity } from './iam-support.ts'
import { policyArn } from './managed-policies.ts'
import type { Call } from './operation.ts'
import { text } from './parameters.ts'
import type { PolicyDocument } from './policy.ts'
import type { IamRole } from './state.ts'

/** A role as IAM knows it, whoever made it. */
export type AnyRole = Omit<IamRole, 'kind' | 'accountId'>

/** Customer roles of the caller's account, and those that Identity Center keeps there. */
export function rolesIn({ state, caller, now }: Call): AnyRole[] {
  const reserved = reservedRolesAt(state, now).filter(({ accountId }) => accountId === caller.accountId)
  return [
    ...(state.accounts.get(caller.accountId)?.roles.values() ?? []),
    ...reserved.map(role => {
      const set = state.permissionSets.find(({ arn }) => arn === role.permissionSetArn)
      const inlinePolicies = new Map([['AwsSSOInlinePolicy', JSON.stringify(set?.policy)]])
      const attachedPolicies = [
        ...(set?.managed ?? []),
        ...(set?.customer ?? []).map(path => policyArn(role.accountId, path)),
      ]
      return { ...role, trust: reservedTrust, maxSessionSeconds: 43_200, inlinePolicies, attachedPolicies }
    }),
  ]
}

/** The role that is named, once the caller may do this operation on it; throws AccessDenied or NoSuchEntity. */
export function roleFor(call: Call): AnyRole {
  const roleName = text(call.params, 'RoleName', { max: 64, pattern: namePattern })
  const role = rolesIn(call).find(({ name }) => name.toLowerCase() === roleName.toLowerCase())
  const resource = role?.arn ?? `arn:aws:iam::${call.caller.accountId}:role/${roleName}`
  // Of the operations here, only listings know no such condition key:
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
  const context = /^List|^GetRolePolicy$/.test(call.operation) ? {} : boundaryContext(role?.permissionsBoundary)
  call.authorize(`iam:${call.operation}`, [resource], context)
  if (!role) throw noSuchEntity(`The role with name ${roleName} cannot be found.`)
  return role
}

/** The customer role that is to be changed; roles that AWS keeps for its services are UnmodifiableEntity. */
export function changeableRoleFor(call: Call): IamRole {
  const { name, path } = roleFor(call)
  const role = call.state.accounts.get(call.caller.accountId)?.roles.get(name.toLowerCase())
  if (!role || /^\/aws-(reserved|service-role)\//.test(path)) {
    const message = `Cannot perform the operation on the protected role '${name}' - this role is only modifiable by AWS`
    throw new AwsError('UnmodifiableEntity', message)
  }
  return role
}

const reservedTrust: PolicyDocument = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Federated: 'arn:aws:iam::aws:saml-provider/AWSSSO_DO_NOT_DELETE' },
    Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
  },
}
