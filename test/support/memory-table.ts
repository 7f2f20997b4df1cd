import type { Clock, ItemRef, Table, Written } from '../../src/app/ports.ts'
import type { AccessRequest } from '../../src/core/access-request.ts'
import { dueAtOf } from '../../src/core/due.ts'
import { type EndAll, endAllDueAt } from '../../src/core/end-all.ts'
import type { Instant } from '../../src/core/instant.ts'
import type { IdentityOwner, KnownIdentity } from '../../src/core/known-identity.ts'
import type { Look, Reconciled } from '../../src/core/reconcile.ts'
import { type Roster, type RosterKey, rosterDueAt } from '../../src/core/roster.ts'
import type { Slots } from '../../src/core/slots.ts'

/** Called around every operation; what it throws comes out of the operation. A throw after a write leaves it stored. */
export type TableHook = (when: 'before' | 'after', operation: keyof Table) => void | Promise<void>

type Stored<T> = { document: T; dueAt: Instant | undefined }

/** The table in memory, for tests: keeps the same contract as the one in DynamoDB, with indexes that never lag. */
export function createMemoryTable({ clock, hook }: { clock: Pick<Clock, 'now'>; hook?: TableHook }): Table {
  const requests = new Map<string, Stored<AccessRequest>>()
  const rosters = new Map<string, Stored<Roster>>()
  const endAlls = new Map<string, Stored<EndAll>>()
  const identities = new Map<string, Stored<KnownIdentity>>()
  const owners = new Map<string, Stored<IdentityOwner>>()
  const comparisons = new Map<string, Stored<Reconciled>>()
  const looks = new Map<string, Stored<Look>>()
  const slots = new Map<string, Stored<Slots>>()
  let writes = 0

  async function around<T>(operation: keyof Table, act: () => T): Promise<T> {
    await hook?.('before', operation)
    const result = act()
    await hook?.('after', operation)
    return result
  }

  function write<T extends { version: number; writeId: string }>(
    stored: Map<string, Stored<T>>,
    key: string,
    document: T,
    dueAtOfItem: (next: T) => Instant | undefined,
  ): Written<T> {
    const current = stored.get(key)?.document
    if ((current?.version ?? 0) !== document.version) return { current }
    writes++
    const next = { ...document, version: document.version + 1, writeId: `write-${writes}` }
    stored.set(key, { document: frozen(next), dueAt: dueAtOfItem(next) })
    return { stored: next }
  }

  /** Every item and when it is due. */
  const refs = (): { ref: ItemRef; dueAt: Instant | undefined }[] => [
    ...[...requests.values()].map(({ document, dueAt }) => ({ ref: { requestId: document.id }, dueAt })),
    ...[...endAlls.values()].map(({ document, dueAt }) => ({ ref: { endAll: document.id }, dueAt })),
    ...[...rosters.values()].map(({ document: { accountId, permissionSet }, dueAt }) => ({
      ref: { roster: { accountId, permissionSet } },
      dueAt,
    })),
  ]
  const newest = (found: AccessRequest[], limit: number) =>
    found.sort((one, other) => (one.submittedAt > other.submittedAt ? -1 : 1)).slice(0, limit)

  return {
    request: id => around('request', () => requests.get(id)?.document),
    writeRequest: request => around('writeRequest', () => write(requests, request.id, request, dueAtOf)),
    roster: key => around('roster', () => rosters.get(nameOf(key))?.document),
    writeRoster: roster =>
      around('writeRoster', () => write(rosters, nameOf(roster), roster, next => rosterDueAt(next, clock.now()))),
    identity: slackUserId => around('identity', () => identities.get(slackUserId)?.document),
    writeIdentity: identity =>
      around('writeIdentity', () => write(identities, identity.slackUserId, identity, () => undefined)),
    identityOwner: ({ place, id }) => around('identityOwner', () => owners.get(`${place}/${id}`)?.document),
    writeIdentityOwner: owner =>
      around('writeIdentityOwner', () => write(owners, `${owner.place}/${owner.id}`, owner, () => undefined)),
    endAll: id => around('endAll', () => endAlls.get(id)?.document),
    writeEndAll: endAll => around('writeEndAll', () => write(endAlls, endAll.id, endAll, endAllDueAt)),
    due: now =>
      around('due', () => {
        return refs()
          .flatMap(({ ref, dueAt }) => (dueAt !== undefined && dueAt <= now ? [{ ref, dueAt }] : []))
          .sort((one, other) => (one.dueAt < other.dueAt ? -1 : 1))
          .map(({ ref }) => ref)
      }),
    byRequester: (slackUserId, limit) =>
      around('byRequester', () =>
        newest(
          [...requests.values()]
            .map(({ document }) => document)
            .filter(({ requester }) => requester.slackUserId === slackUserId),
          limit,
        ),
      ),
    byMonth: (month, limit) =>
      around('byMonth', () =>
        newest(
          [...requests.values()]
            .map(({ document }) => document)
            .filter(({ submittedAt }) => submittedAt.startsWith(month)),
          limit,
        ),
      ),
    live: () => around('live', () => refs().flatMap(({ ref, dueAt }) => (dueAt === undefined ? [] : [ref]))),
    reconciled: () => around('reconciled', () => comparisons.get('last')?.document),
    writeReconciled: reconciled =>
      around('writeReconciled', () => write(comparisons, 'last', reconciled, () => undefined)),
    looks: () => around('looks', () => [...looks.values()].map(({ document }) => document)),
    writeLook: look => around('writeLook', () => write(looks, look.place, look, () => undefined)),
    slots: () => around('slots', () => slots.get('all')?.document),
    writeSlots: next => around('writeSlots', () => write(slots, 'all', next, () => undefined)),
  }
}

function nameOf({ accountId, permissionSet }: RosterKey): string {
  return `${accountId}/${permissionSet}`
}

/** Frozen all the way down: whoever changes what the table gave out, or keeps changing what was stored, is stopped. */
function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const inner of Object.values(value)) frozen(inner)
  return value
}
