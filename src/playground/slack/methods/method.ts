import type { Rate } from '../rate-limits.ts'
import type { SocketMode } from '../socket-mode.ts'
import type { Triggers } from '../triggers.ts'
import type { Views } from '../views.ts'
import type { Workspace } from '../workspace.ts'

/** A call that Slack answers with `ok: false` and this code. */
export class Refusal extends Error {
  readonly code: string
  readonly more: Record<string, unknown>
  constructor(code: string, more: Record<string, unknown> = {}) {
    super(code)
    this.code = code
    this.more = more
  }
}

/** A refusal with Slack's `[ERROR] …` sentences. */
export function refusalWithMessages(code: string, messages: string[]): Refusal {
  return new Refusal(code, { response_metadata: { messages } })
}

/** What the methods work on. */
export type World = {
  workspace: Workspace
  views: Views
  triggers: Triggers
  sockets: SocketMode
  /** `127.0.0.1:<port>`. */
  host(): string
}

/** One method of the Web API. Its argument checks are the first lines of `run`, after `required`. */
export type Method = {
  /** The bot's token unless told. */
  token?: 'app' | 'bot'
  /** Scopes needed whatever the arguments are. */
  scopes?: string[]
  rate?: Rate
  /** What the rate is counted by besides the method. */
  rateKey?(args: Args): string
  required?: string[]
  /** Answers the fields beside `ok: true`, or throws a Refusal. */
  run(args: Args, world: World): Record<string, unknown>
}

/** The arguments of a call, from a form (everything is a string, objects as JSON) or a JSON body. */
export class Args {
  readonly raw: Record<string, unknown>
  constructor(raw: Record<string, unknown>) {
    this.raw = raw
  }

  has(key: string): boolean {
    return this.raw[key] !== undefined && this.raw[key] !== null && this.raw[key] !== ''
  }

  text(key: string): string {
    const value = this.raw[key]
    return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  }

  flag(key: string): boolean {
    return ['true', '1'].includes(String(this.raw[key]))
  }

  /** An object or array; undefined when absent. Throws a Refusal with this code when it is no JSON. */
  json(key: string, code: string): unknown {
    const value = this.raw[key]
    if (!this.has(key)) return undefined
    if (typeof value !== 'string') return value
    try {
      return JSON.parse(value)
    } catch {
      throw new Refusal(code)
    }
  }
}
