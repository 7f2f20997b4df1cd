import { createWorkQueue } from '../adapters/queue/work-queue.ts'
import type { ItemRef, Ports } from '../app/ports.ts'
import { advanceItem, sweep } from '../app/sweep.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { asFault } from '../core/errors.ts'
import { type Instant, millisecondsOf } from '../core/instant.ts'

/** The long-running bot's heartbeat around the sweep. */
export type Engine = {
  wake(item: ItemRef): void
  /** Told after each write of an item when it is due next, so that the bot wakes at that moment, not a sweep later. */
  dueNext(item: ItemRef, dueAt: Instant | undefined): void
  /** Sweeps now and then every so many seconds. */
  start(): void
  stop(): Promise<void>
}

/** Makes the engine. `measure` asks AWS for its clock, before every sweep; without an answer the last offset stands. */
export function createEngine(
  ports: Ports,
  catalogue: Catalogue,
  options: { sweepSeconds: number; measure: () => Promise<void> },
): Engine {
  const queue = createWorkQueue(item => advanceItem(ports, catalogue, item), 8)
  let timer: NodeJS.Timeout | undefined
  let sweeping: Promise<unknown> = Promise.resolve()
  let stopped = false

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
  const beat = () => {
    sweeping = sweepOnce().then(() => {
      if (!stopped) timer = setTimeout(beat, options.sweepSeconds * 1000)
    })
  }
  return {
    wake: queue.wake,
    dueNext(item, dueAt) {
      if (dueAt === undefined) return queue.wakeAfter(item, undefined)
      const milliseconds = millisecondsOf(dueAt) - millisecondsOf(ports.clock.now())
      // What is due already is being worked on by whoever wrote it; the sweep catches it if they died.
      queue.wakeAfter(item, milliseconds > 0 ? milliseconds : undefined)
    },
    start: beat,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await Promise.all([queue.stop(), sweeping])
    },
  }
}
