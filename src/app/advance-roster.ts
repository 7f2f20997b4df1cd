import { isClaimed } from '../core/access-request.ts'
import { claimed, isQuiet } from '../core/claim.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { asFault, Fault } from '../core/errors.ts'
import { hasCome, type Instant, plusSeconds } from '../core/instant.ts'
import { isLeashVerified } from '../core/leash.ts'
import { whyRoleUnbound } from '../core/leash-ready.ts'
import {
  isWanted,
  type Member,
  membersDue,
  type RosterKey,
  rosterDueAt,
  stepOwed,
  withoutOperation,
  withoutRetry,
} from '../core/roster.ts'
import { roleOf } from '../core/roster-seat.ts'
import { isAnyInFlight } from '../core/slots.ts'
import type { Assignment, Operation, Ports } from './ports.ts'
import { tryToPublish } from './publish-leash.ts'
import { nextRetry } from './retry.ts'
import { RosterHold, rosterId } from './roster-hold.ts'
import { mayStillSend } from './settle.ts'
import { standingOf } from './standing-grant.ts'

/**
 * Brings AWS's assignments and the leash of one permission set or role in one account to what its roster says. The
 * other module that changes AWS. One pass holds the roster, takes each member's owed steps, and writes what AWS
 * confirmed; an asynchronous call is polled under the claim. Safe to call at any time, any number of times.
 */
export async function advanceRoster(ports: Ports, catalogue: Catalogue, key: RosterKey): Promise<void> {
  const now = ports.clock.now()
  const roster = await ports.table.roster(key)
  if (!roster || isClaimed(roster, now)) return
  const dueAt = rosterDueAt(roster, now)
  if (!dueAt || !hasCome(dueAt, now)) return
  const written = await ports.table.writeRoster(claimed(roster, ports.token(), now, true))
  if (!('stored' in written)) return
  const hold = new RosterHold(ports, written.stored)
  const pass = new RosterPass(ports, catalogue, hold)
  try {
    if (written.stored.claim?.quietBefore && isQuiet(written.stored)) await pass.lookAtPresent()
    const due = membersDue(hold.roster, now)
    // First of all, since it ends early what was ended early; what must go is taken away whether or not it worked.
    if (!due.every(isWanted)) await tryToPublish(ports, hold)
    // Whoever comes is seen absent before the leash lists them, and everybody who comes is listed at once.
    for (const { principalId } of due.filter(isComing)) if (hold.hasTime()) await pass.serve(principalId, 1)
    // One person's trouble is nobody else's: each has their own turn, and their own row of retries.
    for (const { principalId } of due) if (hold.hasTime()) await pass.serve(principalId)
    if (hold.roster.leash && !hold.leashProblem) await tryToPublish(ports, hold)
  } catch (error) {
    const fault = asFault(error)
    if (fault.code !== 'claim_lost') throw fault
    // Cut short: what was not looked at is not known to agree.
    hold.problem = fault
  }
  await hold.settle()
}

/** One pass over a roster: the steps of its members, each written through the hold. */
class RosterPass {
  private readonly hold: RosterHold
  private readonly ports: Ports
  private readonly catalogue: Catalogue

  constructor(ports: Ports, catalogue: Catalogue, hold: RosterHold) {
    this.ports = ports
    this.catalogue = catalogue
    this.hold = hold
  }

  /** One member's turn. What fails is tried again later, for this member alone; only a lost claim ends the pass. */
  async serve(principalId: string, mostSteps = 8): Promise<void> {
    if (this.hold.isWaiting(principalId)) return
    try {
      await this.advance(principalId, mostSteps)
      const done = this.hold.roster.members[principalId]
      if (done?.retry && !this.hold.isWaiting(principalId)) await this.hold.save(principalId, withoutRetry)
    } catch (error) {
      const fault = asFault(error)
      if (fault.code === 'claim_lost') throw fault
      const { accountId, permissionSet } = this.hold.roster
      this.ports.log('roster.work_failed', { accountId, permissionSet, code: fault.code, problem: fault.message })
      const before = this.hold.roster.members[principalId]?.retry
      const retry = nextRetry(
        `${rosterId(this.hold.roster)}/${principalId}`,
        before,
        fault.message,
        this.ports.clock.now(),
      )
      this.hold.wait(principalId, retry.at, retry)
    }
  }

