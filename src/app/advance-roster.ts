import { isClaimed, type Retry } from '../core/access-request.ts'
import { claimed, isQuiet, released } from '../core/claim.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { asFault, Fault } from '../core/errors.ts'
import { hasCome, type Instant, plusSeconds } from '../core/instant.ts'
import {
  holdersOf,
  isInAgreement,
  isWanted,
  type Member,
  membersDue,
  type Roster,
  type RosterKey,
  rosterDueAt,
  stepOwed,
  withMember,
  withoutMember,
  withoutOperation,
  withoutRetry,
} from '../core/roster.ts'
import type { Assignment, Operation, Ports } from './ports.ts'
import { nextRetry } from './retry.ts'
import { mayStillSend, newCalls } from './settle.ts'
import { standingOf } from './standing-grant.ts'

/**
 * Brings AWS's assignments of one permission set in one account to what its roster says. The other module that
 * changes AWS. One pass holds the roster, takes each member's owed steps, and writes what AWS confirmed; an
 * asynchronous call is polled under the claim. Safe to call at any time, any number of times.
 */
export async function advanceRoster(ports: Ports, catalogue: Catalogue, key: RosterKey): Promise<void> {
  const now = ports.clock.now()
  const roster = await ports.table.roster(key)
  if (!roster || isClaimed(roster, now)) return
  const dueAt = rosterDueAt(roster, now)
  if (!dueAt || !hasCome(dueAt, now)) return
  const written = await ports.table.writeRoster(claimed(roster, ports.token(), now, true))
  if (!('stored' in written)) return
  const pass = new RosterPass(ports, catalogue, written.stored)
  try {
    if (written.stored.claim?.quietBefore && isQuiet(written.stored)) await pass.lookAtPresent()
    // One person's trouble is nobody else's: each has their own turn, and their own row of retries.
    for (const member of membersDue(pass.roster, now)) if (pass.hasTime()) await pass.serve(member.principalId)
  } catch (error) {
    if (asFault(error).code !== 'claim_lost') throw error
  }
  await pass.settle()
}

/** What one member's calls may take: a change of 20 s at most, and as much polling. */
const memberSeconds = 40

/** When a member is looked at next, and who held them when that was decided: a join or leave since overrules it. */
type Waits = { lookAt: Instant; retry?: Retry; heldBy: string }

/** One worker's hold on a roster: what it knows, and whether all its calls were heard. */
class RosterPass {
  roster: Roster
  private readonly calls = newCalls()
  private readonly waits = new Map<string, Waits>()
  private problem: Fault | undefined
  private readonly ports: Ports
  private readonly catalogue: Catalogue
  private readonly token: string | undefined

  constructor(ports: Ports, catalogue: Catalogue, held: Roster) {
    this.ports = ports
    this.catalogue = catalogue
    this.roster = held
    this.token = held.claim?.token
  }

  /** Whether another member's steps still fit under the claim; otherwise they stay due. */
  hasTime(): boolean {
    const until = this.roster.claim?.until
    return until !== undefined && !hasCome(plusSeconds(until, -memberSeconds), this.ports.clock.now())
  }

  /** One member's turn. What fails is tried again later, for this member alone; only a lost claim ends the pass. */
  async serve(principalId: string): Promise<void> {
    try {
      await this.advance(principalId)
      const done = this.roster.members[principalId]
      if (done?.retry && !this.waits.has(principalId)) await this.save(principalId, withoutRetry)
    } catch (error) {
      const fault = asFault(error)
      if (fault.code === 'claim_lost') throw fault
      const { accountId, permissionSet } = this.roster
      this.ports.log('roster.work_failed', { accountId, permissionSet, code: fault.code, problem: fault.message })
      const before = this.roster.members[principalId]?.retry
      const retry = nextRetry(`${rosterId(this.roster)}/${principalId}`, before, fault.message, this.ports.clock.now())
      this.wait(principalId, retry.at, retry)
    }
  }

  /** Everyone who should be there is listed; who is not goes back to `creating`. */
  async lookAtPresent(): Promise<void> {
    for (const member of Object.values(this.roster.members)) {
      if (member.state !== 'present') continue
      try {
        if (!(await this.isListed(member)))
          await this.save(member.principalId, current => ({ ...current, state: 'creating' }))
      } catch (error) {
        const fault = asFault(error)
        if (fault.code === 'claim_lost') throw fault
        this.problem = fault
      }
    }
  }

