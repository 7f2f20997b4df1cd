import type { Asked, PolicyTarget, RequestIn } from '../core/access-request.ts'
import { iamUserOf } from '../core/entitled.ts'
import { accountWith, type Catalogue, type Limits } from '../core/entitlement.ts'
import type { RefusalCode } from '../core/errors.ts'
import { policyNameOf } from '../core/ids.ts'
import { policyLimits, policySize, renderPolicy } from '../core/inline-policy.ts'
import { plusMinutes } from '../core/instant.ts'
import { leashArn } from '../core/leash.ts'
import { placeOf } from '../core/policy-place.ts'
import { type Question, questionOf } from '../core/proof.ts'
import { rosterNameOfRole } from '../core/roster-seat.ts'
import { flawInTrust, mayLetIn } from '../core/trust-policy.ts'
import { neverTouchedBy, whyNotEnterable, whyUntouchable } from '../core/untouchable.ts'
import type { FoundRole, FoundUser, Ports } from './ports.ts'

type Refused = { code: RefusalCode; note?: string }
type AskedPolicy = Exclude<Asked, { kind: 'permissionSet' }>

/** Who asks, and what is needed to judge where the policy is to go. */
type Scene = {
  catalogue: Catalogue
  request: RequestIn<'checking'>
  user: FoundUser
  botArn: string
}

/**
 * Where the request's policy is to go, or why it cannot: the person and the role must exist and may be written on, the
 * role must tell people apart and let this one in, and there must be room.
 */
export async function checkPolicy(
  { inlinePolicies, simulator, clock }: Ports,
  catalogue: Catalogue,
  request: RequestIn<'checking'>,
): Promise<{ target: PolicyTarget } | Refused> {
  const { asked, account } = request
  if (asked.kind === 'permissionSet') throw new Error('not a policy')
  const userName = iamUserOf(request.requester, catalogue.people)
  if (!userName) return { code: 'email_not_allowed' }
  const roleName = roleIn(asked)
  const userAccountId = roleName === undefined ? account.id : catalogue.aws.hubAccount
  const [user, role, botArn] = await Promise.all([
    inlinePolicies.findUser(userAccountId, userName),
    roleName === undefined ? undefined : inlinePolicies.findRole(account.id, roleName),
    inlinePolicies.ownArn(),
  ])
  if (!user) return { code: 'no_aws_user', note: userName }
  const scene = { catalogue, request, user, botArn }
  let target: PolicyTarget | Refused
  if (asked.kind === 'inlinePolicy' && asked.on === 'user') target = onUser(scene, asked)
  else if (!role) return { code: 'no_role', note: roleName ?? '' }
  else if (asked.kind === 'assume') target = entering(scene, asked, role)
  else target = onRole(scene, asked, role)
  if ('code' in target) return target
  const place = placeOf(target)
  // The bounds are of fixed length, so any window measures what the real one will take.
  const window = renderPolicy(target, request.submittedAt, plusMinutes(request.submittedAt, 1))
  const used = await inlinePolicies.usedCharacters(place)
  const needed = policySize(JSON.stringify(window))
  const limit = policyLimits[place.principal]
  if (used + needed > limit) return { code: 'no_room_in_policy', note: `${used} + ${needed} > ${limit}` }
  if (target.kind !== 'assume') return { target }
  const openBy = await alreadyOpenBy(simulator, questionOf(target, user.arn, clock.now()))
  return { target: { ...target, ...(openBy !== undefined && { openBy }) } }
}

type AskedInline = Extract<Asked, { kind: 'inlinePolicy' }>

function onUser({ catalogue, request, user, botArn }: Scene, asked: AskedInline): PolicyTarget | Refused {
  const untouchable = whyUntouchable(user, request.account, catalogue.aws, botArn)
  if (untouchable) return untouchable
  const { userName, userId } = user
  const where = { accountId: request.account.id, userName, userId, policyName: policyNameOf(request.id) }
  return { kind: 'inlinePolicy', ...where, statements: asked.statements, ...limitsOf(asked) }
}

function onRole(scene: Scene, asked: AskedInline, role: FoundRole): PolicyTarget | Refused {
  const { catalogue, request, user, botArn } = scene
  const { aws } = catalogue
  const never = neverTouchedBy(user.arn, aws.neverTouch)
  if (never !== undefined) return { code: 'never_touched', note: `${user.arn} (${never})` }
  const visitor = visitorIn(scene)
  const refused = whyUntouchable(role, request.account, aws, botArn) ?? flawInTrust(role.trust, visitor)
  if (refused) return refused
  if (!mayLetIn(role.trust, visitor, user.arn)) return notLetIn(user, role)
  return { kind: 'rolePolicy', ...betweenAccounts(scene, role), statements: asked.statements, ...limitsOf(asked) }
}

function entering(scene: Scene, asked: Extract<Asked, { kind: 'assume' }>, role: FoundRole): PolicyTarget | Refused {
  const { catalogue, request, user, botArn } = scene
  const { aws } = catalogue
  const refused =
    whyNotEnterable(role, request.account, aws, botArn) ??
    whyUntouchable(user, accountWith(aws.hubAccount, catalogue), aws, botArn)
  if (refused) return refused
  if (!mayLetIn(role.trust, visitorIn(scene), user.arn)) return notLetIn(user, role)
  const { sessionMinutes, roleName, arn, boundaryArn } = role
  const place = { accountId: request.account.id, permissionSet: rosterNameOfRole(roleName), permissionSetArn: arn }
  const leash = boundaryArn === leashArn(place) ? 'required' : 'off'
  return { kind: 'assume', ...betweenAccounts(scene, role), sessionMinutes, leash, ...limitsOf(asked) }
}

/** What is open to them anyway is worth knowing, and no reason to refuse; nor is that AWS could not be asked. */
async function alreadyOpenBy(simulator: Ports['simulator'], question: Question): Promise<string | undefined> {
  const policies = await simulator.allowedBy(question).catch(() => [])
  // Another grant of Curfew's ends by itself.
  return policies.find(policy => !policy.includes(policyNameOf('req_')))
}

function betweenAccounts({ catalogue, request, user }: Scene, { roleName, roleId, arn: roleArn }: FoundRole) {
  const { userName, userId } = user
  const inJump = { userAccountId: catalogue.aws.hubAccount, userName, userId }
  return { accountId: request.account.id, roleName, roleId, roleArn, ...inJump, policyName: policyNameOf(request.id) }
}

function visitorIn({ catalogue, user }: Scene) {
  const { hubAccount: jumpAccount, federation } = catalogue.aws
  return { jumpAccount, federation, userName: user.userName }
}

function notLetIn(user: FoundUser, role: FoundRole): Refused {
  return { code: 'not_let_in', note: `${user.arn} → ${role.arn}` }
}

function limitsOf({ requireMfa, regions }: Limits): Limits {
  return { ...(requireMfa && { requireMfa }), ...(regions && { regions }) }
}

function roleIn(asked: AskedPolicy): string | undefined {
  if (asked.kind === 'assume') return asked.role
  return asked.on === 'user' ? undefined : asked.on.role
}
