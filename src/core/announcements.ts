import type { AccessRequest, Announced, Reply } from './access-request.ts'

/** Which message: one in the approvals channel and one to the requester that follow the request; the others are said once. */
export type AnnouncementKind = 'approvals' | 'asked' | 'active' | 'over' | 'alert' | 'reply'

/** A message a request owes. `shows` names what it has to show: a stored message that shows something else is updated. */
export type Announcement = {
  /** Where it is remembered in `request.announced`. */
  key: string
  kind: AnnouncementKind
  shows: string
  reply?: Reply
}

/** Every message the request should have standing now, whether or not it was delivered. */
export function announcementsOf(request: AccessRequest): Announcement[] {
  const replies = request.replies.map(
    (reply): Announcement => ({ key: `reply.${reply.clickId}`, kind: 'reply', shows: reply.code, reply }),
  )
  return [...messagesOf(request), ...replies]
}

/** Those of them that Slack does not show yet. */
export function announcementsOwed(request: AccessRequest): Announcement[] {
  return announcementsOf(request).filter(({ key, shows }) => !isDelivered(request.announced[key], shows))
}

function isDelivered(announced: Announced | undefined, shows: string): boolean {
  return announced?.ts !== undefined && announced.shows === shows
}

function messagesOf(request: AccessRequest): Announcement[] {
  const said = (kind: AnnouncementKind, shows: string = request.status): Announcement => ({ key: kind, kind, shows })
  switch (request.status) {
    case 'checking':
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
      return [said('approvals'), said('asked')]
    case 'revoke_failed':
      return [said('approvals'), said('asked'), said('alert')]
    case 'expired':
    case 'revoked':
    case 'grant_failed':
      return [said('approvals'), said('asked'), said('over'), ...(request.announced['alert'] ? [said('alert')] : [])]
  }
}

/** The message names those who approved so far. */
function shownWhilePending({ status, approvals }: AccessRequest): string {
  return [status, ...approvals.map(({ userId }) => userId)].join(' ')
}