  /** Takes a member's owed steps until none is owed, or AWS has to be waited for. */
  async advance(principalId: string): Promise<void> {
    for (let steps = 0; steps < 8; steps++) {
      const member = this.roster.members[principalId]
      const step = member && stepOwed(member)
      if (!member || !step) return
      if (step === 'drop') await this.save(principalId, current => (isWanted(current) ? current : undefined))
      if (step === 'create') await this.beginCreating(member)
      if (step === 'remove')
        await this.save(principalId, current => (isWanted(current) ? current : { ...current, state: 'removing' }))
      if (step === 'await-create' && !(await this.create(member))) return
      if (step === 'await-remove' && !(await this.remove(member))) return
    }
  }

  /** Asked before every call that adds access: whether somebody's grant still stands, however long ago they joined. */
  private async mayCreate(member: Member): Promise<boolean> {
    const standing = await standingOf(this.ports, this.catalogue, member)
    if (standing === 'granted') return true
    if (standing === 'outdated') this.wait(member.principalId, plusSeconds(this.ports.clock.now(), 30))
    else {
      const failure = { code: 'permission_set_changed', message: standing.change } as const
      await this.save(member.principalId, current => ({ ...current, failure }))
    }
    return false
  }

  /** Seen absent, then written down, then called: what is present afterwards is ours, what was there before is not. */
  private async beginCreating(member: Member): Promise<void> {
    const standing = await this.ports.assignments.held(this.assignment(member))
    const observedAbsentAt = this.ports.clock.now()
    await this.save(member.principalId, current => {
      if (!isWanted(current) || current.state !== 'absent') return current
      if (standing) return { ...current, failure: { code: 'already_held', message: standing } }
      return { ...current, state: 'creating', observedAbsentAt }
    })
  }

  /** True when the member may take its next step now. */
  private async create(member: Member): Promise<boolean> {
    const operation = await this.runningOr(member, 'create', () => this.isListed(member))
    if (operation === 'waiting') return false
    if (operation?.state === 'failed') {
      const failure = { code: 'aws_refused', message: operation.reason ?? 'AWS gave no reason' } as const
      await this.save(member.principalId, current => ({ ...withoutOperation(current), failure }))
      return true
    }
    if (!(await this.isListed(member))) return this.lookAfresh(member)
    await this.save(member.principalId, current =>
      current.state === 'creating' ? { ...withoutOperation(current), state: 'present' } : withoutOperation(current),
    )
    return true
  }

  private async remove(member: Member): Promise<boolean> {
    const operation = await this.runningOr(member, 'remove', async () => !(await this.isListed(member)))
    if (operation === 'waiting') return false
    // A late call may have begun another operation since: a listing made while it runs says nothing about absence.
    if (await this.ports.assignments.operationInProgress(this.assignment(member))) return this.lookAfresh(member)
    // Whatever the call said, the listing decides.
    if (await this.isListed(member)) {
      await this.lookAfresh(member)
      if (operation?.state === 'failed') throw retryable('removal_failed', operation.reason ?? 'AWS gave no reason')
      return false
    }
    if (!isQuiet(this.roster)) {
      this.wait(member.principalId, this.roster.claim?.quietBefore ?? this.ports.clock.now())
      return false
    }
    await this.save(member.principalId, current => {
      const { observedAbsentAt: _, ...rest } = withoutOperation(current)
      return isWanted(current) ? { ...rest, state: 'absent' } : undefined
    })
    return true
  }

  /**
   * The operation that brings the member where it belongs, run to its end: the one we know of, the one AWS is working
   * on though its id was lost, or a new one unless things are already so.
   */
  private async runningOr(
    member: Member,
    kind: 'create' | 'remove',
    isDone: () => Promise<boolean>,
  ): Promise<Operation | 'waiting' | undefined> {
    const { assignments } = this.ports
    const running = member.operation ?? (await assignments.operationInProgress(this.assignment(member)))
    const first = running && (await assignments.operation(running.kind, running.id).catch(forgotten))
    if (running && first) {
      const ended = await this.poll(member, running.kind, first)
      // An operation the other way round has to end first; then the member's own step is taken afresh.
      if (ended === 'waiting' || running.kind === kind) return ended
      await this.save(member.principalId, withoutOperation)
    }
    if (await isDone()) return undefined
    if (kind === 'create' && !(await this.mayCreate(member))) return 'waiting'
    this.auditChange(member, kind)
    const maySend = mayStillSend(this.ports, this.roster)
    const call =
      kind === 'create'
        ? this.calls.heard(assignments.create(this.assignment(member), maySend)).catch(refusedAs)
        : this.calls.heard(assignments.remove(this.assignment(member), maySend))
    return this.poll(member, kind, await call)
  }

