import type { AccessRequest } from './access-request.ts'
import { hasCome, type Instant, latest } from './instant.ts'

/** Whether two requests of one person ask for the same: entitlement, account and parameters. */
export function isSameAsk(one: AccessRequest, other: AccessRequest): boolean {
  if (one.entitlementId !== other.entitlementId || one.account.id !== other.account.id) return false
  return Object.entries(one.parameters).every(([name, value]) => other.parameters[name] === value)
}

/** Until when the person has what the request asks for through others of their requests; undefined when they do not. */
export function heldThrough(others: AccessRequest[], request: AccessRequest, now: Instant): Instant | undefined {
  const same = others.filter(other => other.id !== request.id && isSameAsk(other, request))
  const ends = same.flatMap(other => (other.status === 'active' ? [other.expiresAt] : []))
  return latest(...ends.filter(end => !hasCome(end, now)))
}
