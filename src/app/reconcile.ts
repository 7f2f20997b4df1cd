import type { AccessRequest } from '../core/access-request.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { asFault } from '../core/errors.ts'
import type { RequestId } from '../core/ids.ts'
import {
  activePolicyOf,
  type Comparison,
  compareAssignments,
  comparePolicies,
  type Finding,
  nameOfFinding,
  requestNamedBy,
  type Unread,
} from '../core/reconcile.ts'
import type { RosterKey } from '../core/roster.ts'
import { patiently } from './patiently.ts'
import type { Inventory, Ports } from './ports.ts'

/** What a comparison needs. */
export type ReconcilePorts = Pick<Ports, 'table' | 'clock'> & { inventory: Inventory }

/** How a comparison goes along that has time. */
export type Progress = {
  /** What was found before the same comparison was cut short, by place. */
  found: ReadonlyMap<string, Finding[]>
  /** Waits until a place may be looked at; where it throws, the place is not read. */
  mayLook(): Promise<void>
  /** Takes what was found in a place; what it throws ends the comparison. */
  keep(place: string, findings: Finding[]): Promise<void>
}

const atOnce: Progress = { found: new Map(), mayLook: async () => undefined, keep: async () => undefined }

/**
 * Compares AWS with the table and changes nothing: Curfew's policies on IAM users and roles of the accounts where it grants such,
 * and the assignments of the catalogue's permission sets in their accounts. Takes minutes in a large organisation, so
 * nothing waits for it. With `progress` it goes on where it was cut short; what could not be read then is tried again.
 * What cannot be read is in the answer; throws a Fault only when the table cannot be asked at the start, and what
 * `progress` throws.
 */
export async function reconcile(
  ports: ReconcilePorts,
  catalogue: Catalogue,
  progress: Progress = atOnce,
): Promise<Comparison> {
  const active = await activeRequests(ports)
  const comparison: Comparison = { findings: [], unread: [] }
  const compare = async (place: Omit<Unread, 'problem'>, look: () => Promise<Finding[]>) => {
    const name = [place.accountId, place.permissionSet].filter(Boolean).join('/')
    let findings = progress.found.get(name)
    if (!findings) {
      try {
        findings = await seenTwice(ports, async () => {
          await progress.mayLook()
          return look()
        })
      } catch (error) {
        comparison.unread.push({ ...place, problem: asFault(error).message })
        return
      }
      await progress.keep(name, findings)
    }
    comparison.findings.push(...findings)
  }
  for (const accountId of policyAccounts(catalogue, active)) {
    await compare({ accountId }, () => lookAtPolicies(ports, accountId, active))
  }
  const places = placesOf(catalogue)
  if (places.length === 0) return comparison
  let arns: Map<string, string>
  try {
    await progress.mayLook()
    const names = [...new Set(places.map(({ permissionSet }) => permissionSet))]
    arns = await patiently(ports, () => ports.inventory.findPermissionSets(names))
  } catch (error) {
    comparison.unread.push({ problem: asFault(error).message })
    return comparison
  }
  for (const place of places) await compare(place, () => lookAtSet(ports, place, arns.get(place.permissionSet)))
  return comparison
}

/**
 * AWS and the table are read one after the other, and requests come and go in between. A second look begins after the
 * first has ended, and an ended request never comes back: what both saw is no such passing.
 */
async function seenTwice(ports: ReconcilePorts, look: () => Promise<Finding[]>): Promise<Finding[]> {
  const first = await patiently(ports, look)
  if (first.every(({ kind }) => kind === 'group_assignment')) return first
  const again = new Set(first.map(nameOfFinding))
  return (await patiently(ports, look)).filter(finding => again.has(nameOfFinding(finding)))
}

/** AWS first, then the requests: a policy is put only after its request says so. */
async function lookAtPolicies(ports: ReconcilePorts, accountId: string, active: AccessRequest[]): Promise<Finding[]> {
  const listed = await ports.inventory.listOwnPolicies(accountId)
  const named = listed.flatMap(policy => requestNamedBy(policy) ?? [])
  const ids = new Set<RequestId>([...named, ...active.map(({ id }) => id)])
  const requests: AccessRequest[] = []
  for (const id of ids) {
    const request = await ports.table.request(id)
    if (request) requests.push(request)
  }
  return comparePolicies(accountId, listed, requests)
}

async function lookAtSet(ports: ReconcilePorts, place: RosterKey, arn: string | undefined): Promise<Finding[]> {
  // A set that AWS does not know has nobody; whoever is on its roster is then missing.
  const listed = arn === undefined ? [] : await ports.inventory.listAssignments(place.accountId, arn)
  const roster = await ports.table.roster(place)
  return compareAssignments({ ...place, permissionSetArn: arn ?? roster?.permissionSetArn ?? '' }, listed, roster)
}

/** The requests that must have their policy. An active one is due at its end, so the index of due items has it. */
async function activeRequests({ table }: ReconcilePorts): Promise<AccessRequest[]> {
  const found: AccessRequest[] = []
  for (const item of await table.live()) {
    if (!('requestId' in item)) continue
    const request = await table.request(item.requestId).catch(skipUnreadable)
    if (request && activePolicyOf(request)) found.push(request)
  }
  return found
}

/** One broken item must not hide everything else; the sweep says which it is when it comes due. */
function skipUnreadable(error: unknown): undefined {
  if (asFault(error).code !== 'unreadable_item') throw error
}

/** Where Curfew grants inline policies, or did when a request that is active now was approved. */
function policyAccounts(catalogue: Catalogue, active: AccessRequest[]): string[] {
  const today = Object.values(catalogue.entitlements).flatMap(({ grants, accounts }) => {
    if (grants.kind === 'permissionSet') return []
    // What lets somebody enter a role is on their user.
    if (grants.kind === 'assume') return [catalogue.aws.hubAccount]
    return accounts.flatMap(key => catalogue.accounts[key]?.id ?? [])
  })
  return [...new Set([...today, ...active.flatMap(request => activePolicyOf(request)?.accountId ?? [])])]
}

function placesOf(catalogue: Catalogue): RosterKey[] {
  const places = Object.values(catalogue.entitlements).flatMap(({ grants, accounts }): [string, RosterKey][] => {
    if (grants.kind !== 'permissionSet') return []
    const { permissionSet } = grants
    const ids = accounts.flatMap(key => catalogue.accounts[key]?.id ?? [])
    return ids.map(accountId => [`${accountId}/${permissionSet}`, { accountId, permissionSet }])
  })
  return [...new Map(places).values()]
}
