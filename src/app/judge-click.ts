import type { AccessRequest, Click } from '../core/access-request.ts'
import { type ClickFacts, type Judgement, judgeClick, type PersonFacts } from '../core/approval-rules.ts'
import { stillFollows } from '../core/entitled.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { asFault } from '../core/errors.ts'
import { type Instant, plusSeconds } from '../core/instant.ts'
import { answerClick, approve, cancel, deny, dropRepeat, refuse } from '../core/lifecycle.ts'
import type { Directory, Ports } from './ports.ts'
import { readGroups } from './read-groups.ts'
import { retried } from './retry.ts'
import type { Found } from './settle.ts'

/** A click that could not be judged for this long is answered with "could not tell": nobody waits in the dark. */
const judgeSeconds = 120

/** Judges one recorded click with facts fetched after it, and says what becomes of the request. Changes nothing itself. */
export async function judgeRecordedClick(
  ports: Ports,
  catalogue: Catalogue,
  request: AccessRequest,
  click: Click,
): Promise<Found['outcome']> {
  const facts =
    request.status === 'pending' ? await factsFor(ports.directory, catalogue, request, click) : nothing(catalogue)
  const judged = judgeClick(request, click, facts)
  return (current, now) => applied(current, click, judged, catalogue, now)
}

function applied(
  current: AccessRequest,
  click: Click,
  judged: Judgement,
  catalogue: Catalogue,
  now: Instant,
): AccessRequest {
  if (judged.answer === 'unknown') {
    if (now >= plusSeconds(click.at, judgeSeconds)) return answerClick(current, click, 'could_not_tell', now)
    return retried(current, 'judge', judged.problem, now)
  }
  if (judged.answer === 'no') {
    // Nobody can approve it any more, whoever clicks: asking on would only waste the approvers' time.
    const hopeless = judged.code === 'requester_not_allowed' || judged.code === 'catalogue_changed'
    if (hopeless && current.status === 'pending') {
      return refuse(answerClick(current, click, judged.code, now), judged.code, now)
    }
    return isRepeat(current, click) ? dropRepeat(current, click, now) : answerClick(current, click, judged.code, now)
  }
  if (current.status !== 'pending') return answerClick(current, click, 'already_decided', now)
  switch (click.action) {
    case 'cancel':
      return cancel(current, click, now)
    case 'deny':
      return deny(current, click, now)
    case 'approve':
      if (stillFollows(current, catalogue)) return approve(current, click, now)
      return refuse(answerClick(current, click, 'catalogue_changed', now), 'catalogue_changed', now)
  }
}

/** The same person clicking the same button twice: they know already, and an answer would only worry them. */
function isRepeat(current: AccessRequest, click: Click): boolean {
  if (click.action === 'cancel') return current.status === 'cancelled' && click.userId === current.requester.slackUserId
  return (
    'decidedBy' in current &&
    current.decidedBy === click.userId &&
    (click.action === 'deny') === (current.status === 'denied')
  )
}

async function factsFor(
  directory: Directory,
  catalogue: Catalogue,
  request: AccessRequest,
  click: Click,
): Promise<ClickFacts> {
  const entitlement = catalogue.entitlements[request.entitlementId]
  const groupKeys = new Set([...(entitlement?.approval.from ?? []), ...(entitlement?.requesters ?? [])])
  const person = (userId: string): Promise<PersonFacts | { problem: string }> =>
    directory.person(userId, click.at).catch(error => ({ problem: asFault(error).message }))
  const [clicker, requester, groups] = await Promise.all([
    person(click.userId),
    person(request.requester.slackUserId),
    readGroups(directory, catalogue, [...groupKeys], click.at),
  ])
  return { team: catalogue.slack.team, clicker, requester, groups, entitlement }
}

/** A click on a decided request needs no facts to be answered. */
function nothing(catalogue: Catalogue): ClickFacts {
  const problem = 'not asked'
  return {
    team: catalogue.slack.team,
    clicker: { problem },
    requester: { problem },
    groups: {},
    entitlement: undefined,
  }
}
