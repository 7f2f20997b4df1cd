import type { Catalogue, Language } from '../../core/entitlement.ts'
import type { ActivatedRequest } from './active-message.ts'
import { removalCommand } from './alert-message.ts'
import { context, fields, type Message, section } from './blocks.ts'
import { code, codeBlock, mention, shorten } from './mrkdwn.ts'
import { accountText, nameText } from './words.ts'

/** Alerts operators that AWS still allows what is on record as ended, with the command that takes it away by hand. */
export function renderStillAllowedMessage(
  request: ActivatedRequest,
  catalogue: Catalogue,
  language: Language,
): Message {
  const { target, title, account } = request
  const headline = texts.stillAllowed[language]
  const what = `${nameText(title[language])} – ${accountText(account)}`
  return {
    text: `${headline}: ${nameText(title[language])} (${nameText(account.name)})`,
    blocks: [
      section(`:rotating_light: *${headline}*\n${what}\n${texts.asked[language]}`),
      fields([
        { label: texts.requester[language], value: mention(request.requester.slackUserId) },
        { label: texts.user[language], value: code(shorten(target.userName, 200)) },
      ]),
      section(`${texts.byHand[language]}\n${codeBlock([removalCommand(target, catalogue)])}`),
      context(code(request.id)),
    ],
  }
}

const texts = {
  stillAllowed: { en: 'AWS still allows what has ended', ja: '終了したアクセスを AWS がまだ許可しています' },
  asked: {
    en: 'AWS was asked several times after the end. It was not taken away after all, or somebody has put it back.',
    ja: '終了後に AWS へ何度か確認しました。実際には削除されていないか、誰かが元に戻した可能性があります。',
  },
  requester: { en: 'Requester', ja: '申請者' },
  user: { en: 'AWS user', ja: 'AWS ユーザー' },
  byHand: { en: 'To take it away by hand:', ja: '手動で削除する場合:' },
}
