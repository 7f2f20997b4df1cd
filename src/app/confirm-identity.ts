import type { Requester } from '../core/access-request.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { Fault, type RefusalCode } from '../core/errors.ts'
import { type AwsIdentity, compareIdentity, newIdentity } from '../core/known-identity.ts'
import type { Ports } from './ports.ts'

/**
 * Remembers who the requester is to AWS, or holds what was found now against it. Nobody is asked when the requester was
 * somebody else before, or when what was found belongs to another Slack person, until an operator has looked and
 * written an override. Safe to repeat.
 */
export async function confirmIdentity(
  { table }: Pick<Ports, 'table'>,
  catalogue: Catalogue,
  { slackUserId }: Requester,
  place: string,
  found: AwsIdentity,
): Promise<{ code: RefusalCode; note: string } | undefined> {
  const override = catalogue.people.overrides[slackUserId]
  const name = place === 'identity-center' ? override?.identityCenterUser : override?.iamUser
  const overridden = name?.toLowerCase() === found.name.toLowerCase()
  for (let attempt = 0; attempt < 5; attempt++) {
    const known = (await table.identity(slackUserId)) ?? newIdentity(slackUserId)
    const compared = compareIdentity(known, place, found, overridden)
    if ('before' in compared) return { code: 'identity_changed', note: compared.before.name }
    // Whose it is is settled first: nothing is remembered of somebody who turns out to be another.
    const key = { place, id: found.id }
    const owner = (await table.identityOwner(key)) ?? { ...key, slackUserId: '', version: 0, writeId: '' }
    if (owner.slackUserId !== slackUserId) {
      if (owner.version > 0 && !overridden) return { code: 'identity_taken', note: found.name }
      const taken = await table.writeIdentityOwner({ ...owner, slackUserId })
      if (!('stored' in taken)) continue
    }
    if ('same' in compared) return undefined
    if ('stored' in (await table.writeIdentity(compared.remember))) return undefined
  }
  throw new Fault('contended', 'The identity was being changed.', { retryable: true, answered: true })
}
