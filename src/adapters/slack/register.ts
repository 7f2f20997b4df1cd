import type { App } from '@slack/bolt'
import type { Text } from '../../core/entitlement.ts'
import { asFault } from '../../core/errors.ts'
import { denialForm } from './denial-form.ts'
import { endAllCallbackId } from './end-all-form.ts'
import { readLanguage } from './form-facts.ts'
import { listenerTexts } from './listener-texts.ts'
import { beginInteraction, type Interaction, type Listening } from './listening.ts'
import { click, openPolicy, openReasonForm, sendReason } from './on-click.ts'
import { openEndAllForm, readEndCommand, redrawEndAllForm, sendEndAll } from './on-end-all.ts'
import { openExtensionForm, openRequestForm, redrawRequestForm, sendRequestForm } from './on-request-form.ts'
import { type ButtonClick, readButtonClick, readFormChange, readSentForm } from './payloads.ts'
import type { ReasonForm } from './reason-form.ts'
import { removalForm } from './removal-form.ts'
import { requestCallbackId } from './request-form.ts'

/**
 * Binds commands, buttons and forms to what they do. Each asks Slack or the table what it needs to know, makes one
 * conditional write (again when another writer was first) or opens or updates one view, and then acknowledges: within
 * 2.5 s, whatever has come of it by then. AWS is never called before that. What could not be taken is said to the person.
 */
export function registerListeners(app: App, listening: Listening): void {
  const failed = (listener: string, error: unknown) => {
    const { code, message } = asFault(error)
    listening.ports.log('slack.failed', { listener, code, problem: message })
  }

  app.command('/request-access', async ({ ack, command }) => {
    const interaction = beginInteraction(listening)
    const { user_id: userId, trigger_id: triggerId } = command
    const end = readEndCommand(command.text)
    try {
      if (end) await openEndAllForm(interaction, { userId, triggerId, ...end })
      else await openRequestForm(interaction, userId, triggerId)
    } catch (error) {
      failed('command', error)
      const language = await readLanguage(interaction, userId)
      return ack({ response_type: 'ephemeral', text: listenerTexts.notOpened[language] })
    }
    await ack()
  })

  app.action({ type: 'block_actions', action_id: 'entitlement' }, async ({ ack, body }) => {
    // Unheard, the form stays as it was; sending it then brings the fields that belong to the choice.
    const redraw = async () => redrawRequestForm(beginInteraction(listening), readFormChange(body))
    await redraw().catch((error: unknown) => failed('entitlement', error))
    await ack()
  })

  app.action({ type: 'block_actions', action_id: 'person' }, async ({ ack, body }) => {
    const redraw = async () => redrawEndAllForm(beginInteraction(listening), readFormChange(body))
    await redraw().catch((error: unknown) => failed('person', error))
    await ack()
  })

  app.view({ type: 'view_submission', callback_id: endAllCallbackId }, async ({ ack, body }) => {
    const interaction = beginInteraction(listening)
    try {
      await ack(await sendEndAll(interaction, readSentForm(body)))
    } catch (error) {
      failed('end-all form', error)
      const language = await readLanguage(interaction, body.user.id)
      await ack({ response_action: 'errors', errors: { reason: listenerTexts.notSent[language] } })
    }
  })

  app.view({ type: 'view_submission', callback_id: requestCallbackId }, async ({ ack, body }) => {
    const interaction = beginInteraction(listening)
    try {
      await ack(await sendRequestForm(interaction, readSentForm(body)))
    } catch (error) {
      failed('request form', error)
      const language = await readLanguage(interaction, body.user.id)
      await ack({ response_action: 'errors', errors: { entitlement: listenerTexts.notAsked[language] } })
    }
  })

  const onButton = (action: string, act: ButtonAct) =>
    app.action({ type: 'block_actions', action_id: action }, async ({ ack, body, respond }) => {
      const taken = async () => act(beginInteraction(listening), readButtonClick(body))
      const problem = await taken().catch((error: unknown) => {
        failed(action, error)
        return listenerTexts.notClicked
      })
      await ack()
      if (!problem) return
      // Acknowledged: now there is time again.
      const language = await readLanguage(beginInteraction(listening), body.user.id)
      const reply = { response_type: 'ephemeral', replace_original: false, text: problem[language] } as const
      await respond(reply).catch((error: unknown) => failed(action, error))
    })
  onButton('approve', (interaction, clicked) => click(interaction, 'approve', clicked))
  onButton('cancel', (interaction, clicked) => click(interaction, 'cancel', clicked))
  onButton('end', (interaction, clicked) => click(interaction, 'end', clicked))
  onButton('extend', openExtensionForm)
  onButton('deny', (interaction, clicked) => openReasonForm(interaction, denialForm, clicked))
  onButton('removed', (interaction, clicked) => openReasonForm(interaction, removalForm, clicked))
  onButton('show-policy', openPolicy)

  const onReason = (form: ReasonForm, action: 'deny' | 'removed') =>
    app.view({ type: 'view_submission', callback_id: form.callbackId }, async ({ ack, body }) => {
      const interaction = beginInteraction(listening)
      try {
        await ack(await sendReason(interaction, form, action, readSentForm(body)))
      } catch (error) {
        failed(form.callbackId, error)
        const language = await readLanguage(interaction, body.user.id)
        await ack({ response_action: 'errors', errors: { reason: listenerTexts.notSent[language] } })
      }
    })
  onReason(denialForm, 'deny')
  onReason(removalForm, 'removed')

  // Bolt's own handler rethrows, which in Lambda turns an acknowledged click into a 500 (platform: D8).
  app.error(async error => failed('bolt', error))
}

type ButtonAct = (interaction: Interaction, clicked: ButtonClick) => Promise<Text | undefined>
