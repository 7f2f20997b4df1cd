import type { AccessRequest, PolicyTarget, Proof, RequestIn } from './access-request.ts'
import type { Limits, Statement, Text } from './entitlement.ts'
import { spread } from './ids.ts'
import { type Instant, plusSeconds } from './instant.ts'
import { type Holder, placeOf } from './policy-place.ts'

/** IAM takes a while to know everywhere what was taken away. */
const proofAfterSeconds = 60
/** Ends fall on the hour, and IAM has little room for questions beside the removals that are due then. */
const proofSpreadSeconds = 120
/** A handful: then it is filed that AWS could not be asked. */
const mostTries = 5

/** When AWS is (next) asked whether the access is really gone; undefined when that is on file, or others keep the same. */
export function proofDueAt(request: AccessRequest): Instant | undefined {
  if (request.status !== 'expired' && request.status !== 'revoked') return undefined
  // Of a stray it is not known what it gave; that it is gone was confirmed.
  if (request.proof || request.keptUntil || request.stray) return undefined
  const seconds = proofAfterSeconds + Math.round(proofSpreadSeconds * spread(`${request.id}:proof`))
  return request.retries.proof?.at ?? plusSeconds(request.endedAt, seconds)
}

/** When to ask again after so many attempts that came to nothing; undefined when it has been tried often enough. */
export function nextProofAt(attempts: number, now: Instant): Instant | undefined {
  return attempts < mostTries ? plusSeconds(now, proofAfterSeconds * 2 ** (attempts - 1)) : undefined
}

/** What AWS is asked: would this user or role, in these circumstances, be allowed any of this? */
export type Question = {
  holder: Holder
  /** Of the user or role. */
  arn: string
  /** As in a policy, wildcards and all; whoever asks takes some of each. */
  actions: string[]
  resources: string[]
  context: { key: string; type: 'date' | 'string' | 'boolean'; value: string }[]
}

/** Asks for what the policy gave, in the best of circumstances but for the time, which is now. `arn` is its holder's. */
export function questionOf(target: PolicyTarget, arn: string, now: Instant): Question {
  const { statements, requireMfa = false, regions = [] } = givenBy(target)
  const [region] = regions
  const resources = statements.flatMap(statement =>
    statement.resources.map(one => concrete(one, target.accountId, region)),
  )
  const strings: Record<string, string> = {
    ...(region && { 'aws:RequestedRegion': region }),
    ...(target.kind === 'rolePolicy' && { 'aws:userid': `${target.roleId}:${target.userName}` }),
    ...(target.kind === 'assume' && { 'sts:RoleSessionName': target.userName }),
  }
  return {
    holder: placeOf(target),
    arn,
    actions: [...new Set(statements.flatMap(({ actions }) => actions))],
    resources: [...new Set(resources)],
    context: [
      { key: 'aws:CurrentTime', type: 'date', value: now },
      ...(target.kind === 'rolePolicy' ? [{ key: 'aws:TokenIssueTime', type: 'date', value: now } as const] : []),
      ...(requireMfa ? [{ key: 'aws:MultiFactorAuthPresent', type: 'boolean', value: 'true' } as const] : []),
      ...Object.entries(strings).map(([key, value]) => ({ key, type: 'string', value }) as const),
    ],
  }
}

function givenBy(target: PolicyTarget): { statements: Statement[] } & Limits {
  if (target.kind !== 'assume') return target
  const statements = [{ actions: ['sts:AssumeRole'], resources: [target.roleArn] }]
  return { statements, ...(target.requireMfa && { requireMfa: true }) }
}

/** One resource out of many: a letter stands for what may be anything. */
function concrete(arn: string, accountId: string, region = 'us-east-1'): string {
  if (arn === '*') return arn
  const [prefix, partition, service, where, whose, ...rest] = arn.split(':')
  const named = rest.join(':').replace(/\$\{[^}]*\}|[*?]+/g, 'x')
  return [prefix, partition, service, where === '*' ? region : where, whose === '*' ? accountId : whose, named].join(
    ':',
  )
}

/** What AWS answered after the end, for the requester. */
export function proofWords(request: RequestIn<'expired' | 'revoked'>, proof: Proof): Text {
  const { en, ja } = texts[keyOf(request, proof)]
  return { en: `Asked after the end: ${en}.`, ja: `終了後の確認: ${ja}。` }
}

/** The same for the record, with by what or why. */
export function proofNote(request: RequestIn<'expired' | 'revoked'>, proof: Proof): string {
  const { en } = texts[keyOf(request, proof)]
  return proof.note === undefined ? en : `${en} (${proof.note})`
}

function keyOf({ target }: RequestIn<'expired' | 'revoked'>, { answer }: Proof): keyof typeof texts {
  if (target.kind !== 'permissionSet' || answer !== 'gone') return answer
  return target.leash === 'required' ? 'shutOut' : 'notListed'
}

const texts = {
  gone: { en: 'AWS refuses it', ja: 'AWS は拒否します' },
  notListed: { en: 'AWS lists no assignment', ja: 'AWS に割り当てはありません' },
  shutOut: {
    en: 'AWS lists no assignment, and the leash keeps them out',
    ja: 'AWS に割り当てはなく、リーシュも利用を拒否しています',
  },
  otherwise: { en: 'something else still gives the same', ja: '別の権限により、同じ操作が引き続き可能です' },
  still: { en: 'AWS still allows it; operators are told', ja: 'AWS がまだ許可しています（管理者に通知済み）' },
  not_asked: { en: 'AWS could not be asked', ja: 'AWS に確認できませんでした' },
} satisfies Record<Proof['answer'] | 'notListed' | 'shutOut', Text>
