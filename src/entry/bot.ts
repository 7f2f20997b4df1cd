import { randomUUID } from 'node:crypto'
import bolt from '@slack/bolt'
import { createAwsAdapters } from '../adapters/aws/create-aws-adapters.ts'
import { createDynamoClient } from '../adapters/dynamodb/client.ts'
import { createTableIfMissing, describeTable } from '../adapters/dynamodb/create-table.ts'
import { createDynamoTable } from '../adapters/dynamodb/table.ts'
import { createAnnouncer } from '../adapters/slack/announcer.ts'
import { createSlackClients } from '../adapters/slack/clients.ts'
import { createDirectory } from '../adapters/slack/directory.ts'
import { registerListeners } from '../adapters/slack/register.ts'
import type { Ports } from '../app/ports.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { describeProblems, loadCatalogue } from './catalogue.ts'
import { createEngine, type Engine } from './engine.ts'
import { createLog } from './log.ts'
import { endWithParent, onEndSignal } from './process-end.ts'
import { readSettings, type Settings } from './settings.ts'
import { inWords, tryToStart } from './start-checks.ts'

/** `npm run bot`: the long-running bot. Says everything that keeps it from working and ends with 1, or runs until told to end. */
async function main(): Promise<void> {
  const read = readSettings(process.env)
  if ('problems' in read) return refuseToStart(read.problems)
  const loaded = await loadCatalogue(read.settings.configPath)
  if ('problems' in loaded)
    return refuseToStart(describeProblems(loaded.problems, read.settings.configPath).split('\n'))
  const problems = await run(read.settings, loaded.catalogue)
  if (problems.length > 0) refuseToStart(problems)
}

async function run(settings: Settings, catalogue: Catalogue): Promise<string[]> {
  const log = createLog()
  const aws = createAwsAdapters({ catalogue })
  const slack = createSlackClients(settings.slackBotToken, settings.slackApiUrl)
  const dynamo = createDynamoClient()
  const problems = await tryToStart([
    ['AWS', () => aws.clock.measure()],
    ['Slack', () => slack.worker.auth.test()],
    [
      'DynamoDB',
      async () => {
        if (settings.createTable) await createTableIfMissing(dynamo, settings.tableName)
        const [first] = await describeTable(dynamo, settings.tableName)
        if (first) throw new Error(first)
      },
    ],
  ])
  if (problems.length > 0) return problems

  const ports: Ports = {
    clock: aws.clock,
    userPolicies: aws.userPolicies,
    assignments: aws.assignments,
    accounts: aws.accounts,
    table: createDynamoTable({
      client: dynamo,
      tableName: settings.tableName,
      clock: aws.clock,
      onWritten: (item, dueAt) => engine.dueNext(item, dueAt),
    }),
    directory: createDirectory(slack.interactive, { clock: aws.clock, cacheSeconds: 60 }),
    announcer: createAnnouncer(slack.worker, { catalogue }),
    log,
    wake: item => engine.wake(item),
    token: randomUUID,
  }
  const engine: Engine = createEngine(ports, catalogue, {
    sweepSeconds: settings.sweepSeconds,
    measure: () => aws.clock.measure(),
  })
  const app = new bolt.App({
    token: settings.slackBotToken,
    appToken: settings.slackAppToken,
    socketMode: true,
    logLevel: bolt.LogLevel.ERROR,
    clientOptions: {
      ...(settings.slackApiUrl === undefined ? {} : { slackApiUrl: settings.slackApiUrl }),
      timeout: 2500,
      retryConfig: { retries: 0 },
    },
  })
  registerListeners(app, { ports, catalogue, client: slack.interactive })
  try {
    await app.start()
  } catch (error) {
    return [`Slack: ${inWords(error)}`]
  }
  engine.start()
  log('ready', { mode: 'socket' })
  const end = async () => {
    log('stopping', {})
    // What is under way may finish; what cannot is taken up by the next process.
    setTimeout(() => process.exit(0), 5000).unref()
    await Promise.all([app.stop(), engine.stop()]).catch(() => undefined)
    process.exit(0)
  }
  onEndSignal(end)
  endWithParent(end)
  return []
}

function refuseToStart(problems: string[]): void {
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  // Sockets that a check left open must not keep a bot alive that will not work.
  process.exit(1)
}

await main()
