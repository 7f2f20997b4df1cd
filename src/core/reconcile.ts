import { type AccessRequest, owesAws, type RequestIn } from './access-request.ts'
import { isRequestId, policyNameOf, type RequestId, spread } from './ids.ts'
import { hasCome, type Instant, plusMinutes } from './instant.ts'
import { type PolicyPlace, placeOf } from './policy-place.ts'
import type { Roster, RosterKey } from './roster.ts'

/** Somebody whom AWS lists for a permission set in an account. `name`: what the directory calls them, while it knows them. */
export type Listed = { principalType: 'USER' | 'GROUP'; principalId: string; name?: string }

/** One disagreement between AWS and the table, or standing access that Curfew has no say in. */
export type Finding =
  /** No request that holds access owns the policy. `because`: where the request of that name stands, if there is one. */
  | StrayPolicy
  /** Curfew calls the access active, and AWS has no such policy. */
  | ({ kind: 'missing_policy'; requestId: RequestId } & PolicyPlace)
  /** Curfew calls the person present, and AWS does not list them. */
  | ({ kind: 'missing_assignment'; principalId: string; userName: string; requestIds: RequestId[] } & Place)
  /** Not made through Curfew: who made it, and since when it stands, AWS does not say. */
  | ForeignAssignment
  /** The same, through a group. */
  | ({ kind: 'group_assignment' } & Listed & Place)

type Place = RosterKey & { permissionSetArn: string }

/** `lastGivenBy`: the latest request through which the person had just this, and which has ended. */
export type ForeignAssignment = {
  kind: 'foreign_assignment'
  lastGivenBy?: RequestId
  endBy?: RequestId
} & Listed &
  Place

/** `endBy`: the item that owns it, for operators to end it by. */
export type StrayPolicy = {
  kind: 'stray_policy'
  because: AccessRequest['status'] | 'no_request' | 'other_holder'
  endBy?: RequestId
} & PolicyPlace

/** What should not be there, then what should, then what nobody is accountable for. */
const findingKinds = [
  'stray_policy',
  'missing_policy',
  'missing_assignment',
  'foreign_assignment',
  'group_assignment',
] as const satisfies Finding['kind'][]

/** The findings in the order in which they are shown. */
export function mostPressingFirst(findings: Finding[]): Finding[] {
  return findingKinds.flatMap(kind => findings.filter(finding => finding.kind === kind))
}

/** Whether AWS and the table disagree. The rest is access that is simply there, told when it changes. */
export function isDisagreement({ kind }: Finding): boolean {
  return kind === 'stray_policy' || kind === 'missing_policy' || kind === 'missing_assignment'
}

/** What could not be compared: the IAM users and roles of an account, a permission set in it, or (neither) all permission sets. */
export type Unread = { accountId?: string; permissionSet?: string; problem: string }

/** What a comparison of everything came to. */
export type Comparison = { findings: Finding[]; unread: Unread[] }

/**
 * Compares the policies listed in one account with the requests they are named after. `requests` are those and the
 * active ones. Requests that are being granted or ended may or may not have their policy, which is their own business.
 */
export function comparePolicies(accountId: string, listed: PolicyPlace[], requests: AccessRequest[]): Finding[] {
  const strays = listed.flatMap((policy): Finding[] => {
    const because = whyStray(policy, requests)
    return because === undefined ? [] : [{ kind: 'stray_policy', ...policy, because }]
  })
  const missing = requests.flatMap((request): Finding[] => {
    const policy = activePolicyOf(request)
    if (policy?.accountId !== accountId) return []
    return listed.some(one => nameOfPolicy(one) === nameOfPolicy(policy))
      ? []
      : [{ kind: 'missing_policy', requestId: request.id, ...policy }]
  })
  return [...strays, ...missing]
}

function whyStray(policy: PolicyPlace, requests: AccessRequest[]): StrayPolicy['because'] | undefined {
  const request = requests.find(({ id }) => policyNameOf(id) === policy.policyName)
  if (!request) return 'no_request'
  if (!owesAws(request)) return request.status
  return nameOfPolicy(policyOf(request)) === nameOfPolicy(policy) ? undefined : 'other_holder'
}

/** The policy that an active request must have; undefined when it needs none. */
export function activePolicyOf(request: AccessRequest): PolicyPlace | undefined {
  return request.status === 'active' ? policyOf(request) : undefined
}

