import type { AccessRequest, Click, RequestIn } from '../core/access-request.ts'
import {
  type ClickFacts,
  isEndable,
  judgeApprover,
  judgeClick,
  type PersonFacts,
  takesFacts,
} from '../core/approval-rules.ts'
import { approvalState } from '../core/approvals.ts'
import { beneficiaryNames, stillFollows } from '../core/entitled.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { type Instant, plusSeconds } from '../core/instant.ts'
import {
  answerClick,
  approve,
  cancel,
  deny,
  dropRepeat,
  endEarly,
  endStray,
  keepApprovals,
  noteRefusal,
  recordApproval,
  refuse,
  settleByHand,
} from '../core/lifecycle.ts'
import { nobody } from '../core/stray.ts'
import { type Found, quietly } from './found.ts'
import { lookForRemoved, type Sighting } from './look-for-removed.ts'
import type { Ports } from './ports.ts'
import { readGroups } from './read-groups.ts'
import { readPerson } from './read-person.ts'
import { retried } from './retry.ts'

/** A click that could not be judged for this long is answered with "could not tell": nobody waits in the dark. */
export const judgeSeconds = 120

/**
 * Judges one recorded click with facts fetched after it, and says what becomes of the request. Changes nothing in AWS,
 * which is asked only whether what an operator says they removed is gone.
 */
export async function judgeRecordedClick(
  ports: Ports,
  catalogue: Catalogue,
  request: AccessRequest,
  click: Click,
): Promise<Found> {
  const facts = takesFacts(request, click) ? await factsFor(ports, catalogue, request, click) : nothing(catalogue)
  const mayHaveRemoved = click.action === 'removed' && judgeClick(request, click, facts).answer === 'yes'
  const looked = request.status === 'revoke_failed' && mayHaveRemoved ? await lookForRemoved(ports, request) : undefined
  const outcome: Found['outcome'] = (current, now) =>
    answerRest(applied(current, click, facts, catalogue, now, looked?.sighting), catalogue, now)
  return { ...quietly(outcome), ...(looked?.facts && { facts: looked.facts }) }
}

/** Every other click that the request itself answers is answered in the same write, however many came at once. */
function answerRest(judged: AccessRequest, catalogue: Catalogue, now: Instant): AccessRequest {
  return judged.clicks.reduce<AccessRequest>(
    (current, click) =>
      takesFacts(current, click) ? current : applied(current, click, nothing(catalogue), catalogue, now),
    judged,
  )
}

function applied(
  current: AccessRequest,
  click: Click,
  facts: ClickFacts,
  catalogue: Catalogue,
  now: Instant,
  sighting?: Sighting,
): AccessRequest {
  const judged = judgeClick(current, click, facts)
  if (judged.answer === 'unknown') {
    return notClear(current, click, judged.problem, now)
  }
  if (judged.answer === 'no') {
    // The one who wishes that everything ends reads how each request stands; a reply to each would be noise.
    if (click.action === 'end_all') return noteRefusal(current, click, judged.code, now)
    // Nobody can approve it any more, whoever clicks: asking on would only waste the approvers' time.
    const hopeless = judged.code === 'requester_not_allowed' || judged.code === 'catalogue_changed'
    if (hopeless && current.status === 'pending') {
      return refuse(answerClick(current, click, judged.code, now), judged.code, now)
    }
    return isRepeat(current, click) ? dropRepeat(current, click, now) : answerClick(current, click, judged.code, now)
  }
  if (click.action === 'end_all') {
    if (current.status === 'pending') return cancel(current, click, now)
    return isEndable(current) ? endEarly(current, click, now) : noteRefusal(current, click, 'not_active', now)
  }
  if (click.action === 'end') {
    if (current.status === 'stray') return endStray(current, click, now)
    return isEndable(current) ? endEarly(current, click, now) : answerClick(current, click, 'not_active', now)
  }
  if (click.action === 'removed') {
    const isFailing = current.status === 'revoke_failed' && sighting !== undefined
    return isFailing ? settled(current, click, sighting, now) : answerClick(current, click, 'not_failing', now)
  }
  if (current.status !== 'pending') return answerClick(current, click, 'already_decided', now)
  switch (click.action) {
    case 'cancel':
      return cancel(current, click, now)
    case 'deny':
      return deny(current, click, now)
    case 'approve':
      if (stillFollows(current, catalogue)) return withApproval(current, click, facts, now)
      return refuse(answerClick(current, click, 'catalogue_changed', now), 'catalogue_changed', now)
  }
}

