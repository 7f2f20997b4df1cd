import { expect, it } from 'vitest'
import type { Inventory } from '../../src/app/ports.ts'
import { reconcileDaily } from '../../src/app/reconcile-daily.ts'
import { Fault } from '../../src/core/errors.ts'
import { type Instant, secondsBetween } from '../../src/core/instant.ts'
import type { Comparison } from '../../src/core/reconcile.ts'
import { aCatalogue, anId, aRequest, at, delivered } from '../support/builders.ts'
import { createFakeClock } from '../support/fake-clock.ts'
import { createFakeInventory } from '../support/fake-inventory.ts'
import { createMemoryTable } from '../support/memory-table.ts'

const stray = {
  accountId: '222222222222',
  principal: 'user',
  name: 'alice',
  policyName: 'curfew-req_00000000000000000001',
} as const
const platform = { principalType: 'GROUP', principalId: 'group-platform' } as const
const on = (day: number, time = '00:00:10') => `2026-11-${day}T${time}Z` as Instant

/** A table first seen on 21 November at 10:00; its first comparison is owed on the 22nd. */
async function aDay() {
  const clock = createFakeClock(at('10:00'))
  const table = createMemoryTable({ clock })
  const inventory = createFakeInventory()
  const posted: { day: string; comparison: Comparison }[] = []
  const logged: string[] = []
  const ports = {
    ...{ clock, table, inventory },
    digest: { post: async (day: string, comparison: Comparison) => void posted.push({ day, comparison }) },
    log: (event: string) => void logged.push(event),
    idOf: () => anId(9),
  }
  const run = () => reconcileDaily(ports, aCatalogue())
  await run()
  return { ...ports, run, posted, logged }
}

it('begins on the day after a table is first seen', async () => {
  const { run, clock, inventory, posted, logged } = await aDay()
  inventory.policies = [stray]
  clock.set(at('23:59:59'))
  await run()
  expect({ posted, logged }).toEqual({ posted: [], logged: [] })
  clock.set(on(22))
  await run()
  expect(posted).toMatchObject([{ day: '2026-11-22', comparison: { findings: [{ kind: 'stray_policy' }] } }])
  expect(logged).toEqual(['reconcile.done'])
})

it('has an item for each stray that operators may end, by the time they are told of it', async () => {
  const { run, clock, inventory, posted, table } = await aDay()
  inventory.policies = [stray]
  clock.set(on(22))
  await run()
  expect(posted).toMatchObject([{ comparison: { findings: [{ kind: 'stray_policy', endBy: anId(9) }] } }])
  expect(await table.request(anId(9))).toMatchObject({ status: 'stray', stray: { because: 'no_request' } })
  expect(await table.live()).toEqual([])
})

it('does not repeat itself in the same day, however often it is asked', async () => {
  const { run, clock, inventory, posted } = await aDay()
  inventory.policies = [stray]
  clock.set(on(22))
  await run()
  await run()
  clock.set(on(22, '23:59:59'))
  await run()
  expect(posted).toHaveLength(1)
  clock.set(on(23))
  await run()
  expect(posted.map(({ day }) => day)).toEqual(['2026-11-22', '2026-11-23'])
})

it('is done by one of two processes', async () => {
  const { run, clock, inventory, posted } = await aDay()
  inventory.policies = [stray]
  clock.set(on(22))
  await Promise.all([run(), run()])
  expect(posted).toHaveLength(1)
})

it('says nothing when there is nothing to say', async () => {
  const { run, clock, posted, logged } = await aDay()
  clock.set(on(22))
  await run()
  expect({ posted, logged }).toEqual({ posted: [], logged: ['reconcile.done'] })
})

it('tells of standing access once, and again when it is not what was told', async () => {
  const { run, clock, inventory, posted } = await aDay()
  const place = '111111111111/Curfew-ReadOnly'
  inventory.assignments[place] = [platform]
  for (const day of [22, 23]) {
    clock.set(on(day))
    await run()
  }
  expect(posted.map(({ day }) => day)).toEqual(['2026-11-22'])
  inventory.assignments[place] = [platform, { principalType: 'USER', principalId: 'u-eve' }]
  clock.set(on(24))
  await run()
  expect(posted.map(({ day }) => day)).toEqual(['2026-11-22', '2026-11-24'])
  inventory.assignments = {}
  clock.set(on(25))
  await run()
  expect(posted).toHaveLength(2)
})

it('tells of what could not be read, and does not take it for gone', async () => {
  const { run, clock, inventory, posted } = await aDay()
  inventory.assignments['111111111111/Curfew-ReadOnly'] = [platform]
  clock.set(on(22))
  await run()
  inventory.before = () => {
    throw new Fault('access_denied', 'not authorized', { retryable: false, answered: true })
  }
  clock.set(on(23))
  await run()
  expect(posted[1]?.comparison.unread).toHaveLength(3)
  inventory.before = () => undefined
  clock.set(on(24))
  await run()
  expect(posted).toHaveLength(2)
})

