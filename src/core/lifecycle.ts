import type {
  AccessRequest,
  Approval,
  Click,
  HistoryEntry,
  Outcome,
  Proof,
  RequestIn,
  Status,
  Target,
} from './access-request.ts'
import type { RefusalCode } from './errors.ts'
import { type Instant, plusMinutes } from './instant.ts'
import { proofNote } from './proof.ts'

/**
 * The events of a request's life and the statuses in which each may happen. An event in another status is a fault of
 * ours, not a race: races are settled by the item's version before an event is applied.
 */
const allowed = {
  found: ['checking'],
  refused: ['checking', 'pending'],
  approved_one: ['pending'],
  approved: ['pending'],
  denied: ['pending'],
  cancelled: ['pending'],
  lapsed: ['pending'],
  activated: ['granting'],
  ending: ['granting', 'active'],
  stray_ending: ['stray'],
  removal_failing: ['revoking'],
  ended: ['revoking', 'revoke_failed'],
  settled_by_hand: ['revoke_failed'],
  proven: ['expired', 'revoked'],
} as const satisfies Record<string, readonly Status[]>

type Event = keyof typeof allowed
type From<E extends Event> = RequestIn<(typeof allowed)[E][number]>

/** A grant gives up, and a removal pages, after this long (the waiting for `quietAt` does not count). */
export const giveUpMinutes = 15
/** With less than this left nothing is provisioned any more. */
export const leastUsefulMinutes = 5

/** Checking found everything in order: from now on approvers are asked. */
export function markFound(
  request: From<'found'>,
  target: Target,
  now: Instant,
  heldUntil?: Instant,
): RequestIn<'pending'> {
  return { ...step(request, 'found', now), status: 'pending', target, ...(heldUntil && { heldUntil }) }
}

/** Checking said no or could not be done in time, or what was asked may no longer be asked. */
export function refuse(request: From<'refused'>, code: RefusalCode, now: Instant, note?: string): RequestIn<'refused'> {
  const details = note === undefined ? {} : { note }
  // Further lines are something to copy, as a policy, which belongs in no record.
  const entry = { note: note === undefined ? code : `${code} (${note.split('\n')[0]})` }
  return { ...step(request, 'refused', now, entry), status: 'refused', code, ...details }
}

/** The last approval that was needed: fixes the window, which starts now whatever the wait was. */
export function approve(request: From<'approved'>, click: Click, now: Instant): RequestIn<'granting'> {
  return {
    ...judged(step(request, 'approved', now, clickNote(click)), click),
    status: 'granting',
    approvals: withApproval(request, click, now),
    decidedBy: click.userId,
    decidedAt: now,
    startsAt: now,
    expiresAt: plusMinutes(now, request.durationMinutes),
  }
}

/** One of several approvals that are needed. */
export function recordApproval(request: From<'approved'>, click: Click, now: Instant): RequestIn<'pending'> {
  return judged(
    { ...step(request, 'approved_one', now, clickNote(click)), approvals: withApproval(request, click, now) },
    click,
  )
}

/** Approvals whose givers may no longer give them are struck off. */
export function keepApprovals(request: From<'approved'>, userIds: string[], now: Instant): RequestIn<'pending'> {
  const gone = request.approvals.filter(approval => !userIds.includes(approval.userId))
  if (gone.length === 0) return request
  const entry = { at: now, event: 'approval_no_longer_counts', note: gone.map(({ userId }) => userId).join(' ') }
  const approvals = request.approvals.filter(approval => userIds.includes(approval.userId))
  return { ...request, approvals, history: append(request, entry) }
}

/** An approver said no, with a reason. */
export function deny(request: From<'denied'>, click: Click, now: Instant): RequestIn<'denied'> {
  return {
    ...judged(step(request, 'denied', now, clickNote(click)), click),
    status: 'denied',
    decidedBy: click.userId,
    decidedAt: now,
    denialReason: click.reason ?? '',
  }
}

/** The requester no longer needs it, or an operator ends everything that they have. */
export function cancel(request: From<'cancelled'>, click: Click, now: Instant): RequestIn<'cancelled'> {
  return {
    ...judged(step(request, 'cancelled', now, clickNote(click)), click),
    status: 'cancelled',
    decidedAt: now,
    cancelledBy: click.userId,
  }
}

/** Nobody decided in time. */
export function lapse(request: From<'lapsed'>, now: Instant): RequestIn<'lapsed'> {
  return { ...step(request, 'lapsed', now), status: 'lapsed' }
}

