import fc from 'fast-check'
import { it } from 'vitest'
import { createBench } from '../support/bench.ts'
import { histories, playHistory } from '../support/histories.ts'

it('whatever happens in whatever order, every request ends as AWS has it, and no access is left behind', async () => {
  let played = 0
  const property = fc.asyncProperty(histories, fc.scheduler(), async (commands, scheduler) => {
    played++
    await playHistory(createBench(), commands, scheduler)
  })
  await fc.assert(property, { numRuns: 2000 })
  console.info(`${played} histories`)
}, 240_000)
