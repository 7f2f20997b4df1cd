import type { Catalogue } from '../core/entitlement.ts'
import type { RequestId } from '../core/ids.ts'
import { type Comparison, type Finding, requestNamedBy, type StrayPolicy } from '../core/reconcile.ts'
import { isEndableStray, nameOfStray, newStray } from '../core/stray.ts'
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
    owned.push(isEndableStray(finding) ? { ...finding, endBy: await own(ports, catalogue, finding, day) } : finding)
  }
  return { findings: owned, unread }
}

async function own({ table, clock, idOf }: StrayPorts, catalogue: Catalogue, stray: StrayPolicy, day: string) {
  const { accountId } = stray
  const known = Object.values(catalogue.accounts).find(({ id }) => id === accountId)
  const account = known ?? { key: '', id: accountId, name: accountId, sensitive: false }
  const namedId = requestNamedBy(stray)
  const named = namedId && (await table.request(namedId))
  const id = idOf(nameOfStray(stray, day))
  await table.writeRequest(newStray(id, stray, named, account, clock.now()))
  return id
}
