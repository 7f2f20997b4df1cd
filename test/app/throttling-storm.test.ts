import { expect, it } from 'vitest'
import { type Instant, plusSeconds, secondsBetween } from '../../src/core/instant.ts'
import { createBench } from '../support/bench.ts'
import { anId, aRequest, at, delivered } from '../support/builders.ts'
import { finish, gated } from '../support/crash.ts'

const ends = 300
const stormBegins = at('11:11')
const stormEnds = at('11:21')

it('three hundred ends in ten minutes of AWS throttling four calls of five all come, the earliest first', async () => {
  const world = createBench()
  for (let n = 1; n <= ends; n++) {
    const { target, ...active } = aRequest('active')
    if (target.kind !== 'inlinePolicy') throw new Error('not an inline policy')
    const policyName = `curfew-${anId(n)}`
    const expiresAt = endOf(n)
    world.aws.policies.set(`222222222222/alice/${policyName}`, { Version: '2012-10-17', Statement: [] })
    await world.ports.table.writeRequest(
      delivered({ ...active, id: anId(n), expiresAt, target: { ...target, policyName } }),
    )
  }
  const attempts = new Map<string, Instant[]>()
  let calls = 0
  const bench = world.through(
    gated(world.ports, async (call, act, target) => {
      if (call.startsWith('inlinePolicies.')) calls++
      if (call === 'inlinePolicies.remove') {
        const { policyName } = target as { policyName: string }
        attempts.set(policyName, [...(attempts.get(policyName) ?? []), world.clock.now()])
      }
      return act()
    }),
  )
  let [removals, throttled] = [0, 0]
  world.aws.fate = () => {
    if (world.clock.now() >= stormEnds || ++removals % 5 === 0) return 'done'
    throttled++
    return 'throttled'
  }

  // The bot is a minute late, so that all of them are due when it looks, whatever else it may do first.
  world.clock.set(stormBegins)
  await finish(bench, async () => undefined)

  const statuses = await Promise.all(
    Array.from({ length: ends }, async (_, n) => (await bench.request(anId(n + 1))).status),
  )
  expect(new Set(statuses)).toEqual(new Set(['expired']))
  expect([...world.aws.policies.keys()]).toEqual([])
  expect(throttled / removals).toBeCloseTo(0.8, 1)

  expect(attempts.size).toBe(ends)
  const firsts = [...attempts.keys()].map(name => endOf(Number(name.slice(-4))))
  expect(firsts).toEqual(firsts.toSorted())

  const times = [...attempts.values()]
  const waits = times.flatMap(own => own.slice(1).map((time, index) => secondsBetween(own[index]!, time)))
  // To the second, because the clock goes from one due time to the next: a sweep adds its interval to this.
  expect(Math.max(...waits)).toBeLessThanOrEqual(300)
  // The longest row of failures outlasts the storm: without that the bound on the waits would mean nothing.
  expect(Math.max(...times.map(own => own.length))).toBeGreaterThan(8)

  console.info(`${calls} calls of IAM for ${ends} ends, longest wait ${Math.max(...waits)} s`)
  expect(calls).toBeLessThan(ends * 10)
})

/** Five at each second of a minute, in another order than their ids. */
function endOf(n: number): Instant {
  return plusSeconds(at('11:10'), n % 60)
}
