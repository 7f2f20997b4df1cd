import { policyOf } from './managed-policies.ts'
import type { PolicyDocument } from './policy.ts'
import {
  type AssignmentOperation,
  findRole,
  findUser,
  type IamRole,
  type ProvisioningOperation,
  type RoleSession,
  type State,
  type UserSession,
} from './state.ts'

/** Everything that can change, as journalled. */
export type AwsEvent =
  | { type: 'user-policy-put'; data: { accountId: string; userName: string; policyName: string; document: string } }
  | { type: 'user-policy-deleted'; data: { accountId: string; userName: string; policyName: string } }
  | { type: 'role-created'; data: Omit<IamRole, 'kind' | 'inlinePolicies' | 'attachedPolicies'> }
  | { type: 'role-deleted'; data: RoleName }
  | { type: 'role-trust-set'; data: RoleName & { trust: PolicyDocument } }
  | { type: 'role-policy-put'; data: RoleName & { policyName: string; document: string } }
  | { type: 'role-policy-deleted'; data: RoleName & { policyName: string } }
  | {
      type: 'managed-policy-created'
      data: { owner: string; path: string; name: string; document: string; createdAt: number }
    }
  | {
      type: 'policy-version-created'
      data: { arn: string; versionId: string; document: string; isDefault: boolean; createdAt: number }
    }
  | { type: 'policy-version-deleted'; data: { arn: string; versionId: string; at: number } }
  | { type: 'default-policy-version-set'; data: { arn: string; versionId: string; at: number } }
  | { type: 'set-boundary-put'; data: { permissionSetArn: string; boundary: string } }
  | { type: 'set-boundary-deleted'; data: { permissionSetArn: string } }
  | { type: 'assignment-operation-started'; data: AssignmentOperation }
  | { type: 'set-provisioning-started'; data: ProvisioningOperation }
  | { type: 'session-started'; data: RoleSession | UserSession }

type RoleName = { accountId: string; roleName: string }

/** Applies one event to the state, in place. The only place where the state changes. */
export function apply(state: State, event: AwsEvent): void {
  state.eventCount += 1
  switch (event.type) {
    case 'user-policy-put':
      findUser(state, event.data)?.inlinePolicies.set(event.data.policyName, event.data.document)
      return
    case 'user-policy-deleted':
      findUser(state, event.data)?.inlinePolicies.delete(event.data.policyName)
      return
    case 'role-created': {
      const role: IamRole = { kind: 'role', ...event.data, inlinePolicies: new Map(), attachedPolicies: [] }
      state.accounts.get(role.accountId)?.roles.set(role.name.toLowerCase(), role)
      return
    }
    case 'role-deleted':
      state.accounts.get(event.data.accountId)?.roles.delete(event.data.roleName.toLowerCase())
      return
    case 'role-trust-set': {
      const role = findRole(state, event.data)
      if (role) role.trust = event.data.trust
      return
    }
    case 'role-policy-put':
      findRole(state, event.data)?.inlinePolicies.set(event.data.policyName, event.data.document)
      return
    case 'role-policy-deleted':
      findRole(state, event.data)?.inlinePolicies.delete(event.data.policyName)
      return
    case 'managed-policy-created': {
      const policy = policyOf(event.data)
      state.policies.set(policy.arn, policy)
      return
    }
    case 'policy-version-created': {
      const policy = state.policies.get(event.data.arn)
      if (!policy) return
      const { versionId, document, isDefault, createdAt } = event.data
      policy.versions.push({ versionId, document, createdAt })
      policy.lastVersion += 1
      policy.updatedAt = createdAt
      if (isDefault) policy.defaultVersionId = versionId
      return
    }
    case 'policy-version-deleted': {
      const policy = state.policies.get(event.data.arn)
      if (!policy) return
      policy.versions = policy.versions.filter(({ versionId }) => versionId !== event.data.versionId)
      policy.updatedAt = event.data.at
      return
    }
    case 'default-policy-version-set': {
      const policy = state.policies.get(event.data.arn)
      if (!policy) return
      policy.defaultVersionId = event.data.versionId
      policy.updatedAt = event.data.at
      return
    }
    case 'set-boundary-put':
    case 'set-boundary-deleted': {
      const set = state.permissionSets.find(({ arn }) => arn === event.data.permissionSetArn)
      if (set) set.boundary = event.type === 'set-boundary-put' ? event.data.boundary : undefined
      return
    }
    case 'assignment-operation-started':
    case 'set-provisioning-started':
      state.operations.push(event.data)
      return
    case 'session-started':
      state.sessions.set(event.data.accessKeyId, event.data)
      return
    default:
      event satisfies never
  }
}
