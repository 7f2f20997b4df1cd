import {
  type AccessRequest,
  isClaimed,
  type Outcome,
  type PolicyTarget,
  type RequestIn,
} from '../core/access-request.ts'
import { isQuiet } from '../core/claim.ts'
import { type Work, workDue } from '../core/due.ts'
import { stillFollows } from '../core/entitled.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { asFault, Fault, type RefusalCode } from '../core/errors.ts'
import type { RequestId } from '../core/ids.ts'
import { renderPolicy } from '../core/inline-policy.ts'
import { hasCome, type Instant, latest, plusMinutes, plusSeconds, secondsBetween } from '../core/instant.ts'
import {
  activate,
  beginEnding,
  end,
  giveUpMinutes,
  lapse,
  leastUsefulMinutes,
  markFound,
  markRemovalFailing,
  refuse,
  watched,
} from '../core/lifecycle.ts'
import { holderWords, placeOf } from '../core/policy-place.ts'
import { seatOf } from '../core/roster-seat.ts'
import { earlierBound, heldThrough } from '../core/same-ask.ts'
import { whySetUntouchable } from '../core/untouchable.ts'
import { afterFault } from './after-fault.ts'
import { announce, withIntents } from './announce.ts'
import { checkRequest } from './check-request.ts'
import { during, type Found, quietly, withoutRetry } from './found.ts'
import { holdOnRoster, type Left, releaseFromRoster } from './hold-on-roster.ts'
import { judgeRecordedClick } from './judge-click.ts'
import type { MaySend, Ports } from './ports.ts'
import { proveEnd } from './prove-end.ts'
import { nextRetry } from './retry.ts'
import { type Calls, claimRequest, mayStillSend, newCalls, noteStored, settleRequest } from './settle.ts'
import { whyNoLonger } from './why-no-longer.ts'
import { whyStillOpen, whyUnbound } from './why-unbound.ts'

/**
 * Does what one request owes now, until it owes nothing or another worker holds it. One of the two modules that
 * change AWS: each pass claims, calls, and writes what came of it. Safe to call at any time, any number of times.
 */
export async function advanceRequest(ports: Ports, catalogue: Catalogue, id: RequestId): Promise<void> {
  // Ten passes take a request from checking to its end; more would be two workers in each other's way.
  let stored: AccessRequest | undefined
  for (let pass = 0; pass < 12; pass++) {
    // Whoever writes in between is noticed by the next write.
    const request: AccessRequest | undefined = stored ?? (await ports.table.request(id))
    const now = ports.clock.now()
    if (!request || isClaimed(request, now)) return
    const work = workDue(request, now)
    if (!work) return
    const step = withoutCalls(request, work, now)
    if (step) {
      const written = await ports.table.writeRequest(step)
      if ('stored' in written) noteStored(ports, request, written.stored)
      stored = 'stored' in written ? written.stored : undefined
    } else {
      const worked = await workUnderClaim(ports, catalogue, request, work, now)
      if (worked === 'failed') return
      stored = worked
    }
  }
}

/** The steps that time alone brings: one conditional write, no claim. */
function withoutCalls(request: AccessRequest, work: Work, now: Instant): AccessRequest | undefined {
  if (work.kind === 'lapse' && request.status === 'pending') return lapse(request, now)
  if (work.kind === 'expire' && request.status === 'active') return beginEnding(request, { status: 'expired' }, now)
  return undefined
}

/** One pass: claim, effect, settle. Answers what was stored, if it was; `failed` when the same work would only fail again now. */
async function workUnderClaim(
  ports: Ports,
  catalogue: Catalogue,
  request: AccessRequest,
  work: Work,
  now: Instant,
): Promise<AccessRequest | undefined | 'failed'> {
  const wanted = work.kind === 'announce' ? withIntents(request, now) : request
  const held = await claimRequest(ports, wanted, now, changesAws(request, work))
  if (!held) return undefined
  let failed: Fault | undefined
  const calls = newCalls()
  const found = await effect(ports, catalogue, request, held, work, calls).catch((error: unknown): Found => {
    failed = asFault(error)
    return { answered: calls.answered, agreed: false, outcome: afterFault(failed, work) }
  })
  const settled = await settleRequest(ports, held, found)
  if (!failed) return settled
  const { code, message: problem } = failed
  ports.log('request.work_failed', { requestId: request.id, work: work.kind, code, problem })
  return 'failed'
}

