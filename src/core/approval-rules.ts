import type { AccessRequest, Click, RequestIn } from './access-request.ts'
import type { GroupMembers } from './approvals.ts'
import type { Entitlement } from './entitlement.ts'
import type { RefusalCode } from './errors.ts'

/** Three-valued: yes, no with its reason, or could not tell, which is a no that is tried again. */
export type Judgement = { answer: 'yes' } | { answer: 'no'; code: RefusalCode } | { answer: 'unknown'; problem: string }

/** What Slack says of a person now. Only a `member` of our own workspace may act. */
export type PersonFacts = {
  userId: string
  teamId: string
  standing: 'member' | 'guest' | 'bot' | 'deleted' | 'outsider'
  /** Every name AWS may know them by, lower case: two people who share one are one person to AWS. */
  awsNames: string[]
}

/** Facts fetched after the click; a problem's text stands where one could not be fetched. */
export type ClickFacts = {
  team: string
  /** The requester, the clicker and everyone who approved before. */
  people: Record<string, PersonFacts | { problem: string }>
  /** Members of the groups that matter to the click, by group key. */
  groups: Record<string, GroupMembers>
  /** Who may ask and who may approve today; undefined when the catalogue no longer has the entitlement. */
  entitlement: Pick<Entitlement, 'requesters' | 'approvals'> | undefined
  /** Keys of the groups of operators. */
  operators: string[]
}

/** Who may approve, deny, cancel, end or settle: the one place where a click is judged. */
export function judgeClick(request: AccessRequest, click: Click, facts: ClickFacts): Judgement {
  if (click.action === 'end') return judgeEnd(request, click, facts)
  if (click.action === 'removed') return judgeRemoved(request, click, facts)
  if (click.action === 'end_all') {
    return request.status === 'pending' || isEndable(request) ? judgeOperator(click, facts) : no('not_active')
  }
  if (request.status !== 'pending') return no('already_decided')
  // platform.md D6: the app's team says nothing about the clicker; their own team does.
  if (click.teamId !== facts.team) return no('not_a_member')
  const isRequester = click.userId === request.requester.slackUserId
  if (click.action === 'cancel') return isRequester ? yes : no('not_your_request')
  if (isRequester) return no('self_approval')
  const { entitlement } = facts
  if (!entitlement) return no('catalogue_changed')
  if (click.action === 'deny') return judgeDecider(request, click.userId, facts)
  const approver = judgeApprover(request, click.userId, facts)
  if (approver.answer !== 'yes') return approver
  if (request.approvals.some(approval => approval.userId === click.userId)) return no('already_approved')
  const { slackUserId } = request.requester
  const requester = mayAct(factsOf(slackUserId, facts), facts.team, 'requester_not_allowed')
  if (requester.answer !== 'yes') return requester
  return isIn(entitlement.requesters, facts, slackUserId, 'requester_not_allowed')
}

/**
 * Whether judging the click takes a word of Slack's. All else the request itself answers: what is decided, and the end
 * that its requester wishes for, since less access for oneself needs no proof.
 */
export function takesFacts(request: AccessRequest, { action, userId }: Click): boolean {
  if (request.status === 'pending') return true
  if (action === 'end_all') return isEndable(request)
  if (request.status === 'stray') return action === 'end'
  if (userId === request.requester.slackUserId) return false
  return (action === 'end' && isEndable(request)) || (action === 'removed' && request.status === 'revoke_failed')
}

/** Whether operators may end it: access that is there, or on its way. */
export function isEndable(request: AccessRequest): request is RequestIn<'granting' | 'active'> {
  return request.status === 'granting' || request.status === 'active'
}

/** Only what is there can be ended: by whom it was given to, and by operators. Strays were given to nobody. */
function judgeEnd(request: AccessRequest, click: Click, facts: ClickFacts): Judgement {
  if (request.status === 'stray') return judgeOperator(click, facts)
  if (click.teamId !== facts.team) return no('not_a_member')
  if (click.userId === request.requester.slackUserId) return request.status === 'active' ? yes : no('not_active')
  return isEndable(request) ? judgeOperator(click, facts) : no('not_active')
}

