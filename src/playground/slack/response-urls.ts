import { randomBytes } from 'node:crypto'
import type { RealTime } from './real-time.ts'

/** A response_url takes five posts within thirty minutes (docs.slack.dev/interactivity/handling-user-interaction). */
const uses = 5
const lifeMilliseconds = 30 * 60_000

/** Where answers posted to a response_url go, and the message it came from, if any. */
export type ResponseTarget = { channelId: string; userId: string; ts?: string }

/** Hands out response_urls and counts their uses. They are forgotten on a restart. */
export function createResponseUrls(real: RealTime) {
  const known = new Map<string, { target: ResponseTarget; madeAt: number; left: number }>()
  return {
    /** A path on the simulated Slack's server. */
    make(target: ResponseTarget): string {
      for (const [old, { madeAt }] of known) {
        if (real.now() - madeAt > lifeMilliseconds) known.delete(old)
      }
      const path = `/response/${randomBytes(12).toString('hex')}`
      known.set(path, { target, madeAt: real.now(), left: uses })
      return path
    },
    use(path: string): { target: ResponseTarget } | { error: 'expired_url' | 'used_url' } {
      const entry = known.get(path)
      if (!entry || real.now() - entry.madeAt > lifeMilliseconds) return { error: 'expired_url' }
      if (entry.left === 0) return { error: 'used_url' }
      entry.left -= 1
      return { target: entry.target }
    },
  }
}

/** Hands out response_urls and counts their uses. */
export type ResponseUrls = ReturnType<typeof createResponseUrls>
