import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { createBench } from './bench.ts'
import { histories, playHistory } from './histories.ts'

const usage = 'Usage: npm run soak -- [--count 100000] [--seed <integer>] [--path <of a counterexample>]'

/**
 * `npm run soak`: the random histories of the tests, for as many as one likes. Ends with 1 at a history that breaks a
 * promise, made as short as it can be; its seed and path play it again.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { count: { type: 'string' }, seed: { type: 'string' }, path: { type: 'string' } },
  })
  const count = integer('--count', values.count ?? '100000')
  if (count < 1) throw new Error('--count: write how many histories to play, 1 at least.')
  // fast-check takes 32 bits.
  const seed = integer('--seed', values.seed ?? String(Date.now() % 2 ** 31))
  console.log(`${count} histories, seed ${seed}`)
  const startedAt = performance.now()
  let played = 0
  const property = fc.asyncProperty(histories, fc.scheduler(), async (commands, scheduler) => {
    await playHistory(createBench(), commands, scheduler)
    if (++played % 1000 === 0) console.log(`${played} histories in ${secondsSince(startedAt)} s`)
  })
  const path = values.path === undefined ? {} : { path: values.path }
  const details = await fc.check(property, { numRuns: count, seed, ...path })
  if (!details.failed) return console.log(`All ${details.numRuns} kept every promise, in ${secondsSince(startedAt)} s.`)
  console.error(`${await fc.asyncDefaultReportMessage(details)}\n`, details.errorInstance)
  console.error(`To play it again: npm run soak -- --seed ${details.seed} --path "${details.counterexamplePath}"`)
  process.exitCode = 1
}

function integer(name: string, text: string): number {
  if (!/^-?\d{1,10}$/.test(text)) throw new Error(`${name}: write an integer instead of "${text}".`)
  return Number(text)
}

function secondsSince(startedAt: number): number {
  return Math.round((performance.now() - startedAt) / 1000)
}

await main().catch((error: Error) => {
  console.error(`${error.message.split('\n')[0]}\n${usage}`)
  process.exitCode = 1
})
