/** One call as the page shows it. `outcome` is `ok`, the error code, or the fault that hid the answer. */
export type CallRecord = {
  /** World time, ISO 8601. */
  at: string
  service: string
  operation: string
  /** The parameters in one line, cut. */
  input: string
  /** ARN of the caller, absent when the access key is unknown. */
  caller?: string
  outcome: string
}

const limit = 500

/** Remembers the latest calls and tells listeners about each. */
export function createCallLog() {
  const calls: CallRecord[] = []
  const listeners = new Set<(call: CallRecord) => void>()
  return {
    calls: () => [...calls],
    add(call: CallRecord) {
      calls.push(call)
      if (calls.length > limit) calls.shift()
      for (const listener of listeners) listener(call)
    },
    onCall(listener: (call: CallRecord) => void) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
  }
}

/** The parameters of a call in one line of at most 300 characters. */
export function summarize(params: Record<string, unknown>): string {
  const parts = Object.entries(params).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const line = parts.join(' ').replace(/\s+/g, ' ')
  return line.length > 300 ? `${line.slice(0, 299)}…` : line
}
