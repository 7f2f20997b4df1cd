import { expect, it } from 'vitest'
import { claimRequest, settleRequest } from '../../src/app/settle.ts'
import { Fault } from '../../src/core/errors.ts'
import { createBench } from '../support/bench.ts'

it('where a message was posted is stored, though the clock cannot be read for a moment', async () => {
  const bench = createBench()
  await bench.submit()
  await bench.run()
  const { clock } = bench.ports
  const held = await claimRequest(bench.ports, await bench.request(), clock.now(), false)
  const { now } = clock
  let unreadable = 2
  clock.now = () => {
    if (unreadable-- > 0) throw new Fault('clock_not_measured', 'set back', { retryable: true, answered: true })
    return now()
  }
  await settleRequest(bench.ports, held!, {
    answered: true,
    agreed: false,
    outcome: current => current,
    facts: current => ({
      ...current,
      announced: { ...current.announced, over: { shows: 'x', channel: 'D1', ts: '1.2' } },
    }),
  })
  const stored = await bench.request()
  expect(stored.announced['over']).toMatchObject({ channel: 'D1', ts: '1.2' })
  expect(stored).not.toHaveProperty('claim')
})
