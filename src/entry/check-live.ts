import { createAwsClock } from '../adapters/aws/aws-clock.ts'
import { createClients } from '../adapters/aws/clients.ts'
import { createAwsAdapters } from '../adapters/aws/create-aws-adapters.ts'
import { createDynamoClient } from '../adapters/dynamodb/client.ts'
import { tableExists } from '../adapters/dynamodb/create-table.ts'
import { createDynamoTable } from '../adapters/dynamodb/table.ts'
import { visible } from '../adapters/slack/mrkdwn.ts'
import { checkLive } from '../app/check-live.ts'
import type { Clock, Ports } from '../app/ports.ts'
import type { Catalogue } from '../core/entitlement.ts'
import type { Looked, LookedAt } from '../core/looked.ts'
import { awsCheck } from './check-aws.ts'
import { readSettings } from './settings.ts'
import { runChecks } from './start-checks.ts'

/**
 * `npm run check -- --live`: whether AWS is as the catalogue needs it, with the credentials of the bot, place by place as
 * it is read. False when something is missing or could not be read.
 */
export async function printLive(catalogue: Catalogue, from: string | undefined): Promise<boolean> {
  const problems = await runChecks([awsCheck(createAwsClock(createClients({}).sts))])
  if (problems.length > 0) {
    console.error(problems.join('\n'))
    return false
  }
  console.error('Reading AWS, at most four calls a second …')
  const { clock, inlinePolicies, leashes, accounts, inventory } = createAwsAdapters({ catalogue })
  await clock.measure()
  const ports = { clock, inlinePolicies, leashes, accounts, inventory, roster: rosters(clock) }
  const all: Looked[] = []
  for await (const place of checkLive(ports, catalogue, from)) {
    console.log(`${describePlace(place)}\n`)
    if ('lines' in place) all.push(...place.lines)
  }
  console.log(summary(all))
  return !all.some(({ mark }) => mark === 'missing' || mark === 'unread')
}

/** Curfew's own record of who is on which set. Before the bot ran for the first time there is no table, and nobody. */
function rosters(clock: Clock): Ports['table']['roster'] {
  const read = readSettings(process.env)
  const { tableName = 'curfew' } = 'settings' in read ? read.settings : read.readable
  const client = createDynamoClient()
  const table = createDynamoTable({ client, tableName, clock })
  let exists: Promise<boolean> | undefined
  return async key => {
    exists ??= tableExists(client, tableName)
    return (await exists) ? table.roster(key) : undefined
  }
}

const signs: Record<Looked['mark'], string> = { ok: '✓', missing: '✗', note: '·', unread: '?' }

function describePlace(place: LookedAt): string {
  if ('text' in place) return `${place.title}:\n\n${place.text.join('\n')}`
  const width = Math.max(...place.lines.map(({ about }) => about.length))
  const lines = place.lines.flatMap(({ mark, about, says, fixes = [] }) => [
    `  ${signs[mark]}  ${about.padEnd(width)}  ${visible(says)}`,
    ...fixes.map(fix => `       ${visible(fix)}`),
  ])
  return [visible(place.title), ...lines].join('\n')
}

function summary(all: Looked[]): string {
  const count = (mark: Looked['mark']) => all.filter(one => one.mark === mark).length
  const parts = [
    ...(count('missing') > 0 ? [`${count('missing')} to mend (✗)`] : []),
    ...(count('unread') > 0 ? [`${count('unread')} could not be read (?)`] : []),
  ]
  return parts.length === 0 ? 'AWS is as the catalogue needs it.' : `${parts.join(', ')}.`
}