/** What a post may take: Slack has no way to tell a late one from its repetition. */
const postSeconds = 12

/** Only inline policies are changed request by request; assignments are the roster's work. */
function changesAws(request: AccessRequest, { kind }: Work): boolean {
  return request.asked.kind !== 'permissionSet' && ['grant', 'confirm', 'remove'].includes(kind)
}

async function effect(
  ports: Ports,
  catalogue: Catalogue,
  before: AccessRequest,
  held: AccessRequest,
  work: Work,
  calls: Calls,
): Promise<Found> {
  const maySend = mayStillSend(ports, held)
  switch (work.kind) {
    case 'judge':
      return judgeRecordedClick(ports, catalogue, held, work.click)
    case 'announce':
      return announce(ports, before, held, mayStillSend(ports, held, postSeconds))
    case 'check': {
      if (held.status !== 'checking') break
      const checked = await checkRequest(ports, catalogue, held)
      return quietly(
        during(['checking'], (current, now) =>
          'target' in checked
            ? markFound(current, checked.target, now, checked.heldUntil)
            : refuse(current, checked.code, now, checked.note),
        ),
      )
    }
    case 'grant':
      if (held.status === 'granting') return grant(ports, catalogue, held, maySend, calls)
      break
    case 'confirm':
      if (held.status === 'active') return confirm(ports, catalogue, held)
      break
    case 'prove':
      if (held.status === 'expired' || held.status === 'revoked') return proveEnd(ports, held)
      break
    case 'remove':
      if (held.status === 'revoking' || held.status === 'revoke_failed') return remove(ports, held, maySend, calls)
      break
  }
  return quietly(current => current)
}

async function grant(
  ports: Ports,
  catalogue: Catalogue,
  held: RequestIn<'granting'>,
  maySend: MaySend,
  calls: Calls,
): Promise<Found> {
  const { target } = held
  const now = ports.clock.now()
  const failWith = (code: RefusalCode, note?: string): Found =>
    quietly(
      during(['granting'], (current, at) =>
        beginEnding(current, { status: 'grant_failed', code, ...(note === undefined ? {} : { note }) }, at),
      ),
    )
  if (hasCome(plusMinutes(held.expiresAt, -leastUsefulMinutes), now)) return failWith('too_late')
  if (!stillFollows(held, catalogue)) return failWith('catalogue_changed')
  if (!ports.grantsOn) return failWith('grants_off')
  if (target.kind === 'permissionSet' || target.kind === 'assume') {
    const untouchable =
      target.kind === 'permissionSet' && whySetUntouchable(target.permissionSetArn, held.account, catalogue.aws)
    if (untouchable) return failWith(untouchable.code, untouchable.note)
    const standing = await holdOnRoster(ports, held, target)
    if (standing.state === 'refused') return failWith(standing.code, standing.note)
    if (standing.state === 'waiting') {
      if (!standing.quiet && hasCome(plusMinutes(held.startsAt, giveUpMinutes), now)) return failWith('gave_up')
      return quietly((current, at) => ({
        ...withoutRetry(current),
        lookAt: lookAgainAt(held.startsAt, at, standing.until),
      }))
    }
    if (target.kind === 'permissionSet') return quietly(during(['granting'], activate))
  }
  if (hasCome(plusMinutes(held.startsAt, giveUpMinutes), now)) return failWith('gave_up')
  const changed = await whyNoLonger(ports, catalogue, target, held.account)
  if (changed) return failWith(changed.code, changed.note)
  if (target.kind === 'rolePolicy' && target.boundFrom === undefined) return bindSessions(ports, held, target)
  await putPolicy(ports, held, target, maySend, calls)
  return { answered: true, agreed: true, outcome: during(['granting'], activate) }
}

