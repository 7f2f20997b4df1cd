import type { Retry } from './access-request.ts'
import { earliest, hasCome, type Instant, instantOf, latest, plusMinutes, plusSeconds } from './instant.ts'
import type { Member, Roster, RosterKey } from './roster.ts'
import { roleOf } from './roster-seat.ts'

/**
 * The leash of a permission set in an account: its permissions boundary there, which says who may use the set and
 * until when. A boundary can never grant, so rewriting it gives a thief nothing; and AWS weighs it at every request, so
 * access ends with everything of ours down. Boundary rather than inline policy: a change of its content needs no
 * provisioning of the set (platform: I).
 */
export type Leash = {
  /** Raised whenever who is on it changes, or until when. */
  generation: number
  /** The generation that AWS was last seen to have, and when. */
  verified?: { generation: number; at: Instant }
  /** The row of attempts to publish or to look that failed. */
  retry?: Retry
}

/** Somebody who may use the set, and until when. */
export type Leashed = { principalId: string; until: Instant }

type Statement = {
  Sid?: string
  Effect: 'Allow' | 'Deny'
  Action: '*'
  Resource: '*'
  Condition?: Record<string, Record<string, string | string[]>>
}

/** The policy as it is published. */
export type LeashDocument = { Version: '2012-10-17'; Statement: Statement[] }

/** IAM: a managed policy, white space not counted; ours has none (platform: A1). */
const mostCharacters = 6144

/** No access ends then. */
const farAway = instantOf(Date.UTC(9999, 0))

/** Before each end the leash is looked at once more, while there is still time to mend it. */
const lookMinutesBefore = 5
/** Somebody who resets it by hand closes it to everybody on it: how long that goes unnoticed. */
const lookEveryMinutes = 15

/** Path and name of the policy, as Identity Center refers to it: the same in every account. Likewise of a role's. */
export function leashPath(permissionSet: string): string {
  return `/curfew/leash-${roleOf({ permissionSet }) ?? permissionSet}`
}

/** The ARN of the policy, in the partition of the permission set. */
export function leashArn({ accountId, permissionSet, permissionSetArn }: RosterKey & { permissionSetArn: string }) {
  const [, partition = 'aws'] = permissionSetArn.split(':')
  return `arn:${partition}:iam::${accountId}:policy${leashPath(permissionSet)}`
}

/**
 * Makes the policy. Everybody is denied who is not listed, also where the key is missing (a negated condition matches
 * then), and each who is listed from their end on: at exactly that second the denial matches. No clause on when a
 * session was issued: one taken after the end would pass it.
 */
export function renderLeash(people: Leashed[], generation: number): LeashDocument {
  const sorted = [...people].sort((one, other) => (one.principalId < other.principalId ? -1 : 1))
  const ends = [...new Set(sorted.map(({ until }) => until))].sort()
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: `Generation${generation}`, Effect: 'Allow', Action: '*', Resource: '*' },
      deny(allBut(sorted)),
      ...ends.map(end => {
        const [ending, staying] = [sorted.filter(one => one.until === end), sorted.filter(one => one.until > end)]
        // Whoever ended before is denied already: "all but those who stay" says the same, and often in less room.
        const who = staying.length < ending.length ? allBut(staying) : { StringEquals: { [userKey]: idsOf(ending) } }
        return deny({ ...who, DateGreaterThanEquals: { 'aws:CurrentTime': end } })
      }),
    ],
  }
}

function deny(condition: NonNullable<Statement['Condition']>): Statement {
  const isAlways = Object.keys(condition).length === 0
  return { Effect: 'Deny', Action: '*', Resource: '*', ...(isAlways ? {} : { Condition: condition }) }
}

function allBut(people: Leashed[]): NonNullable<Statement['Condition']> {
  return people.length === 0 ? {} : { StringNotEquals: { [userKey]: idsOf(people) } }
}

/**
 * Makes the policy of a role that people enter for a while: it lets everybody do what the role lets them, but for those
 * whose time is over. Their sessions have the name of the person, since the policy that lets them in says so.
 */
export function renderRoleLeash(people: Leashed[], generation: number): LeashDocument {
  const sorted = [...people].sort((one, other) => (one.principalId < other.principalId ? -1 : 1))
  const ends = [...new Set(sorted.map(({ until }) => until))].sort()
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: `Generation${generation}`, Effect: 'Allow', Action: '*', Resource: '*' },
      ...ends.map(end =>
        deny({
          StringEquals: { 'aws:userid': idsOf(sorted.filter(({ until }) => until === end)) },
          DateGreaterThanEquals: { 'aws:CurrentTime': end },
        }),
      ),
    ],
  }
}

