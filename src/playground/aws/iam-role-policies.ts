import { changeableRoleFor, roleFor } from './any-role.ts'
import {
  attachedTo,
  checkAggregate,
  checkDocument,
  documentRules,
  encoded,
  listed,
  noSuchEntity,
  policyNameOf,
} from './iam-support.ts'
import type { Operation } from './operation.ts'
import { text } from './parameters.ts'

// Inline policies of one role together: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const rolePolicyLimit = 10_240

/** IAM's operations on the policies of roles. */
export const iamRolePolicyOperations: Record<string, Operation> = {
  ListRolePolicies(call) {
    const { arn, inlinePolicies } = roleFor(call)
    return listed(call, 'PolicyNames', `ListRolePolicies ${arn}`, [...inlinePolicies.keys()].sort())
  },

  GetRolePolicy(call) {
    const policyName = policyNameOf(call)
    const { name, inlinePolicies } = roleFor(call)
    const document = inlinePolicies.get(policyName)
    if (document === undefined) throw noPolicy(policyName)
    return { RoleName: name, PolicyName: policyName, PolicyDocument: encoded(document) }
  },

  PutRolePolicy(call) {
    const policyName = policyNameOf(call)
    const document = text(call.params, 'PolicyDocument', documentRules)
    const { accountId, name: roleName, inlinePolicies } = changeableRoleFor(call)
    checkDocument(document)
    checkAggregate(inlinePolicies, { policyName, document }, { limit: rolePolicyLimit, of: `role ${roleName}` })
    call.record({ type: 'role-policy-put', data: { accountId, roleName, policyName, document } })
    return {}
  },

  DeleteRolePolicy(call) {
    const policyName = policyNameOf(call)
    const { accountId, name: roleName, inlinePolicies } = changeableRoleFor(call)
    if (!inlinePolicies.has(policyName)) throw noPolicy(policyName)
    call.record({ type: 'role-policy-deleted', data: { accountId, roleName, policyName } })
    return {}
  },

  ListAttachedRolePolicies: call => attachedTo(call, roleFor(call)),
}

const noPolicy = (name: string) => noSuchEntity(`The role policy with name ${name} cannot be found.`)