/** AWS confirmed that the access is there. */
export function activate(request: From<'activated'>, now: Instant): RequestIn<'active'> {
  return watched({ ...step(request, 'activated', now), status: 'active', activeAt: now }, now)
}

/** Trust policies and boundaries are not Curfew's: a grant that rests on one is held against it again after this long. */
const watchMinutes = 15

/** The request with when to look again at what its grant rests on; a policy on the person's own user rests on nothing. */
export function watched(request: RequestIn<'active'>, now: Instant): RequestIn<'active'> {
  const { lookAt: _, ...rest } = request
  const { target } = request
  const restsOnNothing = target.kind === 'inlinePolicy' || (target.kind === 'permissionSet' && target.leash === 'off')
  return restsOnNothing ? rest : { ...rest, lookAt: plusMinutes(now, watchMinutes) }
}

/** Access is to end: on time, by a person, or because granting gave up (a call that failed may have happened). */
export function beginEnding(request: From<'ending'>, outcome: Outcome, now: Instant): RequestIn<'revoking'> {
  const note = outcome.status === 'grant_failed' ? outcome.code : outcome.status
  return { ...step(request, 'ending', now, { note }), status: 'revoking', outcome, revokingSince: now }
}

/** Its requester needs it no longer, or an operator will not have it: as if it had come to its end, by their click. */
export function endEarly(request: From<'ending'>, click: Click, now: Instant): RequestIn<'revoking'> {
  const ending = step(request, 'ending', now, { note: 'revoked', ...clickNote(click) })
  const outcome: Outcome = { status: 'revoked', by: click.userId }
  return { ...judged(ending, click), status: 'revoking', outcome, revokingSince: now }
}

/** An operator ends a stray: its item owns it from now on, and is removed like any other. */
export function endStray(request: From<'stray_ending'>, click: Click, now: Instant): RequestIn<'revoking'> {
  const ending = judged(step(request, 'stray_ending', now, clickNote(click)), click)
  const window = { decidedBy: click.userId, decidedAt: now, startsAt: now, expiresAt: now }
  const outcome: Outcome = { status: 'revoked', by: click.userId }
  return { ...ending, ...window, status: 'revoking', outcome, revokingSince: now }
}

/** Removal has failed for long enough that people must know; it goes on being tried. */
export function markRemovalFailing(request: From<'removal_failing'>, now: Instant): RequestIn<'revoke_failed'> {
  mustBeAllowed(request, 'removal_failing')
  // The retries go on counting: this is a page, not a fresh start.
  return { ...request, history: append(request, { at: now, event: 'removal_failing' }), status: 'revoke_failed' }
}

/** AWS confirmed that what this request gave is gone, or is now held by another request of the same person. */
export function end(
  request: From<'ended'>,
  now: Instant,
  keptUntil?: Instant,
): RequestIn<'expired' | 'revoked' | 'grant_failed'> {
  return over(step(request, 'ended', now), now, keptUntil)
}

/** An operator removed by hand what kept failing, and said why; `confirmed` if AWS agrees that it is gone. */
export function settleByHand(
  request: From<'settled_by_hand'>,
  click: Click,
  { confirmed, keptUntil }: { confirmed: boolean; keptUntil?: Instant },
  now: Instant,
): RequestIn<'expired' | 'revoked' | 'grant_failed'> {
  const settled = judged(step(request, 'settled_by_hand', now, clickNote(click)), click)
  const settledBy = { userId: click.userId, reason: click.reason ?? '', confirmed }
  return { ...over(settled, now, keptUntil), settledBy }
}

function over(
  request: From<'ended'>,
  now: Instant,
  keptUntil: Instant | undefined,
): RequestIn<'expired' | 'revoked' | 'grant_failed'> {
  const { outcome } = request
  const base = { ...request, endedAt: now, ...(keptUntil && { keptUntil }) }
  switch (outcome.status) {
    case 'expired':
      return { ...base, status: 'expired' }
    case 'revoked':
      return { ...base, status: 'revoked', endedBy: outcome.by }
    case 'grant_failed': {
      const details = outcome.note === undefined ? {} : { note: outcome.note }
      return { ...base, status: 'grant_failed', code: outcome.code, ...details }
    }
  }
}

/** AWS was asked after the end, or could not be: the answer is on file, and nothing more is asked. */
export function fileProof(request: From<'proven'>, { answer, note }: Omit<Proof, 'at'>, now: Instant): From<'proven'> {
  const { proof: _, ...retries } = request.retries
  const details = note === undefined ? {} : { note }
  const proof = { at: now, answer, ...details }
  return { ...step({ ...request, retries }, 'proven', now, { note: proofNote(request, proof) }), proof }
}

