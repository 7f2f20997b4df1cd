import type { AccessRequest, Requester, RequestIn, Target } from './access-request.ts'
import type { Account, Text } from './entitlement.ts'
import type { RequestId } from './ids.ts'
import type { Instant } from './instant.ts'
import { type PolicyPlace, placeOf } from './policy-place.ts'
import type { Finding, StrayPolicy } from './reconcile.ts'

/** Stands for the requester of a stray that no request is known of. Slack ids have no hyphen. */
export const nobody = 'NO-REQUESTER'

/**
 * Whether operators may end what was found through Curfew: it bears our name, and nothing will make it rightful again. A
 * request that still waits might, once it is granted. Foreign access is none of ours to end.
 */
export function isEndableStray(finding: Finding): finding is StrayPolicy {
  return finding.kind === 'stray_policy' && finding.because !== 'checking' && finding.because !== 'pending'
}

/** What the id of the item that owns the stray is made of: found again on the same day, it is the same item. */
export function nameOfStray({ accountId, principal, name, policyName }: PolicyPlace, day: string): string {
  return ['stray', day, accountId, principal, name, policyName].join('/')
}

/**
 * The item that owns a stray: a request that was never asked for, which does nothing until an operator ends it, and then is
 * removed as any other. `named`: the request it is named after, whose words it bears; ended itself, it stays so.
 */
export function newStray(
  id: RequestId,
  { because, ...place }: StrayPolicy,
  named: AccessRequest | undefined,
  account: Account,
  now: Instant,
): RequestIn<'stray'> {
  const known = named && 'target' in named ? named : undefined
  return {
    id,
    version: 0,
    writeId: '',
    status: 'stray',
    stray: { because },
    requester: named?.requester ?? noRequester(place),
    entitlementId: named?.entitlementId ?? '',
    title: named?.title ?? noTitle,
    account,
    parameters: named?.parameters ?? {},
    asked: { kind: 'inlinePolicy', on: 'user', statements: [] },
    target: known && isAt(known.target, place) ? known.target : targetAt(place),
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
  const role = { roleName: name, roleId: '', roleArn: '', userAccountId: '', boundFrom: never }
  return { kind: 'rolePolicy', ...known, ...role }
}

/** A role policy's sessions count from here; a stray's are not known. */
const never = '1970-01-01T00:00:00Z' as Instant

function noRequester({ name }: PolicyPlace): Requester {
  return { slackUserId: nobody, name, email: '', language: 'en', timeZone: 'UTC' }
}

const noTitle: Text = { en: 'A policy that no request gave', ja: '申請に基づかないポリシー' }