  private async poll(member: Member, kind: 'create' | 'remove', first: Operation): Promise<Operation | 'waiting'> {
    let operation = first
    if (operation.state === 'working') {
      const { id } = operation
      await this.save(member.principalId, current => ({ ...current, operation: { kind, id } }))
    }
    const maySend = mayStillSend(this.ports, this.roster)
    for (let polls = 0; operation.state === 'working' && polls < 20 && maySend(); polls++) {
      await this.ports.clock.after(1000)
      operation = await this.ports.assignments.operation(kind, operation.id)
    }
    if (operation.state !== 'working') return operation
    this.wait(member.principalId, plusSeconds(this.ports.clock.now(), 5))
    return 'waiting'
  }

  /** The call has ended but the listing does not show it: the next pass looks afresh, and calls again if need be. */
  private async lookAfresh(member: Member): Promise<false> {
    this.wait(member.principalId, plusSeconds(this.ports.clock.now(), 5))
    await this.save(member.principalId, current => (current.operation ? withoutOperation(current) : current))
    return false
  }

  private wait(principalId: string, lookAt: Instant, retry?: Retry): void {
    const member = this.roster.members[principalId]
    if (member) this.waits.set(principalId, { lookAt, ...(retry && { retry }), heldBy: holdersOf(member) })
  }

  /** Said before the call: what AWS was asked to change is on record even if the answer never comes. */
  private auditChange({ userName, heldBy }: Member, kind: 'create' | 'remove'): void {
    const { accountId, permissionSet } = this.roster
    const what = `${permissionSet} in ${accountId}`
    const sentence =
      kind === 'create'
        ? `${what} is about to be assigned to ${userName}, for ${Object.keys(heldBy).join(', ')}.`
        : `${what} is about to be taken from ${userName}.`
    const event = kind === 'create' ? 'assigning' : 'unassigning'
    this.ports.audit({ at: this.ports.clock.now(), subject: rosterId(this.roster), event, sentence })
  }

  private async isListed(member: Member): Promise<boolean> {
    return this.ports.assignments.listed(this.assignment(member))
  }

  private assignment({ principalId }: Member): Assignment {
    return { accountId: this.roster.accountId, permissionSetArn: this.roster.permissionSetArn, principalId }
  }

  /** Writes one member's change under our claim, against joins and leaves that came meanwhile; `undefined` strikes them off. */
  private async save(principalId: string, change: (current: Member) => Member | undefined): Promise<void> {
    for (;;) {
      const member = this.roster.members[principalId]
      if (!member) return
      const next = change(member)
      if (next === member) return
      const roster = next ? withMember(this.roster, next) : withoutMember(this.roster, principalId)
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
      const agreed = this.problem === undefined && isInAgreement(this.roster)
      const { retry, ...free } = released(this.withWaits(), { answered: this.calls.answered, agreed })
      const again = this.problem && nextRetry(rosterId(free), retry, this.problem.message, now)
      const written = await this.ports.table.writeRoster({ ...free, ...(again && { retry: again }) })
      if ('stored' in written) {
        const { accountId, permissionSet, version } = written.stored
        this.ports.log('roster.changed', { accountId, permissionSet, version })
        return
      }
      if (written.current?.claim?.token !== this.token || !written.current) return
      this.roster = written.current
    }
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

/** AWS said no to a creation for good: the requests that hold the member read why. */
function refusedAs(error: unknown): Operation {
  const fault = asFault(error)
  if (fault.retryable || !fault.answered) throw fault
  return { id: '', state: 'failed', reason: fault.message }
}

/** AWS keeps operations for a while only; one it no longer knows is looked for by what it should have done. */
function forgotten(error: unknown): undefined {
  if (asFault(error).code !== 'not_found') throw error
}

function rosterId({ accountId, permissionSet }: RosterKey): string {
  return `${accountId}/${permissionSet}`
}

function claimLost(): Fault {
  return retryable('claim_lost', 'Another worker holds the roster now.')
}

function retryable(code: string, message: string): Fault {
  return new Fault(code, message, { retryable: true, answered: true })
}
