import { type Attempt, decide } from './authorization.ts'
import { type Caller, callerOf, isoSeconds, sessionCaller } from './caller.ts'
import { operatorType } from './conditions.ts'
import { list } from './context.ts'
import { parseDate } from './date-value.ts'
import { uniqueId } from './ids.ts'
import type { SeedPerson } from './seed.ts'
import { assumedSession, portalSessionFor, userSessionOf } from './sessions.ts'
import { findUser, type IamRole, type IamUser, type State } from './state.ts'

/** A column of the matrix: may this be done in that account? */
export type WhoCanAction = { label: string; action: string; resource: string; accountId: string }

/**
 * One way in which a person can do something: as their IAM user (`mfa`: only with a code), in a new session from the
 * portal, in a role they can switch to, or in a session that is open already, of a set or of a role. `until` (ISO
 * 8601) is when it ends, where that is written down now.
 */
type Route = { until?: string } & (
  | { kind: 'iamUser'; arn: string; mfa?: true }
  | { kind: 'portal'; permissionSet: string }
  | { kind: 'role'; role: string; sessionName: string }
  | { kind: 'session'; permissionSet: string; accessKeyId: string }
  | { kind: 'roleSession'; role: string; sessionName: string; accessKeyId: string }
)

/** A row of the matrix; `cells` are in the order of the actions asked for, allowed when there is a route. */
export type WhoCanRow = {
  personId: string
  name: string
  cells: { label: string; allowed: boolean; routes: Route[] }[]
}

/** Who of these people can do what at this moment, and how. Takes no session: it only asks what one could do. */
export function whoCan(state: State, now: number, people: SeedPerson[], actions: WhoCanAction[]): WhoCanRow[] {
  return people.map(person => ({
    personId: person.id,
    name: person.name,
    cells: actions.map(action => {
      const user = person.iamUser && findUser(state, person.iamUser)
      const routes = [
        ...(user ? userRoutes(state, now, user, action) : []),
        ...(user ? roleRoutes(state, now, user, action) : []),
        ...portalRoutes(state, now, person, action),
        ...openSessions(state, now, person, user, action),
      ]
      return { label: action.label, allowed: routes.length > 0, routes }
    }),
  }))
}

function userRoutes(state: State, now: number, user: IamUser, wanted: WhoCanAction): Route[] {
  // An ARN without an account (S3) says nothing about where the user would have to be.
  if (user.accountId !== wanted.accountId && !wanted.resource.split(':')[4]) return []
  const { byKey, byMfa } = callersOf(state, now, user)
  const plainly = byKey && works(state, now, [[byKey, wanted]])
  if (plainly) return [{ kind: 'iamUser', arn: user.arn, ...plainly }]
  const proven = byMfa && works(state, now, [[byMfa, wanted]])
  return proven ? [{ kind: 'iamUser', arn: user.arn, mfa: true, ...proven }] : []
}

function roleRoutes(state: State, now: number, user: IamUser, wanted: WhoCanAction): Route[] {
  const { byKey, byMfa } = callersOf(state, now, user)
  const caller = byMfa ?? byKey
  const roles = [...(state.accounts.get(wanted.accountId)?.roles.values() ?? [])]
  return roles.flatMap(role =>
    namesIn(role, user).flatMap((sessionName): Route[] => {
      const session = assumedSession(state, now, role, { sessionName, seconds: role.maxSessionSeconds, origin: {} })
      const context = { 'sts:RoleSessionName': sessionName }
      const enter = { action: 'sts:AssumeRole', resource: role.arn, context }
      const way =
        caller &&
        works(state, now, [
          [caller, enter],
          [sessionCaller(state, now, session), wanted],
        ])
      return way ? [{ kind: 'role', role: role.name, sessionName, ...way }] : []
    }),
  )
}

/** Their own name, and those to which policies of the role give more: who may choose a name can choose one of these. */
function namesIn({ roleId, inlinePolicies }: IamRole, user: IamUser): string[] {
  const bound = [...inlinePolicies.values()].join(' ').matchAll(new RegExp(`"${roleId}:([\\w+=,.@-]+)"`, 'g'))
  return [...new Set([user.name, ...[...bound].flatMap(([, name]) => name ?? [])])]
}

