import type { Account, Catalogue } from '../core/entitlement.ts'
import { asFault } from '../core/errors.ts'
import { type Entrant, type Entry, entrantsOf } from '../core/pinning.ts'
import { patiently } from './patiently.ts'
import type { Ports, Survey, Trail } from './ports.ts'

/** What the look needs. */
export type PinPorts = Pick<Ports, 'clock' | 'inlinePolicies'> & {
  inventory: Pick<Survey, 'principalNames'>
  trail: Trail
}

/** Whom a pin would concern. `unread`: the regions, and the accounts whose names were wanted, that could not be read. */
export type PinReport = { entrants: Entrant[]; regions: string[]; unread: string[] }

/**
 * Reads who entered the role in the last 90 days, and tells what pinning its sessions' names would ask of each; undefined
 * when there is no such role. Changes nothing.
 */
export async function checkPin(
  ports: PinPorts,
  { aws }: Catalogue,
  account: Account,
  roleName: string,
): Promise<PinReport | undefined> {
  const { inlinePolicies, inventory, trail } = ports
  const role = await patiently(ports, () => inlinePolicies.findRole(account.id, roleName))
  if (!role) return undefined
  const regions: string[] = []
  const unread: string[] = []
  // By their ids: an event that two regions tell of is one.
  const entries = new Map<string, Entry>()
  const tolerantly = async (what: string, read: () => Promise<void>) => {
    try {
      await read()
    } catch (error) {
      unread.push(`${what}: ${asFault(error).message.split('\n')[0]}`)
    }
  }
  for (const region of await trail.regions()) {
    await tolerantly(`CloudTrail in ${region}`, async () => {
      for (const entry of await trail.entries(account.id, role.arn, region)) entries.set(entry.id, entry)
      regions.push(region)
    })
  }
  const names = new Map<string, string>()
  if (entries.size > 0) {
    for (const accountId of new Set([aws.hubAccount, account.id])) {
      await tolerantly(`Names of users and roles in ${accountId}`, async () => {
        for (const [id, name] of await patiently(ports, () => inventory.principalNames(accountId))) names.set(id, name)
      })
    }
  }
  return { entrants: entrantsOf([...entries.values()], names, aws), regions, unread }
}
