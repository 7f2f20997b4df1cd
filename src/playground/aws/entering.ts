import { trustsProvider } from './authorization.ts'
import { perform, type World } from './backend.ts'
import { sessionCaller } from './caller.ts'
import { mfaCode, mfaSerial } from './mfa.ts'
import { services } from './services.ts'
import { assumedSession, credentialsOf, type SignedIn, sessionNameRules, signInAsUser } from './sessions.ts'
import {
  findUser,
  type IamUser,
  type RoleSession,
  roleByArn,
  type State,
  type UserSession,
  userByArn,
} from './state.ts'

/** An IAM user, by account and name. */
export type UserName = { accountId: string; userName: string }

/** A role that is entered with keys of any kind, under a name of one's own choice. */
export type AssumeChoice = {
  as: { accessKeyId: string }
  roleArn: string
  sessionName: string
  seconds?: number
  /** With the code of the user's device. */
  mfa?: boolean
}

/** Enters a role as the command line does; throws AWS's own words when refused. */
export function assumeRole(world: World, { as, roleArn, sessionName, seconds, mfa }: AssumeChoice): SignedIn {
  const userArn = world.state.accessKeys.get(as.accessKeyId)
  const user = mfa && userArn !== undefined ? userByArn(world.state, userArn) : undefined
  return callSts(world, as.accessKeyId, 'AssumeRole', {
    RoleArn: roleArn,
    RoleSessionName: sessionName,
    ...(seconds === undefined ? {} : { DurationSeconds: String(seconds) }),
    ...(user ? proofOf(user, world.now) : {}),
  })
}

/** Temporary credentials of a user who has shown their device's code; throws when they have none. */
export function mfaSession(world: World, at: UserName): SignedIn {
  const { accessKeyId } = signInAsUser(world.state, at)
  return callSts(world, accessKeyId, 'GetSessionToken', proofOf(userAt(world.state, at), world.now))
}

/**
 * Switches to a role in the console: the session is called as the user is, and lasts as long as the role's sessions
 * may, but not past the sign-in. Throws AWS's own words when refused.
 */
export function switchRole(world: World, choice: UserName & { roleArn: string; mfa?: boolean }): SignedIn {
  const { state, now } = world
  const user = userAt(state, choice)
  const mfa = choice.mfa ?? user.hasMfaDevice
  const { accessKeyId } = signInAsUser(state, choice)
  // A sign-in to the console has what GetSessionToken gives.
  const signedIn = callSts(world, accessKeyId, 'GetSessionToken', mfa ? proofOf(user, now) : {})
  const seconds = roleByArn(state, choice.roleArn)?.maxSessionSeconds ?? 3600
  return assumeRole(world, { as: signedIn, roleArn: choice.roleArn, sessionName: user.name, seconds })
}

/** Enters a role vouched for by a SAML provider, which also says what the session is called; throws when refused. */
export function assumeRoleWithSaml(
  { state, now, record }: World,
  { providerArn, roleArn, sessionName }: { providerArn: string; roleArn: string; sessionName: string },
): SignedIn {
  const { min, max, pattern } = sessionNameRules
  if (!new RegExp(`^${pattern}$`).test(sessionName) || sessionName.length < min || sessionName.length > max)
    throw new Error(`AWS takes no session name ${sessionName}`)
  const role = roleByArn(state, roleArn)
  if (!role || !trustsProvider(role, now, { providerArn, sessionName }))
    throw new Error('Not authorized to perform sts:AssumeRoleWithSAML')
  const session = assumedSession(state, now, role, {
    sessionName,
    seconds: 3600,
    origin: {},
    entry: {
      operation: 'AssumeRoleWithSAML',
      by: { type: 'SAMLUser', principalId: sessionName, identityProvider: providerArn, userName: sessionName },
    },
  })
  record({ type: 'session-started', data: session })
  return signedIn(state, now, session)
}

function callSts(world: World, accessKeyId: string, operation: string, params: Record<string, string>): SignedIn {
  const { state, now } = world
  const service = services.find(({ name }) => name === 'sts')
  if (!service) throw new Error('There is an STS')
  const open = state.sessions.get(accessKeyId)
  const sessionToken = open && credentialsOf(open).sessionToken
  const answer = perform({ service, operation, params, accessKeyId, sessionToken }, world)
  if ('error' in answer) throw new Error(answer.error.message)
  const { Credentials: made } = answer.result as { Credentials: { AccessKeyId: string } }
  const session = state.sessions.get(made.AccessKeyId)
  if (!session) throw new Error('STS gives keys of a session')
  return signedIn(state, now, session)
}

function signedIn(state: State, now: number, session: RoleSession | UserSession): SignedIn {
  const { arn, accountId } = sessionCaller(state, now, session)
  return { ...credentialsOf(session), arn, accountId }
}

function userAt(state: State, at: UserName): IamUser {
  const user = findUser(state, at)
  if (!user) throw new Error(`There is no IAM user ${at.userName} in ${at.accountId}`)
  return user
}

/** What the MFA device of a user shows, with its serial number. */
export function mfaProof(state: State, now: number, at: UserName): { SerialNumber: string; TokenCode: string } {
  return proofOf(userAt(state, at), now)
}

function proofOf(user: IamUser, now: number) {
  const SerialNumber = mfaSerial(user)
  return { SerialNumber, TokenCode: mfaCode(SerialNumber, now) }
}
