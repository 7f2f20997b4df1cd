import { type AccessRequest, isEnded, type Requester, type RequestIn, type Target } from './access-request.ts'
import type { Account, Text } from './entitlement.ts'
import type { RequestId } from './ids.ts'
import type { Instant } from './instant.ts'
import { type PolicyPlace, placeOf } from './policy-place.ts'
import type { Finding, ForeignAssignment, StrayPolicy } from './reconcile.ts'

/** Stands for the requester of a stray that no request is known of. Slack ids have no hyphen. */
export const nobody = 'NO-REQUESTER'

/** What bears our name or our record, so that operators may end it. */
export type Stray = StrayPolicy | (ForeignAssignment & { lastGivenBy: RequestId })

/**
 * Whether operators may end what was found through Curfew: it bears our name or our record, and nothing will make it
 * rightful again (a request that still waits might, once it is granted). Foreign access is none of ours to end.
 */
export function isEndableStray(finding: Finding): finding is Stray {
  if (finding.kind === 'foreign_assignment') return finding.lastGivenBy !== undefined
  return finding.kind === 'stray_policy' && finding.because !== 'checking' && finding.because !== 'pending'
}

/** What the id of the item that owns the stray is made of: found again on the same day, it is the same item. */
export function nameOfStray(stray: Stray, day: string): string {
  const place =
    stray.kind === 'stray_policy'
      ? [stray.principal, stray.name, stray.policyName]
      : ['set', stray.permissionSet, stray.principalId]
  return ['stray', day, stray.accountId, ...place].join('/')
}

/**
 * The latest of a person's requests through which they were given just this assignment, if it has ended. One that AWS had
 * refused as held already says that it was there before: then it is not ours.
 */
export function lastGiven(requests: AccessRequest[], found: ForeignAssignment): AccessRequest | undefined {
  const same = requests.filter(request => !request.stray && 'target' in request && isAssignment(request.target, found))
  const latest = same.sort((one, other) => (one.submittedAt > other.submittedAt ? -1 : 1))[0]
  const wasGiven = latest?.history.some(({ event }) => event === 'activated')
  return latest && isEnded(latest) && wasGiven ? latest : undefined
}

function isAssignment(target: Target, { accountId, permissionSet, principalId }: ForeignAssignment): boolean {
  if (target.kind !== 'permissionSet') return false
  return target.accountId === accountId && target.permissionSet === permissionSet && target.principalId === principalId
}

/**
 * The item that owns a stray: a request that was never asked for, which does nothing until an operator ends it, and then is
 * removed as any other. `named`: the request it is named after, whose words it bears; ended itself, it stays so.
 */
export function newStray(
  id: RequestId,
  stray: Stray,
  named: AccessRequest | undefined,
  account: Account,
  now: Instant,
): RequestIn<'stray'> {
  const known = named && 'target' in named ? named.target : undefined
  const because = stray.kind === 'stray_policy' ? stray.because : (named?.status ?? 'no_request')
  const isKnown = known && (stray.kind === 'stray_policy' ? isAt(known, stray) : isAssignment(known, stray))
  const target = isKnown ? known : stray.kind === 'stray_policy' ? targetAt(stray) : undefined
  if (!target) throw new Error('a stray assignment without the request that gave it')
  return {
    id,
    version: 0,
    writeId: '',
    status: 'stray',
    stray: { because },
    requester: named?.requester ?? noRequester('name' in stray ? (stray.name ?? '') : ''),
    entitlementId: named?.entitlementId ?? '',
    title: named?.title ?? noTitle,
    account,
    parameters: named?.parameters ?? {},
    asked: (isKnown && named?.asked) || { kind: 'inlinePolicy', on: 'user', statements: [] },
    target,
    durationMinutes: 0,
    reason: '',
    submittedAt: now,
    lapsesAt: now,
    approvals: [],
    clicks: [],
    replies: [],
    history: [{ at: now, event: 'stray_found', note: because }],
    announced: {},
    retries: {},
  }
}

function isAt(target: Target, place: PolicyPlace): boolean {
  if (target.kind === 'permissionSet') return false
  const { accountId, principal, name, policyName } = placeOf(target)
  const isThere = accountId === place.accountId && principal === place.principal && name === place.name
  return isThere && policyName === place.policyName
}

/** What a removal has to know; nobody knows more of what no request gave. */
function targetAt({ accountId, principal, name, policyName }: PolicyPlace): Target {
  const known = { accountId, userName: name, userId: '', policyName, statements: [] }
  if (principal === 'user') return { kind: 'inlinePolicy', ...known }
  const role = { roleName: name, roleId: '', roleArn: '', userAccountId: '' }
  return { kind: 'rolePolicy', ...known, ...role }
}

function noRequester(name: string): Requester {
  return { slackUserId: nobody, name, email: '', language: 'en', timeZone: 'UTC' }
}

const noTitle: Text = { en: 'A policy that no request gave', ja: '申請に基づかないポリシー' }
