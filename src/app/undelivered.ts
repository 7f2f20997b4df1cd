import { type AccessRequest, type Announced, isEnded } from '../core/access-request.ts'
import type { Announcement } from '../core/announcements.ts'
import type { Fault } from '../core/errors.ts'
import { hasCome, type Instant, plusMinutes, plusSeconds } from '../core/instant.ts'
import { append } from '../core/lifecycle.ts'
import { nextRetry } from './retry.ts'

/** So many definite refusals in a row: the channel is gone, not slow. */
const severalRefusals = 3
/** A message that is refused for so long is given up, so that nothing is due for ever. */
const refusedMinutes = 24 * 60
/** Likewise one that fails in any other way: Slack itself is never down for so long. */
const failingMinutes = 7 * 24 * 60

/** An attempt that failed. `unsent`: the message is known not to stand anywhere. */
export type Failure = { announcement: Announcement; fault: Fault; unsent: boolean }

/**
 * The request after one of its messages could not be delivered: tried again later and on its own, never before Slack
 * allows it; begun anew when it was deleted; sent to the catalogue's other channel when its own is gone; in the end
 * given up.
 */
export function undelivered(
  request: AccessRequest,
  { announcement, fault, unsent }: Failure,
  now: Instant,
): AccessRequest {
  const { key, kind, shows } = announcement
  const known = request.announced[key] ?? { shows: '' }
  const anew = { shows: '', begunAt: now, unsent: true } as const
  const elsewhere = known.elsewhere === undefined ? {} : { elsewhere: known.elsewhere }
  if (fault.code === 'message_gone' && known.ts !== undefined) return noted(request, key, { ...anew, ...elsewhere })

  const isRefusal = fault.answered && !fault.retryable
  const failed = nextRetry(`${request.id} ${key}`, known.retry, fault.message, now)
  const refusals = (known.retry?.refusals ?? 0) + (isRefusal ? 1 : 0)
  // An instant drops the fraction of its second: without the extra one the wait could be that much too short.
  const at = fault.retryAfterSeconds === undefined ? failed.at : plusSeconds(now, fault.retryAfterSeconds + 1)
  const later = { ...known, ...(unsent && { unsent }), retry: { ...failed, at, refusals } }
  const tell = (event: string) => append(request, { at: now, event, note: `${key}: ${fault.message}` })

  const hasOtherChannel = ['approvals', 'alert', 'cut', 'still_allowed'].includes(kind) && known.elsewhere === undefined
  // What has ended asks nobody for anything, as a rule: no reason to alert people.
  const mattersToNobody = isEnded(request) && kind !== 'still_allowed' && kind !== 'cut'
  if (fault.code === 'channel_gone' && refusals >= severalRefusals && hasOtherChannel && !mattersToNobody) {
    return { ...noted(request, key, { ...anew, elsewhere: fault.message }), history: tell('announced_elsewhere') }
  }
  const patience = isRefusal && refusals >= severalRefusals ? refusedMinutes : failingMinutes
  if (hasCome(plusMinutes(failed.since, patience), now)) {
    return { ...noted(request, key, { ...later, givenUp: shows }), history: tell('announcement_given_up') }
  }
  // The record tells of a row once; an outage of Slack is in the log only.
  const isFirst = isRefusal && refusals === 1
  return { ...noted(request, key, later), ...(isFirst && { history: tell('announcement_refused') }) }
}

function noted<R extends AccessRequest>(request: R, key: string, announced: Announced): R {
  return { ...request, announced: { ...request.announced, [key]: announced } }
}
