import { iamPolicyOperations } from './iam-policies.ts'
import { iamRolePolicyOperations } from './iam-role-policies.ts'
import { iamRoleOperations } from './iam-roles.ts'
import { iamSimulationOperations } from './iam-simulation.ts'
import { iamUserOperations } from './iam-users.ts'
import type { Operation } from './operation.ts'

/** IAM's operations, by name. They act in the account of the caller. */
export const iamOperations: Record<string, Operation> = {
  ...iamUserOperations,
  ...iamRoleOperations,
  ...iamRolePolicyOperations,
  ...iamPolicyOperations,
  ...iamSimulationOperations,
}
