import type { AccessRequest } from '../core/access-request.ts'
import { withoutSettledReplies } from '../core/announcements.ts'
import { auditOf, withAudited } from '../core/audit.ts'
import { claimed, released } from '../core/claim.ts'
import { asFault } from '../core/errors.ts'
import { type Instant, plusSeconds } from '../core/instant.ts'
import type { Found } from './found.ts'
import type { MaySend, Ports } from './ports.ts'

/**
 * Holds a request for one pass of work; undefined when another writer was first. What happened to it before goes to
 * the audit trail first: whoever stored it may have died over it.
 */
export async function claimRequest(
  ports: Ports,
  request: AccessRequest,
  now: Instant,
  changesAws: boolean,
): Promise<AccessRequest | undefined> {
  const written = await ports.table.writeRequest(claimed(request, ports.token(), now, changesAws))
  if (!('stored' in written)) return undefined
  for (const record of auditOf(written.stored)) ports.audit(record)
  return written.stored
}

/** Keeps in mind, over one pass, whether every call that changes AWS was answered. */
export type Calls = { answered: boolean; heard<T>(call: Promise<T>): Promise<T> }

/** Nothing was sent yet, so nothing is unanswered. */
export function newCalls(): Calls {
  const calls: Calls = {
    answered: true,
    heard: call =>
      call.catch(error => {
        if (!asFault(error).answered) calls.answered = false
        throw error
      }),
  }
  return calls
}

/** Whether the claim still covers a call about to leave: by AWS's clock, which a jump forward makes end early. */
export function mayStillSend(ports: Ports, item: { claim?: { until: Instant } }, spareSeconds = 0): MaySend {
  return () => item.claim !== undefined && plusSeconds(ports.clock.now(), spareSeconds) < item.claim.until
}

/**
 * Writes what a pass came to, against whatever happened to the item meanwhile (a click only adds). When our claim was
 * taken over, the outcome is dropped and the item made due: the next worker looks again. Answers what was stored.
 */
export async function settleRequest(
  ports: Ports,
  held: AccessRequest,
  found: Found,
): Promise<AccessRequest | undefined> {
  let current = held
  for (let unheard = 0; ; ) {
    const ours = current.claim?.token === held.claim?.token
    // Beside a claim nobody changes the lines of the record that stood when it was made.
    const audited = ours ? withAudited(current, held.history.length) : current
    const withFacts = found.facts?.(audited) ?? audited
    try {
      // The clock may be unreadable for a moment; then too the facts are kept until they are stored.
      const now = ports.clock.now()
      const next = withoutSettledReplies(
        ours ? released(found.outcome(withFacts, now), found) : { ...withFacts, lookAt: now },
      )
      const written = await ports.table.writeRequest(next)
      if ('stored' in written) {
        noteStored(ports, current, written.stored)
        return written.stored
      }
      if (written.current === undefined) return undefined
      current = written.current
    } catch (error) {
      // Facts are written until stored; the table gets a minute to come back, then the claim has run out anyway.
      if (++unheard > 5 || !asFault(error).retryable) throw error
      await ports.clock.after(500 * 2 ** unheard)
    }
  }
}

/** Logs a change of status; called with what was read and what was stored in its place. */
export function noteStored(ports: Ports, before: AccessRequest, after: AccessRequest): void {
  if (before.status === after.status) return
  ports.log('request.changed', { requestId: after.id, from: before.status, to: after.status, version: after.version })
}
