import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../src/core/audit.ts'
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
    await bench.run(61)
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
    ])
  })

  it('of a permission set likewise', async () => {
    const { bench, events } = audited()
    await bench.submit({ entitlementId: 'prod-read-only' })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(61)
    expect(events()).toEqual([
      'submitted',
      'found',
      'approved',
      'assigning',
      'activated',
      'ending',
      'unassigning',
      'ended',
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
