import type { AccessRequest, Click } from './access-request.ts'
import type { Entitlement } from './entitlement.ts'
import type { RefusalCode } from './errors.ts'

/** Three-valued: yes, no with its reason, or could not tell, which is a no that is tried again. */
export type Judgement = { answer: 'yes' } | { answer: 'no'; code: RefusalCode } | { answer: 'unknown'; problem: string }

/** What Slack says of a person now. Only a `member` of our own workspace may act. */
export type PersonFacts = {
  userId: string
  teamId: string
  standing: 'member' | 'guest' | 'bot' | 'deleted' | 'outsider'
}

/** Facts fetched after the click; a problem's text stands where one could not be fetched. */
export type ClickFacts = {
  team: string
  clicker: PersonFacts | { problem: string }
  requester: PersonFacts | { problem: string }
  /** Members of the approver groups and of the requester groups, by group key. */
  groups: Record<string, string[] | { problem: string }>
  /** Who may ask and who may approve today; undefined when the catalogue no longer has the entitlement. */
  entitlement: Pick<Entitlement, 'requesters' | 'approval'> | undefined
}

/** Who may approve, deny or cancel: the one place where a click is judged. */
export function judgeClick(request: AccessRequest, click: Click, facts: ClickFacts): Judgement {
  if (request.status !== 'pending') return { answer: 'no', code: 'already_decided' }
  // platform.md D6: the app's team says nothing about the clicker; their own team does.
  if (click.teamId !== facts.team) return { answer: 'no', code: 'not_a_member' }
  const isRequester = click.userId === request.requester.slackUserId
  if (click.action === 'cancel') return isRequester ? yes : { answer: 'no', code: 'not_your_request' }
  if (isRequester) return { answer: 'no', code: 'self_approval' }
  const clicker = mayAct(facts.clicker, facts.team, 'not_a_member')
  if (clicker.answer !== 'yes') return clicker
  const { entitlement } = facts
  if (!entitlement) return { answer: 'no', code: 'catalogue_changed' }
  const approver = isIn(entitlement.approval.from, facts, click.userId, 'not_an_approver')
  if (approver.answer !== 'yes' || click.action === 'deny') return approver
  const requester = mayAct(facts.requester, facts.team, 'requester_not_allowed')
  if (requester.answer !== 'yes') return requester
  return isIn(entitlement.requesters, facts, request.requester.slackUserId, 'requester_not_allowed')
}

/** Whether the person is a full member of our workspace. */
export function mayAct(person: PersonFacts | { problem: string }, team: string, code: RefusalCode): Judgement {
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
