import type { ViewResponseAction } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { submitRequest } from '../../app/submit-request.ts'
import type { Field, FieldProblem } from '../../core/entitled.ts'
import type { Text } from '../../core/entitlement.ts'
import { askSlack } from './faults.ts'
import { fieldProblemText } from './field-problems.ts'
import { type FormFacts, readFormFacts } from './form-facts.ts'
import { listenerTexts } from './listener-texts.ts'
import { type Interaction, type Listening, writeMilliseconds } from './listening.ts'
import { openView } from './open-view.ts'
import type { Actor, ButtonClick, SentForm } from './payloads.ts'
import { renderNotAMember, renderRequestForm } from './request-form.ts'
import { type RequestFormValues, readRequestForm, toForm } from './request-form-values.ts'

/** Opens the form of `/request-access` for the person, in their language, with what they may ask for. */
export async function openRequestForm(interaction: Interaction, userId: string, triggerId: string): Promise<void> {
  const facts = await readFormFacts(interaction, userId)
  await openView(interaction, triggerId, draw(interaction, facts, { parameters: {} }))
}

/**
 * Opens the form to ask for the same again, for longer: a new request like any other, for which only how long and why
 * are left to say. Returns what to tell the clicker when there is nothing of theirs to ask for more of.
 */
export async function openExtensionForm(
  interaction: Interaction,
  { requestId, userId, triggerId }: ButtonClick,
): Promise<Text | undefined> {
  const { ports, inTime } = interaction
  const [facts, request] = await Promise.all([
    readFormFacts(interaction, userId),
    requestId && inTime(() => ports.table.request(requestId), writeMilliseconds),
  ])
  if (request?.requester.slackUserId !== userId) return listenerTexts.noSuchRequest
  const { entitlementId, account, parameters } = request
  const view = draw(interaction, facts, { entitlementId, accountKey: account.key, parameters })
  await openView(interaction, triggerId, view)
}

/** Makes the fields fit the entitlement that was just chosen; what was filled in stays. */
export async function redrawRequestForm(
  interaction: Interaction,
  { userId, viewId, stateValues }: Actor & { viewId: string; stateValues: unknown },
): Promise<void> {
  const { client, inTime } = interaction
  const facts = await readFormFacts(interaction, userId)
  const view = draw(interaction, facts, readRequestForm(stateValues))
  await inTime(() => askSlack('views.update', () => client.views.update({ view_id: viewId, view })))
}

/** Submits the form; returns what Slack shows at it, or nothing when it may close. */
export async function sendRequestForm(
  interaction: Interaction,
  { userId, requestId, privateMetadata, blockIds, stateValues }: SentForm,
): Promise<ViewResponseAction | undefined> {
  const { ports, catalogue, inTime } = interaction
  const values = readRequestForm(stateValues)
  const redraw = async (facts?: FormFacts): Promise<ViewResponseAction> => {
    const view = draw(interaction, facts ?? (await readFormFacts(interaction, userId)), values)
    return { response_action: 'update', view }
  }
  // Sent before the fields of this choice arrived: nobody has seen what they would be asking for.
  if (privateMetadata !== values.entitlementId) return redraw()
  const submission = { ...toForm(values), requestId, slackUserId: userId }
  // Stored later than that, the request is found by the repeated submission.
  const submitted = await inTime(() => submitRequest(ports, catalogue, submission), writeMilliseconds)
  if ('requestId' in submitted) return undefined
  const facts = await readFormFacts(interaction, userId)
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
