import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type SimulatedAws, startSimulatedAws } from './aws/simulated-aws.ts'
import { type BotProcess, createBotProcess } from './bot-process.ts'
import { type EmbeddedTable, startEmbeddedTable } from './embedded-table.ts'
import { type Journal, openJournal } from './journal.ts'
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

/** Starts the world in `folder`, where it finds itself as it was, or in memory (tests). The bot is not started yet. */
export async function startWorld(
  options: { folder?: string; catalogue?: string; sweepSeconds?: number } = {},
): Promise<World> {
  const { folder, catalogue = exampleCatalogue, sweepSeconds = 1 } = options
  const journal = openJournal(folder && join(folder, 'journal.jsonl'))
  const clock = createWorldClock(journal)
  const [slack, aws, table] = await Promise.all([
    startSimulatedSlack({ journal, clock, seed: slackSeed }),
    startSimulatedAws({ journal, clock, seed: awsSeed }),
    startEmbeddedTable(folder && join(folder, 'table')),
  ])
  const botVariables = {
    CURFEW_CONFIG: catalogue,
    CURFEW_TABLE: 'curfew',
    CURFEW_CREATE_TABLE: '1',
    CURFEW_SWEEP_SECONDS: String(sweepSeconds),
    SLACK_BOT_TOKEN: slackSeed.app.botToken,
    SLACK_APP_TOKEN: slackSeed.app.appToken,
    SLACK_API_URL: slack.url,
    AWS_REGION: 'ap-northeast-1',
    AWS_ENDPOINT_URL: aws.url,
    AWS_ENDPOINT_URL_DYNAMODB: table.url,
    AWS_ACCESS_KEY_ID: botAccessKeyId,
    AWS_SECRET_ACCESS_KEY: 'simulated',
    // The user's own profiles are none of the bot's business here.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  }
  const bot = createBotProcess(botVariables)
  return {
    ...{ journal, clock, slack, aws, table, bot, botVariables },
    async close() {
      await bot.stop()
      await Promise.all([slack.close(), aws.close(), table.close()])
      journal.close()
    },
  }
}
