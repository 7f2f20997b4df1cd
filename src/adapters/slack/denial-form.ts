import type { ModalView } from '@slack/types'
import { z } from 'zod'
import { reasonLimit } from '../../core/entitled.ts'
import type { Language, Text } from '../../core/entitlement.ts'
import type { RequestId } from '../../core/ids.ts'
import { plain } from './blocks.ts'

/** Names the form that asks an approver why. */
export const denialCallbackId = 'deny-request'

/** Asks an approver why they deny. Carries the request's id and nothing else. */
export function renderDenialForm(requestId: RequestId, language: Language): ModalView {
  return {
    type: 'modal',
    callback_id: denialCallbackId,
    private_metadata: requestId,
    title: plain(texts.title[language], 24),
    submit: plain(texts.submit[language], 24),
    close: plain(texts.close[language], 24),
    blocks: [
      {
        type: 'input',
        block_id: 'reason',
        label: plain(texts.reason[language], 150),
        hint: plain(texts.hint[language], 150),
        element: { type: 'plain_text_input', action_id: 'reason', multiline: true, max_length: reasonLimit },
      },
    ],
  }
}

/** The reason in `view.state.values`, or the sentence for its field. Throws a ZodError when it is not this form's. */
export function readDenialForm(stateValues: unknown): { reason: string } | { problem: Text } {
  const reason = viewState.parse(stateValues).reason.reason.value?.trim() ?? ''
  if (reason === '') return { problem: texts.required }
  return reason.length > reasonLimit ? { problem: texts.tooLong } : { reason }
}

const viewState = z.object({ reason: z.object({ reason: z.object({ value: z.string().nullish() }) }) })

const texts = {
  title: { en: 'Deny the request', ja: '申請の却下' },
  submit: { en: 'Deny', ja: '却下する' },
  close: { en: 'Back', ja: '戻る' },
  reason: { en: 'Why?', ja: '却下の理由' },
  hint: {
    en: 'The requester reads this. Say what they can do instead.',
    ja: '申請者に伝えられます。代わりにできることがあれば書いてください。',
  },
  required: { en: 'Say why: the requester needs to know.', ja: '申請者に伝わるよう、理由を入力してください。' },
  tooLong: { en: `At most ${reasonLimit} characters.`, ja: `${reasonLimit} 文字以内で入力してください。` },
}
