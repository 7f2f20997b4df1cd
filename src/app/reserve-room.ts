import type { AccessRequest } from '../core/access-request.ts'
import { Fault } from '../core/errors.ts'
import type { RequestId } from '../core/ids.ts'
import { hasRoom } from '../core/leash.ts'
import { newRoster, type Roster, withoutReservation } from '../core/roster.ts'
import type { Seat } from '../core/roster-seat.ts'
import type { Ports } from './ports.ts'

/**
 * Keeps room on a leash for the person of a request before anybody is asked; false when it is full. Repeating it is
 * harmless. Nobody has to give room back: of requests that came to nothing it is taken when it is needed.
 */
export async function reserveRoom(
  { table }: Pick<Ports, 'table'>,
  { key, arn, principalId }: Seat,
  { id }: AccessRequest,
): Promise<boolean> {
  for (let attempt = 0; attempt < 10; attempt++) {
    const stored = (await table.roster(key)) ?? newRoster(key, arn)
    if (stored.reserved?.[id] === principalId) return true
    const roster = hasRoom(stored, principalId) ? stored : await withoutSpent(table, stored)
    if (!hasRoom(roster, principalId)) return false
    const written = await table.writeRoster({ ...roster, reserved: { ...roster.reserved, [id]: principalId } })
    if ('stored' in written) return true
  }
  throw new Fault('contended', 'The roster was being changed.', { retryable: true, answered: true })
}

/** The roster without the room of requests that will not come, or have come. */
async function withoutSpent(table: Ports['table'], roster: Roster): Promise<Roster> {
  let rest = roster
  // The keys are request ids by their type; Object.keys forgets it.
  for (const id of Object.keys(roster.reserved ?? {}) as RequestId[]) {
    const request = await table.request(id)
    if (!request || !['checking', 'pending', 'granting'].includes(request.status)) rest = withoutReservation(rest, id)
  }
  return rest
}