it('that could not post is made again half an hour later', async () => {
  const { run, clock, inventory, digest, posted, logged } = await aDay()
  inventory.policies = [stray]
  const { post } = digest
  digest.post = () => Promise.reject(new Fault('no_answer', 'Slack', { retryable: true, answered: false }))
  clock.set(on(22))
  await run()
  digest.post = post
  clock.set(on(22, '00:30:09'))
  await run()
  expect({ posted, logged }).toEqual({ posted: [], logged: ['reconcile.failed'] })
  clock.set(on(22, '00:30:10'))
  await run()
  expect(posted).toHaveLength(1)
})

it('comes to its end whatever write of the table it dies before or after, and tells of one day', async () => {
  let points = 0
  for (let write = 1; ; write++) {
    let writes = 0
    for (const when of ['before', 'after'] as const) {
      const { run, clock, inventory, table, posted } = await aDay()
      inventory.policies = [stray]
      writes = 0
      for (const name of ['writeReconciled', 'writeLook', 'writeRequest'] as const) {
        const act = table[name] as (item: never) => Promise<unknown>
        const die = () => Promise.reject(new Fault('no_answer', 'the table', { retryable: true, answered: false }))
        const dying = async (item: never) => {
          const isLast = ++writes === write
          if (isLast && when === 'before') return die()
          const written = await act(item)
          return isLast ? die() : written
        }
        Object.assign(table, { [name]: dying })
      }
      clock.set(on(22))
      await run()
      clock.set(on(22, '00:30:10'))
      await run()
      expect([write, when, await table.reconciled()]).toMatchObject([write, when, { day: '2026-11-22', done: true }])
      // Slack's own history keeps a second one of the same day away.
      expect(new Set(posted.map(({ day }) => day))).toEqual(new Set(['2026-11-22']))
      expect(posted.at(-1)).toMatchObject({ comparison: { findings: [{ kind: 'stray_policy', endBy: anId(9) }] } })
      points++
    }
    if (writes < write) break
  }
  expect(points).toBeGreaterThan(10)
})

/** What is read of the two permission sets. */
const sets = ['listAssignments', 'listAssignments']

/** A comparison of the 22nd that saw the policies of both accounts, and whose process then died or paused. */
async function cutShort(where: keyof Inventory = 'findPermissionSets', nth = 1) {
  const day = await aDay()
  const { run, clock, inventory } = day
  inventory.policies = [stray]
  inventory.sets['Curfew-Leashed'] = 'arn:aws:sso:::permissionSet/ssoins-1/ps-2'
  inventory.assignments['111111111111/Curfew-ReadOnly'] = [platform]
  const readings: string[] = []
  let times = 0
  let goOn: () => void = () => undefined
  const asleep = new Promise<void>(resolve => {
    goOn = resolve
  })
  let reachTheSet: () => void = () => undefined
  const isThere = new Promise<void>(resolve => {
    reachTheSet = resolve
  })
  inventory.before = reading => {
    if (reading !== where || ++times !== nth) return
    reachTheSet()
    return asleep
  }
  clock.set(on(22))
  const first = run()
  await isThere
  inventory.before = reading => void readings.push(reading)
  const wake = () => {
    goOn()
    return first
  }
  return { ...day, readings, wake }
}

it('that was cut short is resumed where it was', async () => {
  const { run, clock, posted, readings } = await cutShort()
  clock.set(on(22, '00:30:09'))
  await run()
  expect({ posted, readings }).toEqual({ posted: [], readings: [] })
  clock.set(on(22, '00:30:10'))
  await run()
  // Twice where something was wrong, which may be so no more; not at all where nothing was.
  expect(readings).toEqual(['listOwnPolicies', 'listOwnPolicies', 'findPermissionSets', ...sets])
  const findings = [{ kind: 'stray_policy' }, { kind: 'group_assignment' }]
  expect(posted).toMatchObject([{ day: '2026-11-22', comparison: { findings } }])
})

it('that is resumed says nothing of what is no longer wrong', async () => {
  const { run, clock, inventory, posted } = await cutShort()
  inventory.policies = []
  clock.set(on(22, '00:30:10'))
  await run()
  expect(posted).toMatchObject([{ comparison: { findings: [{ kind: 'group_assignment' }] } }])
})

