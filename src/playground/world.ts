import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AwsSeed } from './aws/seed.ts'
import { type SimulatedAws, startSimulatedAws } from './aws/simulated-aws.ts'
import { type BotProcess, createBotProcess } from './bot-process.ts'
import { type EmbeddedTable, startEmbeddedTable } from './embedded-table.ts'
import { type Journal, openJournal } from './journal.ts'
import type { SlackSeed } from './slack/seed.ts'
import { type SimulatedSlack, startSimulatedSlack } from './slack/simulated-slack.ts'
import { awsSeed, botAccessKeyId } from './story-aws.ts'
import { slackSeed } from './story-slack.ts'
import { createWorldClock, type WorldClock } from './world-clock.ts'

/** Everything around the bot, and the bot's switch. */
export type World = {
  journal: Journal
  clock: WorldClock
  slack: SimulatedSlack
  aws: SimulatedAws
  table: EmbeddedTable
  bot: BotProcess
  /** The public variables a bot needs to live in this world. */
  botVariables: Record<string, string>
  close(): Promise<void>
}

const exampleCatalogue = fileURLToPath(new URL('../../infra/curfew.example.yaml', import.meta.url))

/**
 * Starts the world in `folder`, where it finds itself as it was, or in memory (tests). The bot is not started yet.
 * `mode`: whether the bot opens connections to Slack (`socket`, unless told) or Slack posts to the bot's port.
 * `rateLimits: 'off'`: Slack takes as many calls a minute as it gets, for tests that play hours in a minute.
 */
export async function startWorld(
  options: {
    folder?: string
    catalogue?: string
    sweepSeconds?: number
    mode?: 'socket' | 'http'
    seed?: SlackSeed
    aws?: AwsSeed
    rateLimits?: 'enforced' | 'off'
  } = {},
): Promise<World> {
  const {
    folder,
    catalogue = exampleCatalogue,
    sweepSeconds = 1,
    mode = 'socket',
    seed = slackSeed,
    rateLimits,
  } = options
  const journal = openJournal(folder && join(folder, 'journal.jsonl'))
  const clock = createWorldClock(journal)
  const [slack, aws, table] = await Promise.all([
    startSimulatedSlack({ journal, clock, seed, ...(rateLimits && { rateLimits }) }),
    startSimulatedAws({ journal, clock, seed: options.aws ?? awsSeed }),
    startEmbeddedTable(folder && join(folder, 'table')),
  ])
  const botVariables = {
    CURFEW_CONFIG: catalogue,
    CURFEW_TABLE: 'curfew',
    CURFEW_CREATE_TABLE: '1',
    CURFEW_SWEEP_SECONDS: String(sweepSeconds),
    SLACK_BOT_TOKEN: slackSeed.app.botToken,
    ...(mode === 'socket'
      ? { SLACK_APP_TOKEN: slackSeed.app.appToken }
      : { SLACK_SIGNING_SECRET: slackSeed.app.signingSecret, PORT: '0' }),
    SLACK_API_URL: slack.url,
    AWS_REGION: 'ap-northeast-1',
    AWS_ENDPOINT_URL: aws.url,
    AWS_ENDPOINT_URL_DYNAMODB: table.url,
    AWS_ACCESS_KEY_ID: botAccessKeyId,
    AWS_SECRET_ACCESS_KEY: 'simulated-secret-access-key',
    // The user's own profiles are none of the bot's business here.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  }
  const bot = createBotProcess(botVariables)
  bot.onChange(() => {
    if (bot.state() === 'ready') return
    const type = bot.state() === 'starting' ? 'started' : 'stopped'
    journal.append({ at: new Date(clock.now()).toISOString(), source: 'bot', type, data: {} })
  })
  if (mode === 'http') {
    // Each start picks another port; here it is what an operator enters at Slack as the request URL.
    bot.onLine(line => {
      const [, port] = /^\{.*"event":"ready".*"port":(\d+)/.exec(line) ?? []
      if (port !== undefined) slack.setRequestUrl(`http://127.0.0.1:${port}/slack/events`)
    })
  }
  return {
    ...{ journal, clock, slack, aws, table, bot, botVariables },
    async close() {
      await bot.stop()
      await Promise.all([slack.close(), aws.close(), table.close()])
      journal.close()
    },
  }
}
