import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { Digest } from '../../app/ports.ts'
import type { Catalogue } from '../../core/entitlement.ts'
import { renderDigest } from './digest-message.ts'
import { askSlack } from './faults.ts'

/** Posts the daily digest to the alerts channel, unless the channel has the one of that day. Throws Faults. */
export function createDigest(client: WebClient, { catalogue }: { catalogue: Catalogue }): Digest {
  const channel = catalogue.slack.alertsChannel
  return {
    async post(day, comparison) {
      const { messages = [] } = await askSlack('conversations.history', () =>
        client.conversations.history({ channel, include_all_metadata: true, limit: 100 }),
      )
      if (messages.some(({ metadata }) => ours.safeParse(metadata).data?.event_payload.day === day)) return
      const metadata = { event_type: eventType, event_payload: { day } }
      const message = renderDigest(day, comparison, catalogue)
      await askSlack('chat.postMessage', () =>
        client.chat.postMessage({ channel, ...message, unfurl_links: false, unfurl_media: false, metadata }),
      )
    },
  }
}

const eventType = 'curfew_digest'
const ours = z.object({ event_type: z.literal(eventType), event_payload: z.object({ day: z.string() }) })