/** A click changed nothing: noted, and its clicker is told why. */
export function answerClick<R extends AccessRequest>(request: R, click: Click, code: RefusalCode, now: Instant): R {
  const reply = { clickId: click.id, userId: click.userId, code }
  const noted = noteRefusal(request, click, code, now)
  return { ...noted, replies: [...noted.replies, reply] }
}

/** A click changed nothing, and its clicker reads that elsewhere. */
export function noteRefusal<R extends AccessRequest>(request: R, click: Click, code: RefusalCode, now: Instant): R {
  const history = append(request, {
    at: now,
    event: `${click.action}_refused`,
    by: click.userId,
    clickId: click.id,
    note: code,
  })
  return judged({ ...request, history }, click)
}

/** A second click of the one who decided: noted, and not worth a word. */
export function dropRepeat<R extends AccessRequest>(request: R, click: Click, now: Instant): R {
  const entry = { at: now, event: `${click.action}_repeated`, by: click.userId, clickId: click.id }
  return judged({ ...request, history: append(request, entry) }, click)
}

/** Whether the click was recorded or judged before: a redelivered click is one click. */
export function knowsClick(request: AccessRequest, clickId: string): boolean {
  return request.clicks.some(click => click.id === clickId) || request.history.some(entry => entry.clickId === clickId)
}

/** What a fault may say of itself in the record; what people typed is limited by the form they typed it in. */
const mostNoteCharacters = 300
/** A failed attempt is looked for so far back: kinds of work that fail side by side take turns. */
const mostBack = 10
const mostEntries = 200
const isRepeatable = (event: string) => /_(failed|repeated)$/.test(event)
/** What did not move the request on; the audit trail has it too. */
const isPassing = (event: string) => /_(failed|repeated|refused|elsewhere|given_up)$/.test(event)

/**
 * Adds one line to the record. An attempt like one before raises the count of that line, which then has its time and
 * note; of more than 200 lines the oldest that did not move the request on goes. An item holds 400 KB: one that has
 * outgrown it could never be written again, and its removal never be tried.
 */
export function append({ history }: Pick<AccessRequest, 'history'>, added: HistoryEntry): HistoryEntry[] {
  const { note } = added
  const isLong = note !== undefined && note.length > mostNoteCharacters && !added.clickId
  const entry = isLong ? { ...added, note: `${note.slice(0, mostNoteCharacters - 1).toWellFormed()}…` } : added
  const lastTransition = history.findLastIndex(({ event }) => event in allowed)
  const index = history.findLastIndex(
    (known, at) =>
      known.event === entry.event &&
      known.by === entry.by &&
      isRepetition(known, entry, history.length - at, at < lastTransition),
  )
  const known = history[index]
  if (known) return history.with(index, { ...known, ...entry, count: (known.count ?? 1) + 1 })
  const next = [...history, entry]
  const spare = next.length > mostEntries ? next.findIndex(({ event }) => isPassing(event)) : -1
  return spare < 0 ? next : next.toSpliced(spare, 1)
}

/** `isPast`: something happened to the request since, which begins a new row of attempts. */
function isRepetition(known: HistoryEntry, entry: HistoryEntry, back: number, isPast: boolean): boolean {
  if (isRepeatable(entry.event)) return back <= mostBack && !isPast
  return back === 1 && known.note === entry.note && !entry.clickId
}

function withApproval({ approvals }: AccessRequest, click: Click, at: Instant): Approval[] {
  return [...approvals, { userId: click.userId, at, clickId: click.id }]
}

function clickNote(click: Click): Partial<HistoryEntry> {
  return { by: click.userId, clickId: click.id, ...(click.reason === undefined ? {} : { note: click.reason }) }
}

function judged<T extends { clicks: Click[]; retries: AccessRequest['retries'] }>(request: T, click: Click): T {
  const { judge: _, ...retries } = request.retries
  return { ...request, clicks: request.clicks.filter(other => other.id !== click.id), retries }
}

/** The same request with the event in its history; its work starts afresh. Fields of the status before stay: they are its record. */
function step<R extends AccessRequest>(request: R, event: Event, now: Instant, entry: Partial<HistoryEntry> = {}): R {
  mustBeAllowed(request, event)
  const { work: _work, ...retries } = request.retries
  const next = { ...request, retries, history: append(request, { at: now, event, ...entry }) }
  delete next.lookAt
  return next
}

function mustBeAllowed({ status }: AccessRequest, event: Event): void {
  if (!(allowed[event] as readonly Status[]).includes(status)) {
    throw new Error(`${event} cannot happen to a request that is ${status}`)
  }
}
