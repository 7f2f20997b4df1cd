import type { ReasonForm } from './reason-form.ts'

/** Asks an operator what they removed by hand, before their word settles a removal that keeps failing. */
export const removalForm: ReasonForm = {
  callbackId: 'removed-by-hand',
  title: { en: 'Removed by hand', ja: '手動で削除済み' },
  submit: { en: 'It is removed', ja: '削除しました' },
  reason: { en: 'What did you do, and why by hand?', ja: '行った作業と、手動で行った理由' },
  hint: {
    en: 'Goes on record. AWS is asked first: what it still lists is not settled.',
    ja: '記録に残ります。先に AWS に確認し、まだ残っている場合は解決済みになりません。',
  },
  required: { en: 'Say what you did: it goes on record.', ja: '記録に残すため、行った作業を入力してください。' },
}
