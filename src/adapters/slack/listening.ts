import type { WebClient } from '@slack/web-api'
import type { Ports } from '../../app/ports.ts'
import type { Catalogue } from '../../core/entitlement.ts'
import { Fault } from '../../core/errors.ts'

/** What the listeners work with. `client` is the interactive one, which does not wait behind due work. */
export type Listening = { ports: Ports; catalogue: Catalogue; client: WebClient }

/** One command, click or form on its way to its acknowledgement. */
export type Interaction = Listening & {
  /**
   * What the call answers, or a Fault `too_slow` once `most` milliseconds of real time are over or the interaction's
   * own time is, whichever is first. The call itself goes on; what is known already is answered at any time.
   */
  inTime<T>(call: () => Promise<T>, most?: number): Promise<T>
}

/** Slack waits 3 s for the acknowledgement (platform: D1); what is left is for the way there and back. */
const interactionMilliseconds = 2500

/** Of that, what a write may take; the rest is for reading the person's language. */
export const writeMilliseconds = 1800

/** Begins an interaction: all its calls, one after another, share its time. */
export function beginInteraction(listening: Listening): Interaction {
  const endsAt = performance.now() + interactionMilliseconds
  return {
    ...listening,
    async inTime(call, most = interactionMilliseconds) {
      const late = Promise.withResolvers<never>()
      const left = Math.max(0, Math.min(most, endsAt - performance.now()))
      const timer = setTimeout(() => late.reject(new Fault('too_slow', 'no answer in time', unheard)), left)
      try {
        return await Promise.race([call(), late.promise])
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

const unheard = { retryable: true, answered: false }
