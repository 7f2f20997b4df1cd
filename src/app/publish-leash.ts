import { asFault, Fault } from '../core/errors.ts'
import { hasCome } from '../core/instant.ts'
import { isLeashVerified, leashDueAt, leashOf, onLeash } from '../core/leash.ts'
import type { Ports } from './ports.ts'
import { type RosterHold, rosterId } from './roster-hold.ts'
import { mayStillSend } from './settle.ts'

/** IAM shows a change to its writer within seconds, and not always at once (platform: A3). */
const mostLooks = 5

/**
 * Brings the leash in the account to what the roster says and has AWS show it, over and over until the two agree:
 * people may join and leave meanwhile. "Verified" is written of the generation that was compared, and under our claim
 * only. One policy version a change; what was lost, reset or overwritten by a late call is found by comparing. Throws
 * Faults; a roster without a leash has nothing to publish.
 */
async function publishLeash(ports: Ports, hold: RosterHold): Promise<void> {
  for (let looks = 0, published = -1; hold.roster.leash; looks++) {
    const { roster } = hold
    const generation = hold.roster.leash.generation
    const document = leashOf(roster, generation)
    const standing = await ports.leashes.read(roster)
    if (standing === JSON.stringify(document)) {
      await verified(ports, hold, generation)
      // Somebody may have come or gone since the roster was read.
      if (isLeashVerified(hold.roster)) return
    }
    if (standing === undefined) throw fault('no_leash', `${rosterId(roster)} has no leash in AWS.`)
    if (looks >= mostLooks) throw fault('not_yet', 'The leash was published, but AWS does not show it yet.')
    if (generation !== hold.roster.leash.generation) continue
    if (published === generation) {
      await ports.clock.after(1000)
      continue
    }
    const sentence = `The leash of ${rosterId(roster)} is about to list ${onLeash(roster).length} (generation ${generation}).`
    ports.audit({ at: ports.clock.now(), subject: rosterId(roster), event: 'leashing', sentence })
    await hold.calls.heard(ports.leashes.publish(roster, document, mayStillSend(ports, roster)))
    published = generation
  }
}

/**
 * Does so for a pass that has to go on where it fails: what did not work is in the roster's record, and it is tried
 * again by a later pass.
 */
export async function tryToPublish(ports: Ports, hold: RosterHold): Promise<void> {
  try {
    await publishLeash(ports, hold)
  } catch (error) {
    const problem = asFault(error)
    if (problem.code === 'claim_lost') throw problem
    const { accountId, permissionSet } = hold.roster
    ports.log('roster.work_failed', { accountId, permissionSet, code: problem.code, problem: problem.message })
    hold.leashProblem = problem
  }
}

/** A look that found nothing new is written only where it was due. */
async function verified({ clock }: Ports, hold: RosterHold, generation: number): Promise<void> {
  const at = clock.now()
  hold.leashProblem = undefined
  await hold.change(current => {
    const due = leashDueAt(current, at)
    const isNews = !isLeashVerified(current) || current.leash?.retry || (due && hasCome(due, at))
    if (current.leash?.generation !== generation || !isNews) return current
    return { ...current, leash: { generation, verified: { generation, at } } }
  })
}

function fault(code: string, message: string): Fault {
  return new Fault(code, message, { retryable: true, answered: true })
}
