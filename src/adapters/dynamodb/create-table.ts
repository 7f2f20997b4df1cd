import { setTimeout as sleep } from 'node:timers/promises'
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  type KeySchemaElement,
  type TableDescription,
} from '@aws-sdk/client-dynamodb'
import { Fault } from '../../core/errors.ts'
import { faultOf, inTime } from './client.ts'

const tableKeys = keySchema('pk', 'sk')

/** All of them from the first day: an index added later has to be filled. `due` needs no more than the keys. */
const indexes = [
  { IndexName: 'due', KeySchema: keySchema('dueShard', 'dueAt'), Projection: { ProjectionType: 'KEYS_ONLY' } },
  { IndexName: 'person', KeySchema: keySchema('requesterId', 'submittedAt'), Projection: { ProjectionType: 'ALL' } },
  { IndexName: 'month', KeySchema: keySchema('submittedMonth', 'submittedAt'), Projection: { ProjectionType: 'ALL' } },
] as const satisfies CreateTableCommandInput['GlobalSecondaryIndexes']

const attributeNames = ['pk', 'sk', 'dueShard', 'dueAt', 'requesterId', 'submittedMonth', 'submittedAt']
const activeWithinSeconds = 60

/**
 * Creates the table when there is none, and waits until it can be used. A table that is there is left as it is; two
 * processes may call this at once. Throws a Fault when DynamoDB refuses or the table is not active within a minute.
 */
export async function createTableIfMissing(client: DynamoDBClient, tableName: string): Promise<void> {
  if ((await describe(client, tableName)) === undefined) await create(client, tableName)
  for (let second = 0; second < activeWithinSeconds; second += 0.2) {
    if (isActive(await describe(client, tableName))) return
    await sleep(200)
  }
  throw new Fault('table_unreachable', `The table ${tableName} is not active after ${activeWithinSeconds} s.`, {
    retryable: true,
    answered: true,
  })
}

/** Whether there is such a table, ready or not. Throws a Fault when DynamoDB does not say. */
export async function tableExists(client: DynamoDBClient, tableName: string): Promise<boolean> {
  return (await describe(client, tableName)) !== undefined
}

/** What keeps the table from being used, one sentence each; empty when it is as it must be. Never throws. */
export async function describeTable(client: DynamoDBClient, tableName: string): Promise<string[]> {
  let table: TableDescription | undefined
  try {
    table = await describe(client, tableName)
  } catch (error) {
    return [error instanceof Fault ? error.message : String(error)]
  }
  if (!table) return [`There is no table ${tableName}. Set CURFEW_CREATE_TABLE=1 to have it created.`]
  const problems: string[] = []
  if (!isActive(table)) problems.push(`The table ${tableName} is ${table.TableStatus ?? 'not there'}, not ACTIVE.`)
  const compare = (what: string, found: KeySchemaElement[] | undefined, wanted: KeySchemaElement[]) => {
    if (inWords(found) !== inWords(wanted)) {
      problems.push(`${what} has the keys ${inWords(found)}; it needs ${inWords(wanted)}.`)
    }
  }
  compare(`The table ${tableName}`, table.KeySchema, tableKeys)
  for (const { IndexName, KeySchema, Projection } of indexes) {
    const index = table.GlobalSecondaryIndexes?.find(candidate => candidate.IndexName === IndexName)
    if (!index) {
      problems.push(`The table ${tableName} has no index ${IndexName}.`)
      continue
    }
    compare(`The index ${IndexName} of ${tableName}`, index.KeySchema, KeySchema)
    const projected = index.Projection?.ProjectionType
    if (Projection.ProjectionType === 'ALL' && projected !== 'ALL') {
      problems.push(`The index ${IndexName} of ${tableName} projects ${projected}; it needs ALL.`)
    }
  }
  return problems
}

async function create(client: DynamoDBClient, tableName: string): Promise<void> {
  const command = new CreateTableCommand({
    TableName: tableName,
    KeySchema: tableKeys,
    AttributeDefinitions: attributeNames.map(name => ({ AttributeName: name, AttributeType: 'S' })),
    GlobalSecondaryIndexes: [...indexes],
    BillingMode: 'PAY_PER_REQUEST',
    // Losing the table is losing what has to be removed.
    DeletionProtectionEnabled: true,
  })
  try {
    await inTime(options => client.send(command, options))
  } catch (error) {
    // Somebody else was first, perhaps our own unheard call.
    if (!(error instanceof Error && error.name === 'ResourceInUseException')) throw faultOf(error)
  }
}

async function describe(client: DynamoDBClient, tableName: string): Promise<TableDescription | undefined> {
  try {
    const command = new DescribeTableCommand({ TableName: tableName })
    return (await inTime(options => client.send(command, options))).Table
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined
    throw faultOf(error)
  }
}

function isActive(table: TableDescription | undefined): boolean {
  const building = table?.GlobalSecondaryIndexes?.some(index => index.IndexStatus !== 'ACTIVE')
  return table?.TableStatus === 'ACTIVE' && !building
}

function keySchema(hash: string, range: string): KeySchemaElement[] {
  return [
    { AttributeName: hash, KeyType: 'HASH' },
    { AttributeName: range, KeyType: 'RANGE' },
  ]
}

function inWords(keys: KeySchemaElement[] = []): string {
  return keys.map(key => `${key.AttributeName} (${key.KeyType})`).join(', ')
}