function portalRoutes(state: State, now: number, { identityCenterUser }: SeedPerson, wanted: WhoCanAction): Route[] {
  if (identityCenterUser === undefined) return []
  return state.permissionSets.flatMap(({ name }): Route[] => {
    const choice = { accountId: wanted.accountId, permissionSet: name, userName: identityCenterUser }
    const session = portalSessionFor(state, now, choice)
    const way = session && works(state, now, [[sessionCaller(state, now, session), wanted]])
    return way ? [{ kind: 'portal', permissionSet: name, ...way }] : []
  })
}

function openSessions(
  state: State,
  now: number,
  { identityCenterUser }: SeedPerson,
  user: IamUser | undefined,
  wanted: WhoCanAction,
): Route[] {
  const inDirectory = state.users.find(one => one.userName.toLowerCase() === identityCenterUser?.toLowerCase())
  return [...state.sessions.values()].flatMap((session): Route[] => {
    if (session.kind === 'user' || session.accountId !== wanted.accountId || now >= session.expiresAt) return []
    const { userArn, identityStoreUserId } = session.origin
    const isTheirs =
      (userArn !== undefined && userArn === user?.arn) ||
      (identityStoreUserId !== undefined && identityStoreUserId === inDirectory?.userId)
    const way = isTheirs && works(state, now, [[sessionCaller(state, now, session), wanted]], session.expiresAt)
    if (!way) return []
    const { accessKeyId, roleName: role, sessionName } = session
    if (session.kind === 'assumed') return [{ kind: 'roleSession', role, sessionName, accessKeyId, ...way }]
    const set = state.permissionSets.find(({ arn }) => arn === session.permissionSetArn)
    return [{ kind: 'session', permissionSet: set?.name ?? '', accessKeyId, ...way }]
  })
}

/** The user by their key, and, when they have a device, by temporary credentials that know of its code. */
export function callersOf(state: State, now: number, user: IamUser): { byKey?: Caller; byMfa?: Caller } {
  const byKey = callerOf(state, now, uniqueId('AKIA', user.arn))
  const proven = userSessionOf(state, now, user, { seconds: 43_200, mfa: true })
  return { ...(byKey && { byKey }), ...(user.hasMfaDevice && { byMfa: sessionCaller(state, now, proven) }) }
}

/** What has to be allowed, one after the other: undefined when something is not, else when the first of it ends. */
function works(
  state: State,
  now: number,
  steps: [Caller, Attempt][],
  expiresAt = Number.POSITIVE_INFINITY,
): { until?: string } | undefined {
  if (!steps.every(([caller, attempt]) => decide(state, caller, now, attempt).allowed)) return undefined
  const until = Math.min(expiresAt, ...steps.map(([caller, attempt]) => endOf(state, caller, now, attempt)))
  return Number.isFinite(until) ? { until: isoSeconds(until) } : {}
}

/** The first moment, of those the policies name, at which the attempt is no longer allowed; infinity when there is none. */
function endOf(state: State, caller: Caller, now: number, attempt: Attempt): number {
  // DateLessThanEquals ends a second after the moment it names.
  const moments = datesIn(caller).flatMap(date => [date, date + 1000])
  const end = moments
    .filter(moment => moment > now)
    .sort((a, b) => a - b)
    .find(moment => !decide(state, caller, moment, attempt).allowed)
  return end ?? Number.POSITIVE_INFINITY
}

function datesIn({ identityPolicies, boundary, sessionPolicy }: Caller): number[] {
  const policies = [...identityPolicies, ...list(boundary), ...list(sessionPolicy)]
  const statements = policies.flatMap(policy => list(policy.Statement))
  const byOperator = statements.flatMap(({ Condition }) => Object.entries(Condition ?? {}))
  return byOperator
    .filter(([operator]) => operatorType(operator) === 'Date')
    .flatMap(([, keys]) => Object.values(keys).flatMap(values => list(values)))
    .map(value => parseDate(String(value)))
}
