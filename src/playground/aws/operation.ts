import type { Caller } from './caller.ts'
import type { Context } from './context.ts'
import type { AwsEvent } from './events.ts'
import type { Parameters } from './parameters.ts'
import type { State } from './state.ts'

/** What an operation works with: its parameters, who calls, and the world at one moment. */
export type Call = {
  operation: string
  params: Parameters
  caller: Caller
  state: State
  /** World clock in milliseconds. */
  now: number
  /** Journals and applies a change. */
  record(event: AwsEvent): void
  /** Throws AWS's AccessDenied unless the caller may do this on every resource named (`*` when there is none). */
  authorize(action: string, resources?: string[], context?: Context): void
}

/** Carries out one operation and returns the answer's members; throws AwsError. */
export type Operation = (call: Call) => Record<string, unknown>
