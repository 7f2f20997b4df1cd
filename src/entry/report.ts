import { parseArgs } from 'node:util'
import { type AwsClock, createAwsClock } from '../adapters/aws/aws-clock.ts'
import { createClients } from '../adapters/aws/clients.ts'
import { createAwsAdapters } from '../adapters/aws/create-aws-adapters.ts'
import { createDynamoClient } from '../adapters/dynamodb/client.ts'
import { createDynamoTable } from '../adapters/dynamodb/table.ts'
import { visible } from '../adapters/slack/mrkdwn.ts'
import type { Table } from '../app/ports.ts'
import { reconcile } from '../app/reconcile.ts'
import type { AccessRequest } from '../core/access-request.ts'
import type { Fault } from '../core/errors.ts'
import { isRequestId } from '../core/ids.ts'
import { exactTime, latestMonths } from '../core/instant.ts'
import { describeProblems, loadCatalogue } from './catalogue.ts'
import { awsCheck, tableCheck } from './check-aws.ts'
import { inColumns } from './columns.ts'
import { describeRequest } from './report-request.ts'
import { describeComparison } from './report-strays.ts'
import { readSettings } from './settings.ts'
import { inWords, runChecks } from './start-checks.ts'

const usage = 'Usage: npm run report -- [request id | --strays]'

/** Of this month and the last, newest first. */
const mostListed = 20

/**
 * `npm run report`: the latest requests, one request, or with `--strays` where AWS and the records disagree. Reads only,
 * with the variables of the bot and without Slack. Ends with 1 when there is nothing to show or something could not be read.
 */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { strays: { type: 'boolean' } }, allowPositionals: true })
  if (positionals.length > 1 || (values.strays && positionals.length > 0)) return fail(usage)
  const read = readSettings(process.env)
  const { tableName = 'curfew', configPath = 'curfew.yaml' } = 'settings' in read ? read.settings : read.readable
  const dynamo = createDynamoClient()
  const clock = createAwsClock(createClients({}).sts)
  const problems = await runChecks([awsCheck(clock), tableCheck(dynamo, tableName, false)])
  if (problems.length > 0) return fail(...problems)
  const onUnreadable = ({ message }: Fault) => fail(message)
  const table = createDynamoTable({ client: dynamo, tableName, clock, onUnreadable })
  const [id] = positionals
  if (values.strays) return printStrays(table, configPath)
  return id === undefined ? printLatest(table, clock) : printRequest(table, clock, id)
}

async function printRequest(table: Table, clock: AwsClock, id: string): Promise<void> {
  if (!isRequestId(id))
    return fail(`${visible(id)} is not a request id: those are req_ and 20 letters and digits. ${usage}`)
  const request = await table.request(id)
  if (!request) return fail(`There is no request ${id}. npm run report lists the latest.`)
  const set = 'target' in request && request.target.kind === 'permissionSet' ? request.target : undefined
  const roster = set && (await table.roster(set))
  console.log(describeRequest(request, roster, clock.now(), timeZone()))
}

async function printLatest(table: Table, clock: AwsClock): Promise<void> {
  const [thisMonth, lastMonth] = latestMonths(clock.now())
  const found = await table.byMonth(thisMonth, mostListed)
  if (found.length < mostListed) found.push(...(await table.byMonth(lastMonth, mostListed - found.length)))
  if (found.length === 0) return console.log('Nobody has asked for anything this month or the last.')
  const rows = found.map(rowOf)
  console.log(inColumns([['request', 'status', 'who', 'what', 'where', 'asked', 'until'], ...rows]))
}

function rowOf(request: AccessRequest): string[] {
  const { id, status, requester, title, account, submittedAt } = request
  const until = 'expiresAt' in request ? exactTime(request.expiresAt, timeZone()) : ''
  return [id, status, requester.name, title.en, account.name, exactTime(submittedAt, timeZone()), until].map(visible)
}

async function printStrays(table: Table, configPath: string): Promise<void> {
  const loaded = await loadCatalogue(configPath)
  if ('problems' in loaded) return fail(describeProblems(loaded.problems, configPath))
  const { catalogue } = loaded
  const { clock, inventory } = createAwsAdapters({ catalogue })
  await clock.measure()
  console.error('Comparing AWS with the records, at most four calls a second …')
  const comparison = await reconcile({ table, clock, inventory }, catalogue)
  console.log(describeComparison(comparison, catalogue))
  if (comparison.unread.length > 0) process.exitCode = 1
}

function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

function fail(...lines: string[]): void {
  for (const line of lines) console.error(line)
  process.exitCode = 1
}

await main().catch((error: Error & { code?: string }) =>
  fail(error.code?.startsWith('ERR_PARSE_ARGS') ? `${inWords(error)} ${usage}` : inWords(error)),
)
// Connections kept alive must not keep the terminal waiting.
process.exit()
