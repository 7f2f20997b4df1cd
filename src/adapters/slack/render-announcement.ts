import { type AccessRequest, wasCutShort } from '../../core/access-request.ts'
import type { Announcement } from '../../core/announcements.ts'
import type { Catalogue } from '../../core/entitlement.ts'
import { type ActivatedRequest, renderActiveMessage } from './active-message.ts'
import { renderAlertMessage } from './alert-message.ts'
import { renderApprovalMessage } from './approval-message.ts'
import { renderAskedMessage } from './asked-message.ts'
import type { Message } from './blocks.ts'
import { renderCutMessage } from './cut-message.ts'
import { renderOverMessage } from './over-message.ts'
import { renderReply } from './replies.ts'
import { renderStillAllowedMessage } from './still-allowed-message.ts'
import { whoMustApprove } from './who-approves.ts'

/**
 * Draws any announcement of the request: channels read the workspace's language, direct messages the requester's.
 * Throws when the request's status does not owe such an announcement.
 */
export function renderAnnouncement(
  request: AccessRequest,
  { kind, reply }: Announcement,
  catalogue: Catalogue,
): Message {
  const { language, approvalsChannel } = catalogue.slack
  switch (kind) {
    case 'approvals':
      return renderApprovalMessage(request, language, {
        approvers: whoMustApprove(request, catalogue, language),
        hasOperators: catalogue.operators.length > 0,
      })
    case 'alert':
      return renderAlertMessage(request, catalogue, language)
    case 'still_allowed':
      if (wasActive(request)) return renderStillAllowedMessage(request, catalogue, language)
      break
    case 'cut': {
      const why = wasCutShort(request)
      if (why && 'target' in request) return renderCutMessage(request, request.target, why, language)
      break
    }
    case 'asked':
      return renderAskedMessage(request, approvalsChannel)
    case 'active':
      if (wasActive(request)) return renderActiveMessage(request, catalogue)
      break
    case 'over':
      if (isOver(request)) return renderOverMessage(request)
      break
    case 'reply': {
      const isRequester = reply?.userId === request.requester.slackUserId
      if (reply) return renderReply(request, reply.code, isRequester ? request.requester.language : language)
    }
  }
  throw new Error(`a request that is ${request.status} has nothing to say in ${kind}`)
}

function wasActive(request: AccessRequest): request is ActivatedRequest {
  return ['active', 'revoking', 'revoke_failed', 'expired', 'revoked', 'grant_failed'].includes(request.status)
}

function isOver(request: AccessRequest): request is Parameters<typeof renderOverMessage>[0] {
  return ['refused', 'denied', 'lapsed', 'expired', 'revoked', 'grant_failed'].includes(request.status)
}
