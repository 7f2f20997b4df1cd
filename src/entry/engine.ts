import { createWorkQueue } from '../adapters/queue/work-queue.ts'
import type { ItemRef, Ports } from '../app/ports.ts'
import { advanceItem, sweep } from '../app/sweep.ts'
import { claimSeconds } from '../core/claim.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { asFault } from '../core/errors.ts'
import { type Instant, millisecondsOf } from '../core/instant.ts'

/** The long-running bot's heartbeat around the sweep. */
export type Engine = {
  wake(item: ItemRef): void
  /** Told after each write of an item when it is due next, so that the bot wakes at that moment, not a sweep later. */
  dueNext(item: ItemRef, dueAt: Instant | undefined): void
  /** Sweeps now and then every so many seconds; a sweep that hangs is given up in time, and the next one begins. */
  start(): void
  /** Whether sweeps come to their end, be it with a failure: the last one is not older than 3 intervals and a minute. */
  isWell(): boolean
  stop(): Promise<void>
}

/**
 * Makes the engine. `measure` asks AWS for its clock, before every sweep; without an answer the last offset stands.
 * `daily` is called after every sweep, knows itself whether it is owed, and goes on beside the sweeps; it never throws.
 */
export function createEngine(
  ports: Ports,
  catalogue: Catalogue,
  options: { sweepSeconds: number; measure: () => Promise<void>; daily: () => Promise<void> },
): Engine {
  const queue = createWorkQueue(item => advanceItem(ports, catalogue, item), 8)
  const intervalMs = options.sweepSeconds * 1000
  // A worker holds its claim for a minute: less than that is not hanging, however often the sweep is.
  const hangsAfterMs = Math.max(3 * intervalMs, claimSeconds * 1000)
  let timer: NodeJS.Timeout | undefined
  let sweeping: { begunAt: number; ended: Promise<void> } | undefined
  let sweptAt = performance.now()
  let stopped = false
  let goingOn = false

  const sweepOnce = async () => {
    try {
      await options.measure()
    } catch (error) {
      ports.log('clock.not_measured', { problem: asFault(error).message })
    }
    try {
      await sweep(ports, catalogue)
    } catch (error) {
      ports.log('sweep.failed', { code: asFault(error).code, problem: asFault(error).message })
    }
  }
  const beginDaily = async () => {
    if (goingOn) return
    goingOn = true
    await options.daily()
    goingOn = false
  }
  /** The item was stored whatever the clock says: without it the next sweep is in time. */
  const untilDue = (dueAt: Instant): number => {
    try {
      return millisecondsOf(dueAt) - millisecondsOf(ports.clock.now())
    } catch {
      return 0
    }
  }
  const beat = () => {
    const begunAt = performance.now()
    if (sweeping) {
      if (begunAt - sweeping.begunAt < hangsAfterMs) return
      // It may go on: claims keep the two apart.
      ports.log('sweep.failed', {
        code: 'too_slow',
        problem: 'The sweep has not come to its end; the next one begins.',
      })
    }
    const ended = sweepOnce().then(() => {
      sweptAt = performance.now()
      if (sweeping?.ended === ended) sweeping = undefined
      // Nobody waits for it, not even the end of the process: it takes minutes, and is resumed when cut short.
      if (!stopped) void beginDaily()
    })
    sweeping = { begunAt, ended }
  }
  return {
    wake: queue.wake,
    dueNext(item, dueAt) {
      if (dueAt === undefined) return queue.wakeAfter(item, undefined)
      const milliseconds = untilDue(dueAt)
      // What is due already is being worked on by whoever wrote it; the sweep catches it if they died.
      queue.wakeAfter(item, milliseconds > 0 ? milliseconds : undefined)
    },
    start() {
      sweptAt = performance.now()
      beat()
      timer = setInterval(beat, intervalMs)
    },
    isWell: () => performance.now() - sweptAt <= 3 * intervalMs + 60_000,
    async stop() {
      stopped = true
      clearInterval(timer)
      await Promise.all([queue.stop(), sweeping?.ended])
    },
  }
}
