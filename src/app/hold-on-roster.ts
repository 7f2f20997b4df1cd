import { isClaimed, type RequestIn } from '../core/access-request.ts'
import { Fault, type RefusalCode } from '../core/errors.ts'
import type { Instant } from '../core/instant.ts'
import {
  adopt,
  holdsPresent,
  isGone,
  join,
  keptUntil,
  leave,
  newRoster,
  type Roster,
  rosterDueAt,
} from '../core/roster.ts'
import { type Seat, type SeatedTarget, seatOf } from '../core/roster-seat.ts'
import { changeOf } from '../core/set-content.ts'
import type { Ports } from './ports.ts'

/**
 * How long the roster keeps a request waiting. `quiet`: only for a lost call to die, which no time limit counts.
 * `until`: nothing changes before then, unless somebody joins or leaves. `problem`: why the last attempt came to nothing.
 */
type Waiting = { quiet: boolean; until?: Instant; problem?: string }

/** How a request stands on its roster. */
export type Standing =
  | { state: 'present' }
  | ({ state: 'waiting' } & Waiting)
  | { state: 'refused'; code: RefusalCode; note?: string }

/**
 * Joins the request to its roster if the set is still what was approved, or reads how it stands there. Changes the
 * table only. Repeating it is harmless. The request is read again between reading and writing the roster: a join decided before an end cannot land after it,
 * since leaving raises the roster's version.
 */
export async function holdOnRoster(ports: Ports, held: RequestIn<'granting'>, target: SeatedTarget): Promise<Standing> {
  const seat = seatOf(target)
  if (!seat) return { state: 'present' }
  const { key, arn, principalId } = seat
  let isAsApproved = target.kind !== 'permissionSet'
  for (let attempt = 0; attempt < 10; attempt++) {
    const roster = (await ports.table.roster(key)) ?? newRoster(key, arn)
    const member = roster.members[principalId]
    if (member && held.id in member.heldBy) {
      const { failure } = member
      if (failure) return { state: 'refused', code: failure.code, note: failure.message }
      if (holdsPresent(roster, principalId, held.id)) return { state: 'present' }
      return { state: 'waiting', ...waitingFor(roster, principalId, ports.clock.now()) }
    }
    if (!isAsApproved && target.kind === 'permissionSet') {
      const change = changeOf(target.content, await ports.assignments.permissionSetContent(target.permissionSetArn))
      if (change !== undefined) return { state: 'refused', code: 'permission_set_changed', note: change }
      // That took a while: the roster is read again.
      isAsApproved = true
      continue
    }
    if (roster.permissionSetArn !== arn && Object.keys(roster.members).length > 0) {
      return { state: 'refused', code: 'target_changed', note: arn }
    }
    const joined = join(roster, seat, held.id, held.expiresAt)
    const now = await ports.table.request(held.id)
    if (now?.status !== 'granting' || now.version !== held.version) return { state: 'waiting', quiet: false }
    const written = await ports.table.writeRoster(joined)
    if ('stored' in written) {
      ports.wake({ roster: key })
      return { state: 'waiting', quiet: false }
    }
  }
  throw contended()
}

/**
 * What leaving came to: the roster version at which the request was struck off, and whether AWS confirmed the rest.
 * `keptUntil`: the person stays, through other requests.
 */
export type Left = Waiting & { version: number; gone: boolean; keptUntil?: Instant }

/** Strikes the request off its roster, once, always by a write that raises the roster's version; then tells how it goes. */
export async function releaseFromRoster(
  ports: Ports,
  held: RequestIn<'revoking' | 'revoke_failed'>,
  seat: Seat,
): Promise<Left> {
  const { key, arn, principalId } = seat
  for (let attempt = 0; attempt < 10; attempt++) {
    const roster = await ports.table.roster(key)
    if (held.leftRosterVersion !== undefined) {
      const now = ports.clock.now()
      const gone = isGone(roster, principalId, held.id, now)
      const waiting = roster ? waitingFor(roster, principalId, now) : { quiet: false }
      return { version: held.leftRosterVersion, gone, ...waiting, ...keptBy(roster, seat, now) }
    }
    const known = roster ?? newRoster(key, arn)
    // What a stray owns was never joined: the roster takes it on, and off.
    const left = held.stray
      ? adopt(known, seat, ports.clock.now())
      : leave(known, principalId, held.id, ports.clock.now())
    const written = await ports.table.writeRoster(left)
    if ('stored' in written) {
      ports.wake({ roster: key })
      const { version } = written.stored
      const now = ports.clock.now()
      const gone = isGone(written.stored, principalId, held.id, now)
      return { version, gone, quiet: false, ...keptBy(written.stored, seat, now) }
    }
  }
  throw contended()
}

function keptBy(roster: Roster | undefined, { principalId }: Seat, now: Instant): Pick<Left, 'keptUntil'> {
  const until = keptUntil(roster, principalId, now)
  return until ? { keptUntil: until } : {}
}

function waitingFor(roster: Roster, principalId: string, now: Instant): Waiting {
  const failing = roster.members[principalId]?.retry ?? roster.leash?.retry
  const quiet = roster.quietAt !== undefined && !failing
  const until = isClaimed(roster, now) ? undefined : rosterDueAt(roster, now)
  return { quiet, ...(until && { until }), ...(failing && { problem: failing.problem }) }
}

function contended(): Fault {
  return new Fault('contended', 'The roster was being changed.', { retryable: true, answered: true })
}