function policyOf({
  target,
}: RequestIn<'granting' | 'active' | 'revoking' | 'revoke_failed'>): PolicyPlace | undefined {
  return target.kind === 'permissionSet' ? undefined : placeOf(target)
}

function nameOfPolicy(policy: PolicyPlace | undefined): string {
  return policy ? `${policy.accountId}/${policy.principal}/${policy.name}/${policy.policyName}` : ''
}

/** The request a policy is named after; undefined when the name is none that Curfew gives. */
export function requestNamedBy({ policyName }: PolicyPlace): RequestId | undefined {
  const id = policyName.replace(/^curfew-/, '')
  return isRequestId(id) ? id : undefined
}

/**
 * Compares whom AWS lists for a permission set in an account with the roster. Who is coming or going may or may not
 * be listed. Somebody refused as already holding it is on the roster as absent, and is not there through Curfew.
 */
export function compareAssignments(place: Place, listed: Listed[], roster: Roster | undefined): Finding[] {
  const { accountId, permissionSet, permissionSetArn } = place
  const where = { accountId, permissionSet, permissionSetArn }
  const members = Object.values(roster?.members ?? {})
  const ours = members.filter(({ state }) => state !== 'absent')
  const standing = listed
    .filter(one => one.principalType === 'GROUP' || !ours.some(({ principalId }) => principalId === one.principalId))
    .map((one): Finding => {
      const kind = one.principalType === 'GROUP' ? 'group_assignment' : 'foreign_assignment'
      return { kind, ...where, ...one }
    })
  const isListed = (id: string) => listed.some(one => one.principalType === 'USER' && one.principalId === id)
  const missing = members
    .filter(({ state, principalId }) => state === 'present' && !isListed(principalId))
    .map(({ principalId, userName, heldBy }): Finding => {
      // The keys are request ids by their type; Object.keys forgets it.
      const requestIds = Object.keys(heldBy) as RequestId[]
      return { kind: 'missing_assignment', ...where, principalId, userName, requestIds }
    })
  return [...standing, ...missing]
}

/** Names what a finding is about, to find it again in another look or on another day. */
export function nameOfFinding(finding: Finding): string {
  return 'policyName' in finding
    ? `${finding.kind} ${nameOfPolicy(finding)}`
    : `${finding.kind} ${finding.accountId} ${finding.permissionSet} ${finding.principalId}`
}

/**
 * What is remembered of the last comparison. `aliveAt`: when whoever makes it was last heard of. `standing` marks the
 * standing access that people were last told of.
 */
export type Reconciled = {
  version: number
  writeId: string
  day: string
  aliveAt: Instant
  done: boolean
  standing: string
}

/**
 * What was found in one place of a comparison: where nothing was wrong, whoever resumes it need not look again. `place`:
 * an account (policies), or `<account>/<permission set>`.
 */
export type Look = { place: string; version: number; writeId: string; at: Instant; findings: Finding[] }

/** One that was begun and not heard of for so long is taken up: an account of 3,000 users and roles takes 25 of them. */
const takeOverMinutes = 30

/** How old a look may be when a comparison is resumed. */
const freshMinutes = 6 * 60

/** Whether a comparison is owed: one in each day of UTC, by AWS's clock. */
export function isReconcileOwed(last: Reconciled, now: Instant): boolean {
  if (dayOf(now) > last.day) return true
  return !last.done && hasCome(plusMinutes(last.aliveAt, takeOverMinutes), now)
}

/** Whether a comparison that is resumed now takes the look as it is. A disagreement may be over by now. */
export function isFresh({ at, findings }: Look, now: Instant): boolean {
  const isRecent = dayOf(at) === dayOf(now) && !hasCome(plusMinutes(at, freshMinutes), now)
  return isRecent && !findings.some(isDisagreement)
}

/** The day of an instant, in UTC. */
export function dayOf(at: Instant): string {
  return at.slice(0, 10)
}

/** Marks this standing access: the same mark as yesterday, and nobody has to be told again. */
export function markOfStanding(findings: Finding[]): string {
  const names = findings.filter(finding => !isDisagreement(finding)).map(nameOfFinding)
  return names.length === 0 ? '' : String(spread(names.sort().join('\n')))
}
