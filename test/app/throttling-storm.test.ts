import { expect, it } from 'vitest'
import { type Instant, plusSeconds, secondsBetween } from '../../src/core/instant.ts'
import { createBench } from '../support/bench.ts'
import { anId, aRequest, at, delivered } from '../support/builders.ts'

const ends = 300
const stormSeconds = 600

it('three hundred ends in ten minutes of AWS throttling four calls of five all come, the earliest first', async () => {
  const bench = createBench()
  const { table, userPolicies, clock } = bench.ports
  for (let n = 1; n <= ends; n++) {
    const { target, ...active } = aRequest('active')
    if (target.kind !== 'inlinePolicy') throw new Error('not an inline policy')
    const policyName = `curfew-${anId(n)}`
    const expiresAt = plusSeconds(at('11:10'), n % 60)
    bench.aws.policies.set(`222222222222/alice/${policyName}`, { Version: '2012-10-17', Statement: [] })
    await table.writeRequest(delivered({ ...active, id: anId(n), expiresAt, target: { ...target, policyName } }))
  }
  const attempts = new Map<string, Instant[]>()
  const { remove } = userPolicies
  userPolicies.remove = (target, ...rest) => {
    attempts.set(target.policyName, [...(attempts.get(target.policyName) ?? []), clock.now()])
    return remove(target, ...rest)
  }
  let calls = 0
  const stormEnds = plusSeconds(at('11:10'), stormSeconds)
  bench.aws.fate = () => (++calls % 5 !== 0 && clock.now() < stormEnds ? 'throttled' : 'done')

  bench.clock.set(at('11:10'))
  await bench.run(20)

  expect(bench.aws.policies.size).toBe(0)
  const statuses = await Promise.all(
    Array.from({ length: ends }, async (_, n) => (await bench.request(anId(n + 1))).status),
  )
  expect(new Set(statuses)).toEqual(new Set(['expired']))
  const firsts = [...attempts].map(([name]) => Number(name.slice(-4)) % 60)
  expect(firsts).toEqual(firsts.toSorted((one, other) => one - other))
  const waits = [...attempts.values()].flatMap(times =>
    times.slice(1).map((time, index) => secondsBetween(times[index]!, time)),
  )
  // The sweep of this bench looks every ten seconds.
  expect(Math.max(...waits)).toBeLessThanOrEqual(300 + 10)
  console.info(`${calls} calls for ${ends} ends, longest wait ${Math.max(...waits)} s`)
  expect(calls).toBeLessThan(ends * 12)
})
