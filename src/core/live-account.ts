import type { Account, Catalogue } from './entitlement.ts'
import type { Looked } from './looked.ts'

type Used = Pick<Catalogue, 'accounts' | 'entitlements' | 'aws'>

/** The accounts that something may be granted in, and whether Curfew works there as the member role. */
export function usedAccounts({ accounts, entitlements, aws }: Used): { account: Account; asMember: boolean }[] {
  const grants = Object.values(entitlements).flatMap(({ grants, accounts: keys }) =>
    keys.map(key => ({ id: accounts[key]?.id, grants })),
  )
  const isMember = (id: string) =>
    grants.some(
      ({ grants, id: where }) =>
        (where === id && !(grants.kind === 'permissionSet' && grants.leash === 'off')) ||
        // The users whom roles let in are there.
        (id === aws.hubAccount &&
          (grants.kind === 'assume' || (grants.kind === 'inlinePolicy' && grants.on !== 'user'))),
    )
  return Object.values(accounts).flatMap(account => {
    const asMember = isMember(account.id)
    return asMember || grants.some(({ id }) => id === account.id) ? [{ account, asMember }] : []
  })
}

/** Whether assignments and policies can be made in the account at all. */
export function isActive(found: { active: boolean; state: string } | undefined): Looked {
  if (!found) return { mark: 'missing', about: 'active', says: 'AWS Organizations knows no such account' }
  return { mark: found.active ? 'ok' : 'missing', about: 'active', says: `${found.state}` }
}

/** What makes the member role of the account; run in the account. `roles`: those it may write on. */
export function memberRoleCommand({ sensitive }: Pick<Account, 'sensitive'>, botArn: string, roles: string[]): string {
  const [only, ...others] = roles
  const parameters = [
    `BotRoleArn=${roleOfSession(botArn)}`,
    ...(only === undefined ? [] : [`RolePath=${others.length > 0 ? "'*'" : only}`]),
    ...(sensitive ? ['Sensitive=yes'] : []),
  ]
  return [
    'aws cloudformation deploy --stack-name curfew-member --template-file infra/member-account.template.yaml',
    `--capabilities CAPABILITY_NAMED_IAM --parameter-overrides ${parameters.join(' ')}`,
  ].join(' ')
}

/** The role whose session it is. Its path is not in the ARN of a session. */
function roleOfSession(arn: string): string {
  return arn.replace(/^(arn:[^:]+):sts:(:\d+):assumed-role\/([^/]+)\/.*$/, '$1:iam:$2:role/$3')
}
