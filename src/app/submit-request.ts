import type { AccessRequest } from '../core/access-request.ts'
import { mayAct } from '../core/approval-rules.ts'
import { askedBy, type Field, type FieldProblem, type Form, mayAsk, problemsWith } from '../core/entitled.ts'
import type { Catalogue } from '../core/entitlement.ts'
import type { RequestId } from '../core/ids.ts'
import { plusMinutes } from '../core/instant.ts'
import type { Ports } from './ports.ts'
import { readGroups } from './read-groups.ts'

/** A submitted form: who sent it, and an id that is the same for a repeated submission. */
export type Submission = Form & { requestId: RequestId; slackUserId: string }

/** Stored (or stored before), or what to mend, by field. */
export type Submitted = { requestId: RequestId } | { problems: Partial<Record<Field, FieldProblem>> }

/**
 * Records an access request in `checking`, after refusing what the catalogue and Slack can tell without AWS. A
 * repeated submission finds itself. Throws a Fault when Slack or the table cannot be asked: nothing is stored then.
 */
export async function submitRequest(ports: Ports, catalogue: Catalogue, form: Submission): Promise<Submitted> {
  if (!ports.grantsOn) return { problems: { entitlement: 'grants_off' } }
  const problems = problemsWith(form, catalogue)
  const entitlement = catalogue.entitlements[form.entitlementId]
  const account = catalogue.accounts[form.accountKey]
  if (Object.keys(problems).length > 0 || !entitlement || !account) return { problems }
  // Only where it matters who was an approver at submission does it cost the form a word with Slack.
  const approverGroups = account.sensitive ? entitlement.approvals.flatMap(rule => rule.from) : []
  const [person, groups] = await Promise.all([
    ports.directory.person(form.slackUserId),
    readGroups(ports.directory, catalogue, [...entitlement.requesters, ...approverGroups]),
  ])
  for (const judged of [
    mayAct(person, catalogue.slack.team, 'not_a_member'),
    mayAsk(entitlement, person.userId, { groups }),
  ]) {
    if (judged.answer === 'no') return { problems: { entitlement: 'not_a_requester' } }
    if (judged.answer === 'unknown') return { problems: { entitlement: 'could_not_tell' } }
  }
  const approvers = approverGroups.map(key => groups[key])
  if (approvers.some(members => !Array.isArray(members))) return { problems: { entitlement: 'could_not_tell' } }
  const now = ports.clock.now()
  const { name, email, language, timeZone } = person
  const ticket = form.ticket?.trim()
  const request: AccessRequest = {
    status: 'checking',
    id: form.requestId,
    version: 0,
    writeId: '',
    requester: { slackUserId: form.slackUserId, name, email, language, timeZone },
    entitlementId: entitlement.id,
    title: entitlement.title,
    account,
    parameters: form.parameters,
    asked: askedBy(form, entitlement, account),
    durationMinutes: form.durationMinutes,
    reason: form.reason.trim(),
    ...(ticket ? { ticket } : {}),
    submittedAt: now,
    lapsesAt: plusMinutes(now, entitlement.lapseMinutes),
    approvals: [],
    ...(account.sensitive && { approversAtSubmission: [...new Set(approvers.filter(Array.isArray).flat())] }),
    clicks: [],
    replies: [],
    history: [{ at: now, event: 'submitted', by: form.slackUserId }],
    announced: {},
    retries: {},
  }
  const written = await ports.table.writeRequest(request)
  if ('stored' in written) {
    ports.log('request.submitted', { requestId: form.requestId, entitlement: entitlement.id, account: account.id })
    ports.wake({ requestId: form.requestId })
  }
  return { requestId: form.requestId }
}
