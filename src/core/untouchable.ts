import { ceilingArn } from './ceiling.ts'
import type { Account, Catalogue } from './entitlement.ts'
import type { RefusalCode } from './errors.ts'

/** What a user or role carries beside its name. `boundaryArn` is its permissions boundary. */
export type Principal = { arn: string; boundaryArn?: string }

/**
 * Why nothing may be written on the principal, whoever asks for it; undefined when it may. `botArn` is whose
 * credentials Curfew works with: a role session or a user.
 */
export function whyUntouchable(
  { arn, boundaryArn }: Principal,
  account: Pick<Account, 'id' | 'sensitive'>,
  aws: Pick<Catalogue['aws'], 'managementAccount' | 'memberRole' | 'neverTouch'>,
  botArn: string,
): { code: RefusalCode; note: string } | undefined {
  if (account.id === aws.managementAccount) return { code: 'management_account', note: arn }
  // AWS answers UnmodifiableEntity, and only after everybody was asked (platform: A5).
  if (/:role\/(aws-reserved\/sso\.amazonaws\.com\/|aws-service-role\/|(.*\/)?AWSReservedSSO_)/i.test(arn)) {
    return { code: 'aws_owned', note: arn }
  }
  const own = [principalOf(botArn), { accountId: account.id, kind: 'role', name: aws.memberRole.toLowerCase() }]
  const { accountId, kind, name } = principalOf(arn)
  if (own.some(one => one.accountId === accountId && one.kind === kind && one.name === name)) {
    return { code: 'curfews_own', note: arn }
  }
  const pattern = neverTouchedBy(arn, aws.neverTouch)
  if (pattern !== undefined) return { code: 'never_touched', note: `${arn} (${pattern})` }
  const ceiling = ceilingArn(arn)
  if (!account.sensitive || boundaryArn === ceiling) return undefined
  const userOrRole = kind === 'role' ? 'role' : 'user'
  const fix = `aws iam put-${userOrRole}-permissions-boundary --${userOrRole}-name ${arn.split('/').at(-1)}`
  return { code: 'no_ceiling', note: `${fix} --permissions-boundary ${ceiling}` }
}

/** Why nobody may be let into the role, whoever asks for it; nothing is written on it, so it needs no ceiling. */
export function whyNotEnterable(
  role: Principal,
  account: Pick<Account, 'id'>,
  aws: Parameters<typeof whyUntouchable>[2],
  botArn: string,
): ReturnType<typeof whyUntouchable> {
  return whyUntouchable(role, { ...account, sensitive: false }, aws, botArn)
}

/** Why a permission set may not be assigned in the account, whoever asks for it; undefined when it may. */
export function whySetUntouchable(
  permissionSetArn: string,
  account: Pick<Account, 'id'>,
  aws: Pick<Catalogue['aws'], 'managementAccount' | 'neverTouch'>,
): { code: RefusalCode; note: string } | undefined {
  if (account.id === aws.managementAccount) return { code: 'management_account', note: permissionSetArn }
  const pattern = neverTouchedBy(permissionSetArn, aws.neverTouch)
  return pattern === undefined ? undefined : { code: 'never_touched', note: `${permissionSetArn} (${pattern})` }
}

/** The first pattern of the catalogue's `neverTouch` that is about the ARN. Wildcards cross colons and slashes, letters compare in either case: in doubt it matches. */
export function neverTouchedBy(arn: string, neverTouch: string[]): string | undefined {
  return neverTouch.find(pattern => {
    const source = pattern
      .replace(/[\\^$.+()[\]{}|]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')
    return new RegExp(`^${source}$`, 'is').test(arn)
  })
}

/** A role's sessions are the role; names differ by more than case, and paths are left out of session ARNs. */
function principalOf(arn: string): { accountId: string | undefined; kind: string; name: string | undefined } {
  const [, , , , accountId, resource = ''] = arn.split(':')
  const [kind = '', ...rest] = resource.toLowerCase().split('/')
  if (kind === 'assumed-role') return { accountId, kind: 'role', name: rest[0] }
  return { accountId, kind, name: rest.at(-1) }
}
