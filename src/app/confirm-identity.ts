import type { Requester } from '../core/access-request.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { Fault } from '../core/errors.ts'
import { type AwsIdentity, compareIdentity, newIdentity } from '../core/known-identity.ts'
import type { Ports } from './ports.ts'

/**
 * Remembers who the requester is to AWS, or holds what was found now against it. Returns the identity from before when
 * it is another one: nobody is asked then, until an operator has looked and written an override. Safe to repeat.
 */
export async function confirmIdentity(
  { table }: Pick<Ports, 'table'>,
  catalogue: Catalogue,
  { slackUserId }: Requester,
  place: string,
  found: AwsIdentity,
): Promise<AwsIdentity | undefined> {
  const override = catalogue.people.overrides[slackUserId]
  const name = place === 'identity-center' ? override?.identityCenterUser : override?.iamUser
  const overridden = name?.toLowerCase() === found.name.toLowerCase()
  for (let attempt = 0; attempt < 5; attempt++) {
    const known = (await table.identity(slackUserId)) ?? newIdentity(slackUserId)
    const compared = compareIdentity(known, place, found, overridden)
    if ('same' in compared) return undefined
    if ('before' in compared) return compared.before
    if ('stored' in (await table.writeIdentity(compared.remember))) return undefined
  }
  throw new Fault('contended', 'The identity was being changed.', { retryable: true, answered: true })
}
