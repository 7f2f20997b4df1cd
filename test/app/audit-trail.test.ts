import { describe, expect, it } from 'vitest'
import { sweep } from '../../src/app/sweep.ts'
import type { AccessRequest } from '../../src/core/access-request.ts'
import type { AuditRecord } from '../../src/core/audit.ts'
import { Fault } from '../../src/core/errors.ts'
import { createBench } from '../support/bench.ts'

/** A bench whose audit trail is kept. */
function audited() {
  const bench = createBench()
  const trail: AuditRecord[] = []
  bench.ports.audit = record => trail.push(record)
  return { bench, events: () => trail.map(({ event }) => event) }
}

describe('the audit trail of a whole life', () => {
  it('of an inline policy has every transition, and each change of AWS before it is made', async () => {
    const { bench, events } = audited()
    await bench.submit()
    await bench.run()
    await bench.click('approve', 'U0DAI')
    await bench.click('approve', 'U0BOB')
    await bench.run(64)
    expect(events()).toEqual([
      'submitted',
      'found',
      'approve_refused',
      'approved',
      'attaching',
      'activated',
      'ending',
      'detaching',
      'ended',
      'proven',
    ])
  })

  it('of a permission set likewise', async () => {
    const { bench, events } = audited()
    await bench.submit({ entitlementId: 'prod-read-only' })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(64)
    expect(events()).toEqual([
      'submitted',
      'found',
      'approved',
      'assigning',
      'activated',
      'ending',
      'unassigning',
      'ended',
      'proven',
    ])
  })

  it('of a refusal, a denial, a withdrawal and a lapse says so', async () => {
    const { bench, events } = audited()
    await bench.submit()
    await bench.run()
    await bench.submit({ n: 2 })
    await bench.run()
    await bench.click('deny', 'U0BOB', { reason: 'Use the read replica' })
    await bench.run()
    const third = await bench.submit({ n: 3 })
    await bench.run()
    await bench.click('cancel', 'U0ALICE', { request: third })
    await bench.run()
    await bench.submit({ n: 4 })
    await bench.run(241)
    expect(events()).toEqual([
      ...['submitted', 'found', 'submitted', 'refused', 'denied'],
      ...['submitted', 'found', 'cancelled'],
      ...['submitted', 'found', 'lapsed'],
    ])
  })
})

describe('a process that dies between storing what happened and writing its line', () => {
  it('leaves the line to the next one, which writes it before it changes AWS', async () => {
    const { bench, events } = audited()
    await bench.submit()
    await bench.run()
    await bench.click('approve', 'U0BOB')
    const { table } = bench.ports
    // Judging is stored, and nothing is heard of that process again.
    const dying = {
      ...table,
      writeRequest: async (request: AccessRequest) => {
        const written = await table.writeRequest(request)
        if (request.status === 'granting') throw new Fault('died', 'died', { retryable: false, answered: false })
        return written
      },
    }
    await sweep({ ...bench.ports, table: dying }, bench.catalogue)
    expect((await bench.request()).status).toBe('granting')
    expect(events()).toEqual(['submitted', 'found'])
    await bench.run(2)
    expect(events()).toEqual(['submitted', 'found', 'approved', 'attaching', 'activated'])
  })

  it('may have written it: then it comes twice, and is not lost', async () => {
    const { bench, events } = audited()
    await bench.submit()
    await bench.run()
    await bench.click('approve', 'U0BOB')
    const { table } = bench.ports
    let deaths = 0
    const dying = {
      ...table,
      writeRequest: async (request: AccessRequest) => {
        const isSettling = request.status === 'active' && request.claim === undefined
        if (isSettling && ++deaths > 0) throw new Fault('died', 'died', { retryable: false, answered: false })
        return table.writeRequest(request)
      },
    }
    await sweep({ ...bench.ports, table: dying }, bench.catalogue)
    await bench.run(10)
    expect(events().filter(event => event === 'approved')).toHaveLength(2)
    expect((await bench.request()).status).toBe('active')
  })
})

it('attempts that fail again and again are one line', async () => {
  const { bench, events } = audited()
  await bench.submit()
  await bench.run()
  await bench.click('approve', 'U0BOB')
  bench.aws.fate = () => 'throttled'
  await bench.run(5)
  expect(events().filter(event => event === 'work_failed')).toHaveLength(1)
  expect((await bench.request()).history.find(({ event }) => event === 'work_failed')?.count).toBeGreaterThan(3)
})
