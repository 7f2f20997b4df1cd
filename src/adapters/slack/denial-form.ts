import type { ReasonForm } from './reason-form.ts'

/** Asks an approver why they deny. */
export const denialForm: ReasonForm = {
  callbackId: 'deny-request',
  title: { en: 'Deny the request', ja: '申請の却下' },
  submit: { en: 'Deny', ja: '却下する' },
  reason: { en: 'Why?', ja: '却下の理由' },
  hint: {
    en: 'The requester reads this. Say what they can do instead.',
    ja: '申請者に伝えられます。代わりにできることがあれば書いてください。',
  },
  required: { en: 'Say why: the requester needs to know.', ja: '申請者に伝わるよう、理由を入力してください。' },
}
