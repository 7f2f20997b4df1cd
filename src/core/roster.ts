import type { Claim, Retry } from './access-request.ts'
import type { RequestId } from './ids.ts'
import { earliest, hasCome, type Instant, latest, plusMinutes } from './instant.ts'
import { isLeashVerified, type Leash, leashDueAt, withLeashRaised } from './leash.ts'
import { roleOf, type Seat } from './roster-seat.ts'

/** Which roster: one per account and permission set, the unit of AWS work for assignments; or per leashed role. */
export type RosterKey = { accountId: string; permissionSet: string }

/** What is true of one person on a roster, as far as AWS confirmed it. */
export type Member = {
  principalId: string
  userName: string
  state: 'absent' | 'creating' | 'present' | 'removing'
  /** The live requests that hold them here, with their ends. Nobody holds: they are on their way out. */
  heldBy: Record<RequestId, Instant>
  /** Of a role: denied since then, and remembered until the last session taken before has died. */
  over?: { since: Instant; until: Instant }
  /** Seen absent before we created: what is present afterwards is ours. A confirmed absence deletes it. */
  observedAbsentAt?: Instant
  /** The asynchronous call AWS is working on, as far as its answer was heard. */
  operation?: { kind: 'create' | 'remove'; id: string; begunAt?: Instant }
  /** Why AWS will not have them here; the requests holding them read it and leave. */
  failure?: { code: 'already_held' | 'aws_refused' | 'permission_set_changed' | 'not_leashed'; message: string }
  /** Not before then, as the last pass found: AWS is still working, a call failed, or a lost call may still arrive. */
  lookAt?: Instant
  /** The row of calls for this person that failed; nobody else waits for it. */
  retry?: Retry
}

/** One item: who Curfew keeps on a permission set in an account. */
export type Roster = RosterKey & {
  permissionSetArn: string
  version: number
  writeId: string
  members: Record<string, Member>
  /** Absent where the set is assigned without one: then access ends by removal. */
  leash?: Leash
  /** Requests that were checked and are not here yet: there is room on the leash for the person of each. */
  reserved?: Record<RequestId, string>
  claim?: Claim
  quietAt?: Instant
  /** The row of attempts to list everyone that failed, once the last lost call had died. */
  retry?: Retry
}

/** An empty roster, not yet stored (version 0). */
export function newRoster(key: RosterKey, permissionSetArn: string): Roster {
  return { ...key, permissionSetArn, version: 0, writeId: '', members: {} }
}

/**
 * Lists a request, idempotently. Another request of the same person may hold the set already: they are not assigned
 * twice, but looked at again, since nobody is called present on the strength of an older look.
 */
export function join(
  roster: Roster,
  { principalId, userName, leash, arn }: Pick<Seat, 'principalId' | 'userName' | 'leash' | 'arn'>,
  requestId: RequestId,
  expiresAt: Instant,
): Roster {
  const member = roster.members[principalId] ?? { principalId, userName, state: 'absent', heldBy: {} }
  if (requestId in member.heldBy) return roster
  const heldBy = { ...member.heldBy, [requestId]: expiresAt }
  const { failure: _failure, lookAt: _lookAt, over: _over, ...fresh } = member
  // Of a role there is nothing to be seen absent or to be taken away first: being listed is all there is to it.
  const isOfRole = roleOf(roster) !== undefined
  const state = isOfRole || member.state === 'present' ? 'creating' : member.state
  // With nobody on it, it may be about a set or a role that was made anew.
  const about = Object.keys(roster.members).length === 0 ? { ...roster, permissionSetArn: arn } : roster
  return withMember(withLeash(withoutReservation(about, requestId), leash), { ...fresh, state, heldBy })
}

/** A set that is leashed once stays so while anybody is on its roster: its boundary denies whoever is not listed. */
function withLeash(roster: Roster, wanted: 'required' | 'off'): Roster {
  const { leash = { generation: 1 }, ...rest } = roster
  if (wanted === 'required') return { ...rest, leash }
  return Object.keys(roster.members).length > 0 ? roster : rest
}

/** The roster without the room that was kept for a request. */
export function withoutReservation(roster: Roster, requestId: RequestId): Roster {
  if (!roster.reserved || !(requestId in roster.reserved)) return roster
  const { [requestId]: _, ...reserved } = roster.reserved
  return { ...roster, reserved }
}

/**
 * Strikes a request off. Always a change to be written, also when the request is not listed: raising the version is
 * what keeps a join decided before from landing after.
 */
export function leave(roster: Roster, principalId: string, requestId: RequestId, now: Instant): Roster {
  const member = roster.members[principalId]
  if (!member) return roster
  const { [requestId]: end, ...heldBy } = member.heldBy
  // New content is due at once, without touching a live claim.
  const { lookAt: _lookAt, ...due } = member
  if (roleOf(roster) === undefined || Object.keys(heldBy).length > 0) return withMember(roster, { ...due, heldBy })
  const over = member.over ?? overSince(earliest(end, now) ?? now, end ?? now)
  return withMember(roster, { ...due, heldBy, state: 'removing', over })
}

/**
 * Denied from `since` on. What lets them in may go later than that, and AWS lets them in by it up to `last`: the longest
 * session that AWS gives anybody, taken then, has to be outlived (whatever the role's longest was when it was looked at).
 */
function overSince(since: Instant, last: Instant): NonNullable<Member['over']> {
  return { since, until: plusMinutes(last, longestSessionMinutes) }
}

/** IAM: no role has longer ones. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-settings.html */
export const longestSessionMinutes = 720

/**
 * Whether the request may be called active: listed, present, on a leash that AWS was seen to have, and no call whose
 * answer was lost still under way.
 */
