import { expect, it } from 'vitest'
import { sweep } from '../../src/app/sweep.ts'
import { takeSlot } from '../../src/app/take-slot.ts'
import { plusSeconds } from '../../src/core/instant.ts'
import { createBench } from '../support/bench.ts'
import { aMember, aRoster, at } from '../support/builders.ts'

/** So many people are to go from each of these rosters; answers how many changes AWS was making at once. */
async function removeAll(places: { accountId: string; permissionSet: string }[]) {
  const bench = createBench()
  // Here nobody who waits moves the clock on.
  bench.clock.after = async () => undefined
  bench.aws.operationSeconds = 30
  const running = new Map<string, string>()
  const most = { inAll: 0, inOneAccount: 0 }
  const { remove, operation } = bench.ports.assignments
  bench.ports.assignments.remove = async (assignment, maySend) => {
    const begun = await remove(assignment, maySend)
    running.set(begun.id, assignment.accountId)
    const inAccount = [...running.values()].filter(accountId => accountId === assignment.accountId).length
    most.inAll = Math.max(most.inAll, running.size)
    most.inOneAccount = Math.max(most.inOneAccount, inAccount)
    return begun
  }
  bench.ports.assignments.operation = async (kind, id) => {
    const answered = await operation(kind, id)
    if (answered.state !== 'working') running.delete(id)
    return answered
  }
  for (const { accountId, permissionSet } of places) {
    const permissionSetArn = `arn:aws:sso:::permissionSet/ssoins-1/${permissionSet}`
    bench.aws.assign({ accountId, permissionSetArn, principalId: 'principal-alice' })
    await bench.ports.table.writeRoster({
      ...aRoster([aMember({ heldBy: {} })]),
      accountId,
      permissionSet,
      permissionSetArn,
    })
  }
  bench.clock.set(at('11:00'))
  for (let second = 0; second < 600; second += 2) {
    // Two processes on one table.
    await Promise.all([sweep(bench.ports, bench.catalogue), sweep(bench.ports, bench.catalogue)])
    bench.clock.advanceSeconds(2)
  }
  return { ...most, left: bench.aws.assigned(), slots: (await bench.ports.table.slots())?.held }
}

it('several sets of one account change one after the other, whichever process works on them', async () => {
  const places = ['ps-1', 'ps-2', 'ps-3', 'ps-4'].map(permissionSet => ({ accountId: '111111111111', permissionSet }))
  expect(await removeAll(places)).toEqual({ inAll: 1, inOneAccount: 1, left: [], slots: {} })
})

it('of twelve accounts eight change at a time', async () => {
  const places = Array.from({ length: 12 }, (_, n) => ({
    accountId: String(100_000_000_000 + n),
    permissionSet: 'ps-1',
  }))
  expect(await removeAll(places)).toEqual({ inAll: 8, inOneAccount: 1, left: [], slots: {} })
})

it('a turn is not given back while AWS still works on the change, and not kept for ever', async () => {
  const bench = createBench()
  bench.aws.operationSeconds = 100_000
  const { accountId, permissionSetArn } = aRoster()
  bench.aws.assign({ accountId, permissionSetArn, principalId: 'principal-alice' })
  await bench.ports.table.writeRoster(aRoster([aMember({ heldBy: {} })]))
  const begun = bench.clock.now()
  await sweep(bench.ports, bench.catalogue)
  expect((await bench.ports.table.slots())?.held).toEqual({
    [accountId]: { permissionSet: 'Curfew-ReadOnly', until: plusSeconds(begun, 60) },
  })
  const other = { accountId, permissionSet: 'ps-2' }
  expect(await takeSlot(bench.ports, other)).toBe(false)
  bench.clock.set(plusSeconds(begun, 60))
  expect(await takeSlot(bench.ports, other)).toBe(true)
})
