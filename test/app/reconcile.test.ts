import { expect, it } from 'vitest'
import { reconcile } from '../../src/app/reconcile.ts'
import type { AccessRequest } from '../../src/core/access-request.ts'
import { Fault } from '../../src/core/errors.ts'
import { aCatalogue, aMember, anId, aRequest, aRoster, at, someId } from '../support/builders.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createFakeInventory } from '../support/fake-inventory.ts'
import { createMemoryTable } from '../support/memory-table.ts'

const hers = {
  accountId: '222222222222',
  principal: 'user',
  name: 'alice',
  policyName: 'curfew-req_00000000000000000001',
} as const
const alice = { principalType: 'USER', principalId: 'principal-alice' } as const
const platform = { principalType: 'GROUP', principalId: 'group-platform', name: 'platform' } as const
const prodReadOnly = '111111111111/Curfew-ReadOnly'
const throttled = new Fault('throttled', 'Rate exceeded', { retryable: true, answered: true })
const denied = new Fault('access_denied', 'not authorized', { retryable: false, answered: true })

async function aWorld(...requests: AccessRequest[]) {
  const clock = createFakeClock()
  const table = createMemoryTable({ clock })
  const inventory = createFakeInventory()
  for (const request of requests) await table.writeRequest(request)
  const compare = () => reconcile({ table, clock, inventory }, aCatalogue())
  /** Stores the request as it has gone on. */
  const goOn = async (next: AccessRequest) => {
    const { version = 0 } = (await table.request(next.id)) ?? {}
    await table.writeRequest({ ...next, version })
  }
  return { clock, table, inventory, compare, goOn }
}

it('finds nothing where AWS is as the table says', async () => {
  const { table, inventory, compare } = await aWorld(aRequest('active'))
  await table.writeRoster(aRoster([aMember()]))
  inventory.policies = [hers]
  inventory.assignments[prodReadOnly] = [alice]
  expect(await compare()).toEqual({ findings: [], unread: [] })
})

it('finds the policy of an ended request, and the active request that lost its own', async () => {
  const active = aRequest('active', { id: anId(2) })
  Object.assign(active.target, { policyName: 'curfew-req_00000000000000000002' })
  const { inventory, compare } = await aWorld(aRequest('expired'), active)
  inventory.policies = [hers]
  expect((await compare()).findings).toMatchObject([
    { kind: 'stray_policy', policyName: hers.policyName, because: 'expired' },
    { kind: 'missing_policy', requestId: anId(2), policyName: 'curfew-req_00000000000000000002' },
  ])
})

it('looks in accounts where a request is active although the catalogue grants nothing there any more', async () => {
  const { table, clock, inventory } = await aWorld(aRequest('active'))
  const { findings } = await reconcile({ table, clock, inventory }, aCatalogue({ entitlements: {} }))
  expect(findings).toMatchObject([{ kind: 'missing_policy', requestId: someId }])
})

it('a request that ended between the two readings is no stray', async () => {
  const { inventory, compare, goOn } = await aWorld(aRequest('active'))
  let readings = 0
  inventory.listOwnPolicies = async () => {
    readings++
    if (readings > 1) return []
    await goOn(aRequest('expired'))
    return [hers]
  }
  expect((await compare()).findings).toEqual([])
  // Twice there, and once in the jump account, where people's right to enter roles is put.
  expect(readings).toBe(3)
})

it('a request whose policy came after the listing lacks none', async () => {
  const { inventory, compare, goOn } = await aWorld(aRequest('granting'))
  let readings = 0
  inventory.listOwnPolicies = async () => {
    if (++readings > 1) return [hers]
    await goOn(aRequest('active'))
    return []
  }
  expect((await compare()).findings).toEqual([])
})

it('somebody who left between the listing and the roster is not told as assigned by others', async () => {
  const { table, inventory, compare } = await aWorld()
  inventory.assignments[prodReadOnly] = [alice]
  let readings = 0
  inventory.before = reading => {
    if (reading === 'listAssignments' && ++readings > 1) inventory.assignments = {}
  }
  await table.writeRoster(aRoster())
  expect((await compare()).findings).toEqual([])
})

it('lists standing access, and looks twice only where something may be passing', async () => {
  const { inventory, compare } = await aWorld()
  inventory.assignments[prodReadOnly] = [platform]
  let readings = 0
  inventory.before = reading => {
    if (reading === 'listAssignments') readings++
  }
  expect((await compare()).findings).toMatchObject([{ kind: 'group_assignment', name: 'platform' }])
  expect(readings).toBe(1)
})

it('who is on the roster of a set that AWS no longer knows is missing', async () => {
  const { table, inventory, compare } = await aWorld()
  await table.writeRoster(aRoster([aMember()]))
  inventory.sets = {}
  expect((await compare()).findings).toMatchObject([{ kind: 'missing_assignment', requestIds: [someId] }])
})

it('tries again what fails in passing', async () => {
  const { clock, inventory, compare } = await aWorld()
  let failures = 2
  inventory.before = () => {
    if (failures-- > 0) throw throttled
  }
  expect((await compare()).unread).toEqual([])
  expect(clock.now()).toBe(at('10:00:06'))
})

it('says what it could not read, and compares the rest', async () => {
  const { table, inventory, compare } = await aWorld()
  await table.writeRoster(aRoster([aMember()]))
  inventory.before = reading => {
    if (reading === 'listOwnPolicies') throw denied
  }
  const { findings, unread } = await compare()
  expect(unread).toEqual([
    { accountId: '222222222222', problem: 'not authorized' },
    { accountId: '000000000000', problem: 'not authorized' },
  ])
  expect(findings).toMatchObject([{ kind: 'missing_assignment' }])
})

it('permission sets that cannot be read at all are told once', async () => {
  const { inventory, compare } = await aWorld()
  inventory.before = reading => {
    if (reading === 'findPermissionSets') throw denied
  }
  expect((await compare()).unread).toEqual([{ problem: 'not authorized' }])
})

it('goes on past an active request that cannot be read', async () => {
  const { table, inventory, compare } = await aWorld(aRequest('pending'), aRequest('active', { id: anId(2) }))
  inventory.policies = []
  const { request } = table
  const unreadable = new Fault('unreadable_item', 'The item REQ#… cannot be read', { retryable: false, answered: true })
  table.request = id => (id === someId ? Promise.reject(unreadable) : request(id))
  expect((await compare()).findings).toMatchObject([{ kind: 'missing_policy', requestId: anId(2) }])
})
