import type { PolicyDocument } from './policy.ts'
import type { AccountState } from './seed.ts'

/** An asynchronous operation answers IN_PROGRESS for this long, in milliseconds of the world clock. */
export const operationMilliseconds = 3000

/** An IAM user. Inline policies are kept as the text that was put. */
export type IamUser = {
  kind: 'user'
  accountId: string
  name: string
  path: string
  arn: string
  userId: string
  inlinePolicies: Map<string, string>
  attachedPolicies: Map<string, PolicyDocument>
  permissionsBoundary?: { arn: string; policy: PolicyDocument }
}

/** A customer IAM role. */
export type IamRole = {
  kind: 'role'
  accountId: string
  name: string
  path: string
  arn: string
  roleId: string
  trust: PolicyDocument
  inlinePolicies: Map<string, string>
  maxSessionSeconds: number
}

/** An AWS account; users and roles are keyed by lower-case name, because IAM's names differ by more than case. */
export type Account = {
  id: string
  name: string
  state: AccountState
  users: Map<string, IamUser>
  roles: Map<string, IamRole>
}

/** A permission set; `sessionDuration` as AWS writes it, `sessionMs` the same in milliseconds. */
export type PermissionSet = {
  arn: string
  name: string
  description: string | undefined
  sessionDuration: string
  sessionMs: number
  policy: PolicyDocument
  /** ARNs of AWS's policies; paths and names of the accounts' own. */
  managed: string[]
  customer: string[]
  boundary: string | undefined
}

/** A user of the Identity Center directory. */
export type DirectoryUser = { userId: string; userName: string; email: string; displayName: string; enabled: boolean }

/** A group of the Identity Center directory; `members` are user ids. */
type DirectoryGroup = { groupId: string; name: string; members: string[] }

/** What an assignment is about; these four identify it, AWS keeps no other identity. */
export type AssignmentTarget = {
  accountId: string
  permissionSetArn: string
  principalType: 'USER' | 'GROUP'
  principalId: string
}

/** An asynchronous change of an assignment; `failure` is the reason it will give when its time is up. */
export type AssignmentOperation = AssignmentTarget & {
  kind: 'create' | 'delete'
  requestId: string
  startedAt: number
  failure?: string
}

/** A role session: one assumed through STS or one taken in the access portal. Times in milliseconds. */
export type RoleSession = {
  accessKeyId: string
  kind: 'assumed' | 'portal'
  accountId: string
  roleName: string
  roleId: string
  roleArn: string
  sessionName: string
  startedAt: number
  expiresAt: number
  sessionPolicy?: string
  /** Of portal sessions: the set whose policy applies, and the person. */
  permissionSetArn?: string
  identityStoreUserId?: string
}

/** Everything that can change, as journalled. */
export type AwsEvent =
  | { type: 'user-policy-put'; data: { accountId: string; userName: string; policyName: string; document: string } }
  | { type: 'user-policy-deleted'; data: { accountId: string; userName: string; policyName: string } }
  | { type: 'assignment-operation-started'; data: AssignmentOperation }
  | { type: 'session-started'; data: RoleSession }

/** The simulated AWS in memory. */
export type State = {
  managementAccountId: string
  instanceArn: string
  identityStoreId: string
  accounts: Map<string, Account>
  permissionSets: PermissionSet[]
  users: DirectoryUser[]
  groups: DirectoryGroup[]
  standing: AssignmentTarget[]
  operations: AssignmentOperation[]
  sessions: Map<string, RoleSession>
  /** Access key id → ARN of a user or role. */
  accessKeys: Map<string, string>
  /** Number of events applied; ids of new things follow from it. */
  eventCount: number
}

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
    case 'assignment-operation-started':
      state.operations.push(event.data)
      return
    case 'session-started':
      state.sessions.set(event.data.accessKeyId, event.data)
      return
    default:
      event satisfies never
  }
}

/** The IAM user of that name, however it is capitalised. */
export function findUser(state: State, at: { accountId: string; userName: string }): IamUser | undefined {
  return state.accounts.get(at.accountId)?.users.get(at.userName.toLowerCase())
}

/** The IAM user with this ARN. */
export function userByArn(state: State, arn: string): IamUser | undefined {
  const users = state.accounts.get(arn.split(':')[4] ?? '')?.users.values()
  return users && [...users].find(user => user.arn === arn)
}

/** The customer role with this ARN. */
export function roleByArn(state: State, arn: string): IamRole | undefined {
  const roles = state.accounts.get(arn.split(':')[4] ?? '')?.roles.values()
  return roles && [...roles].find(role => role.arn === arn)
}
