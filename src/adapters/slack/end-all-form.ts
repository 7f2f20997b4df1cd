import type { KnownBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import type { AccessRequest } from '../../core/access-request.ts'
import { reasonLimit } from '../../core/entitled.ts'
import type { Language, Text } from '../../core/entitlement.ts'
import { localTime } from '../../core/instant.ts'
import { context, plain, section } from './blocks.ts'
import { listed } from './listed.ts'
import { mention } from './mrkdwn.ts'
import { accountText, nameText } from './words.ts'

/** Names the form with which an operator ends everything of a person. */
export const endAllCallbackId = 'end-all'

/**
 * What the form is drawn for. `named`: the command named the person, who then cannot be changed (Slack's menu leaves out
 * the deactivated). `live`: what they have, undefined while nobody is chosen or it could not be read.
 */
export type EndAllFacts = { personId?: string | undefined; named: boolean; live?: AccessRequest[] | undefined }

/** Asks an operator whose access ends, in every account, and why. Carries the person's id at most. */
export function renderEndAllForm({ personId, named, live }: EndAllFacts, language: Language): ModalView {
  const who: KnownBlock[] =
    named && personId ? [section(texts.everythingOf(mention(personId))[language])] : [personInput(personId, language)]
  return {
    type: 'modal',
    callback_id: endAllCallbackId,
    ...(named && personId && { private_metadata: personId }),
    title: plain(texts.title[language], 24),
    submit: plain(texts.submit[language], 24),
    close: plain(texts.close[language], 24),
    blocks: [
      ...who,
      ...(live ? [section(liveText(live, language))] : []),
      {
        type: 'input',
        block_id: 'reason',
        label: plain(texts.reason[language], 150),
        hint: plain(texts.hint[language], 150),
        element: { type: 'plain_text_input', action_id: 'reason', multiline: true, max_length: reasonLimit },
      },
      context(texts.whatHappens[language]),
    ],
  }
}

/** Tells somebody who is no operator that this is not for them. */
export function renderNotAnOperator(language: Language): ModalView {
  return {
    type: 'modal',
    callback_id: endAllCallbackId,
    title: plain(texts.title[language], 24),
    close: plain(texts.close[language], 24),
    blocks: [section(texts.notAnOperator[language])],
  }
}

/** The person chosen and the reason in `view.state.values`, as far as they are there. Throws a ZodError when it is not this form's. */
export function readEndAllForm(stateValues: unknown): { personId: string | undefined; reason: string } {
  const { person, reason } = viewState.parse(stateValues)
  return { personId: person?.person.selected_user ?? undefined, reason: reason.reason.value?.trim() ?? '' }
}

/** The sentences for the fields of this form. */
export const endAllProblems = {
  noPerson: { en: 'Choose whose access ends.', ja: '対象者を選択してください。' },
  noReason: { en: 'Say why: it goes on record.', ja: '記録に残すため、理由を入力してください。' },
} satisfies Record<string, Text>

const viewState = z.object({
  person: z.object({ person: z.object({ selected_user: z.string().nullish() }) }).optional(),
  reason: z.object({ reason: z.object({ value: z.string().nullish() }) }),
})

function personInput(personId: string | undefined, language: Language): KnownBlock {
  return {
    type: 'input',
    block_id: 'person',
    dispatch_action: true,
    label: plain(texts.person[language], 150),
    element: { type: 'users_select', action_id: 'person', ...(personId && { initial_user: personId }) },
  }
}

function liveText(live: AccessRequest[], language: Language): string {
  if (live.length === 0) return texts.nothing[language]
  const lines = live.map(request => {
    const until = 'expiresAt' in request ? texts.until(localTime(request.expiresAt, 'UTC', language)) : texts.notYet
    const what = `• ${nameText(request.title[language])} – ${accountText(request.account)}`
    return `${what}${language === 'ja' ? '、' : ', '}${until[language]}`
  })
  return `*${texts.live[language]}*
${listed(lines, left => texts.more(left)[language])}`
}

const texts = {
  title: { en: 'End all access', ja: 'すべてのアクセスを終了' },
  submit: { en: 'End everything', ja: 'すべて終了する' },
  close: { en: 'Back', ja: '戻る' },
  person: { en: 'Whose access?', ja: '対象者' },
  everythingOf: (who: string) => ({
    en: `Everything that ${who} has through Curfew ends now.`,
    ja: `${who} さんの Curfew 経由のアクセスをすべて今すぐ終了します。`,
  }),
  live: { en: 'What they have or wait for now', ja: '現在のアクセスと申請' },
  nothing: {
    en: 'They have nothing now, and wait for nothing.',
    ja: '現在、有効なアクセスも申請もありません。',
  },
  until: (end: string) => ({ en: `until ${end}`, ja: `${end} まで` }),
  notYet: { en: 'not decided yet', ja: '申請中' },
  more: (number: number) => ({ en: `and ${number} more`, ja: `ほか ${number} 件` }),
  reason: { en: 'Why?', ja: '理由' },
  hint: { en: 'Goes on record with each request.', ja: '各申請の記録に残ります。' },
  whatHappens: {
    en: 'Ends what is there in every account and withdraws what waits. It does not keep them from asking again: take them out of the groups that may ask.',
    ja: 'すべてのアカウントで有効なアクセスを終了し、承認待ちの申請を取り下げます。新しい申請は止めないため、申請できるグループからも外してください。',
  },
  notAnOperator: {
    en: 'Only operators end the access of others. To end your own, use the button in the message you got when it began.',
    ja: '他の人のアクセスを終了できるのは管理者だけです。自分のアクセスは、開始時に届いたメッセージのボタンから終了できます。',
  },
}
