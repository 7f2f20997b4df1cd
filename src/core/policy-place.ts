import type { PolicyTarget } from './access-request.ts'

/** An IAM user or role that carries policies, by its name in its account. */
export type Holder = { accountId: string; principal: 'user' | 'role'; name: string }

/** Where an inline policy of Curfew is, and what it is called there. */
export type PolicyPlace = Holder & { policyName: string }

/** Where the policy of a target is put. What lets somebody enter a role is on the user who enters. */
export function placeOf(target: PolicyTarget): PolicyPlace {
  const { policyName } = target
  switch (target.kind) {
    case 'inlinePolicy':
      return { accountId: target.accountId, principal: 'user', name: target.userName, policyName }
    case 'rolePolicy':
      return { accountId: target.accountId, principal: 'role', name: target.roleName, policyName }
    case 'assume':
      return { accountId: target.userAccountId, principal: 'user', name: target.userName, policyName }
  }
}

/** The holder in words, for records. */
export function holderWords({ accountId, principal, name }: Holder): string {
  return `the IAM ${principal} ${name} in ${accountId}`
}
