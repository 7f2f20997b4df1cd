import type { AccessRequest, PolicyTarget, RequestIn } from '../core/access-request.ts'
import { isQuiet } from '../core/claim.ts'
import { hasCome, type Instant, plusMinutes } from '../core/instant.ts'
import { end, giveUpMinutes, markRemovalFailing } from '../core/lifecycle.ts'
import { placeOf } from '../core/policy-place.ts'
import { seatOf } from '../core/roster-seat.ts'
import { heldThrough } from '../core/same-ask.ts'
import { removePolicy } from './change-policy.ts'
import { during, type Found, quietly, withoutRetry } from './found.ts'
import { type Left, releaseFromRoster } from './hold-on-roster.ts'
import type { MaySend, Ports } from './ports.ts'
import { lookAgainAt, nextRetry } from './retry.ts'
import type { Calls } from './settle.ts'
import { whyStillOpen } from './why-unbound.ts'

/** One pass of removal: off the roster, off the holder, and ended once both are seen to be gone. */
export async function removeRequest(
  ports: Ports,
  held: RequestIn<Removing>,
  maySend: MaySend,
  calls: Calls,
): Promise<Found> {
  const { target } = held
  const seat = seatOf(target)
  const left = seat && (await releaseFromRoster(ports, held, seat))
  const ended = during<Removing>(removing, (current, at) => end(current, at, left?.keptUntil))
  const problem = left?.gone ? await whyStillOpen(ports, held, target, ports.clock.now()) : left?.problem
  const awaited = left && (!left.gone || problem !== undefined) && awaitRoster(held, left, problem)
  // The version is a fact: whoever holds the claim, the request has left.
  const facts = left && {
    facts: (current: AccessRequest): AccessRequest =>
      current.status === 'revoking' || current.status === 'revoke_failed'
        ? { ...current, leftRosterVersion: left.version }
        : current,
  }
  if (target.kind === 'permissionSet') return { ...quietly(awaited || ended), ...facts }
  // What lets somebody into a leashed role goes whether or not the leash could be published.
  return { ...(await withoutPolicy(ports, held, target, maySend, calls, awaited)), ...facts }
}

/** Gone as far as the request goes, and not as far as its roster has been seen to go. */
function awaitRoster(held: RequestIn<Removing>, left: Left, problem: string | undefined): Found['outcome'] {
  return (current, at) => {
    const late = !left.quiet && hasCome(plusMinutes(held.revokingSince, giveUpMinutes), at)
    const paged = late && current.status === 'revoking' ? markRemovalFailing(current, at) : current
    const lookAt = lookAgainAt(held.revokingSince, at, left.until)
    if (problem === undefined) return { ...withoutRetry(paged), lookAt }
    // The trouble of its roster or its leash is what people are shown of this request's.
    const work = nextRetry(current.id, current.retries.work, problem, at)
    return { ...paged, lookAt, retries: { ...paged.retries, work } }
  }
}

/** Takes the policy away and sees it gone; the request then ends, unless something else is `awaited`. */
async function withoutPolicy(
  ports: Ports,
  held: RequestIn<Removing>,
  target: PolicyTarget,
  maySend: MaySend,
  calls: Calls,
  awaited: Found['outcome'] | false | undefined,
): Promise<Found> {
  // A removal whose answer was lost may have worked. Then looking is enough: each further call could be lost again, and
  // the waiting for it would never end.
  const wasTried = held.retries.work !== undefined
  const mayBeGone = awaited ? wasTried : held.claim?.quietBefore !== undefined && (wasTried || isQuiet(held))
  const isGone = mayBeGone && (await ports.inlinePolicies.read(placeOf(target))) === undefined
  if (!isGone) await removePolicy(ports, held, target, maySend, calls)
  if (isQuiet(held)) {
    const keptUntil = await keptByPolicies(ports, held)
    const ended = during<Removing>(removing, (current, now) => end(current, now, keptUntil))
    return { answered: true, agreed: true, outcome: awaited || ended }
  }
  // Gone, but a call whose answer was lost may still put it back: look again when that can no longer happen.
  const quietAt = held.claim?.quietBefore
  return {
    answered: true,
    agreed: false,
    outcome: current => ({ ...withoutRetry(current), ...(quietAt && { lookAt: quietAt }) }),
  }
}

type Removing = 'revoking' | 'revoke_failed'
const removing: readonly Removing[] = ['revoking', 'revoke_failed']

/** Until when other requests of the person give them the same, each by a policy of its own. */
async function keptByPolicies({ table, clock }: Ports, request: AccessRequest): Promise<Instant | undefined> {
  return heldThrough(await table.byRequester(request.requester.slackUserId, 50), request, clock.now())
}
