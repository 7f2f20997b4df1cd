import type { AccessRequest, RequestIn } from '../core/access-request.ts'
import { stillFollows } from '../core/entitled.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { isRequestId } from '../core/ids.ts'
import { hasCome, type Instant, plusMinutes } from '../core/instant.ts'
import { leastUsefulMinutes } from '../core/lifecycle.ts'
import type { Member } from '../core/roster.ts'
import { changeOf } from '../core/set-content.ts'
import type { Ports } from './ports.ts'

/**
 * Whether one of the requests that hold a person may still be granted, by today's catalogue and today's content of the
 * set, and still has time: one is enough. `outdated`: none may, and they find out by themselves and leave. Changes nothing.
 */
export async function standingOf(
  ports: Ports,
  catalogue: Catalogue,
  member: Member,
): Promise<'granted' | 'outdated' | { change: string }> {
  if (!ports.grantsOn) return 'outdated'
  const now = ports.clock.now()
  let change: string | undefined
  for (const id of Object.keys(member.heldBy).filter(isRequestId)) {
    const request = await ports.table.request(id)
    if (
      !request ||
      !isLive(request, now) ||
      request.target.kind !== 'permissionSet' ||
      !stillFollows(request, catalogue)
    )
      continue
    const { content, permissionSetArn } = request.target
    change = changeOf(content, await ports.assignments.permissionSetContent(permissionSetArn))
    if (change === undefined) return 'granted'
  }
  return change === undefined ? 'outdated' : { change }
}

/** Nothing is added at or past an end, nor newly with too little time left: the sweep may be late by an outage. */
function isLive(request: AccessRequest, now: Instant): request is RequestIn<'granting' | 'active'> {
  if (request.status === 'active') return !hasCome(request.expiresAt, now)
  return request.status === 'granting' && !hasCome(plusMinutes(request.expiresAt, -leastUsefulMinutes), now)
}