export function holdsPresent(roster: Roster | undefined, principalId: string, requestId: RequestId): boolean {
  const member = roster?.members[principalId]
  if (!roster || member?.state !== 'present' || !(requestId in member.heldBy)) return false
  return roster.quietAt === undefined && isLeashVerified(roster)
}

/**
 * Whether the request may be called ended: it has left, and the person is gone or held by another request. One that is
 * past its own end holds nobody any more: it only has not left yet, and their absence is awaited.
 */
export function isGone(roster: Roster | undefined, principalId: string, requestId: RequestId, now: Instant): boolean {
  if (!roster) return true
  const member = roster.members[principalId]
  if (member && requestId in member.heldBy) return false
  const isAbsent = !member || member.state === 'absent' || member.over !== undefined
  const isSettled = roster.quietAt === undefined && isLeashVerified(roster)
  return (isAbsent || keptUntil(roster, principalId, now) !== undefined) && isSettled
}

/** Until when requests on the roster keep the person there: the latest of their ends that are to come. */
export function keptUntil(roster: Roster | undefined, principalId: string, now: Instant): Instant | undefined {
  const member = roster?.members[principalId]
  // A creation that is not begun, or was refused, keeps nobody anywhere.
  const isThere =
    member?.state === 'present' || (member?.state === 'creating' && member.observedAbsentAt && !member.failure)
  const ends = isThere ? Object.values(member.heldBy) : []
  return latest(...ends.filter(end => !hasCome(end, now)))
}

/** The step owed for one person. */
export type Step = 'create' | 'await-create' | 'remove' | 'await-remove' | 'drop'

/** The step a member is owed, or undefined when what is wanted and what is confirmed agree. */
export function stepOwed(member: Member): Step | undefined {
  const wanted = isWanted(member)
  switch (member.state) {
    case 'absent':
      if (!wanted) return 'drop'
      return member.failure ? undefined : 'create'
    case 'creating':
      if (!wanted) return 'remove'
      return member.failure ? undefined : 'await-create'
    case 'present':
      return wanted ? undefined : 'remove'
    case 'removing':
      return 'await-remove'
  }
}

/** Whether AWS is known to have everyone as the roster wants them: nobody need wait for what only has to be forgotten. */
export function isInAgreement(roster: Roster): boolean {
  const isSettled = (member: Member) => member.over !== undefined || stepOwed(member) === undefined
  return Object.values(roster.members).every(isSettled) && isLeashVerified(roster)
}

/** Members whose step is due, removals first, and of each kind those first who have waited longest for a turn. */
export function membersDue(roster: Roster, now: Instant): Member[] {
  const due = Object.values(roster.members).filter(
    member => stepOwed(member) !== undefined && hasCome(member.lookAt ?? now, now),
  )
  const turn = (member: Member) => `${isWanted(member) ? 1 : 0} ${member.lookAt ?? ''}`
  return due.sort((one, other) => (turn(one) < turn(other) ? -1 : 1))
}

/**
 * When to look at the roster again: now for a member who is owed a step, unless that one has to wait; and once more
 * when the last lost call has died. Also when the leash needs a look. Undefined when everything agrees.
 */
export function rosterDueAt(roster: Roster, now: Instant): Instant | undefined {
  const owed = Object.values(roster.members).filter(member => stepOwed(member) !== undefined)
  // Until everyone agrees a pass lifts nothing: once everybody was looked at, the steps that are owed say when.
  const isOwed = owed.length > 0 || !isLeashVerified(roster) || roster.leash?.retry !== undefined
  const isLookedAt = isOwed && roster.quietAt !== undefined && hasCome(roster.quietAt, now)
  const quiet = isLookedAt ? undefined : roster.quietAt && latest(roster.quietAt, roster.retry?.at)
  return earliest(...owed.map(member => member.lookAt ?? now), quiet, leashDueAt(roster, now))
}

/** Puts somebody on the roster whom AWS lists and no request holds: they are taken off like anybody, and looked for until gone. */
export function adopt(
  roster: Roster,
  { principalId, userName, leash }: Pick<Seat, 'principalId' | 'userName' | 'leash'>,
  now: Instant,
): Roster {
  const member: Member = roster.members[principalId] ?? { principalId, userName, state: 'absent', heldBy: {} }
  if (member.state !== 'absent') return roster
  const { failure: _failure, lookAt: _lookAt, ...due } = member
  if (roleOf(roster) === undefined) return withMember(roster, { ...due, state: 'removing' })
  return withMember(withLeash(roster, leash), { ...due, state: 'removing', over: overSince(now, now) })
}

/** The roster with one member replaced. */
export function withMember(roster: Roster, member: Member): Roster {
  return withLeashRaised(roster, { ...roster, members: { ...roster.members, [member.principalId]: member } })
}

/** The roster without a member whose absence was confirmed. */
export function withoutMember(roster: Roster, principalId: string): Roster {
  const { [principalId]: _, ...members } = roster.members
  return withLeashRaised(roster, { ...roster, members })
}

/** Whether a live request holds the person. */
export function isWanted(member: Member): boolean {
  return Object.keys(member.heldBy).length > 0
}

/** Who holds the person, as one text to compare. */
export function holdersOf({ heldBy }: Member): string {
  return Object.keys(heldBy).sort().join(' ')
}

/** The member due at once, with no failed calls behind it. */
export function withoutRetry(member: Member): Member {
  const { retry: _retry, lookAt: _lookAt, ...rest } = member
  return rest
}

/** The member without a call that AWS is working on. */
export function withoutOperation(member: Member): Member {
  const { operation: _, ...rest } = member
  return rest
}
