import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { submitRequest } from '../../app/submit-request.ts'
import type { Field, FieldProblem } from '../../core/entitled.ts'
import { askSlack } from './faults.ts'
import { fieldProblemText } from './field-problems.ts'
import { type FormFacts, readFormFacts, within } from './form-facts.ts'
import { type Listening, writeMilliseconds } from './listening.ts'
import type { Actor, SentForm } from './payloads.ts'
import { renderNotAMember, renderRequestForm } from './request-form.ts'
import { type RequestFormValues, readRequestForm, toForm } from './request-form-values.ts'

/** Opens the form of `/request-access` for the person, in their language, with what they may ask for. */
export async function openRequestForm(listening: Listening, userId: string, triggerId: string): Promise<void> {
  const facts = await readFormFacts(listening.ports, listening.catalogue, userId)
  const view = draw(listening, facts, { parameters: {} })
  await askSlack('views.open', () => listening.client.views.open({ trigger_id: triggerId, view }))
}

/** Makes the fields fit the entitlement that was just chosen; what was filled in stays. */
export async function redrawRequestForm(
  listening: Listening,
  { userId, viewId, stateValues }: Actor & { viewId: string; stateValues: unknown },
): Promise<void> {
  const facts = await readFormFacts(listening.ports, listening.catalogue, userId)
  const view = draw(listening, facts, readRequestForm(stateValues))
  await askSlack('views.update', () => listening.client.views.update({ view_id: viewId, view }))
}

/** Submits the form; returns what Slack shows at it, or nothing when it may close. */
export async function sendRequestForm(
  listening: Listening,
  { userId, requestId, privateMetadata, blockIds, stateValues }: SentForm,
): Promise<ViewResponseAction | undefined> {
  const { ports, catalogue } = listening
  const values = readRequestForm(stateValues)
  const redraw = async (facts?: FormFacts): Promise<ViewResponseAction> => {
    const view = draw(listening, facts ?? (await readFormFacts(ports, catalogue, userId)), values)
    return { response_action: 'update', view }
  }
  // Sent before the fields of this choice arrived: nobody has seen what they would be asking for.
  if (privateMetadata !== values.entitlementId) return redraw()
  const submission = { ...toForm(values), requestId, slackUserId: userId }
  // Stored later than that, the request is found by the repeated submission.
  const submitted = await within(writeMilliseconds, () => submitRequest(ports, catalogue, submission))
  if ('requestId' in submitted) return undefined
  const facts = await readFormFacts(ports, catalogue, userId)
  const problems = Object.entries(submitted.problems) as [Field, FieldProblem][]
  // Slack takes errors for blocks of the form only; the catalogue may have gained a field since it was opened.
  if (problems.some(([field]) => !blockIds.includes(field))) return redraw(facts)
  const entitlement = catalogue.entitlements[submission.entitlementId]
  const errors = problems.map(([field, problem]) => [
    field,
    fieldProblemText(problem, field, entitlement, facts.language),
  ])
  return { response_action: 'errors', errors: Object.fromEntries(errors) }
}

function draw({ catalogue }: Listening, facts: FormFacts, values: RequestFormValues): ModalView {
  if (facts.isOutsider) return renderNotAMember(facts.language)
  return renderRequestForm({ catalogue, offered: facts.offered, values }, facts.language)
}
