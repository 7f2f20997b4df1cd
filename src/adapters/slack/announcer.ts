import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { Announcer } from '../../app/ports.ts'
import type { AccessRequest, Reply } from '../../core/access-request.ts'
import type { Announcement } from '../../core/announcements.ts'
import type { Catalogue } from '../../core/entitlement.ts'
import { asFault, Fault } from '../../core/errors.ts'
import { millisecondsOf } from '../../core/instant.ts'
import type { Message } from './blocks.ts'
import { withElsewhere } from './elsewhere.ts'
import { createPace, type Pace } from './pace.ts'
import { renderAnnouncement } from './render-announcement.ts'

/**
 * The only poster of messages. Throws Faults; `message_gone` when the message to update was deleted, `channel_gone` when
 * its channel takes none. Replies are ephemeral: Slack keeps no record of them, so they can neither be updated nor found.
 */
export function createAnnouncer(
  client: WebClient,
  { catalogue, pace = createPace() }: { catalogue: Catalogue; pace?: Pace },
): Announcer {
  const { approvalsChannel, alertsChannel } = catalogue.slack
  /** A direct message keeps its channel for good; asking for it counts towards a limit of Slack's. */
  const directMessages = new Map<string, string>()

  return {
    async post(request, announcement) {
      const message = drawn(request, announcement)
      if (announcement.reply) return reply(request, announcement.reply, message)
      const channel = await channelOf(request, announcement)
      const posted = await pace('chat.postMessage', channel, () =>
        client.chat.postMessage({ channel, ...message, ...quiet, metadata: metadataOf(request, announcement) }),
      )
      return { channel: posted.channel ?? channel, ts: tsOf(posted.ts) }
    },

    async update(request, announcement, { channel, ts }) {
      if (announcement.kind === 'reply') return
      const message = drawn(request, announcement)
      await pace('chat.update', channel, () =>
        client.chat.update({ channel, ts, ...message, metadata: metadataOf(request, announcement) }),
      )
    },

    async find(request, announcement) {
      if (announcement.kind === 'reply') return undefined
      const channel = await channelOf(request, announcement)
      const oldest = oldestOf(request, announcement)
      let cursor: string | undefined
      for (let page = 0; page < historyPages; page++) {
        const more = { ...(oldest === undefined ? {} : { oldest }), ...(cursor === undefined ? {} : { cursor }) }
        const { messages = [], response_metadata } = await pace('conversations.history', channel, () =>
          client.conversations.history({ channel, include_all_metadata: true, limit: 200, ...more }),
        )
        const found = messages.find(message => names(message.metadata, request, announcement))
        if (found?.ts !== undefined) return { channel, ts: found.ts }
        cursor = response_metadata?.next_cursor
        if (!cursor) return undefined
      }
      return undefined
    },
  }

  function drawn(request: AccessRequest, announcement: Announcement): Message {
    const message = renderAnnouncement(request, announcement, catalogue)
    const { kind, elsewhere } = announcement
    if (elsewhere === undefined) return message
    const own = isAlert(kind) ? alertsChannel : approvalsChannel
    return withElsewhere(message, own, elsewhere, catalogue.slack.language)
  }

  async function channelOf(request: AccessRequest, { kind, elsewhere }: Announcement): Promise<string> {
    if (kind === 'approvals') return elsewhere === undefined ? approvalsChannel : alertsChannel
    if (isAlert(kind)) return elsewhere === undefined ? alertsChannel : approvalsChannel
    return directMessage(request.requester.slackUserId)
  }

  async function directMessage(users: string): Promise<string> {
    const known = directMessages.get(users)
    if (known) return known
    const { channel } = await pace('conversations.open', undefined, () => client.conversations.open({ users }))
    if (!channel?.id) {
      throw new Fault('slack_refused', 'Slack conversations.open: no channel', { retryable: false, answered: true })
    }
    directMessages.set(users, channel.id)
    return channel.id
  }

  /** Where the click was made: beside the message that asks approvers or operators, or in the requester's own (cancel, end). */
  async function reply(
    request: AccessRequest,
    { clickId, userId }: Reply,
    { text, blocks }: Message,
  ): Promise<{ channel: string; ts: string }> {
    const { event = '' } = request.history.find(entry => entry.clickId === clickId) ?? {}
    const isOwn = !request.stray && userId === request.requester.slackUserId && /^(cancel|end)_/.test(event)
    const { approvals, alert } = request.announced
    const beside =
      request.stray || /^removed_/.test(event)
        ? (alert?.channel ?? alertsChannel)
        : (approvals?.channel ?? approvalsChannel)
    const channel = isOwn ? await directMessage(userId) : beside
    try {
      const posted = await pace('chat.postEphemeral', channel, () =>
        client.chat.postEphemeral({ channel, user: userId, text, blocks }),
      )
      return { channel, ts: tsOf(posted.message_ts) }
    } catch (error) {
      // A public channel can be read, and its buttons clicked, without joining it; or it is gone since the click.
      if (!['not_in_channel', 'channel_gone'].includes(asFault(error).code)) throw error
      const direct = await directMessage(userId)
      const posted = await pace('chat.postMessage', direct, () =>
        client.chat.postMessage({ channel: direct, text, blocks, ...quiet }),
      )
      return { channel: direct, ts: tsOf(posted.ts) }
    }
  }
}

function isAlert(kind: Announcement['kind']): boolean {
  return kind === 'alert' || kind === 'cut' || kind === 'still_allowed'
}

/** How far back an unheard post is looked for, in pages of 200: beyond that it would be posted again. */
const historyPages = 5

/** The decision to post it, less what our clock and Slack's may differ by; as Slack's history wants it, in seconds. */
function oldestOf({ announced }: AccessRequest, { key }: Announcement): string | undefined {
  const begunAt = announced[key]?.begunAt
  return begunAt && String(millisecondsOf(begunAt) / 1000 - 300)
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
