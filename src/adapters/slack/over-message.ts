import { type RequestIn, wasCutShort } from '../../core/access-request.ts'
import type { Text } from '../../core/entitlement.ts'
import { type Instant, localTime } from '../../core/instant.ts'
import { proofWords } from '../../core/proof.ts'
import { trueEndOf } from '../../core/true-end.ts'
import { context, type Message, section } from './blocks.ts'
import { outlives, untilText } from './end-words.ts'
import { code, mention, quote, shorten } from './mrkdwn.ts'
import { noteText, refusalTexts } from './refusals.ts'
import { accountText, nameText } from './words.ts'

/** How a request can end other than by its requester's own word. */
export type OverRequest = RequestIn<'refused' | 'denied' | 'lapsed' | 'expired' | 'revoked' | 'grant_failed'>

/** Tells the requester that it is over: what happened and what they can do next. */
export function renderOverMessage(request: OverRequest): Message {
  const { language } = request.requester
  const { happened, next, details } = endOf(request)
  const isProven = request.status === 'expired' || request.status === 'revoked'
  const asked = isProven && request.proof ? [proofWords(request, request.proof)[language]] : []
  return {
    text: `${nameText(request.title[language])}: ${happened[language]}`,
    blocks: [
      section(
        `*${nameText(request.title[language])}: ${happened[language]}*\n${accountText(request.account)}\n${next[language]}`,
      ),
      ...(details.length > 0 ? [section(details.join('\n'))] : []),
      context(...asked, code(request.id)),
    ],
  }
}

type End = { happened: Text; next: Text; details: string[] }

function endOf(request: OverRequest): End {
  const { language, timeZone } = request.requester
  const show = (at: Instant) => localTime(at, timeZone, language)
  switch (request.status) {
    case 'refused':
      return { happened: texts.refused, next: refusalTexts[request.code], details: noteText(request.note) }
    case 'grant_failed': {
      const happened = wasCutShort(request) ? texts.cut : texts.notGranted
      return { happened, next: refusalTexts[request.code], details: noteText(request.note) }
    }
    case 'denied': {
      const reason = quote(shorten(request.denialReason, 500))
      return { happened: texts.denied, next: texts.deniedBy(mention(request.decidedBy)), details: [reason] }
    }
    case 'lapsed':
      return { happened: texts.lapsed, next: texts.askAnApprover, details: [] }
    case 'expired':
    case 'revoked': {
      const happened = request.status === 'revoked' ? texts.revoked : texts.expired
      if (request.keptUntil)
        return { happened, next: texts.kept(untilText(trueEndOf(request), show(request.keptUntil))), details: [] }
      const { settledBy } = request
      const byWord = settledBy && !settledBy.confirmed ? texts.removedBy(mention(settledBy.userId)) : undefined
      const next = byWord ?? (request.status === 'expired' ? texts.askAgain : texts.endedBy(endedBy(request)))
      return { happened, next, details: outlives(request, show, language) }
    }
  }
}

function endedBy({ endedBy: userId, requester }: RequestIn<'revoked'>): Text {
  const who = mention(userId)
  return userId === requester.slackUserId ? { en: 'You', ja: 'あなた' } : { en: who, ja: `${who} さん` }
}

const texts = {
  refused: { en: 'not possible', ja: '受け付けられませんでした' },
  notGranted: { en: 'approved, but not granted', ja: '承認されましたが、付与できませんでした' },
  cut: { en: 'ended early', ja: '途中で終了しました' },
  denied: { en: 'denied', ja: '却下されました' },
  deniedBy: (who: string) => ({
    en: `${who} denied the request and wrote:`,
    ja: `${who} さんが次の理由で却下しました。`,
  }),
  lapsed: { en: 'nobody decided in time', ja: '期限までに判断がありませんでした' },
  askAnApprover: {
    en: 'If you still need it, ask again with `/request-access` and tell an approver.',
    ja: 'まだ必要な場合は `/request-access` でもう一度申請し、承認者に声をかけてください。',
  },
  expired: { en: 'ended on time', ja: '予定どおり終了しました' },
  askAgain: {
    en: 'AWS confirmed that the access is gone. If you need more time, ask again with `/request-access`.',
    ja: 'アクセスがなくなったことを AWS で確認しました。さらに必要な場合は `/request-access` でもう一度申請してください。',
  },
  revoked: { en: 'ended early', ja: '予定より早く終了しました' },
  kept: (until: Text) => ({
    en: `You keep the access through another request, ${until.en}.`,
    ja: `別の申請により、${until.ja}引き続き利用できます。`,
  }),
  removedBy: (who: string) => ({
    en: `${who} removed the access by hand; AWS could not confirm that. If you need more time, ask again with \`/request-access\`.`,
    ja: `${who} さんがアクセスを手動で削除しました（AWS では確認できていません）。さらに必要な場合は \`/request-access\` でもう一度申請してください。`,
  }),
  endedBy: (who: Text) => ({
    en: `${who.en} ended it, and AWS confirmed that the access is gone. If you still need it, ask again with \`/request-access\`.`,
    ja: `${who.ja}が終了し、アクセスがなくなったことを AWS で確認しました。まだ必要な場合は \`/request-access\` でもう一度申請してください。`,
  }),
}
