import type { WebClient } from '@slack/web-api'
import type { Ports } from '../../app/ports.ts'
import type { Catalogue } from '../../core/entitlement.ts'

/** What the listeners work with. `client` is the interactive one: its calls are over before Slack stops waiting. */
export type Listening = { ports: Ports; catalogue: Catalogue; client: WebClient }

/** Of the 3 s Slack waits, what a write may take; the rest is for reading the person's language (platform: D1). */
export const writeMilliseconds = 1800
