import type { AccessRequest, RequestIn } from '../core/access-request.ts'
import type { PassResult } from '../core/claim.ts'
import type { Instant } from '../core/instant.ts'

/**
 * What a pass found out. `outcome` (what AWS and the rules say) is written only while our claim stands on the item;
 * `facts`, which nobody can observe again (where a message was posted), are merged into whatever stands there.
 */
export type Found = PassResult & {
  outcome: (current: AccessRequest, now: Instant) => AccessRequest
  facts?: (current: AccessRequest) => AccessRequest
}

/** What work came to that sent AWS nothing that changes it. */
export function quietly(outcome: Found['outcome']): Found {
  return { answered: true, agreed: false, outcome }
}

/** Applies an event if the request is still in a status it belongs to. */
export function during<S extends AccessRequest['status']>(
  statuses: readonly S[],
  apply: (current: RequestIn<NoInfer<S>>, now: Instant) => AccessRequest,
): Found['outcome'] {
  const belongs = (current: AccessRequest) => statuses.some(status => status === current.status)
  // The cast says what `belongs` has just seen.
  return (current, now) => (belongs(current) ? apply(current as RequestIn<S>, now) : current)
}

/** The work got through: the row of failed attempts is over. */
export function withoutRetry(current: AccessRequest): AccessRequest {
  const { work: _, ...retries } = current.retries
  return { ...current, retries }
}
