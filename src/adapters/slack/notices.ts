import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { Notices } from '../../app/ports.ts'
import type { EndAll } from '../../core/end-all.ts'
import { Fault } from '../../core/errors.ts'
import { millisecondsOf } from '../../core/instant.ts'
import { renderEndAllMessage } from './end-all-message.ts'
import type { Pace } from './pace.ts'

/** Writes to operators about their wish that everything of a person ends, in their direct messages. */
export function createNotices(client: WebClient, pace: Pace): Notices {
  const directMessage = async ({ by }: EndAll): Promise<string> => {
    const { channel } = await pace('conversations.open', undefined, () =>
      client.conversations.open({ users: by.userId }),
    )
    return present(channel?.id)
  }
  return {
    async post(endAll, requests) {
      const channel = await directMessage(endAll)
      const message = { channel, ...renderEndAllMessage(endAll, requests), ...quiet, metadata: metadataOf(endAll) }
      const posted = await pace('chat.postMessage', channel, () => client.chat.postMessage(message))
      return { channel: posted.channel ?? channel, ts: present(posted.ts) }
    },
    async update(endAll, requests, { channel, ts }) {
      const message = { channel, ts, ...renderEndAllMessage(endAll, requests), metadata: metadataOf(endAll) }
      await pace('chat.update', channel, () => client.chat.update(message))
    },
    async find(endAll) {
      const channel = await directMessage(endAll)
      const oldest = String(millisecondsOf(endAll.at) / 1000 - 300)
      const { messages = [] } = await pace('conversations.history', channel, () =>
        client.conversations.history({ channel, include_all_metadata: true, limit: 200, oldest }),
      )
      const found = messages.find(({ metadata }) => ours.safeParse(metadata).data?.event_payload.endAll === endAll.id)
      return found?.ts === undefined ? undefined : { channel, ts: found.ts }
    },
  }
}

const quiet = { unfurl_links: false, unfurl_media: false } as const
const eventType = 'curfew_end_all'
const metadataOf = ({ id }: EndAll) => ({ event_type: eventType, event_payload: { endAll: id } })
const ours = z.object({ event_type: z.literal(eventType), event_payload: z.object({ endAll: z.string() }) })

function present(text: string | undefined): string {
  if (text) return text
  throw new Fault('slack_unavailable', 'Slack answered without saying where', { retryable: true, answered: false })
}
