import type { AccessRequest, Click } from './access-request.ts'
import { announcementsOwed } from './announcements.ts'
import { takesFacts } from './approval-rules.ts'
import { spread } from './ids.ts'
import { earliest, hasCome, type Instant } from './instant.ts'
import { proofDueAt } from './proof.ts'

/** What a request owes at a moment, most urgent first: removal before anything else, then messages; what is only asked comes last. */
export type Work =
  | { kind: 'judge'; click: Click }
  | { kind: 'check' }
  | { kind: 'lapse' }
  | { kind: 'grant' }
  | { kind: 'confirm' }
  | { kind: 'expire' }
  | { kind: 'remove' }
  | { kind: 'announce' }
  | { kind: 'prove' }

/** One kind of work and when it falls due. */
type Owed = { work: Work; at: Instant }

/**
 * When to look at the request again, or undefined when it owes nothing and leaves the index. Always computed from the
 * item being written; claims are kept apart, so no claim hides work and no event shortens a claim.
 */
export function dueAtOf(request: AccessRequest): Instant | undefined {
  return earliest(...owedBy(request).map(owed => owed.at))
}

/** The first thing due now, or undefined. Clicks recorded before a lapse are judged before it. */
export function workDue(request: AccessRequest, now: Instant): Work | undefined {
  return owedBy(request).find(owed => hasCome(owed.at, now))?.work
}

function owedBy(request: AccessRequest): Owed[] {
  const judging = judgingOwed(request)
  // A lapse waits for the clicks before it; nothing else waits for a click.
  if (request.status === 'pending' && judging.length > 0) return [...judging, ...announcingOwed(request)]
  // An operator may have ended what is not there yet: nothing is added to AWS before that is judged.
  if (request.status === 'granting') return [...judging, ...statusOwed(request), ...announcingOwed(request)]
  return [...statusOwed(request), ...judging, ...announcingOwed(request), ...provingOwed(request)]
}

function judgingOwed(request: AccessRequest): Owed[] {
  // While checking nobody can have seen a button; the click waits for the outcome.
  if (request.status === 'checking') return []
  // Who gives up their own access does not wait behind somebody of whom Slack cannot tell.
  const plain = request.clicks.find(click => !takesFacts(request, click))
  if (plain) return [{ work: { kind: 'judge', click: plain }, at: plain.at }]
  const beforeLapse = (click: Click) => request.status !== 'pending' || click.at < request.lapsesAt
  const click = request.clicks.find(beforeLapse)
  return click ? [{ work: { kind: 'judge', click }, at: request.retries.judge?.at ?? click.at }] : []
}

function statusOwed(request: AccessRequest): Owed[] {
  const workAt = request.retries.work?.at ?? request.lookAt
  switch (request.status) {
    case 'checking':
      return [{ work: { kind: 'check' }, at: workAt ?? request.submittedAt }]
    case 'pending':
      return [{ work: { kind: 'lapse' }, at: request.lapsesAt }]
    case 'granting':
      // However long a retry is put off: at its end a grant that never came about begins its removal.
      return [
        { work: { kind: 'grant' }, at: earliest(workAt ?? request.startsAt, request.expiresAt) ?? request.expiresAt },
      ]
    case 'active': {
      const expire: Owed = { work: { kind: 'expire' }, at: request.expiresAt }
      const confirmAt = request.retries.work?.at ?? earliest(request.lookAt, request.quietAt)
      return confirmAt ? [expire, { work: { kind: 'confirm' }, at: confirmAt }] : [expire]
    }
    case 'revoking':
    case 'revoke_failed':
      return [{ work: { kind: 'remove' }, at: workAt ?? request.revokingSince }]
    default:
      return []
  }
}

function announcingOwed(request: AccessRequest): Owed[] {
  return announcementsOwed(request).map(({ at }) => ({ work: { kind: 'announce' }, at }))
}

function provingOwed(request: AccessRequest): Owed[] {
  const at = proofDueAt(request)
  return at ? [{ work: { kind: 'prove' }, at }] : []
}

/** Seconds until the next attempt: 2^n up to 300, less up to a fifth, always the same for the same item and attempt. */
export function backoffSeconds(itemId: string, attempts: number): number {
  const full = Math.min(300, 2 ** Math.min(attempts, 9))
  return Math.max(1, Math.round(full * (1 - spread(`${itemId}:${attempts}`) / 5)))
}
