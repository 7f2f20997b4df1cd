import type { Condition, PolicyDocument } from '../../aws/policy.ts'
import type { AwsSnapshot } from '../../aws/snapshot.ts'

/** Whom a leash lets in, and until when in milliseconds since 1970. */
type Leashed = { userId: string; until: number }

/** A permission set's leash in an account, as AWS has it. */
export type Leash = {
  accountId: string
  permissionSet: string
  document: PolicyDocument
  /** The number in its first statement; absent in one that Curfew has not written. */
  generation?: number
  people: Leashed[]
  /** Whether the set has it as its boundary, and whether its role in the account does: that is what AWS weighs. */
  onSet: boolean
  onRole: boolean
}

/** Path and name of the policy that is the leash of a set. */
export function leashPath(permissionSet: string): string {
  return `${path}leash-${permissionSet}`
}

const path = '/curfew/'

/** The leashes in an account. */
export function leashesIn(aws: Pick<AwsSnapshot, 'accounts' | 'permissionSets'>, accountId: string): Leash[] {
  const { policies = [], roles = [] } = aws.accounts.find(({ id }) => id === accountId) ?? {}
  return aws.permissionSets.flatMap(({ name, boundary }): Leash[] => {
    const policy = policies.find(({ arn }) => arn.endsWith(`:policy${leashPath(name)}`))
    if (!policy) return []
    const role = roles.find(one => /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(one.name)?.[1] === name)
    return [
      {
        accountId,
        permissionSet: name,
        document: policy.document,
        ...readLeash(policy.document),
        onSet: boundary === leashPath(name),
        onRole: role?.permissionsBoundary === policy.arn,
      },
    ]
  })
}

/** Reads a leash out of its document: whom no statement denies before some moment, and that moment. */
export function readLeash({ Statement }: PolicyDocument): Pick<Leash, 'generation' | 'people'> {
  const statements = [Statement].flat()
  const denials = statements.filter(({ Effect }) => Effect === 'Deny').map(({ Condition = {} }) => Condition)
  const named = denials.flatMap(condition => [
    ...idsIn(condition, 'StringEquals'),
    ...idsIn(condition, 'StringNotEquals'),
  ])
  const people = [...new Set(named)].flatMap((userId): Leashed[] => {
    const ends = denials
      .filter(condition => concerns(condition, userId))
      .map(condition => Date.parse(String(condition['DateGreaterThanEquals']?.['aws:CurrentTime'])))
    // A denial without a moment holds always.
    return ends.length === 0 || ends.some(Number.isNaN) ? [] : [{ userId, until: Math.min(...ends) }]
  })
  const [, generation] = /^Generation(\d+)$/.exec(statements[0]?.Sid ?? '') ?? []
  return { people, ...(generation !== undefined && { generation: Number(generation) }) }
}

function idsIn(condition: Condition, operator: string): string[] {
  return [condition[operator]?.['identitystore:UserId'] ?? []].flat().map(String)
}

function concerns(condition: Condition, userId: string): boolean {
  const isNamed = condition['StringEquals'] === undefined || idsIn(condition, 'StringEquals').includes(userId)
  return isNamed && !idsIn(condition, 'StringNotEquals').includes(userId)
}
