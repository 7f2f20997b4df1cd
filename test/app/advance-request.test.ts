import { expect, it } from 'vitest'
import { createBench } from '../support/bench.ts'

it('ends a request whose removals are never heard once AWS no longer has the policy', async () => {
  const bench = createBench()
  await bench.submit({ durationMinutes: 30 })
  await bench.run()
  await bench.click('approve', 'U0BOB')
  await bench.run(1)
  bench.aws.fate = operation => (operation === 'delete' ? 'unheard' : 'done')
  await bench.run(30 + 20)
  expect((await bench.request()).status).toBe('expired')
  expect([...bench.aws.policies.keys()]).toEqual([])
})
