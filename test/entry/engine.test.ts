import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Fault } from '../../src/core/errors.ts'
import { createEngine } from '../../src/entry/engine.ts'
import { createBench } from '../support/bench.ts'
import { at, someId } from '../support/builders.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** An engine that sweeps every minute; `sweeps` counts them, and while `hanging` they do not end. */
function aMinuteEngine() {
  const bench = createBench()
  const logged: string[] = []
  const table = { sweeps: 0, hanging: false }
  const { due } = bench.ports.table
  bench.ports.table.due = now => {
    table.sweeps++
    return table.hanging ? new Promise(() => undefined) : due(now)
  }
  bench.ports.log = (event, { code }) => logged.push(`${event} ${code}`)
  const engine = createEngine(bench.ports, bench.catalogue, {
    sweepSeconds: 60,
    measure: async () => undefined,
    daily: async () => undefined,
  })
  return { engine, bench, table, logged }
}

const minutes = (count: number) => vi.advanceTimersByTimeAsync(count * 60_000)

it('sweeps at once and then every so often', async () => {
  const { engine, table } = aMinuteEngine()
  engine.start()
  await minutes(0)
  expect(table.sweeps).toBe(1)
  await minutes(2)
  expect(table.sweeps).toBe(3)
  await engine.stop()
  await minutes(5)
  expect(table.sweeps).toBe(3)
})

it('a sweep that hangs is given up after three intervals, and the next one begins', async () => {
  const { engine, bench, table, logged } = aMinuteEngine()
  await bench.submit()
  engine.start()
  await minutes(0)
  expect((await bench.request()).status).toBe('pending')
  table.hanging = true
  await minutes(1)
  await bench.click('approve', 'U0BOB')
  table.hanging = false
  await minutes(2)
  expect(table.sweeps).toBe(2)
  await minutes(1)
  expect(table.sweeps).toBe(3)
  expect((await bench.request(someId)).status).toBe('active')
  expect(logged).toContain('sweep.failed too_slow')
})

it('is well while sweeps end, and no longer when the last one that did is older than three intervals and a minute', async () => {
  const { engine, table } = aMinuteEngine()
  engine.start()
  await minutes(10)
  expect(engine.isWell()).toBe(true)
  table.hanging = true
  await minutes(4)
  expect(engine.isWell()).toBe(true)
  await minutes(1)
  expect(engine.isWell()).toBe(false)
  table.hanging = false
  await minutes(3)
  expect(engine.isWell()).toBe(true)
})

it('a write is not made to fail by a clock that tells no time', async () => {
  const { engine, bench } = aMinuteEngine()
  bench.ports.clock.now = () => {
    throw new Fault('clock_not_measured', 'not read', { retryable: true, answered: true })
  }
  expect(() => engine.dueNext({ requestId: someId }, at('10:00'))).not.toThrow()
  await engine.stop()
})
