import type { AccessRequest, PolicyTarget, RequestIn } from '../core/access-request.ts'
import { stillFollows } from '../core/entitled.ts'
import type { Catalogue } from '../core/entitlement.ts'
import type { RefusalCode } from '../core/errors.ts'
import { hasCome, plusMinutes } from '../core/instant.ts'
import { activate, beginEnding, giveUpMinutes, leastUsefulMinutes } from '../core/lifecycle.ts'
import { earlierBound } from '../core/same-ask.ts'
import { whySetUntouchable } from '../core/untouchable.ts'
import { putPolicy } from './change-policy.ts'
import { during, type Found, quietly, withoutRetry } from './found.ts'
import { holdOnRoster } from './hold-on-roster.ts'
import type { MaySend, Ports } from './ports.ts'
import { lookAgainAt } from './retry.ts'
import type { Calls } from './settle.ts'
import { whyNoLonger } from './why-no-longer.ts'

/** One pass of granting: what it still rests on is looked at again, then it is given, and seen to be there. */
export async function grantRequest(
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
