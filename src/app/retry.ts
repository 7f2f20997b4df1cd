import type { AccessRequest, Retry } from '../core/access-request.ts'
import { backoffSeconds } from '../core/due.ts'
import { type Instant, latest, plusSeconds, secondsBetween } from '../core/instant.ts'
import { append } from '../core/lifecycle.ts'

/** The next attempt after a failed one: later each time, and counting from the first failure of the row. */
export function nextRetry(itemId: string, before: Retry | undefined, problem: string, now: Instant): Retry {
  const attempts = (before?.attempts ?? 0) + 1
  const at = plusSeconds(now, backoffSeconds(itemId, attempts))
  return { attempts, at, since: before?.since ?? now, problem }
}

/** The request with one kind of work put off, and the attempt in its record. */
export function retried<R extends AccessRequest>(
  request: R,
  kind: keyof AccessRequest['retries'],
  problem: string,
  now: Instant,
): R {
  const retry = nextRetry(request.id, request.retries[kind], problem, now)
  const history = append(request, { at: now, event: `${kind}_failed`, note: problem })
  return { ...request, history, retries: { ...request.retries, [kind]: retry } }
}

/** When to look again at what AWS works on: it usually takes seconds, and one look costs two small writes. */
export function lookAgainAt(since: Instant, now: Instant, until: Instant | undefined): Instant {
  const waited = secondsBetween(since, now)
  return latest(plusSeconds(now, waited < 60 ? 3 : 5), until) ?? now
}
