import type { AccessRequest } from '../core/access-request.ts'
import type { Catalogue } from '../core/entitlement.ts'
import type { RequestId } from '../core/ids.ts'
import { type Comparison, type Finding, requestNamedBy } from '../core/reconcile.ts'
import { isEndableStray, lastGiven, nameOfStray, newStray, type Stray } from '../core/stray.ts'
import type { Ports } from './ports.ts'

/** `idOf` makes an id of a name, always the same one. */
export type StrayPorts = Pick<Ports, 'table' | 'clock'> & { idOf(name: string): RequestId }

/**
 * Writes an item for each stray that operators may end, before they are told of it: a button carries nothing but its id.
 * Repeating it on the same day finds what is there. Nothing happens to a stray before somebody ends it.
 */
export async function ownStrays(
  ports: StrayPorts,
  catalogue: Catalogue,
  { findings, unread }: Comparison,
  day: string,
): Promise<Comparison> {
  // Where there are no operators nobody may end anything.
  if (catalogue.operators.length === 0) return { findings, unread }
  const owned: Finding[] = []
  for (const finding of findings) {
    const named = await requestBehind(ports, finding)
    const found: Finding =
      finding.kind === 'foreign_assignment' && named ? { ...finding, lastGivenBy: named.id } : finding
    owned.push(isEndableStray(found) ? { ...found, endBy: await own(ports, catalogue, found, named, day) } : found)
  }
  return { findings: owned, unread }
}

/** The request whose name or whose record the finding bears. */
async function requestBehind({ table }: StrayPorts, finding: Finding): Promise<AccessRequest | undefined> {
  if (finding.kind === 'stray_policy') {
    const id = requestNamedBy(finding)
    return id && table.request(id)
  }
  if (finding.kind !== 'foreign_assignment') return undefined
  const owner = await table.identityOwner({ place: 'identity-center', id: finding.principalId })
  return owner && lastGiven(await table.byRequester(owner.slackUserId, Number.POSITIVE_INFINITY), finding)
}

async function own(
  { table, clock, idOf }: StrayPorts,
  catalogue: Catalogue,
  stray: Stray,
  named: AccessRequest | undefined,
  day: string,
): Promise<RequestId> {
  const { accountId } = stray
  const known = Object.values(catalogue.accounts).find(({ id }) => id === accountId)
  const account = known ?? { key: '', id: accountId, name: accountId, sensitive: false }
  const id = idOf(nameOfStray(stray, day))
  await table.writeRequest(newStray(id, stray, named, account, clock.now()))
  return id
}
