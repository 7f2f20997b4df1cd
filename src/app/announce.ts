import type { AccessRequest, Announced } from '../core/access-request.ts'
import { type Announcement, announcementsOwed } from '../core/announcements.ts'
import { asFault } from '../core/errors.ts'
import type { Found } from './found.ts'
import type { MaySend, Ports } from './ports.ts'
import { retried } from './retry.ts'

/**
 * The request with a note for each message about to be posted for the first time. Written with the claim, so that a
 * process that dies around a post leaves word of it, and the next one looks before it posts again.
 */
export function withIntents(request: AccessRequest): AccessRequest {
  const announced = { ...request.announced }
  for (const { key } of announcementsOwed(request)) announced[key] ??= { shows: '' }
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
  let problem: string | undefined
  for (const announcement of announcementsOwed(held)) {
    if (!maySend()) break
    try {
      delivered[announcement.key] = await deliver(ports, held, announcement, before.announced[announcement.key])
      ports.log('announcement.posted', { requestId: held.id, key: announcement.key, shows: announcement.shows })
    } catch (error) {
      const fault = asFault(error)
      problem = `${announcement.key}: ${fault.message}`
      ports.log('announcement.failed', { requestId: held.id, key: announcement.key, code: fault.code })
    }
  }
  return {
    answered: true,
    agreed: false,
    facts: current => ({ ...current, announced: { ...current.announced, ...delivered } }),
    outcome: (current, now) => {
      if (problem !== undefined) return retried(current, 'announce', problem, now)
      const { announce: _, ...retries } = current.retries
      return { ...current, retries }
    },
  }
}

async function deliver(
  { announcer }: Ports,
  request: AccessRequest,
  announcement: Announcement,
  known: Announced | undefined,
): Promise<Announced> {
  const { shows } = announcement
  const at = placeOf(known)
  if (at) {
    try {
      await announcer.update(request, announcement, at)
      return { shows, ...at }
    } catch (error) {
      if (asFault(error).code !== 'message_gone') throw error
    }
  }
  // Begun and never heard of, or deleted and perhaps posted anew without our hearing: one that stands is not posted again.
  const found = known && (await announcer.find(request, announcement))
  if (!found || found.ts === at?.ts) return { shows, ...(await announcer.post(request, announcement)) }
  await announcer.update(request, announcement, found)
  return { shows, ...found }
}

function placeOf(known: Announced | undefined): { channel: string; ts: string } | undefined {
  return known?.channel !== undefined && known.ts !== undefined ? { channel: known.channel, ts: known.ts } : undefined
}
