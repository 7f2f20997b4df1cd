/** A second Ctrl-C within this is the same Ctrl-C: npm passes it on as well as the terminal. */
const sameSignalMs = 2000

/** Calls `end` once on SIGINT or SIGTERM; a later second signal ends the process at once. */
export function onEndSignal(end: () => Promise<void>): void {
  let first: number | undefined
  const hear = () => {
    const now = performance.now()
    if (first === undefined) {
      first = now
      void end()
    } else if (now - first > sameSignalMs) process.exit(130)
  }
  process.on('SIGINT', hear)
  process.on('SIGTERM', hear)
}

/** Read before anything else is done: whoever dies while this process still starts is gone when it is asked again. */
const parent = process.ppid

/** Calls `end` when the process that started this one is gone: npm forwards neither SIGTERM nor SIGKILL to its script. */
export function endWithParent(end: () => Promise<void>): void {
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    void end()
  }, 300)
  watch.unref()
}
