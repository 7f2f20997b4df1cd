const turns = new WeakMap<object, Map<string, Promise<unknown>>>()

/**
 * Does work on one thing in turn, within this process: writers that would only make each other's conditional write
 * fail wait for each other instead. `owner` is what the things belong to (the table). Errors are the caller's own.
 */
export function inTurn<T>(owner: object, key: string, work: () => Promise<T>): Promise<T> {
  const queue = turns.get(owner) ?? new Map<string, Promise<unknown>>()
  turns.set(owner, queue)
  const before = queue.get(key) ?? Promise.resolve()
  const mine = before.then(work, work)
  const settled = mine.then(
    () => undefined,
    () => undefined,
  )
  queue.set(key, settled)
  void settled.then(() => {
    if (queue.get(key) === settled) queue.delete(key)
  })
  return mine
}
