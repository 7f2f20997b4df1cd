/**
 * Something to go wrong with calls of the Web API:
 * `rate_limit` answers 429 with Retry-After; `fail` answers Slack's `internal_error`; neither takes effect.
 * `hang` never answers and has no effect. `unheard` takes effect, and the connection breaks before the answer.
 */
export type Fault = {
  /** A method's name, e.g. `chat.update`, or a pattern; `response_url` for posts to one. */
  method: string | RegExp
  kind: 'rate_limit' | 'fail' | 'hang' | 'unheard'
  /** How many calls it strikes; 1 unless told. Infinity until removed. */
  times?: number
  /** For `rate_limit`; 1 unless told. */
  retryAfterSeconds?: number
}

/** The faults in force. The oldest one that fits strikes. */
export type Faults = {
  /** Returns the function that takes the fault away again. */
  add(fault: Fault): () => void
  list(): Fault[]
  /** Takes all of them away. */
  clear(): void
}

/** Makes an empty set of faults; `strike` uses one up for a call. */
export function createFaults(): Faults & { strike(method: string): Fault | undefined } {
  const inForce: { fault: Fault; left: number }[] = []
  const remove = (entry: { fault: Fault }) => {
    const index = inForce.findIndex(other => other.fault === entry.fault)
    if (index >= 0) inForce.splice(index, 1)
  }
  return {
    add(fault) {
      const entry = { fault: { ...fault }, left: fault.times ?? 1 }
      inForce.push(entry)
      return () => remove(entry)
    },
    list: () => inForce.map(({ fault }) => ({ ...fault })),
    clear: () => inForce.splice(0),
    strike(method) {
      const entry = inForce.find(({ fault }) =>
        typeof fault.method === 'string' ? fault.method === method : method.search(fault.method) >= 0,
      )
      if (entry && --entry.left <= 0) remove(entry)
      return entry?.fault
    },
  }
}
