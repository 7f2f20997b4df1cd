import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { startSimulatedAws } from '../../src/playground/aws/simulated-aws.ts'
import { startEmbeddedTable } from '../../src/playground/embedded-table.ts'
import { openJournal } from '../../src/playground/journal.ts'
import type { SlackSeed } from '../../src/playground/slack/seed.ts'
import { startSimulatedSlack } from '../../src/playground/slack/simulated-slack.ts'
import { awsSeed } from '../../src/playground/story-aws.ts'
import { slackSeed } from '../../src/playground/story-slack.ts'
import { createWorldClock } from '../../src/playground/world-clock.ts'
import { awsVariables, nodeVariables } from '../support/child.ts'

const entry = fileURLToPath(new URL('../../src/entry/bot.ts', import.meta.url))
const exampleFile = fileURLToPath(new URL('../../infra/curfew.example.yaml', import.meta.url))

/** The workspace of the story, with channels that Curfew cannot use. */
const seed: SlackSeed = {
  ...slackSeed,
  channels: [
    ...slackSeed.channels,
    { id: 'C0SHARED', name: 'with-a-partner', members: ['U0CURFEW'], isExtShared: true },
    { id: 'C0OLD', name: 'old', members: ['U0CURFEW'], isArchived: true },
  ],
}

/** Slack, AWS and DynamoDB for bots that are started to see what they say. Not a World: that one has a bot of its own. */
export async function startSurroundings() {
  const journal = openJournal()
  const clock = createWorldClock(journal)
  const folder = mkdtempSync(join(tmpdir(), 'curfew-'))
  const [slack, poorSlack, aws, table] = await Promise.all([
    startSimulatedSlack({ journal, clock, seed, rateLimits: 'off' }),
    startSimulatedSlack({ journal: openJournal(), clock, seed: withoutTwoScopes, rateLimits: 'off' }),
    startSimulatedAws({ journal, clock, seed: awsSeed }),
    startEmbeddedTable(),
  ])
  return {
    slack,
    /** The same workspace, where the app was installed without two of its scopes. */
    poorSlack,
    aws,
    table,
    /** What a bot needs to start here, in Socket Mode. */
    variables: {
      CURFEW_CONFIG: exampleFile,
      CURFEW_CREATE_TABLE: '1',
      SLACK_BOT_TOKEN: seed.app.botToken,
      SLACK_APP_TOKEN: seed.app.appToken,
      SLACK_API_URL: slack.url,
      ...awsVariables(aws, table),
    } as Record<string, string>,
    /** The example catalogue, in a file of its own, with texts replaced: each by the one after it. */
    catalogue(...replaced: string[]): string {
      let text = readFileSync(exampleFile, 'utf8')
      for (let index = 0; index < replaced.length; index += 2) {
        const [from = '', to = ''] = replaced.slice(index)
        if (!text.includes(from)) throw new Error(`the example has no ${from}`)
        text = text.replace(from, to)
      }
      const file = join(mkdtempSync(join(folder, 'c-')), 'curfew.yaml')
      writeFileSync(file, text)
      return file
    },
    async close() {
      await Promise.all([slack.close(), poorSlack.close(), aws.close(), table.close()])
      rmSync(folder, { recursive: true })
    },
  }
}

const withoutTwoScopes: SlackSeed = {
  ...seed,
  app: {
    ...seed.app,
    scopes: seed.app.scopes.filter(scope => !['usergroups:read', 'users:read.email'].includes(scope)),
  },
}

/** Starts a bot with exactly these variables. `lines` grows while it runs; `ended` resolves with the exit code. */
export function startBot(variables: Record<string, string>) {
  const env = { ...nodeVariables(), ...variables }
  const child = spawn(process.execPath, [entry], { cwd: tmpdir(), env, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  const complained: string[] = []
  createInterface({ input: child.stdout }).on('line', line => said.push(line))
  createInterface({ input: child.stderr }).on('line', line => complained.push(line))
  const ended = new Promise<number | null>(resolve => child.once('close', code => resolve(code)))
  return { said, complained, ended, kill: (signal: NodeJS.Signals) => child.kill(signal) }
}
