import { type AccessRequest, type Announced, type Reply, wasCutShort } from './access-request.ts'
import { hasCome, type Instant } from './instant.ts'

/** Which message: one in the approvals channel and one to the requester that follow the request; the others are said once. */
export type AnnouncementKind = 'approvals' | 'asked' | 'active' | 'over' | 'alert' | 'cut' | 'still_allowed' | 'reply'

/** A message a request owes. `shows` names what it has to show: a stored message that shows something else is updated. */
export type Announcement = {
  /** Where it is remembered in `request.announced`. */
  key: string
  kind: AnnouncementKind
  shows: string
  reply?: Reply
  /** Set when its own channel refuses it: why, and that it goes to the other one. */
  elsewhere?: string
  /** It only mends a message that may stand: where none does, none is posted. */
  correction?: true
}

/** Every message the request should have standing now, whether or not it was delivered. */
export function announcementsOf(request: AccessRequest): Announcement[] {
  const replies = request.replies.map(
    (reply): Announcement => ({ key: replyKey(reply.clickId), kind: 'reply', shows: reply.code, reply }),
  )
  return [...messagesOf(request).map(message => placed(message, request)), ...replies]
}

function placed(message: Announcement, { announced }: AccessRequest): Announcement {
  const elsewhere = announced[message.key]?.elsewhere
  return elsewhere === undefined ? message : { ...message, elsewhere }
}

/** Those of them that Slack does not show yet, each with when to try it (next). */
export function announcementsOwed(request: AccessRequest): { announcement: Announcement; at: Instant }[] {
  const since = request.history.at(-1)?.at ?? request.submittedAt
  return announcementsOf(request)
    .filter(({ key, shows }) => !isSettled(request.announced[key], shows))
    .map(announcement => ({ announcement, at: request.announced[announcement.key]?.retry?.at ?? since }))
}

/** Those that are to be tried now: a message that keeps failing holds up no other. */
export function announcementsDue(request: AccessRequest, now: Instant): Announcement[] {
  return announcementsOwed(request)
    .filter(({ at }) => hasCome(at, now))
    .map(({ announcement }) => announcement)
}

/** The request without the replies that were delivered or given up: its record has what they said. */
export function withoutSettledReplies<R extends AccessRequest>(request: R): R {
  const replies = request.replies.filter(({ clickId, code }) => !isSettled(request.announced[replyKey(clickId)], code))
  const keys = replies.map(({ clickId }) => replyKey(clickId))
  const standing = Object.entries(request.announced).filter(
    ([key]) => !key.startsWith(replyKey('')) || keys.includes(key),
  )
  return { ...request, replies, announced: Object.fromEntries(standing) }
}

function replyKey(clickId: string): string {
  return `reply.${clickId}`
}

function isSettled(announced: Announced | undefined, shows: string): boolean {
  return announced?.givenUp === shows || (announced?.ts !== undefined && announced.shows === shows)
}

function mayStand(announced: Announced | undefined): boolean {
  return announced !== undefined && (announced.ts !== undefined || announced.givenUp === undefined)
}

function messagesOf(request: AccessRequest): Announcement[] {
  const said = (kind: AnnouncementKind, shows: string = request.status): Announcement => ({ key: kind, kind, shows })
  /** What was once said, and is no longer so, is corrected; what was never said needs no correction. */
  const corrected = (kind: AnnouncementKind, shows?: string): Announcement[] =>
    mayStand(request.announced[kind]) ? [{ ...said(kind, shows), correction: true }] : []
  // Nobody asked for a stray: operators alone are told of it, once one of them has ended it.
  if (request.stray) return request.status === 'stray' ? [] : [said('alert')]
  switch (request.status) {
    case 'checking':
    case 'stray':
      return []
    case 'refused':
      return request.announced['approvals'] ? [said('approvals'), said('asked'), said('over')] : [said('over')]
    case 'pending':
      return [said('approvals', shownWhilePending(request)), said('asked')]
    case 'denied':
    case 'cancelled':
    case 'lapsed':
      return [said('approvals'), said('asked'), ...(request.status === 'cancelled' ? [] : [said('over')])]
    case 'granting':
      return [said('approvals'), said('asked')]
    case 'active':
      return [said('approvals'), said('asked'), said('active', 'active')]
    case 'revoking':
      return [said('approvals'), said('asked'), ...corrected('active', 'ending'), ...cut(request)]
    case 'revoke_failed':
      return [said('approvals'), said('asked'), ...corrected('active', 'ending'), ...cut(request), said('alert')]
    case 'expired':
    case 'revoked':
    case 'grant_failed': {
      const { status, proof } = request
      const over = said('over', proof ? `${status} ${proof.answer}` : status)
      const stillAllowed = proof?.answer === 'still' ? [said('still_allowed', proof.answer)] : []
      return [
        ...[...stillAllowed, ...cut(request)],
        ...[said('approvals'), said('asked'), ...corrected('active', 'over'), over, ...corrected('alert')],
      ]
    }
  }
}

/** Operators hear of a grant that AWS had and that could not be left there: somebody changed what it rests on. */
function cut(request: AccessRequest): Announcement[] {
  return wasCutShort(request) ? [{ key: 'cut', kind: 'cut', shows: 'cut' }] : []
}

/** The message names those who approved so far. */
function shownWhilePending({ status, approvals }: AccessRequest): string {
  return [status, ...approvals.map(({ userId }) => userId)].join(' ')
}