  /** Everyone who should be there is listed; who is not goes back to `creating`. */
  async lookAtPresent(): Promise<void> {
    if (roleOf(this.hold.roster) !== undefined) return
    for (const member of Object.values(this.hold.roster.members)) {
      if (member.state !== 'present') continue
      try {
        if (!(await this.isListed(member)))
          await this.hold.save(member.principalId, current => ({ ...current, state: 'creating' }))
      } catch (error) {
        const fault = asFault(error)
        if (fault.code === 'claim_lost') throw fault
        this.hold.problem = fault
      }
    }
  }

  /** Takes a member's owed steps until none is owed, or AWS has to be waited for. */
  private async advance(principalId: string, mostSteps: number): Promise<void> {
    for (let steps = 0; steps < mostSteps; steps++) {
      const member = this.hold.roster.members[principalId]
      const step = member && stepOwed(member)
      if (!member || !step) return
      if (step === 'drop') await this.hold.save(principalId, current => (isWanted(current) ? current : undefined))
      if (step === 'create') await this.beginCreating(member)
      if (step === 'remove')
        await this.hold.save(principalId, current => (isWanted(current) ? current : { ...current, state: 'removing' }))
      if (step === 'await-create' && !(await this.create(member))) return
      if (step === 'await-remove' && !(await this.remove(member))) return
    }
  }

  /** Asked before every call that adds access: whether somebody's grant still stands, however long ago they joined. */
  private async mayCreate(member: Member): Promise<boolean> {
    const standing = await standingOf(this.ports, this.catalogue, member)
    if (standing === 'granted') return true
    if (standing === 'outdated') this.hold.wait(member.principalId, plusSeconds(this.ports.clock.now(), 30))
    else {
      const failure = { code: 'permission_set_changed', message: standing.change } as const
      await this.hold.save(member.principalId, current => ({ ...current, failure }))
    }
    return false
  }

  /** On a role there is nothing to assign: whom its leash lists, and the role carries it, is there. */
  private async listOnRole(member: Member): Promise<boolean> {
    if (!(await this.isBound(member))) return false
    await this.hold.save(member.principalId, current =>
      current.state === 'creating' ? { ...current, state: 'present' } : current,
    )
    return true
  }

  /** Off a role's leash only when no session can be left that it has to keep out. */
  private async forget({ principalId }: Member, until: Instant): Promise<boolean> {
    if (hasCome(until, this.ports.clock.now())) {
      await this.hold.save(principalId, current => (current.over ? undefined : current))
      return true
    }
    this.hold.wait(principalId, until)
    return false
  }

  /** Nobody is let in before AWS was seen to have the leash that lists them, on the role they are let in by. */
  private async isBound({ principalId }: Member): Promise<boolean> {
    if (!this.hold.roster.leash) return true
    if (!this.hold.leashProblem && !isLeashVerified(this.hold.roster)) await tryToPublish(this.ports, this.hold)
    if (this.hold.leashProblem) throw this.hold.leashProblem
    const message = whyRoleUnbound(await this.ports.leashes.role(this.hold.roster), this.hold.roster)
    if (message === undefined) return true
    const failure = { code: 'not_leashed', message } as const
    await this.hold.save(principalId, current => ({ ...current, failure }))
    return false
  }

  /** Seen absent, then written down, then called: what is present afterwards is ours, what was there before is not. */
  private async beginCreating(member: Member): Promise<void> {
    const standing = await this.ports.assignments.held(this.assignment(member))
    const observedAbsentAt = this.ports.clock.now()
    await this.hold.save(member.principalId, current => {
      if (!isWanted(current) || current.state !== 'absent') return current
      if (standing) return { ...current, failure: { code: 'already_held', message: standing } }
      return { ...current, state: 'creating', observedAbsentAt }
    })
  }

  /** True when the member may take its next step now. */
  private async create(member: Member): Promise<boolean> {
    if (roleOf(this.hold.roster) !== undefined) return this.listOnRole(member)
    const operation = await this.runningOr(member, 'create', () => this.isListed(member))
    if (operation === 'waiting') return false
    if (operation?.state === 'failed') {
      const failure = { code: 'aws_refused', message: operation.reason ?? 'AWS gave no reason' } as const
      await this.hold.save(member.principalId, current => ({ ...withoutOperation(current), failure }))
      return true
    }
    if (!(await this.isListed(member))) return this.lookAfresh(member)
    await this.hold.save(member.principalId, current =>
      current.state === 'creating' ? { ...withoutOperation(current), state: 'present' } : withoutOperation(current),
    )
    return true
  }

