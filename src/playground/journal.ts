import { closeSync, existsSync, mkdirSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * One thing that happened in the simulated world. `at` is the world's clock (ISO 8601, UTC, milliseconds). Of the bot it
 * is noted that its process was `started` and that it `stopped`, by whatever.
 */
export type JournalEntry = {
  seq: number
  at: string
  source: 'aws' | 'slack' | 'clock' | 'bot'
  type: string
  data: unknown
}

/**
 * The append-only memory of the simulated world: each simulator's state is what its entries add up to, so a restart,
 * also after kill -9, finds everything as it was. A last line cut short by a kill is dropped on opening.
 */
export type Journal = {
  entries(source: JournalEntry['source']): JournalEntry[]
  append(entry: Omit<JournalEntry, 'seq'>): JournalEntry
  /** Called after each append, in order; returns the function that ends it. */
  subscribe(listener: (entry: JournalEntry) => void): () => void
  close(): void
}

/** Opens the journal in `file`, or one in memory when there is none (tests). Throws when the file cannot be written. */
export function openJournal(file?: string): Journal {
  const all: JournalEntry[] = file ? readWhole(file) : []
  const fd = file ? openSync(file, 'a') : undefined
  const listeners = new Set<(entry: JournalEntry) => void>()
  return {
    entries: source => all.filter(entry => entry.source === source),
    append(input) {
      const entry = { seq: all.length + 1, ...input }
      if (fd !== undefined) writeSync(fd, `${JSON.stringify(entry)}\n`)
      all.push(entry)
      for (const listener of listeners) listener(entry)
      return entry
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: () => fd !== undefined && closeSync(fd),
  }
}

function readWhole(file: string): JournalEntry[] {
  mkdirSync(dirname(file), { recursive: true })
  if (!existsSync(file)) return []
  const bytes = readFileSync(file)
  const end = bytes.lastIndexOf(10) + 1
  if (end < bytes.length) truncateSync(file, end)
  const lines = bytes.subarray(0, end).toString('utf8').split('\n')
  return lines.filter(Boolean).map(line => JSON.parse(line) as JournalEntry)
}
