import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createDynamoClient } from '../../../src/adapters/dynamodb/client.ts'
import { createTableIfMissing } from '../../../src/adapters/dynamodb/create-table.ts'
import { createDynamoTable } from '../../../src/adapters/dynamodb/table.ts'
import type { Clock, Table } from '../../../src/app/ports.ts'
import type { Fault } from '../../../src/core/errors.ts'
import { aMember, anId, aRequest, aRoster, aSetRequest, at, delivered, someId } from '../../support/builders.ts'
import { type LosingProxy, startLosingProxy } from '../../support/losing-proxy.ts'
import { awsSettings, startDynalite } from '../../support/start-dynalite.ts'
import { tableContract } from '../../support/table-contract.ts'

let engine: Awaited<ReturnType<typeof startDynalite>>
let proxy: LosingProxy
let tables = 0
const noon: Clock = { now: () => at('12:00'), after: async () => {} }

beforeAll(async () => {
  engine = await startDynalite()
  proxy = await startLosingProxy(engine.url)
})
afterAll(async () => {
  await proxy.stop()
  await engine.stop()
})

async function newTable(): Promise<string> {
  tables++
  const tableName = `curfew-${tables}`
  await createTableIfMissing(createDynamoClient(awsSettings(engine.url)), tableName)
  return tableName
}

tableContract('the table in DynamoDB', async clock =>
  createDynamoTable({ client: createDynamoClient(awsSettings(engine.url)), tableName: await newTable(), clock }),
)

