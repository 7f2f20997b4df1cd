import type { AccessRequest } from './access-request.ts'
import { earliest, hasCome, type Instant, latest } from './instant.ts'

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

/**
 * Since when an active grant of the same person on the same role can tell their sessions apart, while its trust policy
 * is being looked at in time: who extends such a grant can stay in the session they have. Undefined when there is none.
 */
export function earlierBound(
  others: AccessRequest[],
  roleId: string,
  userId: string,
  now: Instant,
): Instant | undefined {
  const bounds = others.flatMap(other => {
    if (other.status !== 'active' || other.target.kind !== 'rolePolicy') return []
    if (other.lookAt === undefined || hasCome(other.lookAt, now) || hasCome(other.expiresAt, now)) return []
    const { target } = other
    return target.roleId === roleId && target.userId === userId ? [target.boundFrom] : []
  })
  return earliest(...bounds)
}
