import { type Field, type FieldProblem, reasonLimit, ticketLimit } from '../../core/entitled.ts'
import type { Entitlement, Language, Text } from '../../core/entitlement.ts'
import { valueLimit } from '../../core/parameters.ts'
import { shorten } from './mrkdwn.ts'
import { durationText } from './words.ts'

/** What to tell the person at a field of the request form: what is wrong and what to enter instead. */
export function fieldProblemText(
  problem: FieldProblem,
  field: Field,
  entitlement: Entitlement | undefined,
  language: Language,
): string {
  const text = sentences[problem]({ field, entitlement })
  return shorten(text[language], 300)
}

/** What a parameter takes, in words where its pattern is one run of characters. */
export function patternText(pattern: string, language: Language): string {
  const run = /^\^?\[([^\]\\^]+)\](?:\{(\d+),(\d+)\}|\+)\$?$/.exec(pattern)
  const never = { en: 'never spaces, quotes or * ? $ { } : \\', ja: '空白、引用符、* ? $ { } : \\ は使えません' }
  if (!run) {
    return { en: `Matches ${pattern}; ${never.en}.`, ja: `形式: ${pattern}（${never.ja}）` }[language]
  }
  const characters = (run[1] ?? '')
    .replace(/([A-Za-z0-9])-([A-Za-z0-9])/g, '$1–$2 ')
    .replace(/([^\s–A-Za-z0-9])/g, '$1 ')
  const [least, most] = [run[2], Math.min(Number(run[3]), valueLimit)]
  const length =
    least === undefined
      ? { en: 'One or more', ja: '1 文字以上' }
      : { en: `${least} to ${most}`, ja: `${least}～${most} 文字` }
  return {
    en: `${length.en} of these characters: ${characters.trim()}`,
    ja: `使える文字（${length.ja}）: ${characters.trim()}`,
  }[language]
}

type Around = { field: Field; entitlement: Entitlement | undefined }

const sentences: Record<FieldProblem, (around: Around) => Text> = {
  unknown_entitlement: () => ({
    en: 'This is no longer offered. Choose another, or close this form and open it again.',
    ja: '現在は申請できません。別のものを選ぶか、フォームを開き直してください。',
  }),
  not_a_requester: () => ({
    en: 'You are not in a group that may ask for this. Choose another, or ask to be added to the group.',
    ja: 'これを申請できるグループに入っていません。別のものを選ぶか、グループへの追加を依頼してください。',
  }),
  could_not_tell: () => ({
    en: 'Slack did not say whether you may ask for this. Nothing was sent; try again in a minute.',
    ja: '申請できる方かどうかを Slack に確認できませんでした。まだ送信されていません。1 分ほどしてからお試しください。',
  }),
  grants_off: () => ({
    en: 'Granting is switched off for now; what was granted still ends. Ask your operators, or try again later.',
    ja: '現在、新しいアクセスの付与を停止しています（付与済みのアクセスは予定どおり終了します）。管理者に確認するか、後でお試しください。',
  }),
  account_not_offered: () => ({
    en: 'This is not offered in that account. Choose one of the accounts in the list.',
    ja: 'そのアカウントでは申請できません。一覧のアカウントから選んでください。',
  }),
  duration_not_offered: ({ entitlement }) => durations(entitlement?.durationsMinutes ?? []),
  required: () => ({ en: 'Fill this in: it is needed.', ja: '入力してください。この項目は必須です。' }),
  bad_parameter: ({ field, entitlement }) => {
    const parameter = entitlement?.parameters.find(({ name }) => field === `parameter.${name}`)
    const meaning = (language: Language) => patternText(parameter?.pattern ?? '', language)
    return {
      en: `This does not fit. ${meaning('en')}`,
      ja: `形式が合いません。${meaning('ja')}`,
    }
  },
  too_long: ({ field }) => {
    const limit = field === 'ticket' ? ticketLimit : reasonLimit
    return {
      en: `At most ${limit} characters. Shorten it, and put the details in the ticket.`,
      ja: `${limit} 文字以内で入力してください。詳細はチケットに書いてください。`,
    }
  },
}

function durations(offered: number[]): Text {
  const most = offered.at(-1)
  if (most === undefined) return { en: 'No duration is offered.', ja: '選べる期間がありません。' }
  const list = (language: Language, comma: string) =>
    offered.map(minutes => durationText(minutes, language)).join(comma)
  return {
    en: `At most ${durationText(most, 'en')}. Choose one of: ${list('en', ', ')}.`,
    ja: `最長${durationText(most, 'ja')}です。次から選んでください: ${list('ja', '、')}`,
  }
}
