import { hasCome, type Instant, plusSeconds } from './instant.ts'
import type { Member, Roster, RosterKey } from './roster.ts'

/**
 * Whose turn it is to change assignments, by account: Identity Center changes one role of an account at a time, and
 * takes ten changes in all (platform: B3). One item, shared by all processes.
 */
export type Slots = { version: number; writeId: string; held: Record<string, Slot> }

/** One roster's turn in its account; over at `until`, should its holder have died. */
type Slot = { permissionSet: string; until: Instant }

/** Changes under way in all accounts together: two fewer than AWS takes, for whoever else administers it. */
export const mostSlots = 8

/** A change takes seconds. One that takes longer than this keeps nobody else waiting: AWS says Conflict where it minds. */
const slotSeconds = 60

/** Nobody's turn, not yet stored (version 0). */
export function newSlots(): Slots {
  return { version: 0, writeId: '', held: {} }
}

/** The roster's turn taken, or taken again; undefined while it is another set's in the account, or all are taken. */
export function withSlot(slots: Slots, { accountId, permissionSet }: RosterKey, now: Instant): Slots | undefined {
  const live = Object.entries(slots.held).filter(([, { until }]) => !hasCome(until, now))
  const mine = live.find(([id]) => id === accountId)?.[1]
  if (mine ? mine.permissionSet !== permissionSet : live.length >= mostSlots) return undefined
  const held = { ...Object.fromEntries(live), [accountId]: { permissionSet, until: plusSeconds(now, slotSeconds) } }
  return { ...slots, held }
}

/** The turn given back; undefined when it is not the roster's. */
export function withoutSlot(slots: Slots, { accountId, permissionSet }: RosterKey): Slots | undefined {
  const { [accountId]: mine, ...held } = slots.held
  return mine?.permissionSet === permissionSet ? { ...slots, held } : undefined
}

/** Whether AWS is likely still changing something for the member. */
export function isInFlight({ operation }: Member, now: Instant): boolean {
  return operation?.begunAt !== undefined && !hasCome(plusSeconds(operation.begunAt, slotSeconds), now)
}

/** Whether a change for anybody on the roster, but for one member, is likely under way. */
export function isAnyInFlight({ members }: Roster, now: Instant, except?: string): boolean {
  return Object.values(members).some(member => member.principalId !== except && isInFlight(member, now))
}
