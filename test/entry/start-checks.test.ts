import { expect, it, onTestFinished, vi } from 'vitest'
import { runChecks } from '../../src/entry/start-checks.ts'

const about = { about: 'AWS', remedy: 'Check the network.' }

it('all problems are said, each once, in the order of the checks', async () => {
  const later = Promise.withResolvers<string[]>()
  const said = runChecks([
    { ...about, check: () => later.promise },
    { ...about, check: async () => ['second', 'both'] },
    { ...about, check: async () => ['both'] },
    { ...about, check: async () => [] },
  ])
  later.resolve(['first'])
  expect(await said).toEqual(['first', 'second', 'both'])
})

it('a check that throws is a problem with its remedy, on one line and without a stack trace', async () => {
  const thrown = async () => {
    throw new Error('no route to host\n    at somewhere.js:1')
  }
  expect(await runChecks([{ ...about, check: thrown }])).toEqual(['AWS: no route to host. Check the network.'])
})

it('a check without an answer is over after five seconds', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const said = runChecks([{ ...about, check: () => new Promise(() => {}) }])
  await vi.advanceTimersByTimeAsync(4999)
  const early = await Promise.race([said, Promise.resolve('nothing yet')])
  expect(early).toBe('nothing yet')
  await vi.advanceTimersByTimeAsync(1)
  expect(await said).toEqual(['AWS: no answer within 5 s. Check the network.'])
})
