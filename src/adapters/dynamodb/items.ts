import type { z } from 'zod'
import type { AccessRequest } from '../../core/access-request.ts'
import { dueAtOf } from '../../core/due.ts'
import { type EndAll, endAllDueAt } from '../../core/end-all.ts'
import { Fault } from '../../core/errors.ts'
import type { Instant } from '../../core/instant.ts'
import type { IdentityOwner, KnownIdentity } from '../../core/known-identity.ts'
import type { Look, Reconciled } from '../../core/reconcile.ts'
import { type Roster, rosterDueAt } from '../../core/roster.ts'
import type { Slots } from '../../core/slots.ts'
import { endAllSchema } from './end-all-schema.ts'
import { identityOwnerSchema, identitySchema, requestSchema, rosterSchema, slotsSchema } from './item-schemas.ts'
import {
  dueShardOf,
  endAllKey,
  identityKey,
  identityOwnerKey,
  type Key,
  lookKey,
  reconciledKey,
  requestKey,
  rosterKey,
  slotsKey,
} from './keys.ts'
import { lookSchema, reconciledSchema } from './reconcile-schemas.ts'

/*
 * An item is the document of core as it is, with the attributes of its keys and indexes beside it. What comes back is
 * parsed.
 */

/** A stored item: a document and the attributes of its keys and indexes. */
export type Item = Key & Record<string, unknown>

/** The item that stores a request. `dueShard` and `dueAt` are absent when nothing is due: it leaves the index. */
export function itemOfRequest(request: AccessRequest): { item: Item; dueAt: Instant | undefined } {
  const dueAt = dueAtOf(request)
  const indexes = {
    requesterId: request.requester.slackUserId,
    submittedMonth: request.submittedAt.slice(0, 7),
  }
  return { item: itemOf(request, requestKey(request.id), dueAt, indexes), dueAt }
}

/** The item that stores a roster. */
export function itemOfRoster(roster: Roster, now: Instant): { item: Item; dueAt: Instant | undefined } {
  const dueAt = rosterDueAt(roster, now)
  return { item: itemOf(roster, rosterKey(roster), dueAt, {}), dueAt }
}

/** The item that stores what is known of a Slack person; it is never due. */
export function itemOfIdentity(identity: KnownIdentity): { item: Item; dueAt: undefined } {
  return { item: itemOf(identity, identityKey(identity.slackUserId), undefined, {}), dueAt: undefined }
}

/** The item that stores whom an AWS identity belongs to; it is never due. */
export function itemOfIdentityOwner(owner: IdentityOwner): { item: Item; dueAt: undefined } {
  return { item: itemOf(owner, identityOwnerKey(owner), undefined, {}), dueAt: undefined }
}

/** The item that remembers the last comparison with AWS; it is never due. */
export function itemOfReconciled(reconciled: Reconciled): { item: Item; dueAt: undefined } {
  return { item: itemOf(reconciled, reconciledKey, undefined, {}), dueAt: undefined }
}

/** The item that stores what was found in a place; it is never due. */
export function itemOfLook(look: Look): { item: Item; dueAt: undefined } {
  return { item: itemOf(look, lookKey(look.place), undefined, {}), dueAt: undefined }
}

/** The item that says whose turn it is to change assignments; it is never due. */
export function itemOfSlots(slots: Slots): { item: Item; dueAt: undefined } {
  return { item: itemOf(slots, slotsKey, undefined, {}), dueAt: undefined }
}

/** The item that stores a wish that everything of a person ends. */
export function itemOfEndAll(endAll: EndAll): { item: Item; dueAt: Instant | undefined } {
  const dueAt = endAllDueAt(endAll)
  return { item: itemOf(endAll, endAllKey(endAll.id), dueAt, {}), dueAt }
}

/** The request an item holds. Throws a Fault `unreadable_item` that names the item. */
export function requestOfItem(item: Item): AccessRequest {
  return documentOf(item, requestSchema)
}

/** The roster an item holds. Throws a Fault `unreadable_item` that names the item. */
export function rosterOfItem(item: Item): Roster {
  return documentOf(item, rosterSchema)
}

/** The wish that an item holds. Throws a Fault `unreadable_item` that names the item. */
export function endAllOfItem(item: Item): EndAll {
  return documentOf(item, endAllSchema)
}

/** What an item knows of a Slack person. Throws a Fault `unreadable_item` that names the item. */
export function identityOfItem(item: Item): KnownIdentity {
  return documentOf(item, identitySchema)
}

/** Whom an item says an AWS identity belongs to. Throws a Fault `unreadable_item` that names the item. */
export function identityOwnerOfItem(item: Item): IdentityOwner {
  return documentOf(item, identityOwnerSchema)
}

/** What an item remembers of the last comparison. Throws a Fault `unreadable_item` that names the item. */
export function reconciledOfItem(item: Item): Reconciled {
  return documentOf(item, reconciledSchema)
}

/** What an item says was found in a place. Throws a Fault `unreadable_item` that names the item. */
export function lookOfItem(item: Item): Look {
  return documentOf(item, lookSchema)
}

/** Whose turn an item says it is. Throws a Fault `unreadable_item` that names the item. */
export function slotsOfItem(item: Item): Slots {
  return documentOf(item, slotsSchema)
}

function itemOf(document: object, key: Key, dueAt: Instant | undefined, indexes: Record<string, string>): Item {
  return { ...document, ...key, ...indexes, ...(dueAt === undefined ? {} : { dueShard: dueShardOf(key), dueAt }) }
}

function documentOf<T>(item: Item, schema: z.ZodType<T>): T {
  const { pk, sk, dueShard: _shard, dueAt: _dueAt, requesterId: _requester, submittedMonth: _month, ...document } = item
  const parsed = schema.safeParse(document)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new Fault('unreadable_item', `The item ${pk} ${sk} cannot be read: ${problems.join('; ')}`, {
    retryable: false,
    answered: true,
  })
}
