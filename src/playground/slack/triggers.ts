import { randomBytes } from 'node:crypto'
import type { RealTime } from './real-time.ts'

/** A trigger lives three seconds and opens one view (docs.slack.dev/interactivity/handling-user-interaction). */
const triggerMilliseconds = 3000
/** How long an expired trigger is still told from one that never was. */
const memoryMilliseconds = 10 * 60_000

/** What a trigger was made for. */
export type Trigger = { userId: string; viewId?: string }

/** Hands out triggers and takes each once. They are forgotten on a restart. */
export function createTriggers(real: RealTime) {
  const known = new Map<string, Trigger & { madeAt: number; exchanged: boolean }>()
  return {
    make(trigger: Trigger): string {
      for (const [id, { madeAt }] of known) {
        if (real.now() - madeAt > memoryMilliseconds) known.delete(id)
      }
      const id = `${real.now()}.${randomBytes(12).toString('hex')}`
      known.set(id, { ...trigger, madeAt: real.now(), exchanged: false })
      return id
    },
    /** Uses the trigger up, or says with Slack's code why it cannot be used. */
    exchange(
      id: string,
    ): { trigger: Trigger } | { error: 'invalid_trigger_id' | 'exchanged_trigger_id' | 'expired_trigger_id' } {
      const trigger = known.get(id)
      if (!trigger) return { error: 'invalid_trigger_id' }
      if (trigger.exchanged) return { error: 'exchanged_trigger_id' }
      if (real.now() - trigger.madeAt > triggerMilliseconds) return { error: 'expired_trigger_id' }
      trigger.exchanged = true
      return { trigger }
    },
  }
}

/** Hands out triggers and takes each once. */
export type Triggers = ReturnType<typeof createTriggers>