describe('the table in DynamoDB', () => {
  let tableName: string
  let table: Table
  let throughProxy: Table
  const documents = () => DynamoDBDocumentClient.from(createDynamoClient(awsSettings(engine.url)))
  const item = async (pk: string, sk: string) =>
    (await documents().send(new GetCommand({ TableName: tableName, Key: { pk, sk } }))).Item

  beforeEach(async () => {
    tableName = await newTable()
    table = createDynamoTable({ client: createDynamoClient(awsSettings(engine.url)), tableName, clock: noon })
    throughProxy = createDynamoTable({ client: createDynamoClient(awsSettings(proxy.url)), tableName, clock: noon })
  })

  it('is not waited for when nobody even finds credentials for the call', async () => {
    const client = createDynamoClient({ ...awsSettings(engine.url), credentials: () => new Promise(() => undefined) })
    const stuck = createDynamoTable({ client, tableName, clock: noon })
    const limit = vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => {
      const controller = new AbortController()
      setImmediate(() => controller.abort())
      return controller.signal
    })
    onTestFinished(() => limit.mockRestore())
    await expect(stuck.request(someId)).rejects.toMatchObject({ code: 'table_unreachable', retryable: true })
    expect(limit).toHaveBeenCalledWith(3000)
  })

  it("leaves one item that cannot be read out of a person's requests, and tells which", async () => {
    await table.writeRequest(aRequest('pending', { id: anId(1) }))
    await table.writeRequest(aRequest('pending', { id: anId(2), submittedAt: at('10:05') }))
    const broken = { ...(await item(`REQ#${anId(2)}`, 'REQ')), durationMinutes: 'an hour' }
    await documents().send(new PutCommand({ TableName: tableName, Item: broken }))
    const unreadable: string[] = []
    const client = createDynamoClient(awsSettings(engine.url))
    const onUnreadable = ({ code, message }: Fault) => void unreadable.push(`${code} ${message}`)
    const reporting = createDynamoTable({ client, tableName, clock: noon, onUnreadable })
    expect((await reporting.byRequester('U0ALICE', 10)).map(({ id }) => id)).toEqual([anId(1)])
    expect((await reporting.byMonth('2026-11', 10)).map(({ id }) => id)).toEqual([anId(1)])
    expect(unreadable).toHaveLength(2)
    expect(unreadable[0]).toContain(`unreadable_item The item REQ#${anId(2)} REQ cannot be read: durationMinutes`)
  })

  describe('a write that nobody answered', () => {
    it.each(['lose answer', 'answer 500'] as const)('counts as stored when it is found there (%s)', async fate => {
      proxy.plan('PutItem', fate)
      const before = proxy.calls('PutItem')
      const written = await throughProxy.writeRequest(aRequest('pending'))
      expect(written).toEqual({ stored: await table.request(someId) })
      expect(proxy.calls('PutItem')).toBe(before + 1)
    })

    it('is sent again when it did not arrive', async () => {
      proxy.plan('PutItem', 'lose request', 'lose request')
      const written = await throughProxy.writeRequest(aRequest('pending'))
      expect(written).toEqual({ stored: await table.request(someId) })
      expect((await table.request(someId))?.version).toBe(1)
    })

    it('is stored once when the first try arrives after the second', async () => {
      proxy.plan('PutItem', 'deliver late')
      const written = await throughProxy.writeRequest(aRequest('pending'))
      if (!('stored' in written)) throw new Error('not stored')
      await table.writeRequest({ ...written.stored, reason: 'somebody went on from it' })
      expect(await proxy.deliverLate()).toEqual([400])
      expect(await table.request(someId)).toMatchObject({ version: 2, reason: 'somebody went on from it' })
    })

    it.each([
      'lose request',
      'lose answer',
    ] as const)('shows what stands there when somebody else has written since, and is not sent again (%s)', async fate => {
      const first = await table.writeRequest(aRequest('pending'))
      if (!('stored' in first)) throw new Error('not stored')
      const overwriting: Clock = {
        now: () => at('12:00'),
        after: async () => {
          await table.writeRequest({ ...(await table.request(someId))!, reason: 'somebody else' })
        },
      }
      const client = createDynamoClient(awsSettings(proxy.url))
      const unlucky = createDynamoTable({ client, tableName, clock: overwriting })
      proxy.plan('PutItem', fate)
      proxy.plan('GetItem', 'lose request')
      const before = proxy.calls('PutItem')
      const written = await unlucky.writeRequest({ ...first.stored, reason: 'unheard' })
      expect(written).toEqual({ current: await table.request(someId) })
      expect((await table.request(someId))?.reason).toBe('somebody else')
      expect(proxy.calls('PutItem')).toBe(before + 1)
    })

    it('is a fault that says so when it can neither be sent nor looked up', async () => {
      proxy.plan('PutItem', 'lose answer')
      proxy.plan('GetItem', 'lose request', 'lose request', 'lose request')
      const fault = { code: 'table_unreachable', retryable: true, answered: false }
      await expect(throughProxy.writeRequest(aRequest('pending'))).rejects.toMatchObject(fault)
      expect((await table.request(someId))?.version).toBe(1)
    })

    it('is given up after three tries, and may still arrive', async () => {
      proxy.plan('PutItem', 'lose request', 'lose request', 'deliver late')
      const fault = { code: 'table_unreachable', retryable: true, answered: false }
      await expect(throughProxy.writeRequest(aRequest('pending'))).rejects.toMatchObject(fault)
      expect(await table.request(someId)).toBeUndefined()
      expect(await proxy.deliverLate()).toEqual([200])
      expect((await table.request(someId))?.version).toBe(1)
    })

    it('stays in doubt when a later try of it is refused for being too many', async () => {
      proxy.plan('PutItem', 'deliver late', 'throttle', 'throttle')
      const fault = { code: 'table_busy', retryable: true, answered: false }
      await expect(throughProxy.writeRequest(aRequest('pending'))).rejects.toMatchObject(fault)
      expect(await proxy.deliverLate()).toEqual([200])
    })

    it('of a roster is found by its writeId too', async () => {
      proxy.plan('PutItem', 'lose answer')
      const written = await throughProxy.writeRoster(aRoster([aMember()]))
      expect(written).toEqual({
        stored: await table.roster({ accountId: '111111111111', permissionSet: 'Curfew-ReadOnly' }),
      })
    })
  })

  describe('throttling', () => {
    it('is waited out', async () => {
      proxy.plan('PutItem', 'throttle', 'throttle')
      proxy.plan('GetItem', 'throttle', 'throttle')
      proxy.plan('Query', 'throttle', 'throttle')
      const written = await throughProxy.writeRequest(aRequest('pending'))
      expect(written).toEqual({ stored: await throughProxy.request(someId) })
      expect(await throughProxy.due(at('23:59'))).toEqual([{ requestId: someId }])
    })

    it('is a fault after three tries, and the write is known not to have happened', async () => {
      proxy.plan('PutItem', 'throttle', 'throttle', 'throttle')
      const fault = { code: 'table_busy', retryable: true, answered: true }
      await expect(throughProxy.writeRequest(aRequest('pending'))).rejects.toMatchObject(fault)
      expect(await table.request(someId)).toBeUndefined()
    })
  })

  it('refuses an item that is too large with a fault no retry can cure', async () => {
    const request = aRequest('pending', { reason: 'x'.repeat(500_000) })
    await expect(table.writeRequest(request)).rejects.toMatchObject({
      code: 'table_refused',
      retryable: false,
      answered: true,
    })
  })

  it('says that it cannot be reached when nobody listens', async () => {
    const client = createDynamoClient(awsSettings('http://127.0.0.1:1'))
    const unreachable = createDynamoTable({ client, tableName, clock: noon })
    const fault = { code: 'table_unreachable', retryable: true, answered: false }
    await expect(unreachable.request(someId)).rejects.toMatchObject(fault)
    await expect(unreachable.due(at('12:00'))).rejects.toMatchObject(fault)
    await expect(unreachable.writeRequest(aRequest('pending'))).rejects.toMatchObject(fault)
  })

  it('reads the mark of the last comparison as it was stored before it had signs of life', async () => {
    const before = { version: 3, writeId: 'w', day: '2026-11-21', begunAt: at('10:00'), done: true, standing: '' }
    await documents().send(new PutCommand({ TableName: tableName, Item: { pk: 'RECONCILE', sk: 'LAST', ...before } }))
    expect(await table.reconciled()).toMatchObject({ day: '2026-11-21', aliveAt: '1970-01-01T00:00:00Z' })
  })

  describe('an unreadable item', () => {
    const broken = { pk: `REQ#${someId}`, sk: 'REQ', version: 1, status: 'pending', reason: 'the typed reason' }
    const fault = { code: 'unreadable_item', retryable: false, message: expect.stringContaining(`REQ#${someId} REQ`) }

    beforeEach(async () => {
      const due = { dueShard: 'DUE#0', dueAt: at('11:00') }
      await documents().send(new PutCommand({ TableName: tableName, Item: { ...broken, ...due } }))
    })

    it('is a fault that names it and repeats nothing that people typed', async () => {
      await expect(table.request(someId)).rejects.toMatchObject(fault)
      await expect(table.request(someId)).rejects.not.toThrow('the typed reason')
    })

    it('does not keep the others from being found due', async () => {
      await table.writeRequest(delivered(aRequest('active', { id: anId(2), expiresAt: at('11:30') })))
      expect(await table.due(at('12:00'))).toEqual([{ requestId: someId }, { requestId: anId(2) }])
    })

    it('is not overwritten by a new request of the same id', async () => {
      await expect(table.writeRequest(aRequest('checking'))).rejects.toMatchObject(fault)
      expect(await item(`REQ#${someId}`, 'REQ')).toMatchObject(broken)
    })
  })

  it('keeps fields that it does not know when the item is written again', async () => {
    const stored = await table.writeRequest({ ...aRequest('pending'), newer: { kept: true } } as never)
    expect(stored).toHaveProperty('stored')
    const read = await table.request(someId)
    await table.writeRequest(read!)
    expect(await item(`REQ#${someId}`, 'REQ')).toMatchObject({ version: 2, newer: { kept: true } })
  })

  it('stores the attributes that reports and the indexes read, and leaves out what is undefined', async () => {
    await table.writeRequest({ ...delivered(aSetRequest('active')), quietAt: undefined } as never)
    const stored = await item(`REQ#${someId}`, 'REQ')
    expect(stored).toMatchObject({
      status: 'active',
      version: 1,
      dueAt: '2026-11-21T11:10:00Z',
      dueShard: expect.stringMatching(/^DUE#[0-3]$/),
      expiresAt: '2026-11-21T11:10:00Z',
      requesterId: 'U0ALICE',
      submittedMonth: '2026-11',
      submittedAt: '2026-11-21T10:00:00Z',
      history: [{ event: 'submitted' }, { event: 'found' }, { event: 'approved' }, { event: 'activated' }],
    })
    expect(stored).not.toHaveProperty('quietAt')
    await table.writeRoster(aRoster())
    expect(await item('ACCT#111111111111', 'SET#Curfew-ReadOnly')).toMatchObject({ version: 1, members: {} })
  })

  it('tells of each write that was stored when the item is due, and of no other', async () => {
    const heard: unknown[] = []
    const client = createDynamoClient(awsSettings(engine.url))
    const telling = createDynamoTable({ client, tableName, clock: noon, onWritten: (...told) => heard.push(told) })
    await telling.writeRequest(delivered(aRequest('active')))
    await telling.writeRequest(delivered(aRequest('active')))
    await telling.writeRoster(aRoster())
    expect(heard).toEqual([
      [{ requestId: someId }, '2026-11-21T11:10:00Z'],
      [{ roster: { accountId: '111111111111', permissionSet: 'Curfew-ReadOnly' } }, undefined],
    ])
  })

  it('reads single items consistently', async () => {
    const client = createDynamoClient(awsSettings(engine.url))
    const inputs: unknown[] = []
    client.middlewareStack.add(
      next => args => {
        inputs.push(args.input)
        return next(args)
      },
      { step: 'initialize' },
    )
    const watched = createDynamoTable({ client, tableName, clock: noon })
    await watched.request(someId)
    await watched.roster({ accountId: '111111111111', permissionSet: 'Curfew-ReadOnly' })
    expect(inputs).toMatchObject([{ ConsistentRead: true }, { ConsistentRead: true }])
  })

  it('spreads what is due over all four shards', async () => {
    for (let n = 0; n < 40; n++) await table.writeRequest(aRequest('pending', { id: anId(n) }))
    const shards = new Set<unknown>()
    for (let n = 0; n < 40; n++) shards.add((await item(`REQ#${anId(n)}`, 'REQ'))?.['dueShard'])
    expect([...shards].sort()).toEqual(['DUE#0', 'DUE#1', 'DUE#2', 'DUE#3'])
    expect(await table.due(at('23:59'))).toHaveLength(40)
  })

  it("reads on over pages until it has as many of a person's requests as asked for", async () => {
    const title = { en: 'x'.repeat(300_000), ja: 'x' }
    for (let n = 0; n < 8; n++) {
      await table.writeRequest(aRequest('pending', { id: anId(n), title, submittedAt: at(`10:0${n}`) }))
    }
    const ids = (await table.byRequester('U0ALICE', 7)).map(request => request.id)
    expect(ids).toEqual([7, 6, 5, 4, 3, 2, 1].map(anId))
  })
})