/** Saying that it is gone is deciding on it: nobody does that for themselves, whatever Slack calls them. */
function judgeRemoved(request: AccessRequest, click: Click, facts: ClickFacts): Judgement {
  if (request.status !== 'revoke_failed') return no('not_failing')
  if (click.userId === request.requester.slackUserId) return no('own_removal')
  const operator = judgeOperator(click, facts)
  if (operator.answer !== 'yes') return operator
  return sharesAwsName(factsOf(click.userId, facts), factsOf(request.requester.slackUserId, facts))
}

/** Whether the person looks after Curfew, judged as approvers are. */
export function judgeOperator({ userId, teamId }: Pick<Click, 'userId' | 'teamId'>, facts: ClickFacts): Judgement {
  if (teamId !== facts.team) return no('not_a_member')
  const member = mayAct(factsOf(userId, facts), facts.team, 'not_a_member')
  return member.answer === 'yes' ? isIn(facts.operators, facts, userId, 'not_an_operator') : member
}

/** Whether this person's yes counts now: asked for the clicker, and again for everyone who approved before. */
export function judgeApprover(request: AccessRequest, userId: string, facts: ClickFacts): Judgement {
  const decider = judgeDecider(request, userId, facts)
  if (decider.answer !== 'yes') return decider
  return sharesAwsName(factsOf(userId, facts), factsOf(request.requester.slackUserId, facts))
}

function judgeDecider(request: AccessRequest, userId: string, facts: ClickFacts): Judgement {
  const member = mayAct(factsOf(userId, facts), facts.team, 'not_a_member')
  if (member.answer !== 'yes') return member
  const groupKeys = (facts.entitlement?.approvals ?? []).flatMap(rule => rule.from)
  const approver = isIn(groupKeys, facts, userId, 'not_an_approver')
  if (approver.answer !== 'yes') return approver
  const { approversAtSubmission } = request
  return approversAtSubmission && !approversAtSubmission.includes(userId) ? no('joined_too_late') : yes
}

/** Nobody decides for whom they are to AWS, whatever Slack calls the two. */
function sharesAwsName(decider: Person, requester: Person): Judgement {
  if ('problem' in decider) return { answer: 'unknown', problem: decider.problem }
  if ('problem' in requester) return { answer: 'unknown', problem: requester.problem }
  return decider.awsNames.some(name => requester.awsNames.includes(name)) ? no('same_identity') : yes
}

type Person = PersonFacts | { problem: string }

function factsOf(userId: string, { people }: ClickFacts): Person {
  return people[userId] ?? { problem: `nothing is known of ${userId}` }
}

function no(code: RefusalCode): Judgement {
  return { answer: 'no', code }
}

/** Whether the person is a full member of our workspace. */
export function mayAct(
  person: Omit<PersonFacts, 'awsNames'> | { problem: string },
  team: string,
  code: RefusalCode,
): Judgement {
  if ('problem' in person) return { answer: 'unknown', problem: person.problem }
  return person.teamId === team && person.standing === 'member' ? yes : { answer: 'no', code }
}

/** Whether the user is in one of the groups; could not tell when a group that might hold them could not be read. */
export function isIn(
  groupKeys: string[],
  facts: Pick<ClickFacts, 'groups'>,
  userId: string,
  code: RefusalCode,
): Judgement {
  let problem: string | undefined
  for (const key of groupKeys) {
    const members = facts.groups[key] ?? { problem: `the members of ${key} are not known` }
    if (!Array.isArray(members)) problem = members.problem
    else if (members.includes(userId)) return yes
  }
  return problem === undefined ? { answer: 'no', code } : { answer: 'unknown', problem }
}

const yes: Judgement = { answer: 'yes' }
