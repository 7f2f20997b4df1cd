import type { PolicyTarget } from '../core/access-request.ts'
import { type Account, accountWith, type Catalogue } from '../core/entitlement.ts'
import type { RefusalCode } from '../core/errors.ts'
import { flawInTrust } from '../core/trust-policy.ts'
import { whyNotEnterable, whyUntouchable } from '../core/untouchable.ts'
import type { Ports } from './ports.ts'

/**
 * Why a policy may no longer stand where it was approved to be: its user or role is another one now, nothing may be
 * written on it, or its role no longer tells people apart. Undefined when it may. Changes nothing; throws Faults.
 */
export async function whyNoLonger(
  { inlinePolicies }: Pick<Ports, 'inlinePolicies'>,
  catalogue: Catalogue,
  target: PolicyTarget,
  account: Account,
): Promise<{ code: RefusalCode; note: string } | undefined> {
  const { aws } = catalogue
  const userAccount = target.kind === 'inlinePolicy' ? account : accountWith(target.userAccountId, catalogue)
  const [user, botArn] = await Promise.all([
    inlinePolicies.findUser(userAccount.id, target.userName),
    inlinePolicies.ownArn(),
  ])
  if (user?.userId !== target.userId) return { code: 'target_changed', note: target.userName }
  if (target.kind === 'inlinePolicy') return whyUntouchable(user, account, aws, botArn)
  const role = await inlinePolicies.findRole(target.accountId, target.roleName)
  if (role?.roleId !== target.roleId) return { code: 'target_changed', note: target.roleName }
  if (target.kind === 'assume') {
    return whyUntouchable(user, userAccount, aws, botArn) ?? whyNotEnterable(role, account, aws, botArn)
  }
  const visitor = { jumpAccount: target.userAccountId, userName: user.userName, federation: aws.federation }
  return whyUntouchable(role, account, aws, botArn) ?? flawInTrust(role.trust, visitor)
}
