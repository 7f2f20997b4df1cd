import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { Announcer } from '../../app/ports.ts'
import type { AccessRequest, Reply } from '../../core/access-request.ts'
import type { Announcement } from '../../core/announcements.ts'
import type { Catalogue } from '../../core/entitlement.ts'
import { asFault, Fault } from '../../core/errors.ts'
import type { Message } from './blocks.ts'
import { askSlack } from './faults.ts'
import { renderAnnouncement } from './render-announcement.ts'

/**
 * The only poster of messages. Throws Faults; `message_gone` when the message to update was deleted. Replies are
 * ephemeral: Slack keeps no record of them, so they can neither be updated nor found.
 */
export function createAnnouncer(client: WebClient, { catalogue }: { catalogue: Catalogue }): Announcer {
  return {
    async post(request, announcement) {
      const message = renderAnnouncement(request, announcement, catalogue)
      if (announcement.reply) return reply(request, announcement.reply, message)
      const channel = await channelOf(request, announcement)
      const posted = await askSlack('chat.postMessage', () =>
        client.chat.postMessage({ channel, ...message, ...quiet, metadata: metadataOf(request, announcement) }),
      )
      return { channel: posted.channel ?? channel, ts: tsOf(posted.ts) }
    },

    async update(request, announcement, { channel, ts }) {
      if (announcement.kind === 'reply') return
      const message = renderAnnouncement(request, announcement, catalogue)
      await askSlack('chat.update', () =>
        client.chat.update({ channel, ts, ...message, metadata: metadataOf(request, announcement) }),
      )
    },

    async find(request, announcement) {
      if (announcement.kind === 'reply') return undefined
      const channel = await channelOf(request, announcement)
      const { messages = [] } = await askSlack('conversations.history', () =>
        client.conversations.history({ channel, include_all_metadata: true, limit: 100 }),
      )
      const found = messages.find(message => names(message.metadata, request, announcement))
      return found?.ts === undefined ? undefined : { channel, ts: found.ts }
    },
  }

  async function channelOf(request: AccessRequest, { kind }: Announcement): Promise<string> {
    if (kind === 'approvals') return catalogue.slack.approvalsChannel
    if (kind === 'alert') return catalogue.slack.alertsChannel
    return directMessage(request.requester.slackUserId)
  }

  async function directMessage(users: string): Promise<string> {
    const { channel } = await askSlack('conversations.open', () => client.conversations.open({ users }))
    if (channel?.id) return channel.id
    throw new Fault('slack_refused', 'Slack conversations.open: no channel', { retryable: false, answered: true })
  }

  /** Where the click was made: the approvals channel, or for the cancel button the direct message. */
  async function reply(
    request: AccessRequest,
    { clickId, userId }: Reply,
    { text, blocks }: Message,
  ): Promise<{ channel: string; ts: string }> {
    const isCancel = request.history.some(entry => entry.clickId === clickId && entry.event.startsWith('cancel'))
    const channel = isCancel ? await directMessage(userId) : catalogue.slack.approvalsChannel
    try {
      const posted = await askSlack('chat.postEphemeral', () =>
        client.chat.postEphemeral({ channel, user: userId, text, blocks }),
      )
      return { channel, ts: tsOf(posted.message_ts) }
    } catch (error) {
      if (asFault(error).code !== 'not_in_channel') throw error
      // A public channel can be read, and its buttons clicked, without joining it.
      const direct = await directMessage(userId)
      const posted = await askSlack('chat.postMessage', () =>
        client.chat.postMessage({ channel: direct, text, blocks, ...quiet }),
      )
      return { channel: direct, ts: tsOf(posted.ts) }
    }
  }
}

const quiet = { unfurl_links: false, unfurl_media: false } as const

function metadataOf({ id }: AccessRequest, { key }: Announcement) {
  return { event_type: 'curfew_announcement', event_payload: { requestId: id, key } }
}

function names(metadata: unknown, { id }: AccessRequest, { key }: Announcement): boolean {
  const { success, data } = ours.safeParse(metadata)
  return success && data.event_payload.requestId === id && data.event_payload.key === key
}

const ours = z.object({
  event_type: z.literal('curfew_announcement'),
  event_payload: z.object({ requestId: z.string(), key: z.string() }),
})

function tsOf(ts: string | undefined): string {
  if (ts) return ts
  // It was posted: `find` will tell where.
  throw new Fault('slack_unavailable', 'Slack posted without saying where', { retryable: true, answered: false })
}