/** The leash of a roster as it should be in AWS now. */
export function leashOf(roster: Pick<Roster, 'members' | 'permissionSet'>, generation: number): LeashDocument {
  const people = onLeash(roster)
  return roleOf(roster) === undefined ? renderLeash(people, generation) : renderRoleLeash(people, generation)
}

/** The verified id of an Identity Center user; present in every session of a permission set (platform: A6). */
const userKey = 'identitystore:UserId'

function idsOf(people: Leashed[]): string | string[] {
  const [first, ...rest] = people.map(({ principalId }) => principalId)
  return rest.length === 0 && first !== undefined ? first : people.map(({ principalId }) => principalId)
}

/** Whether the policy is one that IAM takes. */
function fits(document: LeashDocument): boolean {
  return JSON.stringify(document).length <= mostCharacters
}

/**
 * Who is on the leash: whom AWS may list or is about to. Somebody who left is off it at once, which is what makes an
 * early end take effect; somebody who joins comes on it once they were seen to have nothing yet. On a role's, somebody
 * who left stays until the last of their sessions has died: it lets in whoever is not on it.
 */
export function onLeash({ members }: Pick<Roster, 'members'>): Leashed[] {
  return Object.values(members).flatMap(member => {
    if (member.over) return [{ principalId: member.principalId, until: member.over.since }]
    const until = endOf(member)
    const isIn = member.state === 'creating' || member.state === 'present'
    return isIn && !member.failure && until ? [{ principalId: member.principalId, until }] : []
  })
}

/** When the last of the requests that hold them ends: the first to end never cuts the second. */
export function endOf({ heldBy }: Member): Instant | undefined {
  return latest(...Object.values(heldBy))
}

/** The roster after a change, with its leash raised where the change concerns it. */
export function withLeashRaised(before: Roster, after: Roster): Roster {
  const { leash } = after
  if (!leash || textOf(before) === textOf(after)) return after
  return { ...after, leash: { ...leash, generation: leash.generation + 1 } }
}

function textOf(roster: Roster): string {
  return JSON.stringify(leashOf(roster, 0))
}

/** Whether one more fits, wherever their end may come to lie: also when everybody who has room reserved has come. */
export function hasRoom(roster: Pick<Roster, 'members' | 'reserved' | 'permissionSet'>, principalId: string): boolean {
  const here = Object.values(roster.members).flatMap(member => {
    const until = member.failure ? undefined : (member.over?.since ?? endOf(member))
    return until ? [{ principalId: member.principalId, until }] : []
  })
  // Of several ends somebody may fall back to another, which need not coincide with anybody's.
  const several = Object.values(roster.members).filter(({ heldBy }) => Object.keys(heldBy).length > 1)
  const moving = several.map(member => member.principalId)
  const coming = [...new Set([...Object.values(roster.reserved ?? {}), ...moving, principalId])]
  const others = here.filter(one => !coming.includes(one.principalId))
  // An end of its own for each: no two of them need coincide. An instant like any other, as far as its length goes.
  const ends = coming.map((id, n) => ({ principalId: id, until: plusSeconds(farAway, n) }))
  const render = roleOf(roster) === undefined ? renderLeash : renderRoleLeash
  return fits(render([...others, ...ends], 999_999_999))
}

/** Whether AWS was seen to have the leash as the roster wants it now; a set without one has nothing to be seen. */
export function isLeashVerified({ leash }: Roster): boolean {
  return !leash || leash.verified?.generation === leash.generation
}

/** When the leash needs a look: at once until it is verified; then now and again, and shortly before each end. */
export function leashDueAt(roster: Roster, now: Instant): Instant | undefined {
  const { leash } = roster
  if (!leash) return undefined
  // Also a look that failed: nothing is known of the leash until one has not.
  if (leash.retry) return leash.retry.at
  if (!isLeashVerified(roster) || !leash.verified) return now
  const { at } = leash.verified
  const people = onLeash(roster)
  if (people.length === 0) return undefined
  const looks = people.map(({ until }) => plusMinutes(until, -lookMinutesBefore))
  return earliest(plusMinutes(at, lookEveryMinutes), ...looks.filter(look => !hasCome(look, at)))
}
