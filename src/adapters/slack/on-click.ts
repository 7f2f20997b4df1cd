import type { ViewResponseAction } from '@slack/bolt'
import { recordClick } from '../../app/record-click.ts'
import type { Text } from '../../core/entitlement.ts'
import { isRequestId } from '../../core/ids.ts'
import { readLanguage } from './form-facts.ts'
import { listenerTexts } from './listener-texts.ts'
import { type Interaction, writeMilliseconds } from './listening.ts'
import { openView } from './open-view.ts'
import type { ButtonClick, SentForm } from './payloads.ts'
import { renderPolicyView } from './policy-view.ts'
import { type ReasonForm, readReasonForm, renderReasonForm } from './reason-form.ts'

/** Records an Approve, a Cancel or an End; returns what to tell the clicker when there is nothing to record it on. */
export async function click(
  { ports, inTime }: Interaction,
  action: 'approve' | 'cancel' | 'end',
  { requestId, id, userId, teamId }: ButtonClick,
): Promise<Text | undefined> {
  if (!requestId) return listenerTexts.noSuchRequest
  const recorded = await inTime(() => recordClick(ports, requestId, { id, userId, teamId, action }), writeMilliseconds)
  return notRecorded[recorded]
}

/** Opens the form that asks why; nothing is recorded before it is sent. */
export async function openReasonForm(
  interaction: Interaction,
  form: ReasonForm,
  { requestId, triggerId, userId }: ButtonClick,
): Promise<Text | undefined> {
  if (!requestId) return listenerTexts.noSuchRequest
  const view = renderReasonForm(form, requestId, await readLanguage(interaction, userId))
  await openView(interaction, triggerId, view)
}

/** Opens the exact policy, for anyone of the workspace who sees the message; nothing is recorded. */
export async function openPolicy(
  interaction: Interaction,
  { requestId, triggerId, userId, teamId }: ButtonClick,
): Promise<Text | undefined> {
  const { ports, catalogue, inTime } = interaction
  if (teamId !== catalogue.slack.team) return listenerTexts.notForOutsiders
  const request = requestId && (await inTime(() => ports.table.request(requestId), writeMilliseconds))
  if (!request) return listenerTexts.noSuchRequest
  const view = renderPolicyView(request, await readLanguage(interaction, userId))
  await openView(interaction, triggerId, view)
}

/** Records a Deny or a removal by hand with its reason; returns what Slack shows at the form, or nothing when it may close. */
export async function sendReason(
  interaction: Interaction,
  form: ReasonForm,
  action: 'deny' | 'removed',
  { privateMetadata, stateValues, id, userId, teamId }: SentForm,
): Promise<ViewResponseAction | undefined> {
  const problem = async (text: Text): Promise<ViewResponseAction> => {
    const language = await readLanguage(interaction, userId)
    return { response_action: 'errors', errors: { reason: text[language] } }
  }
  const read = readReasonForm(form, stateValues)
  if ('problem' in read) return problem(read.problem)
  if (!isRequestId(privateMetadata)) return problem(listenerTexts.noSuchRequest)
  const wish = { id, userId, teamId, action, reason: read.reason }
  const { ports, inTime } = interaction
  const recorded = await inTime(() => recordClick(ports, privateMetadata, wish), writeMilliseconds)
  const text = notRecorded[recorded]
  return text && problem(text)
}

/** What to tell whose click was not recorded. */
const notRecorded: Record<Awaited<ReturnType<typeof recordClick>>, Text | undefined> = {
  recorded: undefined,
  known: undefined,
  no_such_request: listenerTexts.noSuchRequest,
  too_many: listenerTexts.tooManyClicks,
}
