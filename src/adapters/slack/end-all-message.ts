import type { AccessRequest } from '../../core/access-request.ts'
import { type EndAll, isLive } from '../../core/end-all.ts'
import type { Text } from '../../core/entitlement.ts'
import { context, type Message, section } from './blocks.ts'
import { listed } from './listed.ts'
import { code, mention, quote, shorten } from './mrkdwn.ts'
import { refusalTexts } from './refusals.ts'
import { accountText, nameText } from './words.ts'

/** Tells an operator how far their wish that everything of a person ends has come, request by request. */
export function renderEndAllMessage(endAll: EndAll, requests: AccessRequest[]): Message {
  const { by, personId, reason, code: refusal } = endAll
  const { language } = by
  const left = requests.filter(isLive).length
  const state =
    refusal !== undefined
      ? texts.refused
      : requests.length === 0
        ? texts.nothing
        : left === 0
          ? texts.gone(requests.length)
          : texts.ending(requests.length - left, requests.length)
  const text = `${texts.headline(mention(personId))[language]}: ${state[language]}`
  const mark = refusal !== undefined ? ':no_entry:' : left === 0 ? ':white_circle:' : ':large_blue_circle:'
  const lines = requests.map(request => {
    const what = `${nameText(request.title[language])} – ${accountText(request.account)}`
    return `• ${what}: ${stateTexts[request.status][language]}`
  })
  return {
    text,
    blocks: [
      section(`${mark} *${text}*\n${quote(shorten(reason, 500))}`),
      ...(refusal === undefined ? [] : [section(refusalTexts[refusal][language])]),
      ...(lines.length > 0 ? [section(listed(lines, left => texts.more(left)[language]))] : []),
      context(...(refusal === undefined ? [texts.mayAskAgain[language]] : []), code(endAll.id)),
    ],
  }
}

const stateTexts: Record<AccessRequest['status'], Text> = {
  stray: { en: 'found in AWS', ja: 'AWS で検出' },
  checking: { en: 'being checked', ja: '確認中' },
  refused: { en: 'not accepted', ja: '受け付けられませんでした' },
  pending: { en: 'being withdrawn', ja: '取り下げ中' },
  denied: { en: 'denied', ja: '却下' },
  cancelled: { en: 'withdrawn', ja: '取り下げました' },
  lapsed: { en: 'lapsed', ja: '失効' },
  granting: { en: 'being set up; it is ended first', ja: '設定中（先に終了します）' },
  active: { en: 'being ended', ja: '終了処理中' },
  revoking: { en: 'being removed from AWS', ja: 'AWS から削除中' },
  revoke_failed: {
    en: 'removal keeps failing; see the alerts',
    ja: '削除に失敗しています（アラートを確認してください）',
  },
  expired: { en: 'ended', ja: '終了しました' },
  revoked: { en: 'ended', ja: '終了しました' },
  grant_failed: { en: 'not granted', ja: '付与されませんでした' },
}

const texts = {
  headline: (who: string) => ({ en: `All access of ${who}`, ja: `${who} さんのすべてのアクセス` }),
  refused: { en: 'nothing was ended', ja: '終了していません' },
  nothing: { en: 'there is nothing to end', ja: '終了するものはありません' },
  gone: (all: number) => ({ en: `gone (${all} of ${all})`, ja: `終了しました (${all}/${all})` }),
  ending: (gone: number, all: number) => ({ en: `ending (${gone} of ${all})`, ja: `終了処理中 (${gone}/${all})` }),
  more: (number: number) => ({ en: `and ${number} more`, ja: `ほか ${number} 件` }),
  mayAskAgain: {
    en: 'They may ask again while they are in a group that may ask.',
    ja: '申請できるグループに入っている間は、再び申請できます。',
  },
}
