import { reservedRolesAt } from './assignments.ts'
import type { Context } from './context.ts'
import { secretOf } from './ids.ts'
import { boundaryOf, documentsOf, policyArn } from './managed-policies.ts'
import { type PolicyDocument, parsePolicy } from './policy.ts'
import {
  findRole,
  type IamRole,
  type IamUser,
  type Origin,
  type RoleSession,
  roleByArn,
  type State,
  type UserSession,
  userByArn,
} from './state.ts'

/** Whoever an access key belongs to, with the policies that apply to them now. */
export type Caller = {
  accessKeyId: string
  accountId: string
  arn: string
  /** `aws:userid`: AIDA…, or role id and session name. */
  userId: string
  /** The user or role itself, which trust policies and `aws:PrincipalArn` name. */
  principalArn: string
  /** `userSession`: temporary credentials of a user. */
  kind: 'user' | 'userSession' | 'role'
  /** Whom the credentials go back to. */
  origin: Origin
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
  if (user) return userCaller(state, accessKeyId, user)
  const role = roleByArn(state, arn)
  return role && roleKeyCaller(state, accessKeyId, role)
}

function userCaller(state: State, accessKeyId: string, user: IamUser): Caller {
  return {
    accessKeyId,
    accountId: user.accountId,
    arn: user.arn,
    userId: user.userId,
    principalArn: user.arn,
    kind: 'user',
    origin: { userArn: user.arn },
    ...policiesOf(state, user),
    context: { ...identity(user.arn, user.accountId, user.userId, 'User'), 'aws:username': user.name },
  }
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
    kind: 'role',
    origin: {},
    ...policiesOf(state, role),
    context: identity(role.arn, role.accountId, userId, 'AssumedRole'),
  }
}

/** The holder of a session, also of one that has not been taken. */
export function sessionCaller(state: State, now: number, session: RoleSession | UserSession): Caller {
  const temporary = {
    accessKeyId: session.accessKeyId,
    expiresAt: session.expiresAt,
    sessionToken: sessionTokenOf(session.accessKeyId),
  }
  if (session.kind === 'user') {
    const user = userByArn(state, session.userArn)
    if (!user) throw new Error(`There is no IAM user ${session.userArn}`)
    const caller = userCaller(state, session.accessKeyId, user)
    const context: Context = {
      ...caller.context,
      'aws:TokenIssueTime': isoSeconds(session.startedAt),
      'aws:MultiFactorAuthPresent': String(session.mfa),
      ...(session.mfa && { 'aws:MultiFactorAuthAge': String(Math.floor((now - session.startedAt) / 1000)) }),
    }
    return { ...caller, ...temporary, kind: 'userSession', context }
  }
  const { accountId, roleArn, sessionName } = session
  const userId = `${session.roleId}:${sessionName}`
  const context: Context = {
    ...identity(roleArn, accountId, userId, 'AssumedRole'),
    'aws:TokenIssueTime': isoSeconds(session.startedAt),
    // Of a role session also when MFA opened it:
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html
    'aws:MultiFactorAuthPresent': 'false',
  }
  if (session.identityStoreUserId) context['identitystore:UserId'] = session.identityStoreUserId
  return {
    ...temporary,
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/${session.roleName}/${sessionName}`,
    userId,
    principalArn: roleArn,
    kind: 'role',
    origin: session.origin,
    ...(session.kind === 'portal' ? portalPolicies(state, now, session) : assumedPolicies(state, session)),
    ...(session.sessionPolicy === undefined ? {} : { sessionPolicy: parsePolicy(session.sessionPolicy) }),
    context,
  }
}

/** A user or role by its ARN, with the policies that apply to it and the condition keys that follow from who it is. */
export function principalNamed(
  state: State,
  now: number,
  arn: string,
): Pick<Caller, 'identityPolicies' | 'boundary' | 'context'> | undefined {
  const user = userByArn(state, arn)
  if (user) return userCaller(state, '', user)
  const context = { 'aws:PrincipalArn': arn, 'aws:PrincipalAccount': arn.split(':')[4] ?? '' }
  const role = roleByArn(state, arn)
  if (role) return { ...policiesOf(state, role), context }
  const reserved = reservedRolesAt(state, now).find(one => one.arn === arn)
  return reserved && { ...portalPolicies(state, now, { ...reserved, roleArn: arn }), context }
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
  const role = findRole(state, session)
  return role?.roleId === session.roleId ? policiesOf(state, role) : { identityPolicies: [] }
}

function portalPolicies(
  state: State,
  now: number,
  session: Pick<RoleSession, 'accountId' | 'permissionSetArn' | 'roleArn' | 'boundary'>,
) {
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
