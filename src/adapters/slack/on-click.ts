import type { ViewResponseAction } from '@slack/bolt'
import { recordClick } from '../../app/record-click.ts'
import type { Text } from '../../core/entitlement.ts'
import { isRequestId } from '../../core/ids.ts'
import { readDenialForm, renderDenialForm } from './denial-form.ts'
import { askSlack } from './faults.ts'
import { readLanguage, within } from './form-facts.ts'
import { listenerTexts } from './listener-texts.ts'
import { type Listening, writeMilliseconds } from './listening.ts'
import type { ButtonClick, SentForm } from './payloads.ts'
import { renderPolicyView } from './policy-view.ts'

/** Records an Approve or a Cancel; returns what to tell the clicker when there is nothing to record it on. */
export async function click(
  { ports }: Listening,
  action: 'approve' | 'cancel',
  { requestId, id, userId, teamId }: ButtonClick,
): Promise<Text | undefined> {
  if (!requestId) return listenerTexts.noSuchRequest
  const recorded = await within(writeMilliseconds, () => recordClick(ports, requestId, { id, userId, teamId, action }))
  return notRecorded[recorded]
}

/** Opens the form that asks why; nothing is recorded before it is sent. */
export async function openDenialForm(
  { ports, catalogue, client }: Listening,
  { requestId, triggerId, userId }: ButtonClick,
): Promise<Text | undefined> {
  if (!requestId) return listenerTexts.noSuchRequest
  const view = renderDenialForm(requestId, await readLanguage(ports, catalogue, userId))
  await askSlack('views.open', () => client.views.open({ trigger_id: triggerId, view }))
}

/** Opens the exact policy, for anyone of the workspace who sees the message; nothing is recorded. */
export async function openPolicy(
  { ports, catalogue, client }: Listening,
  { requestId, triggerId, userId, teamId }: ButtonClick,
): Promise<Text | undefined> {
  if (teamId !== catalogue.slack.team) return listenerTexts.notForOutsiders
  const request = requestId && (await within(writeMilliseconds, () => ports.table.request(requestId)))
  if (!request) return listenerTexts.noSuchRequest
  const view = renderPolicyView(request, await readLanguage(ports, catalogue, userId))
  await askSlack('views.open', () => client.views.open({ trigger_id: triggerId, view }))
}

/** Records a Deny with its reason; returns what Slack shows at the form, or nothing when it may close. */
export async function sendDenial(
  { ports, catalogue }: Listening,
  { privateMetadata, stateValues, id, userId, teamId }: SentForm,
): Promise<ViewResponseAction | undefined> {
  const problem = async (text: Text): Promise<ViewResponseAction> => {
    const language = await readLanguage(ports, catalogue, userId)
    return { response_action: 'errors', errors: { reason: text[language] } }
  }
  const read = readDenialForm(stateValues)
  if ('problem' in read) return problem(read.problem)
  if (!isRequestId(privateMetadata)) return problem(listenerTexts.noSuchRequest)
  const wish = { id, userId, teamId, action: 'deny', reason: read.reason } as const
  const recorded = await within(writeMilliseconds, () => recordClick(ports, privateMetadata, wish))
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
