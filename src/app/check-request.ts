import type { AccessRequest, RequestIn, Target } from '../core/access-request.ts'
import { identityCenterUserOf } from '../core/entitled.ts'
import type { Catalogue } from '../core/entitlement.ts'
import type { RefusalCode } from '../core/errors.ts'
import type { Instant } from '../core/instant.ts'
import type { AwsIdentity } from '../core/known-identity.ts'
import { leashPath } from '../core/leash.ts'
import { whyNotLeashed } from '../core/leash-ready.ts'
import { whyPersistent } from '../core/persistence.ts'
import { seatOf } from '../core/roster-seat.ts'
import { heldThrough, isSameAsk } from '../core/same-ask.ts'
import type { SetContent } from '../core/set-content.ts'
import { whySetUntouchable } from '../core/untouchable.ts'
import { checkPolicy } from './check-policy.ts'
import { confirmIdentity } from './confirm-identity.ts'
import type { LeashKey, Ports } from './ports.ts'
import { reserveRoom } from './reserve-room.ts'

/** The target to write to and until when they have the same already, or the reason why nobody needs to be asked. */
export type Checked = { target: Target; heldUntil?: Instant } | { code: RefusalCode; note?: string }

/**
 * The AWS reads that must come before anyone is asked: does the person exist there and may be written on, is there
 * room, do they have it already, is the account in use. Changes nothing; throws Faults when AWS could not be asked.
 */
export async function checkRequest(
  ports: Ports,
  catalogue: Catalogue,
  request: RequestIn<'checking'>,
): Promise<Checked> {
  const others = await ports.table.byRequester(request.requester.slackUserId, 50)
  const twin = others.find(other => isSameAsk(other, request) && goesFirst(other, request))
  if (twin) return { code: 'already_asked', note: twin.status }
  if (request.account.id === catalogue.aws.managementAccount) return { code: 'management_account' }
  const account = await ports.accounts.find(request.account.id)
  if (!account?.active) return { code: 'account_not_active', note: account?.state ?? 'unknown' }
  const checked =
    request.asked.kind === 'permissionSet'
      ? await checkPermissionSet(ports, catalogue, request)
      : await checkPolicy(ports, catalogue, request)
  if ('code' in checked) return checked
  const doubt = await confirmIdentity(ports, catalogue, request.requester, ...identityIn(checked.target))
  if (doubt) return doubt
  const seat = seatOf(checked.target)
  if (seat?.leash === 'required' && !(await reserveRoom(ports, seat, request))) {
    return { code: 'leash_full', note: leashPath(seat.key.permissionSet) }
  }
  const heldUntil = heldThrough(others, request, ports.clock.now())
  return { ...checked, ...(heldUntil && { heldUntil }) }
}

function identityIn(target: Target): [place: string, found: AwsIdentity] {
  const { userName: name } = target
  if (target.kind === 'permissionSet') return ['identity-center', { name, id: target.principalId }]
  return [target.kind === 'inlinePolicy' ? target.accountId : target.userAccountId, { name, id: target.userId }]
}

async function checkPermissionSet(
  ports: Ports,
  catalogue: Catalogue,
  request: RequestIn<'checking'>,
): Promise<Checked> {
  if (request.asked.kind !== 'permissionSet') throw new Error('not a permission set')
  const { assignments, table } = ports
  const { permissionSet } = request.asked
  const accountId = request.account.id
  const by = identityCenterUserOf(request.requester, catalogue.people)
  if (!by) return { code: 'email_not_allowed' }
  const user = await assignments.findUser(by)
  if (!user) return { code: 'no_aws_user', note: 'email' in by ? by.email : by.userName }
  if (!user.enabled) return { code: 'aws_user_disabled', note: user.userName }
  const set = await assignments.findPermissionSet(permissionSet)
  if (!set) return { code: 'no_permission_set', note: permissionSet }
  const untouchable = whySetUntouchable(set.permissionSetArn, request.account, catalogue.aws)
  if (untouchable) return untouchable
  const persistent = whyPersistent(set, request.account, catalogue.entitlements[request.entitlementId])
  if (persistent) return persistent
  const member = (await table.roster({ accountId, permissionSet }))?.members[user.principalId]
  // Someone on the roster may show in the listing: that assignment is ours, held by other requests or on its way out.
  const assignment = { accountId, permissionSetArn: set.permissionSetArn, principalId: user.principalId }
  const held = member ? undefined : await assignments.held(assignment)
  if (held) return { code: 'already_held', note: held }
  const { principalId, userName } = user
  const { leash } = request.asked
  const place = { accountId, permissionSet, permissionSetArn: set.permissionSetArn }
  if (leash === 'required') {
    const unleashed = await whyUnleashed(ports, catalogue, place, set.content)
    if (unleashed !== undefined) return { code: 'not_leashed', note: unleashed }
  }
  return { target: { kind: 'permissionSet', accountId, permissionSet, leash, ...set, principalId, userName } }
}

async function whyUnleashed(
  { leashes }: Ports,
  { aws }: Catalogue,
  place: LeashKey,
  { boundary }: SetContent,
): Promise<string | undefined> {
  const [policy, role] = await Promise.all([leashes.read(place), leashes.role(place)])
  const instance = aws.identityCenter && { instanceArn: aws.identityCenter.instanceArn }
  return whyNotLeashed({ boundary, policy, role }, { ...place, ...instance })
}

/**
 * Nobody wants two open asks; what was approved may be asked for again, for longer. Of two that are being checked at
 * once the earlier goes on, so that they cannot refuse each other.
 */
function goesFirst(other: AccessRequest, request: AccessRequest): boolean {
  if (other.id === request.id) return false
  if (other.status !== 'checking') return other.status === 'pending'
  return `${other.submittedAt} ${other.id}` < `${request.submittedAt} ${request.id}`
}
