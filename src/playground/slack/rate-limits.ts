import type { RealTime } from './real-time.ts'

/** How often something may be called: `perMinute` in any sixty seconds, or `perSecond` once a burst is used up. */
export type Rate = { perMinute: number } | { perSecond: number; burst: number }

/** Slack's tiers, at the least they promise (docs.slack.dev/apis/web-api/rate-limits). */
export const tiers = {
  tier2: { perMinute: 20 },
  tier3: { perMinute: 50 },
  tier4: { perMinute: 100 },
  /** "About one message a second per channel; short bursts are fine": the burst of ten is our reading. */
  posting: { perSecond: 1, burst: 10 },
} as const satisfies Record<string, Rate>

/** Counts calls by key, in real time. */
export function createRateLimits(real: RealTime) {
  const calls = new Map<string, number[]>()
  return {
    /** Notes one call; returns the seconds to wait instead when it is one too many. Refused calls do not count. */
    retryAfterSeconds(key: string, rate: Rate): number | undefined {
      const now = real.now()
      const window = 'perMinute' in rate ? 60_000 : (rate.burst / rate.perSecond) * 1000
      const most = 'perMinute' in rate ? rate.perMinute : rate.burst
      const recent = (calls.get(key) ?? []).filter(at => at > now - window)
      calls.set(key, recent)
      const oldest = recent[0]
      if (oldest !== undefined && recent.length >= most) return Math.max(1, Math.ceil((oldest + window - now) / 1000))
      recent.push(now)
      return undefined
    },
  }
}
