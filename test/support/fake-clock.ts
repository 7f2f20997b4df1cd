import type { Clock } from '../../src/app/ports.ts'
import { type Instant, plusSeconds } from '../../src/core/instant.ts'
import { at } from './builders.ts'

/** A clock that tests move; waiting moves it too, so nothing in a test waits. */
export type FakeClock = Clock & { set(moment: Instant): void; advanceSeconds(seconds: number): void }

/** Starts at 10:00 on 2026-11-21 unless told otherwise. */
export function createFakeClock(start: Instant = at('10:00')): FakeClock {
  let now = start
  const advanceSeconds = (seconds: number) => {
    now = plusSeconds(now, seconds)
  }
  return {
    now: () => now,
    after: async milliseconds => advanceSeconds(milliseconds / 1000),
    set: moment => {
      now = moment
    },
    advanceSeconds,
  }
}
