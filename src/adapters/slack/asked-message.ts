import { type AccessRequest, type Target, wasCutShort } from '../../core/access-request.ts'
import type { Language, Text } from '../../core/entitlement.ts'
import { type Instant, localTime } from '../../core/instant.ts'
import { trueEndOf } from '../../core/true-end.ts'
import { actions, button, context, type Message, section } from './blocks.ts'
import { type ShowTime, untilText } from './end-words.ts'
import { code, mention, shorten } from './mrkdwn.ts'
import { approvedSentence } from './who-approves.ts'
import { accountText, durationText, nameText } from './words.ts'

/** The requester's own message about their request: it waits, and then what became of it. Follows every status. */
export function renderAskedMessage(request: AccessRequest, approvalsChannel: string): Message {
  const { language, timeZone } = request.requester
  const show = (at: Instant) => localTime(at, timeZone, language)
  const state = stateOf(request, `<#${approvalsChannel}>`, show)[language]
  const what = texts.what(request)[language]
  return {
    text: texts.inShort(nameText(request.title[language]), state)[language],
    blocks: [
      section(`*${texts.yours[language]}*\n${what}\n${state}`),
      ...(request.status === 'pending'
        ? [
            context(
              ...openAnyway(request.target, language),
              ...(request.heldUntil
                ? [texts.held(untilText(trueEndOf(request), show(request.heldUntil)))[language]]
                : []),
              texts.lapses(show(request.lapsesAt))[language],
            ),
            actions(button('cancel', texts.cancel[language], request.id)),
          ]
        : []),
    ],
  }
}

/** Worth knowing before anybody is bothered: the role is open to them anyway. */
function openAnyway(target: Target, language: Language): string[] {
  if (target.kind !== 'assume' || target.openBy === undefined) return []
  return [texts.openAnyway(code(shorten(target.openBy, 100)))[language]]
}

function stateOf(request: AccessRequest, channel: string, show: ShowTime): Text {
  switch (request.status) {
    case 'checking':
    case 'stray':
      return { en: 'It is being checked.', ja: '確認中です。' }
    case 'refused':
      return { en: 'It could not be accepted.', ja: '受け付けられませんでした。' }
    case 'pending':
      return {
        en: `It waits for approval in ${channel}. You will be told here.`,
        ja: `${channel} で承認を待っています。結果はここでお知らせします。`,
      }
    case 'denied':
      return {
        en: `It was denied by ${mention(request.decidedBy)}.`,
        ja: `${mention(request.decidedBy)} さんが却下しました。`,
      }
    case 'cancelled':
      if (request.cancelledBy !== undefined && request.cancelledBy !== request.requester.slackUserId) {
        const who = mention(request.cancelledBy)
        return { en: `It was withdrawn by ${who}.`, ja: `${who} さんが取り下げました。` }
      }
      return { en: 'You cancelled it.', ja: '取り消しました。' }
    case 'lapsed':
      return { en: 'It lapsed: nobody decided in time.', ja: '期限までに判断がなく、失効しました。' }
    case 'granting':
      return {
        en: `${approvedSentence(request).en} The access is being set up.`,
        ja: `${approvedSentence(request).ja}アクセスを設定しています。`,
      }
    case 'active': {
      const until = untilText(trueEndOf(request), show(request.expiresAt))
      return {
        en: `${approvedSentence(request).en} The access is there ${until.en}.`,
        ja: `${approvedSentence(request).ja}${until.ja}利用できます。`,
      }
    }
    case 'revoking':
    case 'revoke_failed':
      return { en: 'It is ending: the access is being removed.', ja: '終了処理中です。アクセスを削除しています。' }
    case 'expired':
      return { en: 'It ended on time.', ja: '予定どおり終了しました。' }
    case 'revoked':
      return { en: 'It was ended early.', ja: '予定より早く終了しました。' }
    case 'grant_failed':
      if (wasCutShort(request)) return { en: 'It was ended early by Curfew.', ja: 'Curfew が途中で終了しました。' }
      return { en: 'It was approved, but could not be granted.', ja: '承認されましたが、付与できませんでした。' }
  }
}

const texts = {
  yours: { en: 'Your access request', ja: 'あなたのアクセス申請' },
  inShort: (title: string, state: string) => ({
    en: `Your access request: ${title}. ${state}`,
    ja: `あなたのアクセス申請: ${title}。${state}`,
  }),
  what: ({ title, account, durationMinutes }: AccessRequest) => ({
    en: `${nameText(title.en)} – ${accountText(account)}, for ${durationText(durationMinutes, 'en')}.`,
    ja: `${nameText(title.ja)}（${accountText(account)}、${durationText(durationMinutes, 'ja')}）`,
  }),
  lapses: (at: string) => ({ en: `Lapses ${at} if nobody decides.`, ja: `${at} までに判断がなければ失効します。` }),
  held: (until: Text) => ({
    en: `You have this already ${until.en}. If this request is approved, its time counts from the approval, and you have it until the later of the two ends.`,
    ja: `このアクセスは${until.ja}すでに利用できます。この申請が承認されると、期間は承認から数え、遅いほうの終了時刻まで利用できます。`,
  }),
  openAnyway: (policy: string) => ({
    en: `You can enter this role already, without this grant, by ${policy}.`,
    ja: `このロールは、この付与がなくても ${policy} によりすでに引き受けられます。`,
  }),
  cancel: { en: 'Cancel request', ja: '申請を取り消す' },
}
