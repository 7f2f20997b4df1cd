import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AwsSeed } from '../../src/playground/aws/seed.ts'
import { type SimulatedAws, startSimulatedAws } from '../../src/playground/aws/simulated-aws.ts'
import { startEmbeddedTable } from '../../src/playground/embedded-table.ts'
import { openJournal } from '../../src/playground/journal.ts'
import { awsSeed, botAccessKeyId } from '../../src/playground/story-aws.ts'
import { createWorldClock } from '../../src/playground/world-clock.ts'
import { nodeVariables } from '../support/compile-cache.ts'

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
  const env = {
    ...nodeVariables(),
    CURFEW_CONFIG: given.catalogue ? file : example,
    AWS_REGION: 'ap-northeast-1',
    AWS_ENDPOINT_URL: aws.url,
    AWS_ENDPOINT_URL_DYNAMODB: table.url,
    AWS_ACCESS_KEY_ID: botAccessKeyId,
    AWS_SECRET_ACCESS_KEY: 'simulated-secret-access-key',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    ...given.variables,
  }
  const child = spawn(process.execPath, [path('src/entry/check.ts'), ...args], { cwd: folder, env })
  let out = ''
  let err = ''
  child.stdout.on('data', chunk => {
    out += chunk
  })
  child.stderr.on('data', chunk => {
    err += chunk
  })
  const code = await new Promise<number | null>(resolve => child.once('close', resolve))
  await Promise.all([aws.close(), table.close()])
  rmSync(folder, { recursive: true })
  return { code, out: out.split('\n'), err, aws }
}
