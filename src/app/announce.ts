import type { AccessRequest, Announced } from '../core/access-request.ts'
import { type Announcement, announcementsDue } from '../core/announcements.ts'
import { asFault, Fault } from '../core/errors.ts'
import type { Instant } from '../core/instant.ts'
import type { Found } from './found.ts'
import type { MaySend, Ports } from './ports.ts'
import { type Failure, undelivered } from './undelivered.ts'

/**
 * The request with a note for each message about to be posted for the first time. Written with the claim, so that a
 * process that dies around a post leaves word of it, and the next one looks before it posts again.
 */
export function withIntents(request: AccessRequest, now: Instant): AccessRequest {
  const announced = { ...request.announced }
  for (const { key } of announcementsDue(request, now)) {
    const { unsent: _, ...known } = announced[key] ?? { shows: '', begunAt: now }
    announced[key] = known
  }
  return { ...request, announced }
}

/** Brings Slack up to date with the request, message by message; one that fails does not keep back the others. */
export async function announce(
  ports: Ports,
  before: AccessRequest,
  held: AccessRequest,
  maySend: MaySend,
): Promise<Found> {
  const delivered: Record<string, Announced> = {}
  const failed: Failure[] = []
  // What has fallen due since the claim has no note of its intent yet.
  for (const announcement of announcementsDue(held, held.claim?.at ?? ports.clock.now())) {
    if (!hasTime(maySend)) break
    const { key, shows } = announcement
    const known = before.announced[key]
    const sought = { standsNowhere: known === undefined || known.unsent === true }
    try {
      delivered[key] = await deliver(ports, held, announcement, placeOf(known), sought, maySend)
      ports.log('announcement.posted', { requestId: held.id, key, shows })
    } catch (error) {
      const fault = asFault(error)
      failed.push({ announcement, fault, unsent: sought.standsNowhere && fault.answered })
      const event = fault.code === 'rate_limited' ? 'announcement.delayed' : 'announcement.failed'
      ports.log(event, { requestId: held.id, key, code: fault.code, problem: fault.message })
    }
  }
  return {
    answered: true,
    agreed: false,
    facts: current => ({ ...current, announced: { ...current.announced, ...delivered } }),
    outcome: (current, now) =>
      failed.reduce<AccessRequest>((later, failure) => undelivered(later, failure, now), current),
  }
}

/** One message. Begun before and never heard of, it is looked for first: one that stands is not posted again. */
async function deliver(
  { announcer }: Ports,
  request: AccessRequest,
  announcement: Announcement,
  known: Place | undefined,
  sought: { standsNowhere: boolean },
  maySend: MaySend,
): Promise<Announced> {
  const { retry: _retry, givenUp: _givenUp, ...noted } = request.announced[announcement.key] ?? { shows: '' }
  const standing = known ?? (sought.standsNowhere ? undefined : await announcer.find(request, announcement))
  sought.standsNowhere = standing === undefined
  if (standing) await announcer.update(request, announcement, standing)
  else if (announcement.correction) return { ...noted, givenUp: announcement.shows }
  // Looking takes its time; another worker may hold the request by now, and would have found nothing either.
  if (!standing && !hasTime(maySend)) throw new Fault('claim_lost', 'No time left to post.', answeredFault)
  const place = standing ?? (await announcer.post(request, announcement))
  return { ...noted, shows: announcement.shows, ...place }
}

const answeredFault = { retryable: true, answered: true }

/** Whether the claim covers another message; while the clock cannot be read, what was delivered is settled first. */
function hasTime(maySend: MaySend): boolean {
  try {
    return maySend()
  } catch {
    return false
  }
}

type Place = { channel: string; ts: string }

function placeOf(known: Announced | undefined): Place | undefined {
  return known?.channel !== undefined && known.ts !== undefined ? { channel: known.channel, ts: known.ts } : undefined
}
