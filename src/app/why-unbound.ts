import type { RequestIn, Target } from '../core/access-request.ts'
import { asFault } from '../core/errors.ts'
import { hasCome, type Instant, latest, plusMinutes } from '../core/instant.ts'
import { whyRoleUnbound } from '../core/leash-ready.ts'
import { longestSessionMinutes } from '../core/roster.ts'
import { seatOf } from '../core/roster-seat.ts'
import type { Ports } from './ports.ts'

const cachedMinutes = 60

/** Why AWS would not end the access by itself any more; undefined when it would, or never was to. Throws Faults. */
export async function whyUnbound({ leashes }: Pick<Ports, 'leashes'>, target: Target): Promise<string | undefined> {
  const seat = seatOf(target)
  if (seat?.leash !== 'required') return undefined
  const place = { ...seat.key, permissionSetArn: seat.arn }
  return whyRoleUnbound(await leashes.role(place), place)
}

/**
 * Why sessions taken meanwhile are not known to have ended, although what lets anybody in is gone: the role has lost its
 * leash, or cannot be looked at. Where there is no role there are no sessions, and where nobody was let in neither; nor
 * when the longest that AWS gives, taken an hour later from a cached sign-in (platform: B4), must have died.
 */
export async function whyStillOpen(
  { leashes }: Pick<Ports, 'leashes'>,
  held: RequestIn<'revoking' | 'revoke_failed'>,
  target: Target,
  now: Instant,
): Promise<string | undefined> {
  const seat = seatOf(target)
  if (seat?.leash !== 'required' || !held.history.some(({ event }) => event === 'activated')) return undefined
  const last = latest(held.expiresAt, held.revokingSince) ?? held.expiresAt
  if (hasCome(plusMinutes(last, longestSessionMinutes + cachedMinutes), now)) return undefined
  const place = { ...seat.key, permissionSetArn: seat.arn }
  try {
    const role = await leashes.role(place)
    return role && whyRoleUnbound(role, place)
  } catch (error) {
    return asFault(error).message
  }
}