it('is resumed on any day, also where something was kept the day before', async () => {
  const { run, clock, readings, inventory } = await cutShort()
  clock.set(on(22, '00:30:10'))
  await run()
  clock.set(on(23))
  const { before } = inventory
  inventory.before = reading => {
    if (reading === 'findPermissionSets') return new Promise<void>(() => undefined)
    return before(reading)
  }
  inventory.policies = []
  void run()
  await new Promise(resolve => setImmediate(resolve))
  inventory.before = before
  readings.length = 0
  clock.set(on(23, '00:30:10'))
  await run()
  expect(readings).toEqual(['findPermissionSets', ...sets])
})

it('goes on when what it found cannot be kept', async () => {
  const { run, clock, inventory, table, posted, logged } = await aDay()
  inventory.policies = [stray]
  table.writeLook = () =>
    Promise.reject(
      new Fault('table_refused', 'Item size has exceeded the maximum', { retryable: false, answered: true }),
    )
  clock.set(on(22))
  await run()
  expect(posted).toHaveLength(1)
  expect(new Set(logged)).toEqual(new Set(['reconcile.not_kept', 'reconcile.done']))
  expect(logged.at(-1)).toBe('reconcile.done')
})

it('that is resumed much later, or on another day, begins anew', async () => {
  for (const later of [on(22, '06:00:10'), on(23)]) {
    const { run, clock, readings } = await cutShort()
    clock.set(later)
    await run()
    // Also where nothing was wrong before.
    expect(readings.filter(reading => reading === 'listOwnPolicies')).toHaveLength(3)
  }
})

it('that was taken up by another process is left to it by the first, which says nothing', async () => {
  const { run, clock, posted, readings, wake, logged } = await cutShort()
  clock.set(on(22, '00:30:10'))
  await run()
  await wake()
  expect(posted).toHaveLength(1)
  expect(logged).toEqual(['reconcile.done', 'reconcile.failed'])
  // The first looked no further.
  expect(readings.filter(reading => reading === 'listAssignments')).toEqual(sets)
})

it('that was taken up during its last look posts nothing either', async () => {
  const { run, clock, posted, wake, logged } = await cutShort('listAssignments', 2)
  clock.set(on(22, '00:30:10'))
  await run()
  await wake()
  expect(posted).toHaveLength(1)
  expect(logged).toEqual(['reconcile.done', 'reconcile.failed'])
})

it('is alive between two long looks at one place', async () => {
  const { run, clock, inventory, posted, logged } = await aDay()
  inventory.policies = [stray]
  let looks = 0
  inventory.before = async () => {
    clock.advanceSeconds(20 * 60)
    if (++looks === 2) await run()
  }
  clock.set(on(22))
  await run()
  expect(posted).toHaveLength(1)
  expect(logged).toEqual(['reconcile.done'])
})

it('that takes long is not taken up by another process while it is alive', async () => {
  const { run, clock, inventory, table, posted } = await aDay()
  inventory.policies = [stray]
  let others = 0
  inventory.before = async reading => {
    clock.advanceSeconds(12 * 60)
    if (reading === 'listAssignments' && ++others === 1) await run()
  }
  clock.set(on(22))
  await run()
  expect({ others, posted: posted.length }).toEqual({ others: 1, posted: 1 })
  expect(await table.reconciled()).toMatchObject({ day: '2026-11-22', done: true })
})

it('is alive also where nothing can be read', async () => {
  const { run, clock, inventory, posted, logged } = await aDay()
  let others = 0
  inventory.before = async () => {
    clock.advanceSeconds(16 * 60)
    if (++others === 3) await run()
    throw new Fault('access_denied', 'not authorized', { retryable: false, answered: true })
  }
  clock.set(on(22))
  await run()
  expect(posted).toHaveLength(1)
  expect(logged).toEqual(['reconcile.done'])
})

it('lets work that is due pass before each look, and goes on all the same after ten minutes', async () => {
  const { run, clock, table, inventory } = await aDay()
  const waits: number[] = []
  let from = on(22)
  inventory.before = () => void waits.push(secondsBetween(from, clock.now()))
  await table.writeRequest(aRequest('checking'))
  const { after } = clock
  clock.after = async milliseconds => {
    await after(milliseconds)
    if (secondsBetween(from, clock.now()) === 60)
      await table.writeRequest({ ...delivered(aRequest('denied')), version: 1 })
  }
  clock.set(from)
  await run()
  expect(waits).toEqual([60, 60, 60, 60])

  waits.length = 0
  from = on(23)
  clock.after = after
  clock.set(from)
  await table.writeRequest({ ...aRequest('checking'), version: 2 })
  await run()
  expect(waits).toEqual([600, 600, 600, 600])
})

it('waits for a table that does not answer', async () => {
  const { run, table, logged } = await aDay()
  table.reconciled = () => Promise.reject(new Error('no table'))
  await run()
  expect(logged).toEqual(['reconcile.failed'])
})
