import type { Context } from './context.ts'
import { secretOf } from './ids.ts'
import { type PolicyDocument, parsePolicy } from './policy.ts'
import { type IamRole, type RoleSession, roleByArn, type State, userByArn } from './state.ts'

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
  /** The permissions boundary of a user. */
  boundary?: PolicyDocument
  sessionPolicy?: PolicyDocument
  /** Condition keys that come from who the caller is. */
  context: Context
}

/** The owner of an access key, expired or not; undefined when nobody has it. */
export function callerOf(state: State, accessKeyId: string): Caller | undefined {
  const session = state.sessions.get(accessKeyId)
  if (session) return sessionCaller(state, session)
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
      identityPolicies: [...parsed(user.inlinePolicies), ...user.attachedPolicies.values()],
      ...(user.permissionsBoundary && { boundary: user.permissionsBoundary.policy }),
      context: { ...identity(user.arn, user.accountId, user.userId, 'User'), 'aws:username': user.name },
    }
  }
  const role = roleByArn(state, arn)
  return role && roleKeyCaller(accessKeyId, role)
}

// A key of a role in the seed stands for a workload whose credentials are renewed by themselves.
function roleKeyCaller(accessKeyId: string, role: IamRole): Caller {
  const userId = `${role.roleId}:workload`
  return {
    accessKeyId,
    accountId: role.accountId,
    arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/workload`,
    userId,
    principalArn: role.arn,
    isSession: true,
    identityPolicies: parsed(role.inlinePolicies),
    context: identity(role.arn, role.accountId, userId, 'AssumedRole'),
  }
}

/** The holder of a role session, also of one that has not been taken. */
export function sessionCaller(state: State, session: RoleSession): Caller {
  const { accountId, roleArn, sessionName } = session
  const userId = `${session.roleId}:${sessionName}`
  const set = state.permissionSets.find(({ arn }) => arn === session.permissionSetArn)
  const role = state.accounts.get(accountId)?.roles.get(session.roleName.toLowerCase())
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
    identityPolicies: set ? [set.policy] : parsed(role?.inlinePolicies ?? new Map()),
    ...(session.sessionPolicy === undefined ? {} : { sessionPolicy: parsePolicy(session.sessionPolicy) }),
    context,
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

const parsed = (policies: Map<string, string>) => [...policies.values()].map(parsePolicy)

/** The session token that goes with temporary credentials. */
export const sessionTokenOf = (accessKeyId: string): string => secretOf(`session token ${accessKeyId}`)

/** A moment to the second, as it appears in condition keys and answers. */
export const isoSeconds = (milliseconds: number): string =>
  new Date(Math.floor(milliseconds / 1000) * 1000).toISOString().replace('.000Z', 'Z')
