import type { AccessRequest, Claim, Click, Retry } from './access-request.ts'
import type { AuditRecord } from './audit.ts'
import type { Language } from './entitlement.ts'
import type { RefusalCode } from './errors.ts'
import type { RequestId } from './ids.ts'
import { hasCome, type Instant, latest, plusSeconds } from './instant.ts'

/** Names one wish that everything of a person ends: `end_` and 20 Crockford base32 characters. */
export type EndAllId = `end_${string}`

/** Where its message to the operator stands and what it shows. Without `ts` the post was begun and its outcome is unknown. */
export type Notice = { shows: string; begunAt: Instant; channel?: string; ts?: string }

/**
 * An operator's wish that everything one person has ends, in every account: an item of its own, which is due until
 * nothing of the person is live, so that it outlives whoever works on it.
 */
export type EndAll = {
  id: EndAllId
  version: number
  writeId: string
  by: { userId: string; teamId: string; language: Language }
  personId: string
  reason: string
  at: Instant
  /** `judged`: the person who wishes it is an operator; each request judges that again. */
  status: 'recorded' | 'judged' | 'refused'
  code?: RefusalCode
  /** Everything live that was found; what was ending already is among it. */
  requests: RequestId[]
  /** When the person's requests were last listed. */
  listedAt?: Instant
  notice?: Notice
  /** Nothing is left to be done, and its message says so. */
  closedAt?: Instant
  claim?: Claim
  retry?: Retry
  lookAt?: Instant
}

/** The index of a person's requests lags: they are listed again after so long, and only then is nothing missing. */
export const listAgainSeconds = 60
/** What will not go for so long is paged and settled on its own. */
const mostSeconds = 24 * 3600

/** The id of the wish sent with the form of that submission: a repeated submission finds itself. */
export function endAllIdOf(submission: RequestId): EndAllId {
  return `end_${submission.slice('req_'.length)}`
}

/** Whether text that came back from outside has the shape of such an id. */
export function isEndAllId(text: string): text is EndAllId {
  return /^end_[0-9A-HJKMNP-TV-Z]{20}$/.test(text)
}

/** Whether the request gives its person something, or may yet. */
export function isLive({ status }: AccessRequest): boolean {
  return ['checking', 'pending', 'granting', 'active', 'revoking', 'revoke_failed'].includes(status)
}

/** Whether a wish has to be recorded on the request: what is ending already needs none. */
function isToBeEnded({ status }: AccessRequest): boolean {
  return ['checking', 'pending', 'granting', 'active'].includes(status)
}

/** When to look at it again; undefined when it is closed. */
export function endAllDueAt(endAll: EndAll): Instant | undefined {
  if (endAll.closedAt) return undefined
  return latest(endAll.at, endAll.lookAt, endAll.retry?.at)
}

/** Whether the person's requests have to be listed (again). */
export function isListingOwed({ at, listedAt }: EndAll, now: Instant): boolean {
  if (listedAt === undefined) return true
  const again = plusSeconds(at, listAgainSeconds)
  return !hasCome(again, listedAt) && hasCome(again, now)
}

/** Whether nothing is left to be done: all is gone that was there a while after the wish, or it took too long. */
export function isOver({ status, at, listedAt }: EndAll, requests: AccessRequest[], now: Instant): boolean {
  if (status === 'refused') return true
  if (hasCome(plusSeconds(at, mostSeconds), now)) return true
  const isComplete = listedAt !== undefined && hasCome(plusSeconds(at, listAgainSeconds), listedAt)
  return isComplete && !requests.some(isLive)
}

/** When to look how they stand again: people wait for the first minutes. */
export function nextLook({ at }: EndAll, now: Instant): Instant {
  return plusSeconds(now, hasCome(plusSeconds(at, 120), now) ? 60 : 5)
}

/**
 * The click to record on a request, undefined when none is owed: it is ending, the click waits there, or it got a no.
 * Where Slack could not tell, it is clicked anew.
 */
export function clickOwed(endAll: EndAll, request: AccessRequest): Omit<Click, 'at'> | undefined {
  const isOurs = ({ clickId, id }: { clickId?: string; id?: string }) => (clickId ?? id ?? '').startsWith(endAll.id)
  if (!isToBeEnded(request) || request.clicks.some(isOurs)) return undefined
  const judged = request.history.filter(isOurs)
  if (judged.some(({ note }) => note !== 'could_not_tell')) return undefined
  const { userId, teamId } = endAll.by
  return { id: `${endAll.id}.${judged.length}`, userId, teamId, action: 'end_all', reason: endAll.reason }
}

/** What its message has to show: it is updated when that changes. */
export function endAllShows({ status, code }: EndAll, requests: AccessRequest[]): string {
  if (status === 'refused') return `refused ${code ?? ''}`
  return [status, ...requests.map(request => `${request.id} ${request.status}`)].join(' ')
}

/** The line of the audit trail on whether it may be. */
export function endAllAudit({ id, by, personId, reason, code }: EndAll, now: Instant): AuditRecord {
  const sentence =
    code === undefined
      ? `${by.userId} ends everything of ${personId}, in every account: ${reason}`
      : `The wish of ${by.userId} to end everything of ${personId} was refused: ${code}.`
  return { at: now, subject: id, event: code === undefined ? 'end_all' : 'end_all_refused', by: by.userId, sentence }
}