/**
 * Notes from when on sessions of the role are told apart, before the policy that says so is put: put again, it is the
 * same. Read after the trust policy was; what that was while the request waited for approval nobody knows.
 */
async function bindSessions(
  { table, clock }: Ports,
  { requester }: AccessRequest,
  target: Extract<PolicyTarget, { kind: 'rolePolicy' }>,
): Promise<Found> {
  const now = clock.now()
  const others = await table.byRequester(requester.slackUserId, 50)
  const boundFrom = earlierBound(others, target.roleId, target.userId, now) ?? now
  return quietly(during(['granting'], current => ({ ...withoutRetry(current), target: { ...target, boundFrom } })))
}

/** Puts the policy and reads it back: nobody is told "active" on the strength of an answer to a write alone. */
async function putPolicy(
  ports: Ports,
  held: RequestIn<'granting'>,
  target: PolicyTarget,
  maySend: MaySend,
  calls: Calls,
): Promise<void> {
  const place = placeOf(target)
  const document = renderPolicy(target, held.startsAt, held.expiresAt)
  const sentence = `${held.expiresAt} is the end of the policy about to be put on ${holderWords(place)}.`
  auditChange(ports, held, 'attaching', sentence)
  await calls.heard(ports.inlinePolicies.put(place, document, held.id, maySend))
  if ((await ports.inlinePolicies.read(place)) === undefined)
    throw notYet('The policy was put, but AWS does not list it yet.')
}

/**
 * Once no lost call can arrive any more: what should be there is there. A grant on a role or under a leash is looked at
 * every so often: one that can no longer be told to be for one person alone, or to end by itself, is ended at once.
 */
async function confirm(ports: Ports, catalogue: Catalogue, held: RequestIn<'active'>): Promise<Found> {
  const { target } = held
  const endWith = (why: Pick<Extract<Outcome, { status: 'grant_failed' }>, 'code' | 'note'>): Found =>
    quietly(during(['active'], (current, at) => beginEnding(current, { status: 'grant_failed', ...why }, at)))
  const stands: Found = {
    answered: true,
    agreed: true,
    outcome: during(['active'], (current, at) => withoutRetry(watched(current, at))),
  }
  const unbound = await whyUnbound(ports, target)
  if (unbound !== undefined) return endWith({ code: 'not_leashed', note: unbound })
  if (target.kind === 'permissionSet') return stands
  const changed = target.kind === 'inlinePolicy' ? undefined : await whyNoLonger(ports, catalogue, target, held.account)
  if (changed) return endWith(changed)
  if ((await ports.inlinePolicies.read(placeOf(target))) !== undefined) return stands
  // It was seen there before "active" was said, so somebody has taken it away since: not ours to put back.
  return endWith({ code: 'target_changed', note: 'the policy was taken away' })
}

async function remove(ports: Ports, held: RequestIn<Removing>, maySend: MaySend, calls: Calls): Promise<Found> {
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
  return { ...(await removePolicy(ports, held, target, maySend, calls, awaited)), ...facts }
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
async function removePolicy(
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
  const place = placeOf(target)
  if (!mayBeGone || (await ports.inlinePolicies.read(place)) !== undefined) {
    auditChange(ports, held, 'detaching', `The policy of this request is about to be taken off ${holderWords(place)}.`)
    await calls.heard(ports.inlinePolicies.remove(place, held.id, maySend))
  }
  if ((await ports.inlinePolicies.read(place)) !== undefined)
    throw notYet('The policy was removed, but AWS still lists it.')
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

/** Said before the call: what AWS was asked to change is on record even if the answer never comes. */
function auditChange({ audit, clock }: Ports, { id }: AccessRequest, event: string, sentence: string): void {
  audit({ at: clock.now(), subject: id, event, sentence })
}

function notYet(message: string): Fault {
  return new Fault('not_yet', message, { retryable: true, answered: true })
}

/** AWS usually takes seconds; one look costs two small writes. */
function lookAgainAt(since: Instant, now: Instant, until: Instant | undefined): Instant {
  const waited = secondsBetween(since, now)
  return latest(plusSeconds(now, waited < 60 ? 3 : 5), until) ?? now
}
