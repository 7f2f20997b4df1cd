import fc from 'fast-check'
import { expect, it, onTestFinished, vi } from 'vitest'
import { fates, histories, playHistory } from '../support/histories.ts'
import { startDynalite } from '../support/start-dynalite.ts'
import { createWireBench } from '../support/wire-bench.ts'

it('whatever happens over the wire, every request ends as AWS has it, and no access is left behind', async () => {
  const dynamo = await startDynalite()
  onTestFinished(() => dynamo.stop())
  onTestFinished(() => void vi.unstubAllEnvs())
  const useEnvironment = (variables: Record<string, string>) => {
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
  }
  const total = { histories: 0, changes: 0, fates: 0 }
  const property = fc.asyncProperty(fates, histories, fc.scheduler(), async (first, commands, scheduler) => {
    const tableName = `curfew-${++total.histories}`
    const { bench, counts, stop } = await createWireBench({ dynamoUrl: dynamo.url, tableName, useEnvironment })
    try {
      await playHistory(bench, [first, ...commands], scheduler)
    } finally {
      const { changes, fates: struck } = counts()
      total.changes += changes
      total.fates += struck
      await stop()
    }
  })
  await fc.assert(property, { numRuns: 50 })
  console.info(`over the wire: ${JSON.stringify(total)}`)
  // Of fifty histories so little comes only when nothing is granted, or nothing goes wrong, any more.
  expect(total.changes).toBeGreaterThan(50)
  expect(total.fates).toBeGreaterThan(10)
}, 600_000)
