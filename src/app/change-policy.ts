import type { AccessRequest, PolicyTarget, RequestIn } from '../core/access-request.ts'
import { Fault } from '../core/errors.ts'
import { renderPolicy } from '../core/inline-policy.ts'
import { holderWords, placeOf } from '../core/policy-place.ts'
import type { MaySend, Ports } from './ports.ts'
import type { Calls } from './settle.ts'

/** Puts the policy and reads it back: nobody is told "active" on the strength of an answer to a write alone. Throws `not_yet`. */
export async function putPolicy(
  ports: Ports,
  held: RequestIn<'granting'>,
  target: PolicyTarget,
  maySend: MaySend,
  calls: Calls,
): Promise<void> {
  const place = placeOf(target)
  const document = renderPolicy(target, held.startsAt, held.expiresAt)
  const sentence = `${held.expiresAt} is the end of the policy about to be put on ${holderWords(place)}.`
  auditChange(ports, held, 'attaching', sentence)
  await calls.heard(ports.inlinePolicies.put(place, document, held.id, maySend))
  if ((await ports.inlinePolicies.read(place)) === undefined)
    throw notYet('The policy was put, but AWS does not list it yet.')
}

/** Takes the policy away and reads that it is gone. Throws `not_yet` while AWS still lists it. */
export async function removePolicy(
  ports: Ports,
  held: AccessRequest,
  target: PolicyTarget,
  maySend: MaySend,
  calls: Calls,
): Promise<void> {
  const place = placeOf(target)
  auditChange(ports, held, 'detaching', `The policy of this request is about to be taken off ${holderWords(place)}.`)
  await calls.heard(ports.inlinePolicies.remove(place, held.id, maySend))
  if ((await ports.inlinePolicies.read(place)) !== undefined)
    throw notYet('The policy was removed, but AWS still lists it.')
}

/** Said before the call: what AWS was asked to change is on record even if the answer never comes. */
function auditChange({ audit, clock }: Ports, { id }: AccessRequest, event: string, sentence: string): void {
  audit({ at: clock.now(), subject: id, event, sentence })
}

function notYet(message: string): Fault {
  return new Fault('not_yet', message, { retryable: true, answered: true })
}
