import { createHash, randomUUID } from 'node:crypto'
import type { App } from '@slack/bolt'
import { createAwsClock } from '../adapters/aws/aws-clock.ts'
import { createClients } from '../adapters/aws/clients.ts'
import { createAwsAdapters } from '../adapters/aws/create-aws-adapters.ts'
import { createDynamoClient } from '../adapters/dynamodb/client.ts'
import { createTableIfMissing } from '../adapters/dynamodb/create-table.ts'
import { createDynamoTable } from '../adapters/dynamodb/table.ts'
import { createAnnouncer } from '../adapters/slack/announcer.ts'
import { createSlackClients } from '../adapters/slack/clients.ts'
import { createDigest } from '../adapters/slack/digest.ts'
import { createDirectory } from '../adapters/slack/directory.ts'
import { createNotices } from '../adapters/slack/notices.ts'
import { createPace } from '../adapters/slack/pace.ts'
import { registerListeners } from '../adapters/slack/register.ts'
import type { Ports } from '../app/ports.ts'
import { reconcileDaily } from '../app/reconcile-daily.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { requestIdFrom } from '../core/ids.ts'
import { describeProblems, loadCatalogue } from './catalogue.ts'
import { awsCheck, tableCheck } from './check-aws.ts'
import { appTokenCheck, botTokenCheck } from './check-slack.ts'
import { createEngine, type Engine } from './engine.ts'
import { hearOverHttp, hearOverSockets } from './hear-slack.ts'
import { createHttpServer, type HttpServer, portCheck } from './http-server.ts'
import { createAudit, createLog } from './log.ts'
import { endWithParent, onEndSignal } from './process-end.ts'
import { type Readable, readSettings, type Settings } from './settings.ts'
import { inWords, runChecks, type StartCheck } from './start-checks.ts'

/** `npm run bot`: the long-running bot. Says everything that keeps it from working and ends with 1, or runs until told to end. */
async function main(): Promise<void> {
  const read = readSettings(process.env)
  const readable: Readable = 'settings' in read ? read.settings : read.readable
  const configPath = readable.configPath ?? 'curfew.yaml'
  const loaded = await loadCatalogue(configPath)
  const catalogue = 'catalogue' in loaded ? loaded.catalogue : undefined
  const server = createHttpServer()

  const problems: string[] = 'problems' in read ? [...read.problems] : []
  if ('problems' in loaded) problems.push(...describeProblems(loaded.problems, configPath).split('\n'))
  problems.push(...(await runChecks(startChecks(readable, catalogue, server))))
  if (problems.length === 0 && 'settings' in read && catalogue) await run(read.settings, catalogue, server)
  else refuseToStart(problems)
}

/** The checks for which the settings are there: a bot that will not start for another reason runs them all the same. */
function startChecks(settings: Readable, catalogue: Catalogue | undefined, server: HttpServer) {
  // Whoever wrote something unreadable there wants the table created.
  const { slackBotToken, receiving, slackApiUrl, tableName, createTable = true } = settings
  // Without a bot token the client has something to ask still, with the app-level token.
  const { worker } = createSlackClients(slackBotToken ?? '', slackApiUrl)
  const checks: StartCheck[] = []
  if (slackBotToken !== undefined) checks.push(botTokenCheck(worker, catalogue?.slack))
  if (receiving?.mode === 'socket') checks.push(appTokenCheck(worker, receiving.appToken))
  if (receiving?.mode === 'http') checks.push(portCheck(server, receiving.port))
  checks.push(awsCheck(createAwsClock(createClients({}).sts)))
  if (tableName !== undefined) checks.push(tableCheck(createDynamoClient(), tableName, createTable))
  return checks
}

/** Runs the bot, for which everything is there. Throws when something has gone since it was checked. */
async function run(settings: Settings, catalogue: Catalogue, server: HttpServer): Promise<void> {
  const log = createLog()
  const aws = createAwsAdapters({ catalogue })
  const slack = createSlackClients(settings.slackBotToken, settings.slackApiUrl)
  const dynamo = createDynamoClient()
  const pace = createPace()
  await aws.clock.measure()
  if (settings.createTable) await createTableIfMissing(dynamo, settings.tableName)

  const ports: Ports = {
    clock: aws.clock,
    inlinePolicies: aws.inlinePolicies,
    simulator: aws.simulator,
    assignments: aws.assignments,
    leashes: aws.leashes,
    accounts: aws.accounts,
    table: createDynamoTable({
      client: dynamo,
      tableName: settings.tableName,
      clock: aws.clock,
      onWritten: (item, dueAt) => engine.dueNext(item, dueAt),
      onUnreadable: ({ code, message }) => log('table.unreadable', { code, problem: message }),
    }),
    directory: createDirectory(slack.interactive, { clock: aws.clock, cacheSeconds: 60 }),
    announcer: createAnnouncer(slack.worker, { catalogue, pace }),
    notices: createNotices(slack.worker, pace),
    log,
    audit: createAudit(),
    wake: item => engine.wake(item),
    token: randomUUID,
    grantsOn: settings.grantsOn,
  }
  const idOf = (name: string) => requestIdFrom(createHash('sha256').update(name).digest())
  const comparing = { ...ports, idOf, inventory: aws.inventory, digest: createDigest(slack.worker, { catalogue }) }
  const engine: Engine = createEngine(ports, catalogue, {
    sweepSeconds: settings.sweepSeconds,
    measure: () => aws.clock.measure(),
    daily: () => reconcileDaily(comparing, catalogue),
  })
  const options = {
    token: settings.slackBotToken,
    apiUrl: settings.slackApiUrl,
    log,
    register: (app: App) => registerListeners(app, { ports, catalogue, client: slack.interactive }),
  }
  const { receiving } = settings
  const hearing =
    receiving.mode === 'http'
      ? hearOverHttp(server, receiving.signingSecret, { ...options, isWell: () => engine.isWell() })
      : await hearOverSockets(receiving.appToken, options)
  engine.start()
  log('ready', { mode: receiving.mode, ...(receiving.mode === 'http' && { port: server.port() }) })
  const end = async () => {
    log('stopping', {})
    // What is under way may finish; what cannot is taken up by the next process.
    setTimeout(() => process.exit(0), 5000).unref()
    await Promise.all([hearing.stop(), engine.stop()]).catch(() => undefined)
    process.exit(0)
  }
  onEndSignal(end)
  endWithParent(end)
}

function refuseToStart(problems: string[]): void {
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  // Sockets that a check left open must not keep a bot alive that will not work.
  process.exit(1)
}

await main().catch((error: unknown) => refuseToStart([`Curfew cannot start: ${inWords(error)}`]))
