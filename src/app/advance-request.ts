import { type AccessRequest, isClaimed, type Outcome, type RequestIn } from '../core/access-request.ts'
import { type Work, workDue } from '../core/due.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { asFault, type Fault } from '../core/errors.ts'
import type { RequestId } from '../core/ids.ts'
import type { Instant } from '../core/instant.ts'
import { beginEnding, lapse, markFound, refuse, watched } from '../core/lifecycle.ts'
import { placeOf } from '../core/policy-place.ts'
import { afterFault } from './after-fault.ts'
import { announce, withIntents } from './announce.ts'
import { checkRequest } from './check-request.ts'
import { during, type Found, quietly, withoutRetry } from './found.ts'
import { grantRequest } from './grant-request.ts'
import { judgeRecordedClick } from './judge-click.ts'
import type { Ports } from './ports.ts'
import { proveEnd } from './prove-end.ts'
import { removeRequest } from './remove-request.ts'
import { type Calls, claimRequest, mayStillSend, newCalls, noteStored, settleRequest } from './settle.ts'
import { whyNoLonger } from './why-no-longer.ts'
import { whyUnbound } from './why-unbound.ts'

/**
 * Does what one request owes now, until it owes nothing or another worker holds it. One of the two modules under
 * which AWS is changed: each pass claims, calls, and writes what came of it. Safe to call at any time, any number of times.
 */
export async function advanceRequest(ports: Ports, catalogue: Catalogue, id: RequestId): Promise<void> {
  // Eleven passes take a request from checking to its end; more would be two workers in each other's way.
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
      if (held.status === 'granting') return grantRequest(ports, catalogue, held, maySend, calls)
      break
    case 'confirm':
      if (held.status === 'active') return confirm(ports, catalogue, held)
      break
    case 'prove':
      if (held.status === 'expired' || held.status === 'revoked') return proveEnd(ports, held)
      break
    case 'remove':
      if (held.status === 'revoking' || held.status === 'revoke_failed')
        return removeRequest(ports, held, maySend, calls)
      break
  }
  return quietly(current => current)
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
