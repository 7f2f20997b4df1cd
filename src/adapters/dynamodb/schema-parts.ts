import { z } from 'zod'
import type { RefusalCode } from '../../core/errors.ts'
import { isRequestId, type RequestId } from '../../core/ids.ts'
import type { Instant } from '../../core/instant.ts'

/*
 * Objects are loose all the way down: an item is read and written whole, so a field that this version does not know (a
 * status left behind, a newer bot beside this one) would be lost by anything stricter.
 */

/** `2026-11-21T10:00:00Z`. */
export const instant = z.custom<Instant>(
  value => typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value),
  'not an instant',
)
/** The id of a request. */
export const requestId = z.custom<RequestId>(
  value => typeof value === 'string' && isRequestId(value),
  'not a request id',
)
/** Any text: a code that only another version knows is still a no, and loses no more than its sentence. */
export const refusalCode = z.custom<RefusalCode>(value => typeof value === 'string', 'not a code')

/** A whole number, 0 at least. */
export const count = z.int().min(0)
/** Any texts. */
export const texts = z.array(z.string())
/** Who works on an item, and until when. */
export const claim = z.looseObject({
  token: z.string(),
  at: instant,
  until: instant,
  quietBefore: instant.exactOptional(),
})
/** How often work failed, since when, and of what. */
export const retry = z.looseObject({ attempts: count, at: instant, since: instant, problem: z.string() })
