import type { AccessRequest, RequestIn } from '../core/access-request.ts'
import { isQuiet } from '../core/claim.ts'
import { asFault } from '../core/errors.ts'
import type { Instant } from '../core/instant.ts'
import { placeOf } from '../core/policy-place.ts'
import { seatOf } from '../core/roster-seat.ts'
import { releaseFromRoster } from './hold-on-roster.ts'
import type { Ports } from './ports.ts'
import { whyStillOpen } from './why-unbound.ts'

/**
 * What AWS says of access that somebody says they removed by hand. `unheard`: it could not be asked, or a lost call may
 * still change its answer; asking again may help while it is `retryable`.
 */
export type Sighting = { seen: 'gone'; keptUntil?: Instant } | { seen: 'listed' } | Unheard

type Unheard = { seen: 'unheard'; problem: string; retryable: boolean }

/**
 * Asks AWS whether the access is there, and changes nothing in AWS. The request leaves its roster, if it has not yet:
 * `facts` are to be kept. Whom the roster still takes off stays on it; nobody's absence is made up there.
 */
export async function lookForRemoved(
  ports: Ports,
  held: RequestIn<'revoke_failed'>,
): Promise<{ sighting: Sighting; facts?: (current: AccessRequest) => AccessRequest }> {
  const { target } = held
  const seat = seatOf(target)
  const left = seat && (await releaseFromRoster(ports, held, seat))
  const kept = left && {
    facts: (current: AccessRequest): AccessRequest =>
      current.status === 'revoke_failed' ? { ...current, leftRosterVersion: left.version } : current,
  }
  const problem = left?.gone && (await whyStillOpen(ports, held, target, ports.clock.now()))
  if (problem) return { sighting: { seen: 'unheard', problem, retryable: false }, ...kept }
  if (target.kind !== 'permissionSet') {
    const place = placeOf(target)
    const isThere = async () => (await ports.inlinePolicies.read(place)) !== undefined
    return { sighting: await sightingOf(isThere, isQuiet(held) && left?.gone !== false), ...kept }
  }
  if (left?.gone) return { sighting: { seen: 'gone', ...(left.keptUntil && { keptUntil: left.keptUntil }) }, ...kept }
  const isThere = async () =>
    (await ports.assignments.operationInProgress(target)) !== undefined || (await ports.assignments.listed(target))
  return { sighting: await sightingOf(isThere, false), ...kept }
}

/** `quiet`: no lost call can arrive any more, so that an absence is one for good. */
async function sightingOf(isThere: () => Promise<boolean>, quiet: boolean): Promise<Sighting> {
  try {
    if (await isThere()) return { seen: 'listed' }
    return quiet ? { seen: 'gone' } : { seen: 'unheard', problem: 'a lost call may still arrive', retryable: false }
  } catch (error) {
    const { message, retryable } = asFault(error)
    return { seen: 'unheard', problem: message, retryable }
  }
}
