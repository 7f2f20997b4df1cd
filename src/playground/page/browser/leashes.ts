import type { Condition, PolicyDocument } from '../../aws/policy.ts'
import type { AwsSnapshot } from '../../aws/snapshot.ts'

/** Somebody on a leash (the id of a user in Identity Center, or of sessions of a role), and until when in milliseconds since 1970. */
type Leashed = { id: string; until: number }

/** The leash of a permission set or of a role in an account, as AWS has it. */
export type Leash = {
  accountId: string
  of: 'set' | 'role'
  /** Of the set or role. */
  name: string
  document: PolicyDocument
  /** The number in its first statement; absent in one that Curfew has not written. */
  generation?: number
  people: Leashed[]
  /** Whether the set has it as its boundary, and whether the role in the account does: that is what AWS weighs. */
  onSet: boolean
  onRole: boolean
}

/** Path and name of the policy that is the leash of a set or role. */
export function leashPath(name: string): string {
  return `/curfew/leash-${name}`
}

/** The leashes in an account. */
export function leashesIn(aws: Pick<AwsSnapshot, 'accounts' | 'permissionSets'>, accountId: string): Leash[] {
  const { policies = [], roles = [] } = aws.accounts.find(({ id }) => id === accountId) ?? {}
  return policies.flatMap(({ arn, document }): Leash[] => {
    const [, name] = /:policy\/curfew\/leash-(.+)$/.exec(arn) ?? []
    if (name === undefined) return []
    const set = aws.permissionSets.find(one => one.name === name)
    const reserved = roles.find(one => /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(one.name)?.[1] === name)
    const role = set ? reserved : roles.find(one => one.name === name)
    const onRole = role?.permissionsBoundary === arn
    const onSet = set ? set.boundary === leashPath(name) : onRole
    return [{ accountId, of: set ? 'set' : 'role', name, document, ...readLeash(document), onSet, onRole }]
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
  const people = [...new Set(named)].flatMap((id): Leashed[] => {
    const ends = denials
      .filter(condition => concerns(condition, id))
      .map(condition => Date.parse(String(condition['DateGreaterThanEquals']?.['aws:CurrentTime'])))
    // A denial without a moment holds always.
    return ends.length === 0 || ends.some(Number.isNaN) ? [] : [{ id, until: Math.min(...ends) }]
  })
  const [, generation] = /^Generation(\d+)$/.exec(statements[0]?.Sid ?? '') ?? []
  return { people, ...(generation !== undefined && { generation: Number(generation) }) }
}

function idsIn(condition: Condition, operator: string): string[] {
  const keys = condition[operator]
  return [keys?.['identitystore:UserId'] ?? keys?.['aws:userid'] ?? []].flat().map(String)
}

function concerns(condition: Condition, id: string): boolean {
  const isNamed = condition['StringEquals'] === undefined || idsIn(condition, 'StringEquals').includes(id)
  return isNamed && !idsIn(condition, 'StringNotEquals').includes(id)
}
