import type { Retry } from '../core/access-request.ts'
import { released } from '../core/claim.ts'
import { Fault } from '../core/errors.ts'
import { hasCome, type Instant, plusSeconds } from '../core/instant.ts'
import {
  holdersOf,
  isInAgreement,
  type Member,
  type Roster,
  type RosterKey,
  withMember,
  withoutMember,
  withoutRetry,
} from '../core/roster.ts'
import { isAnyInFlight } from '../core/slots.ts'
import type { Ports } from './ports.ts'
import { nextRetry } from './retry.ts'
import { newCalls } from './settle.ts'
import { giveSlotBack, takeSlot } from './take-slot.ts'

/** What one member's calls may take: a change of 20 s at most, and as much polling. */
const memberSeconds = 40

/** When a member is looked at next, and who held them when that was decided: a join or leave since overrules it. */
type Waits = { lookAt: Instant; retry?: Retry; heldBy: string }

/** One worker's hold on a roster: what stands in the table, who has to wait, and whether all calls were heard. */
export class RosterHold {
  roster: Roster
  readonly calls = newCalls()
  /** Why not everyone present could be listed; then nothing is lifted, and it is tried again. */
  problem: Fault | undefined
  /** Why the leash is not what it should be, as far as is known. */
  leashProblem: Fault | undefined
  private readonly waits = new Map<string, Waits>()
  private hasSlot = false
  private readonly keptSlot: boolean
  private readonly ports: Ports
  private readonly token: string | undefined

  constructor(ports: Ports, held: Roster) {
    this.ports = ports
    this.roster = held
    this.token = held.claim?.token
    this.keptSlot = Object.values(held.members).some(({ operation }) => operation !== undefined)
  }

  /** Takes the roster's turn in its account, kept until the hold is given up; false while it is another's. */
  async takeSlot(): Promise<boolean> {
    this.hasSlot ||= await takeSlot(this.ports, this.roster)
    return this.hasSlot
  }

  /** Whether another member's steps still fit under the claim; otherwise they stay due. */
  hasTime(): boolean {
    const until = this.roster.claim?.until
    return until !== undefined && !hasCome(plusSeconds(until, -memberSeconds), this.ports.clock.now())
  }

  /** Puts the member off; written when the roster is given back. */
  wait(principalId: string, lookAt: Instant, retry?: Retry): void {
    const member = this.roster.members[principalId]
    if (member) this.waits.set(principalId, { lookAt, ...(retry && { retry }), heldBy: holdersOf(member) })
  }

  isWaiting(principalId: string): boolean {
    return this.waits.has(principalId)
  }

  /** Writes one member's change under our claim, against joins and leaves that came meanwhile; `undefined` strikes them off. */
  async save(principalId: string, change: (current: Member) => Member | undefined): Promise<void> {
    await this.change(roster => {
      const member = roster.members[principalId]
      const next = member && change(member)
      if (next === member) return roster
      return next ? withMember(roster, next) : withoutMember(roster, principalId)
    })
  }

  /** Likewise a change of the roster itself; nothing is written where it comes back as it was. */
  async change(change: (current: Roster) => Roster): Promise<void> {
    for (;;) {
      const roster = change(this.roster)
      if (roster === this.roster) return
      const written = await this.ports.table.writeRoster(roster)
      if ('stored' in written) {
        this.roster = written.stored
        return
      }
      if (written.current?.claim?.token !== this.token || !written.current) throw claimLost()
      this.roster = written.current
    }
  }

  /** Gives the roster back; nothing is written where our claim no longer stands. */
  async settle(): Promise<void> {
    for (;;) {
      const now = this.ports.clock.now()
      const isSeen = this.problem === undefined && this.leashProblem === undefined
      const agreed = isSeen && isInAgreement(this.roster)
      const { retry, ...free } = released(this.withWaits(), { answered: this.calls.answered, agreed })
      const again = this.problem && nextRetry(rosterId(free), retry, this.problem.message, now)
      const next = { ...free, ...(again && { retry: again }) }
      const written = await this.ports.table.writeRoster(this.withLeashRetry(next, now))
      if ('stored' in written) {
        const { accountId, permissionSet, version } = written.stored
        this.ports.log('roster.changed', { accountId, permissionSet, version })
        if (!isAnyInFlight(written.stored, now)) await this.giveSlotBack()
        return
      }
      if (written.current?.claim?.token !== this.token || !written.current) return
      this.roster = written.current
    }
  }

  /** A turn taken in this pass, or kept since an earlier one for what AWS was working on. */
  private async giveSlotBack(): Promise<void> {
    if (this.hasSlot || this.keptSlot) await giveSlotBack(this.ports, this.roster)
  }

  private withLeashRetry(roster: Roster, now: Instant): Roster {
    const { leash } = roster
    if (!leash || !this.leashProblem) return roster
    const retry = nextRetry(`${rosterId(roster)}/leash`, leash.retry, this.leashProblem.message, now)
    return { ...roster, leash: { ...leash, retry } }
  }

  private withWaits(): Roster {
    let roster = this.roster
    for (const [principalId, { lookAt, retry, heldBy }] of this.waits) {
      const member = roster.members[principalId]
      if (!member || holdersOf(member) !== heldBy) continue
      roster = withMember(roster, { ...withoutRetry(member), lookAt, ...(retry && { retry }) })
    }
    return roster
  }
}

/** Names a roster in the log, the audit trail and the spread of its retries. */
export function rosterId({ accountId, permissionSet }: RosterKey): string {
  return `${accountId}/${permissionSet}`
}

function claimLost(): Fault {
  return new Fault('claim_lost', 'Another worker holds the roster now.', { retryable: true, answered: true })
}
