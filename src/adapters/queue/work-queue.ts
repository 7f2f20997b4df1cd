import type { ItemRef } from '../../app/ports.ts'

/** Hints in one process: saves the wait for the next sweep and nothing else, so losing them loses nothing. */
export type WorkQueue = {
  /** Work on the item soon. A hint for an item that is being worked on is kept for right after. */
  wake(item: ItemRef): void
  /** Work on the item after so many milliseconds of real time; a later call for the same item replaces it. */
  wakeAfter(item: ItemRef, milliseconds: number | undefined): void
  /** Takes no more hints and resolves when what is under way has ended. */
  stop(): Promise<void>
}

/** The longest a Node timer can wait; later moments are the sweep's business anyway. */
const longestTimer = 2 ** 31 - 1

/** Makes a queue that advances so many items side by side, each item by one worker at a time. `advance` never throws. */
export function createWorkQueue(advance: (item: ItemRef) => Promise<void>, sideBySide: number): WorkQueue {
  const waiting = new Map<string, ItemRef>()
  const running = new Map<string, Promise<void>>()
  const timers = new Map<string, NodeJS.Timeout>()
  let stopped = false

  const start = () => {
    for (const [name, item] of waiting) {
      if (running.size >= sideBySide) return
      if (running.has(name)) continue
      waiting.delete(name)
      running.set(
        name,
        advance(item).finally(() => {
          running.delete(name)
          start()
        }),
      )
    }
  }
  const wake = (item: ItemRef) => {
    if (stopped) return
    waiting.set(nameOf(item), item)
    start()
  }
  return {
    wake,
    wakeAfter(item, milliseconds) {
      clearTimeout(timers.get(nameOf(item)))
      timers.delete(nameOf(item))
      if (stopped || milliseconds === undefined || milliseconds > longestTimer) return
      const timer = setTimeout(() => {
        timers.delete(nameOf(item))
        wake(item)
      }, milliseconds)
      timers.set(nameOf(item), timer.unref())
    },
    async stop() {
      stopped = true
      waiting.clear()
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(running.values())
    },
  }
}

function nameOf(item: ItemRef): string {
  if ('requestId' in item) return item.requestId
  return 'endAll' in item ? item.endAll : `${item.roster.accountId}/${item.roster.permissionSet}`
}
