/** The latest entries of something that goes on and on, and a way to hear of each new one. */
export type ObservedLog<Entry> = {
  /** Oldest first; a copy. */
  list(): Entry[]
  /** Returns the function that ends it. */
  subscribe(listener: (entry: Entry) => void): () => void
}

/** Makes a log that keeps the last `limit` entries. */
export function createObservedLog<Entry>(limit: number): ObservedLog<Entry> & { add(entry: Entry): void } {
  const entries: Entry[] = []
  const listeners = new Set<(entry: Entry) => void>()
  return {
    list: () => [...entries],
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    add(entry) {
      entries.push(entry)
      if (entries.length > limit) entries.shift()
      for (const listener of listeners) listener(entry)
    },
  }
}
