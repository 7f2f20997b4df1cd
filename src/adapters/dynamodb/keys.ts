import type { ItemRef } from '../../app/ports.ts'
import { type EndAllId, isEndAllId } from '../../core/end-all.ts'
import { isRequestId, type RequestId, spread } from '../../core/ids.ts'
import type { AwsIdentityKey } from '../../core/known-identity.ts'
import type { RosterKey } from '../../core/roster.ts'

/** The primary key of an item. */
export type Key = { pk: string; sk: string }

/** The key of a request. */
export function requestKey(id: RequestId): Key {
  return { pk: `REQ#${id}`, sk: 'REQ' }
}

/** The key of a roster. */
export function rosterKey({ accountId, permissionSet }: RosterKey): Key {
  return { pk: `ACCT#${accountId}`, sk: `SET#${permissionSet}` }
}

/** The key of what is known of a Slack person. */
export function identityKey(slackUserId: string): Key {
  return { pk: `PERSON#${slackUserId}`, sk: 'IDENTITY' }
}

/** The key of whom an AWS identity belongs to. */
export function identityOwnerKey({ place, id }: AwsIdentityKey): Key {
  return { pk: `AWS#${place}#${id}`, sk: 'OWNER' }
}

/** The key of what is remembered of the last comparison with AWS. */
export const reconciledKey: Key = { pk: 'RECONCILE', sk: 'LAST' }

/** The key of what was found in a place of a comparison. */
export function lookKey(place: string): Key {
  return { pk: reconciledKey.pk, sk: `${lookPrefix}${place}` }
}

/** What the sort keys of all looks begin with. */
export const lookPrefix = 'PLACE#'

/** The key of whose turn it is to change assignments. */
export const slotsKey: Key = { pk: 'SLOTS', sk: 'IDENTITY_CENTER' }

/** The key of a wish that everything of a person ends. */
export function endAllKey(id: EndAllId): Key {
  return { pk: `END#${id}`, sk: 'END' }
}

/** The item a key names, or undefined when it is none of ours. */
export function refOf({ pk, sk }: Key): ItemRef | undefined {
  const [kind, id = ''] = split(pk)
  const [part, permissionSet = ''] = split(sk)
  if (kind === 'REQ' && isRequestId(id) && sk === 'REQ') return { requestId: id }
  if (kind === 'END' && isEndAllId(id) && sk === 'END') return { endAll: id }
  if (kind === 'ACCT' && part === 'SET') return { roster: { accountId: id, permissionSet } }
  return undefined
}

/** The partitions of the `due` index: sweeps read them side by side. More would be room for more than 4,000 writes/s. */
export const dueShards = ['DUE#0', 'DUE#1', 'DUE#2', 'DUE#3'] as const

/** The partition an item stays in for good. */
export function dueShardOf({ pk, sk }: Key): string {
  return dueShards[Math.floor(spread(`${pk}/${sk}`) * dueShards.length)] ?? dueShards[0]
}

function split(text: string): string[] {
  const at = text.indexOf('#')
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
