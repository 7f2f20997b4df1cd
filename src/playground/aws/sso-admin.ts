import type { Call, Operation } from './operation.ts'
import { page } from './parameters.ts'
import { ssoAssignmentOperations } from './sso-assignments.ts'
import { ssoProvisioningOperations } from './sso-provisioning.ts'
import { instanceFor, paging, permissionSetFor, referenceTo, setFor } from './sso-support.ts'
import type { PermissionSet } from './state.ts'

/** IAM Identity Center's administration (`sso-admin`), by operation name. */
export const ssoAdminOperations: Record<string, Operation> = {
  ListInstances(call) {
    const { size, token } = paging(call)
    call.authorize('sso:ListInstances')
    const { instanceArn, identityStoreId, managementAccountId } = call.state
    const all = [
      {
        InstanceArn: instanceArn,
        IdentityStoreId: identityStoreId,
        OwnerAccountId: managementAccountId,
        Status: 'ACTIVE',
      },
    ]
    const { items, next } = page(all, 'ListInstances', size, token)
    return { Instances: items, NextToken: next }
  },

  ListPermissionSets(call) {
    const { size, token } = paging(call)
    const instance = instanceFor(call)
    call.authorize('sso:ListPermissionSets', [instance])
    const arns = call.state.permissionSets.map(({ arn }) => arn)
    const { items, next } = page(arns, 'ListPermissionSets', size, token)
    return { PermissionSets: items, NextToken: next }
  },

  DescribePermissionSet(call) {
    const instance = instanceFor(call)
    const set = permissionSetFor(call, arn => call.authorize('sso:DescribePermissionSet', [instance, arn]))
    return {
      PermissionSet: {
        Name: set.name,
        PermissionSetArn: set.arn,
        Description: set.description,
        SessionDuration: set.sessionDuration,
        CreatedDate: Date.UTC(2025, 0, 1) / 1000,
      },
    }
  },

  ListManagedPoliciesInPermissionSet(call) {
    const { items, next } = listIn(call, ({ managed }) => managed)
    const AttachedManagedPolicies = items.map(arn => ({ Name: arn.split('/').at(-1), Arn: arn }))
    return { AttachedManagedPolicies, NextToken: next }
  },

  ListCustomerManagedPolicyReferencesInPermissionSet(call) {
    const { items, next } = listIn(call, ({ customer }) => customer)
    return { CustomerManagedPolicyReferences: items.map(referenceTo), NextToken: next }
  },

  GetInlinePolicyForPermissionSet(call) {
    return { InlinePolicy: JSON.stringify(setFor(call).policy) }
  },

  ...ssoProvisioningOperations,
  ...ssoAssignmentOperations,
}

function listIn(call: Call, list: (set: PermissionSet) => string[]) {
  const { size, token } = paging(call)
  const set = setFor(call)
  return page(list(set), `${call.operation} ${set.arn}`, size, token)
}
