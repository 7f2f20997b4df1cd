/** What can go wrong with a call: see `Fault`. */
type FaultKind = 'throttle' | 'fail' | 'conflict' | 'hang' | 'delay' | 'unheard' | 'late'

/**
 * A disturbance of matching calls. `match` is a service (`iam`), an operation (`PutUserPolicy`), both
 * (`iam:PutUserPolicy`) or an expression tried on both. `times` counts matching calls; without it the fault stays.
 *
 * throttle, fail (500), conflict: that error and no effect. hang: held, never answered, no effect. delay: takes effect
 * and is answered `afterMs` real milliseconds later. unheard: takes effect, then the connection breaks. late: the
 * connection breaks now and the effect follows `afterMs` later. `afterMs` is 1,000 when left out.
 */
export type Fault = { match: string | RegExp; kind: FaultKind; times?: number; afterMs?: number }

/** The disturbances in force, in the order they were added; they do not survive a restart. */
export type Faults = {
  /** Returns the function that ends this fault. */
  add(fault: Fault): () => void
  list(): Fault[]
  clear(): void
  /** The first fault matching this call, counted as used. */
  take(service: string, operation: string): Fault | undefined
}

/** Makes the set of faults, empty. */
export function createFaults(): Faults {
  let active: Fault[] = []
  return {
    add(input) {
      const fault = { ...input }
      active.push(fault)
      return () => {
        active = active.filter(other => other !== fault)
      }
    },
    list: () => active.map(fault => ({ ...fault })),
    clear() {
      active = []
    },
    take(service, operation) {
      const fault = active.find(({ match }) => matches(match, service, operation))
      if (fault?.times !== undefined) {
        fault.times -= 1
        if (fault.times <= 0) active = active.filter(other => other !== fault)
      }
      return fault
    },
  }
}

function matches(match: string | RegExp, service: string, operation: string) {
  const full = `${service}:${operation}`
  return typeof match === 'string' ? [service, operation, full].includes(match) : match.test(full)
}
