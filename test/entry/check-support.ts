import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AwsSeed } from '../../src/playground/aws/seed.ts'
import { type SimulatedAws, startSimulatedAws } from '../../src/playground/aws/simulated-aws.ts'
import { startEmbeddedTable } from '../../src/playground/embedded-table.ts'
import { openJournal } from '../../src/playground/journal.ts'
import { awsSeed } from '../../src/playground/story-aws.ts'
import { createWorldClock } from '../../src/playground/world-clock.ts'
import { awsVariables, runEntry } from '../support/child.ts'

const path = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url))
const example = path('infra/curfew.example.yaml')

/**
 * Runs what `npm run check` runs, with a simulated AWS that begins as the story does, but for what `change` made of it.
 * `before`: done once AWS and the table are there.
 */
export async function check(
  args: string[],
  given: {
    catalogue?: string
    change?: (seed: AwsSeed) => void
    before?: (world: { aws: SimulatedAws; tableUrl: string }) => Promise<void> | void
    variables?: Record<string, string>
  } = {},
) {
  const journal = openJournal()
  const clock = createWorldClock(journal, () => Date.parse('2026-11-21T12:00:00Z'))
  const seed = structuredClone(awsSeed)
  given.change?.(seed)
  const [aws, table] = await Promise.all([startSimulatedAws({ journal, clock, seed }), startEmbeddedTable()])
  const folder = mkdtempSync(join(tmpdir(), 'curfew-check-'))
  const file = join(folder, 'curfew.yaml')
  if (given.catalogue) writeFileSync(file, given.catalogue)
  await given.before?.({ aws, tableUrl: table.url })
  const variables = {
    CURFEW_CONFIG: given.catalogue ? file : example,
    ...awsVariables(aws, table),
    ...given.variables,
  }
  const { code, out, err } = await runEntry('check', args, folder, variables)
  await Promise.all([aws.close(), table.close()])
  rmSync(folder, { recursive: true })
  return { code, out: out.split('\n'), err, aws }
}
