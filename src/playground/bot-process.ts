import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The unmodified bot as a child, with its switch. */
export type BotProcess = {
  state(): 'stopped' | 'starting' | 'ready'
  /** Starts it unless it runs, and resolves when it is ready. Throws with its last words when it ends instead. */
  start(): Promise<void>
  /** Kills it (SIGKILL: no farewell), and resolves when it is gone. */
  stop(): Promise<void>
  onChange(listener: () => void): () => void
  /** The last line it wrote. */
  lastLine(): string
  /** Hears every line it writes. */
  onLine(listener: (line: string) => void): () => void
}

/** The same entry that `npm run bot` starts. */
const entry = fileURLToPath(new URL('../entry/bot.ts', import.meta.url))

/** Of the parent's environment the bot inherits these and nothing else: no AWS, Slack or proxy variable of the user's. */
const inherited = ['PATH', 'HOME', 'TZ', 'LANG', 'SystemRoot', 'NODE_COMPILE_CACHE'] as const

/** Makes the switch for a bot with these public variables. */
export function createBotProcess(variables: Record<string, string>): BotProcess {
  let child: ChildProcess | undefined
  let state: ReturnType<BotProcess['state']> = 'stopped'
  let last = ''
  const listeners = new Set<() => void>()
  const lineListeners = new Set<(line: string) => void>()
  const become = (next: typeof state) => {
    state = next
    for (const listener of listeners) listener()
  }
  return {
    state: () => state,
    async start() {
      if (child) return
      const env: Record<string, string> = { ...variables }
      for (const name of inherited) if (process.env[name] !== undefined) env[name] = process.env[name]
      const started = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'pipe'] })
      child = started
      become('starting')
      await new Promise<void>((resolve, reject) => {
        const hear = (line: string) => {
          last = line
          for (const listener of lineListeners) listener(line)
          if (line.includes('"event":"ready"')) {
            become('ready')
            resolve()
          }
        }
        for (const stream of [started.stdout, started.stderr]) createInterface({ input: stream }).on('line', hear)
        started.once('close', () => {
          child = undefined
          become('stopped')
          reject(new Error(`The bot ended: ${last}`))
        })
      })
    },
    async stop() {
      const running = child
      if (!running) return
      await new Promise<void>(resolve => {
        running.once('close', () => resolve())
        running.kill('SIGKILL')
      })
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    lastLine: () => last,
    onLine(listener) {
      lineListeners.add(listener)
      return () => lineListeners.delete(listener)
    },
  }
}
