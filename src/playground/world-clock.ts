import type { Journal } from './journal.ts'

/**
 * The clock of the simulated world: real time plus what was added by hand. It only moves forward, and its moves are
 * journalled, so that it goes on from there after a restart.
 */
export type WorldClock = {
  /** Milliseconds since 1970, in the simulated world. */
  now(): number
  /** Moves the world forward; a negative number of milliseconds throws. */
  advance(milliseconds: number): void
}

/** Makes the clock from the moves recorded in the journal. */
export function createWorldClock(journal: Journal, realNow: () => number = Date.now): WorldClock {
  let offset = journal
    .entries('clock')
    .reduce((sum, entry) => sum + (entry.data as { milliseconds: number }).milliseconds, 0)
  const now = () => realNow() + offset
  return {
    now,
    advance(milliseconds) {
      if (!(milliseconds >= 0)) throw new RangeError('The world clock only moves forward.')
      offset += milliseconds
      journal.append({ at: new Date(now()).toISOString(), source: 'clock', type: 'moved', data: { milliseconds } })
    },
  }
}
