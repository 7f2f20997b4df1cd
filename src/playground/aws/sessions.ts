import { reaches, reservedRolesAt } from './assignments.ts'
import { isoSeconds, sessionCaller, sessionTokenOf } from './caller.ts'
import type { AwsEvent } from './events.ts'
import { secretOf, uniqueId } from './ids.ts'
import { findUser, type IamRole, type IamUser, type RoleSession, type State, type UserSession } from './state.ts'

/** Credentials as an SDK client takes them, and whose they are. */
export type SignedIn = {
  accessKeyId: string
  secretAccessKey: string
  /** Only with temporary credentials, as `expiresAt` (ISO 8601, world clock). */
  sessionToken?: string
  expiresAt?: string
  arn: string
  accountId: string
}

/** Keys of an IAM user; throws when there is no such user. */
export function signInAsUser(state: State, at: { accountId: string; userName: string }): SignedIn {
  const user = findUser(state, at)
  if (!user) throw new Error(`There is no IAM user ${at.userName} in ${at.accountId}`)
  const accessKeyId = uniqueId('AKIA', user.arn)
  return { accessKeyId, secretAccessKey: secretOf(`secret ${accessKeyId}`), arn: user.arn, accountId: user.accountId }
}

/** A person at the access portal, and what they click there. */
export type PortalChoice = { accountId: string; permissionSet: string; userName: string }

/** Whether the portal would let this person in at this moment; if so, the session it would make. */
export function portalSessionFor(state: State, now: number, choice: PortalChoice): RoleSession | undefined {
  const { accountId } = choice
  const user = state.users.find(one => one.userName.toLowerCase() === choice.userName.toLowerCase())
  const set = state.permissionSets.find(one => one.name === choice.permissionSet)
  if (!user?.enabled || !set) return undefined
  if (!reaches(state, now, { accountId, permissionSetArn: set.arn, userId: user.userId })) return undefined
  const role = reservedRolesAt(state, now).find(one => one.accountId === accountId && one.permissionSetArn === set.arn)
  if (!role) throw new Error('A set that is assigned in an account has its role there')
  return {
    accessKeyId: nextAccessKeyId(state),
    kind: 'portal',
    accountId,
    roleName: role.name,
    roleId: role.roleId,
    roleArn: role.arn,
    sessionName: user.userName,
    startedAt: now,
    expiresAt: now + set.sessionMs,
    origin: { identityStoreUserId: user.userId },
    permissionSetArn: set.arn,
    identityStoreUserId: user.userId,
    ...(role.permissionsBoundary === undefined ? {} : { boundary: role.permissionsBoundary }),
  }
}

/** Takes a portal session; throws when the portal would not offer it. */
export function openPortalSession(
  state: State,
  now: number,
  choice: PortalChoice,
  record: (event: AwsEvent) => void,
): SignedIn {
  const session = portalSessionFor(state, now, choice)
  if (!session)
    throw new Error(`The portal offers ${choice.userName} no ${choice.permissionSet} in ${choice.accountId}`)
  record({ type: 'session-started', data: session })
  const { arn, accountId } = sessionCaller(state, now, session)
  return { ...credentialsOf(session), arn, accountId }
}

/** What AWS lets a role session be called. */
export const sessionNameRules = { min: 2, max: 64, pattern: '[\\w+=,.@-]*' }

/** A session of a role as STS makes it; whoever calls has checked that it may be made. */
export function assumedSession(
  state: State,
  now: number,
  role: IamRole,
  how: Pick<RoleSession, 'sessionName' | 'origin' | 'entry' | 'sessionPolicy'> & { seconds: number },
): RoleSession {
  const { seconds, ...rest } = how
  return {
    accessKeyId: nextAccessKeyId(state),
    kind: 'assumed',
    accountId: role.accountId,
    roleName: role.name,
    roleId: role.roleId,
    roleArn: role.arn,
    startedAt: now,
    expiresAt: now + 1000 * seconds,
    ...rest,
  }
}

/** Temporary credentials of a user, proven by MFA or not. */
export function userSessionOf(
  state: State,
  now: number,
  { accountId, arn }: IamUser,
  { seconds, mfa }: { seconds: number; mfa: boolean },
): UserSession {
  const accessKeyId = nextAccessKeyId(state)
  return { accessKeyId, kind: 'user', accountId, userArn: arn, startedAt: now, expiresAt: now + 1000 * seconds, mfa }
}

/** What an SDK client needs to be this session. Signatures are not verified, the session token is compared. */
export function credentialsOf({ accessKeyId, expiresAt }: Pick<RoleSession, 'accessKeyId' | 'expiresAt'>) {
  return {
    accessKeyId,
    secretAccessKey: secretOf(`secret ${accessKeyId}`),
    sessionToken: sessionTokenOf(accessKeyId),
    expiresAt: isoSeconds(expiresAt),
  }
}

/** The access key id of the next session; it follows from how much has happened. */
const nextAccessKeyId = (state: State): string => uniqueId('ASIA', `session ${state.eventCount}`)
