import type { AccessRequest } from '../../core/access-request.ts'
import type { Language, Text } from '../../core/entitlement.ts'
import type { RefusalCode } from '../../core/errors.ts'
import { type Message, section } from './blocks.ts'
import { mention } from './mrkdwn.ts'
import { refusalTexts } from './refusals.ts'
import { approvedSentence } from './who-approves.ts'
import { nameText } from './words.ts'

/** Tells somebody why their click changed nothing; for a request that was decided or has ended, what happened and by whom. */
export function renderReply(request: AccessRequest, code: RefusalCode, language: Language): Message {
  const said = refusalTexts[code][language]
  const happened =
    code === 'already_decided'
      ? ` ${whatHappened(request)[language]}`
      : code === 'not_active'
        ? ` ${howItEnded(request)[language]}`
        : ''
  const text = `${nameText(request.title[language])}: ${said}${happened}`
  return { text, blocks: [section(text)] }
}

function howItEnded(request: AccessRequest): Text {
  switch (request.status) {
    case 'revoking':
    case 'revoke_failed':
      return { en: 'It is ending: the access is being removed.', ja: '終了処理中です。アクセスを削除しています。' }
    case 'expired':
      return { en: 'It ended on time.', ja: '予定どおり終了しました。' }
    case 'revoked':
      return {
        en: `${mention(request.endedBy)} had ended it.`,
        ja: `${mention(request.endedBy)} さんがすでに終了しました。`,
      }
    default:
      return { en: 'This access is not active.', ja: 'このアクセスは有効ではありません。' }
  }
}

function whatHappened(request: AccessRequest): Text {
  switch (request.status) {
    case 'checking':
    case 'pending':
      return { en: 'It is being looked at again.', ja: '再確認しています。' }
    case 'refused':
      return { en: 'It was refused as not possible.', ja: '受け付けられない申請でした。' }
    case 'denied':
      return {
        en: `${mention(request.decidedBy)} denied it.`,
        ja: `${mention(request.decidedBy)} さんが却下しました。`,
      }
    case 'cancelled': {
      const who = mention(request.cancelledBy ?? request.requester.slackUserId)
      return { en: `${who} cancelled it.`, ja: `${who} さんが取り消しました。` }
    }
    case 'lapsed':
      return { en: 'Nobody had decided in time.', ja: '期限までに判断がなく、失効しました。' }
    default:
      return approvedSentence(request)
  }
}
