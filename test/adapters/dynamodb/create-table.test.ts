import { CreateTableCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createDynamoClient } from '../../../src/adapters/dynamodb/client.ts'
import { createTableIfMissing, describeTable } from '../../../src/adapters/dynamodb/create-table.ts'
import { awsSettings, startDynalite } from '../../support/start-dynalite.ts'

let engine: Awaited<ReturnType<typeof startDynalite>>
let client: ReturnType<typeof createDynamoClient>

beforeAll(async () => {
  engine = await startDynalite()
  client = createDynamoClient(awsSettings(engine.url))
})
afterAll(() => engine.stop())

it('a missing table is a problem, until it is created', async () => {
  expect(await describeTable(client, 'curfew')).toEqual([
    'There is no table curfew. Set CURFEW_CREATE_TABLE=1 to have it created.',
  ])
  await createTableIfMissing(client, 'curfew')
  expect(await describeTable(client, 'curfew')).toEqual([])
})

it('the table is billed on demand and has the keys and indexes that the code reads', async () => {
  await createTableIfMissing(client, 'curfew-keys')
  const { Table: table } = await client.send(new DescribeTableCommand({ TableName: 'curfew-keys' }))
  const keys = (schema: { AttributeName?: string | undefined }[] = []) => schema.map(key => key.AttributeName)
  expect(table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST')
  expect(keys(table?.KeySchema)).toEqual(['pk', 'sk'])
  const indexes = table?.GlobalSecondaryIndexes?.map(index => [
    index.IndexName,
    keys(index.KeySchema),
    index.Projection?.ProjectionType,
  ])
  expect(indexes?.sort()).toEqual([
    ['due', ['dueShard', 'dueAt'], 'KEYS_ONLY'],
    ['month', ['submittedMonth', 'submittedAt'], 'ALL'],
    ['person', ['requesterId', 'submittedAt'], 'ALL'],
  ])
})

it('several processes may create the table at once, and again later', async () => {
  await Promise.all([1, 2, 3].map(() => createTableIfMissing(client, 'curfew-race')))
  await createTableIfMissing(client, 'curfew-race')
  expect(await describeTable(client, 'curfew-race')).toEqual([])
})

it('a table made by somebody else is told apart in words', async () => {
  await client.send(
    new CreateTableCommand({
      TableName: 'other',
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: ['id', 'requesterId', 'dueShard', 'dueAt'].map(name => ({
        AttributeName: name,
        AttributeType: 'S',
      })),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'due',
          KeySchema: [
            { AttributeName: 'dueShard', KeyType: 'HASH' },
            { AttributeName: 'dueAt', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
        {
          IndexName: 'person',
          KeySchema: [{ AttributeName: 'requesterId', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  )
  await createTableIfMissing(client, 'other')
  expect(await describeTable(client, 'other')).toEqual([
    'The table other has the keys id (HASH); it needs pk (HASH), sk (RANGE).',
    'The index person of other has the keys requesterId (HASH); it needs requesterId (HASH), submittedAt (RANGE).',
    'The index person of other projects KEYS_ONLY; it needs ALL.',
    'The table other has no index month.',
  ])
})

it('an unreachable DynamoDB is a problem like any other', async () => {
  const nobody = createDynamoClient(awsSettings('http://127.0.0.1:1'))
  expect(await describeTable(nobody, 'curfew')).toEqual([
    expect.stringMatching(/^The table did not answer: .*ECONNREFUSED/),
  ])
})
