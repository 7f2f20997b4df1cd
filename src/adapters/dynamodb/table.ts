import { randomUUID } from 'node:crypto'
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb'
import type { Clock, ItemRef, Table, Written } from '../../app/ports.ts'
import { asFault, type Fault } from '../../core/errors.ts'
import type { Instant } from '../../core/instant.ts'
import { failureOf, faultOf, inTime, mostTries, pause, read, unreachable } from './client.ts'
import {
  endAllOfItem,
  type Item,
  identityOfItem,
  identityOwnerOfItem,
  itemOfEndAll,
  itemOfIdentity,
  itemOfIdentityOwner,
  itemOfLook,
  itemOfReconciled,
  itemOfRequest,
  itemOfRoster,
  itemOfSlots,
  lookOfItem,
  reconciledOfItem,
  requestOfItem,
  rosterOfItem,
  slotsOfItem,
} from './items.ts'
import {
  dueShards,
  endAllKey,
  identityKey,
  identityOwnerKey,
  type Key,
  lookPrefix,
  reconciledKey,
  refOf,
  requestKey,
  rosterKey,
  slotsKey,
} from './keys.ts'

/**
 * What the table is made of. `onWritten` hears of each write that was stored, with the time the item is due;
 * `onUnreadable` of each item that a listing leaves out because it cannot be read.
 */
type Parts = {
  client: DynamoDBClient
  tableName: string
  clock: Clock
  onWritten?: (item: ItemRef, dueAt: Instant | undefined) => void
  onUnreadable?: (fault: Fault) => void
}

/** What one call of `due` takes from each of the four shards at most; the rest is still due at the next. */
const mostDuePerShard = 250

