import type { App } from '@slack/bolt'
import type { Text } from '../../core/entitlement.ts'
import { asFault } from '../../core/errors.ts'
import { denialCallbackId } from './denial-form.ts'
import { readLanguage } from './form-facts.ts'
import { listenerTexts } from './listener-texts.ts'
import type { Listening } from './listening.ts'
import { click, openDenialForm, openPolicy, sendDenial } from './on-click.ts'
import { openRequestForm, redrawRequestForm, sendRequestForm } from './on-request-form.ts'
import { type ButtonClick, readButtonClick, readFormChange, readSentForm } from './payloads.ts'
import { requestCallbackId } from './request-form.ts'

/**
 * Binds commands, buttons and forms to what they do. Each does at most one conditional write, or opens or updates one
 * view, then acknowledges; AWS is never called before that. What could not be taken is said to the person.
 */
export function registerListeners(app: App, listening: Listening): void {
  const { ports, catalogue } = listening
  const failed = (listener: string, error: unknown) => {
    const { code, message } = asFault(error)
    ports.log('slack.failed', { listener, code, problem: message })
  }

  app.command('/request-access', async ({ ack, command }) => {
    try {
      await openRequestForm(listening, command.user_id, command.trigger_id)
    } catch (error) {
      failed('command', error)
      const language = await readLanguage(ports, catalogue, command.user_id)
      return ack({ response_type: 'ephemeral', text: listenerTexts.notOpened[language] })
    }
    await ack()
  })

  app.action({ type: 'block_actions', action_id: 'entitlement' }, async ({ ack, body }) => {
    // Unheard, the form stays as it was; sending it then brings the fields that belong to the choice.
    const redraw = async () => redrawRequestForm(listening, readFormChange(body))
    await redraw().catch((error: unknown) => failed('entitlement', error))
    await ack()
  })

  app.view({ type: 'view_submission', callback_id: requestCallbackId }, async ({ ack, body }) => {
    try {
      await ack(await sendRequestForm(listening, readSentForm(body)))
    } catch (error) {
      failed('request form', error)
      const language = await readLanguage(ports, catalogue, body.user.id)
      await ack({ response_action: 'errors', errors: { entitlement: listenerTexts.notAsked[language] } })
    }
  })

  const onButton = (action: string, act: (clicked: ButtonClick) => Promise<Text | undefined>) =>
    app.action({ type: 'block_actions', action_id: action }, async ({ ack, body, respond }) => {
      const taken = async () => act(readButtonClick(body))
      const problem = await taken().catch((error: unknown) => {
        failed(action, error)
        return listenerTexts.notClicked
      })
      await ack()
      if (!problem) return
      const language = await readLanguage(ports, catalogue, body.user.id)
      const reply = { response_type: 'ephemeral', replace_original: false, text: problem[language] } as const
      await respond(reply).catch((error: unknown) => failed(action, error))
    })
  onButton('approve', clicked => click(listening, 'approve', clicked))
  onButton('cancel', clicked => click(listening, 'cancel', clicked))
  onButton('deny', clicked => openDenialForm(listening, clicked))
  onButton('show-policy', clicked => openPolicy(listening, clicked))

  app.view({ type: 'view_submission', callback_id: denialCallbackId }, async ({ ack, body }) => {
    try {
      await ack(await sendDenial(listening, readSentForm(body)))
    } catch (error) {
      failed('denial form', error)
      const language = await readLanguage(ports, catalogue, body.user.id)
      await ack({ response_action: 'errors', errors: { reason: listenerTexts.notDenied[language] } })
    }
  })

  // Bolt's own handler rethrows, which in Lambda turns an acknowledged click into a 500 (platform: D8).
  app.error(async error => failed('bolt', error))
}
