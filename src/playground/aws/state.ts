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
  /** ARNs of managed policies. */
  attachedPolicies: string[]
  permissionsBoundary?: string
  hasMfaDevice: boolean
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
  attachedPolicies: string[]
  permissionsBoundary?: string
  maxSessionSeconds: number
  createdAt: number
}

/** A managed policy of an account, or one of AWS's own. Documents are kept as the text that was sent. */
export type ManagedPolicy = {
  /** An account id, or `aws`. */
  owner: string
  name: string
  path: string
  arn: string
  policyId: string
  createdAt: number
  /** Oldest first. */
  versions: { versionId: string; document: string; createdAt: number }[]
  defaultVersionId: string
  /** How many there ever were: numbers are not used again. */
  lastVersion: number
  updatedAt: number
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
  /** As the set has it now: the roles in the accounts keep the one they were provisioned with. */
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

/** An assignment there is from the start; `boundary` is what its set's role is provisioned with. */
type StandingAssignment = AssignmentTarget & { boundary?: string }

/**
 * An asynchronous change of an assignment; `failure` is the reason it will give when its time is up, `boundary` what a
 * role that it makes carries: a path and name in the account, or the ARN of one of AWS's policies.
 */
export type AssignmentOperation = AssignmentTarget & {
  kind: 'create' | 'delete'
  requestId: string
  startedAt: number
  failure?: string
  boundary?: string
}

/** An asynchronous renewal of a set's role in an account. */
export type ProvisioningOperation = Omit<AssignmentOperation, 'kind' | 'principalType' | 'principalId'> & {
  kind: 'provision'
}

/** Whom a session goes back to, through however many roles: an IAM user, a person of the directory, or neither. */
export type Origin = { userArn?: string; identityStoreUserId?: string }

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
  origin: Origin
  sessionPolicy?: string
  /** Of assumed sessions: the operation, and who called it, as the trail tells it. */
  entry?: { operation: 'AssumeRole' | 'AssumeRoleWithSAML'; by: TrailIdentity }
  /** Of portal sessions: the set whose policy applies, and the person. */
  permissionSetArn?: string
  identityStoreUserId?: string
  /** ARN of the boundary of a portal session's role as the session began, for when the role has gone. */
  boundary?: string
}

/** A caller as CloudTrail's `userIdentity` names it. */
export type TrailIdentity = {
  type: 'IAMUser' | 'AssumedRole' | 'SAMLUser'
  principalId: string
  arn?: string
  accountId?: string
  accessKeyId?: string
  userName?: string
  identityProvider?: string
}

/** Temporary credentials of an IAM user: GetSessionToken's, or those of a console sign-in. */
export type UserSession = {
  accessKeyId: string
  kind: 'user'
  accountId: string
  userArn: string
  startedAt: number
  expiresAt: number
  mfa: boolean
}

/** The simulated AWS in memory. */
export type State = {
  managementAccountId: string
  instanceArn: string
  identityStoreId: string
  accounts: Map<string, Account>
  permissionSets: PermissionSet[]
  users: DirectoryUser[]
  groups: DirectoryGroup[]
  /** Managed policies by ARN. */
  policies: Map<string, ManagedPolicy>
  standing: StandingAssignment[]
  operations: (AssignmentOperation | ProvisioningOperation)[]
  sessions: Map<string, RoleSession | UserSession>
  /** Access key id → ARN of a user or role. */
  accessKeys: Map<string, string>
  /** Number of events applied; ids of new things follow from it. */
  eventCount: number
}

/** The IAM user of that name, however it is capitalised. */
export function findUser(state: State, at: { accountId: string; userName: string }): IamUser | undefined {
  return state.accounts.get(at.accountId)?.users.get(at.userName.toLowerCase())
}

/** The customer role of that name, however it is capitalised. */
export function findRole(state: State, at: { accountId: string; roleName: string }): IamRole | undefined {
  return state.accounts.get(at.accountId)?.roles.get(at.roleName.toLowerCase())
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
