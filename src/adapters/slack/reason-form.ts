import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { reasonLimit } from '../../core/entitled.ts'
import type { Language, Text } from '../../core/entitlement.ts'
import type { RequestId } from '../../core/ids.ts'
import { plain } from './blocks.ts'

/** A form that asks for nothing but why. Slack limits titles and buttons to 24 characters, labels and hints to 150. */
export type ReasonForm = { callbackId: string; title: Text; submit: Text; reason: Text; hint: Text; required: Text }

/** Draws such a form about a request. Carries the request's id and nothing else. */
export function renderReasonForm(form: ReasonForm, requestId: RequestId, language: Language): ModalView {
  return {
    type: 'modal',
    callback_id: form.callbackId,
    private_metadata: requestId,
    title: plain(form.title[language], 24),
    submit: plain(form.submit[language], 24),
    close: plain(texts.close[language], 24),
    blocks: [
      {
        type: 'input',
        block_id: 'reason',
        label: plain(form.reason[language], 150),
        hint: plain(form.hint[language], 150),
        element: { type: 'plain_text_input', action_id: 'reason', multiline: true, max_length: reasonLimit },
      },
    ],
  }
}

/** The reason in `view.state.values`, or the sentence for its field. Throws a ZodError when it is not such a form's. */
export function readReasonForm({ required }: ReasonForm, stateValues: unknown): { reason: string } | { problem: Text } {
  const reason = viewState.parse(stateValues).reason.reason.value?.trim() ?? ''
  if (reason === '') return { problem: required }
  return reason.length > reasonLimit ? { problem: texts.tooLong } : { reason }
}

const viewState = z.object({ reason: z.object({ reason: z.object({ value: z.string().nullish() }) }) })

const texts = {
  close: { en: 'Back', ja: '戻る' },
  tooLong: { en: `At most ${reasonLimit} characters.`, ja: `${reasonLimit} 文字以内で入力してください。` },
}
