import { type Attempt, decide } from './authorization.ts'
import { type Caller, callerOf, isoSeconds, sessionCaller } from './caller.ts'
import { operatorType } from './conditions.ts'
import { list } from './context.ts'
import { parseDate } from './date-value.ts'
import { uniqueId } from './ids.ts'
import type { SeedPerson } from './seed.ts'
import { portalSessionFor } from './sessions.ts'
import { findUser, type State } from './state.ts'

/** A column of the matrix: may this be done in that account? */
export type WhoCanAction = { label: string; action: string; resource: string; accountId: string }

/** One way in which a person can do something. `until` (ISO 8601) is when it ends, where that is written down now. */
type Route =
  | { kind: 'iamUser'; arn: string; until?: string }
  | { kind: 'portal'; permissionSet: string; until?: string }
  | { kind: 'session'; permissionSet: string; accessKeyId: string; until?: string }

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
      const routes = routesOf(state, now, person, action)
      return { label: action.label, allowed: routes.length > 0, routes }
    }),
  }))
}

function routesOf(state: State, now: number, person: SeedPerson, wanted: WhoCanAction): Route[] {
  const routes: Route[] = []
  const works = (caller: Caller, expiresAt?: number): { until?: string } | undefined => {
    if (!decide(state, caller, now, wanted).allowed) return undefined
    const until = endOf(state, caller, now, wanted, expiresAt)
    return until === undefined ? {} : { until: isoSeconds(until) }
  }

  const user = person.iamUser && findUser(state, person.iamUser)
  const userCaller = user && callerOf(state, now, uniqueId('AKIA', user.arn))
  // An ARN without an account (S3) says nothing about where the user would have to be.
  const inReach = user && (user.accountId === wanted.accountId || wanted.resource.split(':')[4])
  const byUser = userCaller && inReach ? works(userCaller) : undefined
  if (user && byUser) routes.push({ kind: 'iamUser', arn: user.arn, ...byUser })

  const userName = person.identityCenterUser
  if (userName === undefined) return routes
  for (const { name } of state.permissionSets) {
    const choice = { accountId: wanted.accountId, permissionSet: name, userName }
    const session = portalSessionFor(state, now, choice)
    const byPortal = session && works(sessionCaller(state, now, session))
    if (byPortal) routes.push({ kind: 'portal', permissionSet: name, ...byPortal })
  }
  const { userId } = state.users.find(one => one.userName.toLowerCase() === userName.toLowerCase()) ?? {}
  for (const session of state.sessions.values()) {
    if (session.kind !== 'portal' || userId === undefined || session.identityStoreUserId !== userId) continue
    if (session.accountId !== wanted.accountId || now >= session.expiresAt) continue
    const bySession = works(sessionCaller(state, now, session), session.expiresAt)
    const set = state.permissionSets.find(({ arn }) => arn === session.permissionSetArn)
    const { accessKeyId } = session
    if (bySession) routes.push({ kind: 'session', permissionSet: set?.name ?? '', accessKeyId, ...bySession })
  }
  return routes
}

/** The first moment, of those the policies and the session name, at which the attempt is no longer allowed. */
function endOf(state: State, caller: Caller, now: number, attempt: Attempt, expiresAt = Number.POSITIVE_INFINITY) {
  // DateLessThanEquals ends a second after the moment it names.
  const moments = datesIn(caller).flatMap(date => [date, date + 1000])
  const end = moments
    .filter(moment => moment > now && moment < expiresAt)
    .sort((a, b) => a - b)
    .find(moment => !decide(state, caller, moment, attempt).allowed)
  return end ?? (Number.isFinite(expiresAt) ? expiresAt : undefined)
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