/** The table in DynamoDB: single-item conditional writes only, and every answer that got lost is looked up. */
export function createDynamoTable({ client, tableName, clock, onWritten, onUnreadable }: Parts): Table {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })

  const get = (key: Key): Promise<Item | undefined> =>
    read(async () => {
      const command = new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true })
      const { Item: item } = await inTime(options => documents.send(command, options))
      return item && { ...item, ...key }
    }, clock)

  /** Up to `limit` items of an index (or all), over as many pages as that takes: a page may be empty and not the last. */
  async function query(
    limit: number,
    input: Omit<ConstructorParameters<typeof QueryCommand>[0], 'TableName'>,
  ): Promise<Item[]> {
    const found: Item[] = []
    let from: Record<string, unknown> | undefined
    do {
      const command = new QueryCommand({
        ...input,
        TableName: tableName,
        ...(Number.isFinite(limit) && { Limit: limit - found.length }),
        ...(from && { ExclusiveStartKey: from }),
      })
      const page = await read(() => inTime(options => documents.send(command, options)), clock)
      found.push(...((page.Items ?? []) as Item[]))
      from = page.LastEvaluatedKey
    } while (from && found.length < limit)
    return found
  }

  /** One item that cannot be read must not hide the others. */
  function readable<T>(items: Item[], fromItem: (item: Item) => T): T[] {
    return items.flatMap(item => {
      try {
        return [fromItem(item)]
      } catch (error) {
        onUnreadable?.(asFault(error))
        return []
      }
    })
  }

  /** Puts the item where `version` stands; answers what stands there instead when it was not stored. */
  async function put(item: Item, version: number): Promise<'stored' | Item | undefined> {
    const { pk, sk, writeId } = item
    const condition =
      version === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#version = :read',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':read': version },
          }
    let unheard = false
    for (let tries = 1; ; tries++) {
      try {
        const command = new PutCommand({ TableName: tableName, Item: item, ...condition })
        await inTime(options => documents.send(command, options))
        return 'stored'
      } catch (error) {
        const failure = failureOf(error)
        if (failure === 'refused') throw faultOf(error, !unheard)
        if (failure !== 'busy') {
          const current = await get({ pk, sk }).catch(cause => {
            throw unreachable(cause)
          })
          if (current?.['writeId'] === writeId) return 'stored'
          // With another version there, an unheard write may have landed and been overwritten: the caller reads on.
          if (failure === 'condition' || (current?.['version'] ?? 0) !== version) return current
          // It may still arrive. The next try carries the same writeId, so only one of the two can be stored.
          unheard = true
        }
        if (tries === mostTries) throw faultOf(error, !unheard)
        await pause(tries, clock)
      }
    }
  }

  async function write<T extends { version: number; writeId: string }>(
    document: T,
    ref: ItemRef | undefined,
    toItem: (next: T) => { item: Item; dueAt: Instant | undefined },
    fromItem: (item: Item) => T,
  ): Promise<Written<T>> {
    const next = { ...document, version: document.version + 1, writeId: randomUUID() }
    const { item, dueAt } = toItem(next)
    const result = await put(item, document.version)
    if (result !== 'stored') return { current: result && fromItem(result) }
    if (ref) onWritten?.(ref, dueAt)
    return { stored: next }
  }

  return {
    async request(id) {
      const item = await get(requestKey(id))
      return item && requestOfItem(item)
    },
    writeRequest: request => write(request, { requestId: request.id }, itemOfRequest, requestOfItem),
    async roster(key) {
      const item = await get(rosterKey(key))
      return item && rosterOfItem(item)
    },
    writeRoster: roster => {
      const { accountId, permissionSet } = roster
      return write(
        roster,
        { roster: { accountId, permissionSet } },
        next => itemOfRoster(next, clock.now()),
        rosterOfItem,
      )
    },
    async identity(slackUserId) {
      const item = await get(identityKey(slackUserId))
      return item && identityOfItem(item)
    },
    writeIdentity: identity => write(identity, undefined, itemOfIdentity, identityOfItem),
    async identityOwner(key) {
      const item = await get(identityOwnerKey(key))
      return item && identityOwnerOfItem(item)
    },
    writeIdentityOwner: owner => write(owner, undefined, itemOfIdentityOwner, identityOwnerOfItem),
    async endAll(id) {
      const item = await get(endAllKey(id))
      return item && endAllOfItem(item)
    },
    writeEndAll: endAll => write(endAll, { endAll: endAll.id }, itemOfEndAll, endAllOfItem),
    async due(now) {
      const inShard = (shard: string) =>
        query(mostDuePerShard, {
          IndexName: 'due',
          // No lower bound: whatever was missed before is found now.
          KeyConditionExpression: 'dueShard = :shard AND dueAt <= :now',
          ExpressionAttributeValues: { ':shard': shard, ':now': now },
        })
      const items = (await Promise.all(dueShards.map(inShard))).flat()
      const byDueAt = items.sort((one, other) => (String(one['dueAt']) < String(other['dueAt']) ? -1 : 1))
      return byDueAt.flatMap(item => refOf(item) ?? [])
    },
    async byRequester(slackUserId, limit) {
      const items = await query(limit, {
        IndexName: 'person',
        KeyConditionExpression: 'requesterId = :person',
        ExpressionAttributeValues: { ':person': slackUserId },
        ScanIndexForward: false,
      })
      return readable(items, requestOfItem)
    },
    async byMonth(month, limit) {
      const items = await query(limit, {
        IndexName: 'month',
        KeyConditionExpression: 'submittedMonth = :month',
        ExpressionAttributeValues: { ':month': month },
        ScanIndexForward: false,
      })
      return readable(items, requestOfItem)
    },
    async live() {
      const inShard = (shard: string) =>
        query(Number.POSITIVE_INFINITY, {
          IndexName: 'due',
          KeyConditionExpression: 'dueShard = :shard',
          ExpressionAttributeValues: { ':shard': shard },
        })
      return (await Promise.all(dueShards.map(inShard))).flat().flatMap(item => refOf(item) ?? [])
    },
    async reconciled() {
      const item = await get(reconciledKey)
      return item && reconciledOfItem(item)
    },
    writeReconciled: reconciled => write(reconciled, undefined, itemOfReconciled, reconciledOfItem),
    async looks() {
      const items = await query(Number.POSITIVE_INFINITY, {
        KeyConditionExpression: 'pk = :reconcile AND begins_with(sk, :place)',
        ExpressionAttributeValues: { ':reconcile': reconciledKey.pk, ':place': lookPrefix },
        ConsistentRead: true,
      })
      return readable(items, lookOfItem)
    },
    writeLook: look => write(look, undefined, itemOfLook, lookOfItem),
    async slots() {
      const item = await get(slotsKey)
      return item && slotsOfItem(item)
    },
    writeSlots: slots => write(slots, undefined, itemOfSlots, slotsOfItem),
  }
}