/** What AWS lists is not gone, whoever says so; where AWS cannot be asked, the operator's word counts. */
function settled(current: RequestIn<'revoke_failed'>, click: Click, sighting: Sighting, now: Instant): AccessRequest {
  switch (sighting.seen) {
    case 'listed':
      return answerClick(current, click, 'still_listed', now)
    case 'gone':
      return settleByHand(current, click, { ...sighting, confirmed: true }, now)
    case 'unheard':
      if (sighting.retryable && now < plusSeconds(click.at, judgeSeconds))
        return retried(current, 'judge', sighting.problem, now)
      return settleByHand(current, click, { confirmed: false }, now)
  }
}

/** Whose click ends the access, or ended it. */
function endedBy(current: AccessRequest): string | undefined {
  if (current.status === 'revoked') return current.endedBy
  return 'outcome' in current && current.outcome.status === 'revoked' ? current.outcome.by : undefined
}

/** The same person clicking the same button twice: they know already, and an answer would only worry them. */
function isRepeat(current: AccessRequest, click: Click): boolean {
  if (current.approvals.some(({ userId }) => userId === click.userId) && click.action === 'approve') return true
  if (click.action === 'cancel') return current.status === 'cancelled' && click.userId === current.requester.slackUserId
  if (click.action === 'end') return endedBy(current) === click.userId
  if (click.action === 'removed') return 'settledBy' in current && current.settledBy?.userId === click.userId
  return current.status === 'denied' && current.decidedBy === click.userId && click.action === 'deny'
}

/** Counts the approval together with those before it, as far as their givers may still give them. */
function withApproval(current: RequestIn<'pending'>, click: Click, facts: ClickFacts, now: Instant): AccessRequest {
  const before = current.approvals.map(({ userId }) => ({ userId, judged: judgeApprover(current, userId, facts) }))
  const unclear = before.map(({ judged }) => judged).find(judged => judged.answer === 'unknown')
  if (unclear) return notClear(current, click, unclear.problem, now)
  const standing = before.filter(({ judged }) => judged.answer === 'yes').map(({ userId }) => userId)
  const state = approvalState(
    facts.entitlement?.approvals ?? [],
    [...standing, click.userId],
    facts.groups,
    // Two Slack accounts of one person in AWS are one approver.
    userId => namesIn(facts.people[userId]),
  )
  if (state.state === 'unknown') return notClear(current, click, state.problem, now)
  const kept = keepApprovals(current, standing, now)
  return state.state === 'met' ? approve(kept, click, now) : recordApproval(kept, click, now)
}

function namesIn(person: ClickFacts['people'][string] | undefined): string[] {
  return person && 'awsNames' in person ? person.awsNames : []
}

/** Fail closed: could not tell is a no that is tried again, and then said. */
function notClear(current: AccessRequest, click: Click, problem: string, now: Instant): AccessRequest {
  if (now >= plusSeconds(click.at, judgeSeconds)) {
    const answer = click.action === 'end_all' ? noteRefusal : answerClick
    return answer(current, click, 'could_not_tell', now)
  }
  return retried(current, 'judge', problem, now)
}

async function factsFor(ports: Ports, catalogue: Catalogue, request: AccessRequest, click: Click): Promise<ClickFacts> {
  const entitlement = catalogue.entitlements[request.entitlementId]
  const deciders = [...(entitlement?.approvals ?? []).flatMap(rule => rule.from), ...(entitlement?.requesters ?? [])]
  const isForDeciders = request.status === 'pending' && click.action !== 'end_all'
  const groupKeys = isForDeciders ? deciders : catalogue.operators
  const userIds = [request.requester.slackUserId, click.userId, ...request.approvals.map(({ userId }) => userId)]
  const person = async (userId: string): Promise<[string, PersonFacts | { problem: string }]> => {
    if (userId === nobody) return [userId, nobodyFor(request, catalogue)]
    const read = await readPerson(ports, catalogue, userId, click.at)
    if (userId !== request.requester.slackUserId || 'problem' in read) return [userId, read]
    return [userId, { ...read, awsNames: [...read.awsNames, ...beneficiaryNames(request, catalogue.people)] }]
  }
  const [people, groups] = await Promise.all([
    Promise.all([...new Set(userIds)].map(person)),
    readGroups(ports.directory, catalogue, [...new Set(groupKeys)], click.at),
  ])
  return { ...nothing(catalogue), people: Object.fromEntries(people), groups, entitlement }
}

/** Whoever a stray was for: only what it is on in AWS is known of them. */
function nobodyFor(request: AccessRequest, { people }: Catalogue): PersonFacts {
  return { userId: nobody, teamId: '', standing: 'deleted', awsNames: beneficiaryNames(request, people) }
}

/** For clicks that need no facts to be answered. */
function nothing({ slack, operators }: Catalogue): ClickFacts {
  return { team: slack.team, people: {}, groups: {}, entitlement: undefined, operators }
}
