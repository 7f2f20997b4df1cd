import { reservedRolesAt } from './assignments.ts'
import type { Context } from './context.ts'
import { secretOf } from './ids.ts'
import { boundaryOf, documentsOf, policyArn } from './managed-policies.ts'
import { type PolicyDocument, parsePolicy } from './policy.ts'
import { type IamRole, type IamUser, type RoleSession, roleByArn, type State, userByArn } from './state.ts'

/** Whoever an access key belongs to, with the policies that apply to them now. */
export type Caller = {
  accessKeyId: string
  accountId: string
  arn: string
  /** `aws:userid`: AIDA…, or role id and session name. */
  userId: string
  /** The user or role itself, which trust policies and `aws:PrincipalArn` name. */
  principalArn: string
  isSession: boolean
  /** Absent for keys that do not expire. Milliseconds, world clock. */
  expiresAt?: number
  sessionToken?: string
  identityPolicies: PolicyDocument[]
  /** The permissions boundary of the user or role. */
  boundary?: PolicyDocument
  sessionPolicy?: PolicyDocument
  /** Condition keys that come from who the caller is. */
  context: Context
}

/** The owner of an access key, expired or not; undefined when nobody has it. */
export function callerOf(state: State, now: number, accessKeyId: string): Caller | undefined {
  const session = state.sessions.get(accessKeyId)
  if (session) return sessionCaller(state, now, session)
  const arn = state.accessKeys.get(accessKeyId)
  if (arn === undefined) return undefined
  const user = userByArn(state, arn)
  if (user) {
    return {
      accessKeyId,
      accountId: user.accountId,
      arn: user.arn,
      userId: user.userId,
      principalArn: user.arn,
      isSession: false,
      ...policiesOf(state, user),
      context: { ...identity(user.arn, user.accountId, user.userId, 'User'), 'aws:username': user.name },
    }
  }
  const role = roleByArn(state, arn)
  return role && roleKeyCaller(state, accessKeyId, role)
}

// A key of a role in the seed stands for a workload whose credentials are renewed by themselves.
function roleKeyCaller(state: State, accessKeyId: string, role: IamRole): Caller {
  const userId = `${role.roleId}:workload`
  return {
    accessKeyId,
    accountId: role.accountId,
    arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/workload`,
    userId,
    principalArn: role.arn,
    isSession: true,
    ...policiesOf(state, role),
    context: identity(role.arn, role.accountId, userId, 'AssumedRole'),
  }
}

/** The holder of a role session, also of one that has not been taken. */
export function sessionCaller(state: State, now: number, session: RoleSession): Caller {
  const { accountId, roleArn, sessionName } = session
  const userId = `${session.roleId}:${sessionName}`
  const context: Context = {
    ...identity(roleArn, accountId, userId, 'AssumedRole'),
    'aws:TokenIssueTime': isoSeconds(session.startedAt),
    'aws:MultiFactorAuthPresent': 'false',
  }
  if (session.identityStoreUserId) context['identitystore:UserId'] = session.identityStoreUserId
  return {
    accessKeyId: session.accessKeyId,
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/${session.roleName}/${sessionName}`,
    userId,
    principalArn: roleArn,
    isSession: true,
    expiresAt: session.expiresAt,
    sessionToken: sessionTokenOf(session.accessKeyId),
    ...(session.kind === 'portal' ? portalPolicies(state, now, session) : assumedPolicies(state, session)),
    ...(session.sessionPolicy === undefined ? {} : { sessionPolicy: parsePolicy(session.sessionPolicy) }),
    context,
  }
}

function policiesOf(state: State, principal: IamUser | IamRole): Pick<Caller, 'identityPolicies' | 'boundary'> {
  const { inlinePolicies, attachedPolicies, permissionsBoundary } = principal
  return {
    identityPolicies: [...parsed(inlinePolicies), ...documentsOf(state, attachedPolicies)],
    ...(permissionsBoundary === undefined ? {} : { boundary: boundaryOf(state, permissionsBoundary) }),
  }
}

// Sessions of a role that went, or went and came back as another one, can do nothing.
function assumedPolicies(state: State, session: RoleSession) {
  const role = state.accounts.get(session.accountId)?.roles.get(session.roleName.toLowerCase())
  return role?.roleId === session.roleId ? policiesOf(state, role) : { identityPolicies: [] }
}

function portalPolicies(state: State, now: number, session: RoleSession) {
  const { accountId, permissionSetArn, roleArn } = session
  const set = state.permissionSets.find(({ arn }) => arn === permissionSetArn)
  const role = reservedRolesAt(state, now).find(({ arn }) => arn === roleArn)
  const boundary = role ? role.permissionsBoundary : session.boundary
  const attached = [...(set?.managed ?? []), ...(set?.customer ?? []).map(path => policyArn(accountId, path))]
  return {
    identityPolicies: set ? [set.policy, ...documentsOf(state, attached)] : [],
    ...(boundary === undefined ? {} : { boundary: boundaryOf(state, boundary) }),
  }
}

function identity(principalArn: string, accountId: string, userId: string, type: 'User' | 'AssumedRole'): Context {
  return {
    'aws:PrincipalArn': principalArn,
    'aws:PrincipalAccount': accountId,
    'aws:PrincipalType': type,
    'aws:userid': userId,
  }
}

const parsed = (policies: Map<string, string>) => [...policies.values()].map(text => parsePolicy(text))

/** The session token that goes with temporary credentials. */
export const sessionTokenOf = (accessKeyId: string): string => secretOf(`session token ${accessKeyId}`)

/** A moment to the second, as it appears in condition keys and answers. */
export const isoSeconds = (milliseconds: number): string =>
  new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().replace('.000Z', 'Z')