  private async remove(member: Member): Promise<boolean> {
    if (member.over) return this.forget(member, member.over.until)
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
    if (!isQuiet(this.hold.roster)) {
      this.hold.wait(member.principalId, this.hold.roster.claim?.quietBefore ?? this.ports.clock.now())
      return false
    }
    await this.hold.save(member.principalId, current => {
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
      await this.hold.save(member.principalId, withoutOperation)
    }
    if (await isDone()) return undefined
    if (kind === 'create' && !((await this.mayCreate(member)) && (await this.isBound(member)))) return 'waiting'
    if (!(await this.isItsTurn(member))) return 'waiting'
    this.auditChange(member, kind)
    const maySend = mayStillSend(this.ports, this.hold.roster)
    const call =
      kind === 'create'
        ? this.hold.calls.heard(assignments.create(this.assignment(member), maySend)).catch(refusedAs)
        : this.hold.calls.heard(assignments.remove(this.assignment(member), maySend))
    return this.poll(member, kind, await call)
  }

  /** One change at a time in an account, whoever makes it: the next is made as soon as this one has ended. */
  private async isItsTurn({ principalId }: Member): Promise<boolean> {
    const { clock } = this.ports
    const isFree = !isAnyInFlight(this.hold.roster, clock.now(), principalId) && (await this.hold.takeSlot())
    if (!isFree) this.hold.wait(principalId, plusSeconds(clock.now(), 5))
    return isFree
  }

  private async poll(member: Member, kind: 'create' | 'remove', first: Operation): Promise<Operation | 'waiting'> {
    let operation = first
    if (operation.state === 'working') {
      const { id } = operation
      const begunAt = this.ports.clock.now()
      await this.hold.save(member.principalId, current =>
        current.operation?.id === id ? current : { ...current, operation: { kind, id, begunAt } },
      )
    }
    const maySend = mayStillSend(this.ports, this.hold.roster)
    for (let polls = 0; operation.state === 'working' && polls < 20 && maySend(); polls++) {
      await this.ports.clock.after(1000)
      operation = await this.ports.assignments.operation(kind, operation.id)
    }
    if (operation.state !== 'working') return operation
    this.hold.wait(member.principalId, plusSeconds(this.ports.clock.now(), 5))
    return 'waiting'
  }

  /** The call has ended but the listing does not show it: the next pass looks afresh, and calls again if need be. */
  private async lookAfresh(member: Member): Promise<false> {
    this.hold.wait(member.principalId, plusSeconds(this.ports.clock.now(), 5))
    await this.hold.save(member.principalId, current => (current.operation ? withoutOperation(current) : current))
    return false
  }

  /** Said before the call: what AWS was asked to change is on record even if the answer never comes. */
  private auditChange({ userName, heldBy }: Member, kind: 'create' | 'remove'): void {
    const { accountId, permissionSet } = this.hold.roster
    const what = `${permissionSet} in ${accountId}`
    const sentence =
      kind === 'create'
        ? `${what} is about to be assigned to ${userName}, for ${Object.keys(heldBy).join(', ')}.`
        : `${what} is about to be taken from ${userName}.`
    const event = kind === 'create' ? 'assigning' : 'unassigning'
    this.ports.audit({ at: this.ports.clock.now(), subject: rosterId(this.hold.roster), event, sentence })
  }

  private async isListed(member: Member): Promise<boolean> {
    return this.ports.assignments.listed(this.assignment(member))
  }

  private assignment({ principalId }: Member): Assignment {
    return { accountId: this.hold.roster.accountId, permissionSetArn: this.hold.roster.permissionSetArn, principalId }
  }
}

/** Whether the member's next step only looks whether they have it already. */
function isComing(member: Member): boolean {
  return stepOwed(member) === 'create'
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

function retryable(code: string, message: string): Fault {
  return new Fault(code, message, { retryable: true, answered: true })
}
