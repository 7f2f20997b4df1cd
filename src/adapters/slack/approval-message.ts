import type { Button } from '@slack/types'
import { type AccessRequest, type RequestIn, type Target, wasCutShort } from '../../core/access-request.ts'
import type { Language, Text } from '../../core/entitlement.ts'
import { trueEndOf } from '../../core/true-end.ts'
import { actions, askingBack, button, context, fields, type Message, section } from './blocks.ts'
import { endAfterApproval, endAt, outlives, type ShowTime, untilText } from './end-words.ts'
import { code, escapeText, mention, quote, shorten, slackTime } from './mrkdwn.ts'
import { refusalTexts } from './refusals.ts'
import { whatIsAsked } from './what-is-asked.ts'
import { whoApproved } from './who-approves.ts'
import { accountText, durationText, nameText } from './words.ts'

/**
 * The one message of a request in the approvals channel, in every status: what approvers need to know, then what
 * became of it. `approvers` names those who are asked; they are while it waits. `hasOperators`: somebody may end it.
 */
export function renderApprovalMessage(
  request: AccessRequest,
  language: Language,
  { approvers, hasOperators = false }: { approvers?: string | undefined; hasOperators?: boolean } = {},
): Message {
  const state = stateOf(request)[language]
  const title = `${marks[request.status]} *${texts.request[language]}: ${nameText(request.title[language])}*`
  const buttons = buttonsOf(request, language, hasOperators)
  return {
    text: texts.summary(request, escapeText(state))[language],
    blocks: [
      section(`${title}\n${state}`),
      fields(factsOf(request, language, approvers)),
      ...whatIsAsked(request, language),
      section(`*${texts.reason[language]}*\n${quote(shorten(request.reason, 500))}`),
      ...(request.status === 'denied'
        ? [section(`*${texts.denialReason[language]}*\n${quote(shorten(request.denialReason, 500))}`)]
        : []),
      context(...smallPrint(request, language)),
      ...(buttons.length > 0 ? [actions(...buttons)] : []),
    ],
  }
}

function factsOf(request: AccessRequest, language: Language, approvers?: string): { label: string; value: string }[] {
  const { requester, account, ticket } = request
  const mark = account.sensitive ? `\n:warning: *${texts.sensitive[language]}*` : ''
  const length = durationText(request.durationMinutes, language)
  const facts = [{ label: texts.requester[language], value: mention(requester.slackUserId) }]
  if ('target' in request) {
    const label = request.target.kind === 'permissionSet' ? texts.identityCenterUser : texts.iamUser
    facts.push({ label: label[language], value: code(shorten(request.target.userName, 200)) })
  }
  facts.push({ label: texts.account[language], value: `${accountText(account)}${mark}` })
  facts.push(
    'expiresAt' in request
      ? {
          label: (trueEndOf(request).by === 'removal' ? texts.normally : texts.until)[language],
          value: `${slackTime(request.expiresAt, language)} (${length})`,
        }
      : { label: texts.duration[language], value: texts.fromApproval(length)[language] },
  )
  if (request.status === 'pending' && approvers) facts.push({ label: texts.approvers[language], value: approvers })
  if (ticket) facts.push({ label: texts.ticket[language], value: code(shorten(ticket, 100)) })
  return facts
}

/** Slack shows a button to everybody or to nobody: whose click counts is judged. */
function buttonsOf(request: AccessRequest, language: Language, hasOperators: boolean): Button[] {
  const show = button('show-policy', texts.showPolicy[language], request.id)
  if (request.status === 'granting') return [show]
  if (request.status === 'active') {
    const end = askingBack(button('end', texts.endNow[language], request.id, 'danger'), {
      title: texts.endNowTitle[language],
      text: texts.endNowText[language],
      yes: texts.endNowYes[language],
      no: texts.endNowNo[language],
    })
    return hasOperators ? [show, end] : [show]
  }
  if (request.status !== 'pending') return []
  return [
    button('approve', texts.approve[language], request.id, 'primary'),
    button('deny', texts.deny[language], request.id, 'danger'),
    show,
  ]
}

/** How it ends in truth, who decided, and what is known of AWS. */
function smallPrint(request: AccessRequest, language: Language): string[] {
  const show = (at: Parameters<typeof slackTime>[0]) => slackTime(at, language)
  const id = code(request.id)
  switch (request.status) {
    case 'checking':
    case 'stray':
      return [id]
    case 'refused':
      return [refusalTexts[request.code][language], id]
    case 'pending':
      return [
        ...endAfterApproval(trueEndOf(request), request.durationMinutes, language),
        ...openAnyway(request.target, language),
        ...(request.heldUntil ? [texts.held(untilText(trueEndOf(request), show(request.heldUntil)))[language]] : []),
        ...(request.approvals.length > 0 ? [texts.approvedSoFar(whoApproved(request))[language]] : []),
        texts.lapses(show(request.lapsesAt))[language],
        id,
      ]
    case 'denied':
      return [texts.deniedBy(mention(request.decidedBy), show(request.decidedAt))[language], id]
    case 'cancelled':
      return [
        (request.cancelledBy && isByOther(request)
          ? texts.withdrawnBy(mention(request.cancelledBy), show(request.decidedAt))
          : texts.cancelledAt(show(request.decidedAt)))[language],
        id,
      ]
    case 'lapsed':
      return [texts.lapsedAt(show(request.lapsesAt))[language], id]
    default: {
      const approved = texts.approvedBy(whoApproved(request), show(request.decidedAt))[language]
      if (!('endedAt' in request))
        return [approved, ...endAt(trueEndOf(request), request.expiresAt, show, language), id]
      const { keptUntil } = request
      const gone = (
        keptUntil ? texts.keptUntil(untilText(trueEndOf(request), show(keptUntil))) : goneText(request, show)
      )[language]
      const late = request.status === 'grant_failed' ? [] : outlives(request, show, language)
      const failure = request.status === 'grant_failed' ? refusalTexts[request.code] : undefined
      const why = (failure && wasCutShort(request) ? texts.whyCut : failure)?.[language]
      const by = request.status === 'revoked' ? texts.endedBy(mention(request.endedBy))[language] : undefined
      return [approved, why, by, gone, ...late, id].filter(line => line !== undefined)
    }
  }
}

function goneText({ endedAt, settledBy }: RequestIn<'expired' | 'revoked' | 'grant_failed'>, show: ShowTime): Text {
  if (!settledBy || settledBy.confirmed) return texts.removedAt(show(endedAt))
  return texts.settledBy(mention(settledBy.userId), show(endedAt))
}

/** Withdrawn by an operator, it was not the requester who gave it up. */
/** Entering a role that is open to them anyway is not what the approval decides on. */
function openAnyway(target: Target, language: Language): string[] {
  if (target.kind !== 'assume' || target.openBy === undefined) return []
  return [texts.openAnyway(code(shorten(target.openBy, 100)))[language]]
}

function stateOf(request: AccessRequest): Text {
  if (wasCutShort(request)) return texts.cut
  const isWithdrawn = request.status === 'cancelled' && isByOther(request)
  return isWithdrawn ? texts.withdrawn : stateTexts[request.status]
}

function isByOther({ cancelledBy, requester }: RequestIn<'cancelled'>): boolean {
  return cancelledBy !== undefined && cancelledBy !== requester.slackUserId
}

/** The one mark of each message. */
const marks: Record<AccessRequest['status'], string> = {
  stray: ':mag:',
  checking: ':hourglass_flowing_sand:',
  refused: ':no_entry:',
  pending: ':hourglass_flowing_sand:',
  denied: ':no_entry:',
  cancelled: ':white_circle:',
  lapsed: ':white_circle:',
  granting: ':large_blue_circle:',
  active: ':large_green_circle:',
  revoking: ':large_blue_circle:',
  revoke_failed: ':rotating_light:',
  expired: ':white_circle:',
  revoked: ':white_circle:',
  grant_failed: ':no_entry:',
}

const stateTexts: Record<AccessRequest['status'], Text> = {
  stray: { en: 'Found in AWS', ja: 'AWS で検出' },
  checking: { en: 'Being checked', ja: '確認中' },
  refused: { en: 'Refused: it is not possible', ja: '受け付けられませんでした' },
  pending: { en: 'Waiting for approval', ja: '承認待ち' },
  denied: { en: 'Denied', ja: '却下されました' },
  cancelled: { en: 'Cancelled by the requester', ja: '申請者が取り消しました' },
  lapsed: { en: 'Lapsed: nobody decided in time', ja: '期限までに判断がなく、失効しました' },
  granting: { en: 'Approved, being set up', ja: '承認済み・設定中' },
  active: { en: 'Approved and active', ja: '承認済み・有効' },
  revoking: { en: 'Ending: being removed', ja: '終了処理中' },
  revoke_failed: {
    en: 'Removal keeps failing; operators are alerted',
    ja: '削除に失敗し続けています（管理者に通知済み）',
  },
  expired: { en: 'Ended on time', ja: '予定どおり終了しました' },
  revoked: { en: 'Ended early', ja: '予定より早く終了しました' },
  grant_failed: { en: 'Approved, but not granted', ja: '承認されましたが、付与できませんでした' },
}

const texts = {
  request: { en: 'Access request', ja: 'アクセス申請' },
  summary: ({ requester, title, account }: AccessRequest, state: string) => ({
    en: `Access request by ${mention(requester.slackUserId)}: ${nameText(title.en)} – ${nameText(account.name)}. ${state}.`,
    ja: `${mention(requester.slackUserId)} さんのアクセス申請: ${nameText(title.ja)}（${nameText(account.name)}）。${state}。`,
  }),
  whyCut: {
    en: 'What it rested on was changed in AWS; operators are told.',
    ja: 'AWS 側で前提が変更されました（管理者に通知済み）。',
  },
  openAnyway: (policy: string) => ({
    en: `:warning: The requester can enter this role without this grant, by ${policy}: it goes on after the end.`,
    ja: `:warning: 申請者はこの付与がなくても ${policy} によりこのロールを引き受けられます（終了後も続きます）。`,
  }),
  cut: { en: 'Ended early by Curfew', ja: 'Curfew が途中で終了しました' },
  requester: { en: 'Requester', ja: '申請者' },
  iamUser: { en: 'IAM user', ja: 'IAM ユーザー' },
  identityCenterUser: { en: 'Identity Center user', ja: 'Identity Center ユーザー' },
  account: { en: 'Account', ja: 'アカウント' },
  sensitive: { en: 'Sensitive account', ja: '要注意アカウント' },
  until: { en: 'Until', ja: '終了' },
  normally: { en: 'Normally until', ja: '終了（通常）' },
  duration: { en: 'For', ja: '期間' },
  fromApproval: (length: string) => ({ en: `${length} from approval`, ja: `承認から${length}` }),
  ticket: { en: 'Ticket', ja: 'チケット' },
  reason: { en: 'Reason', ja: '理由' },
  denialReason: { en: 'Why it was denied', ja: '却下の理由' },
  approve: { en: 'Approve', ja: '承認する' },
  deny: { en: 'Deny', ja: '却下する' },
  showPolicy: { en: 'Show policy', ja: 'ポリシーを表示' },
  endNow: { en: 'End now', ja: '今すぐ終了' },
  endNowTitle: { en: 'End this access now?', ja: '今すぐアクセスを終了しますか？' },
  endNowText: {
    en: 'For operators, and for who has it. It is taken away before its time, and the requester is told by whom.',
    ja: '管理者と利用者本人だけが実行できます。終了予定より前にアクセスが削除され、誰が終了したかが申請者に伝えられます。',
  },
  endNowYes: { en: 'End it', ja: '終了する' },
  endNowNo: { en: 'Keep it', ja: '終了しない' },
  lapses: (at: string) => ({ en: `Lapses ${at} if nobody decides.`, ja: `${at} までに判断がなければ失効します。` }),
  lapsedAt: (at: string) => ({ en: `Lapsed ${at}.`, ja: `${at} に失効しました。` }),
  deniedBy: (who: string, at: string) => ({
    en: `Denied by ${who}, ${at}.`,
    ja: `${who} さんが ${at} に却下しました。`,
  }),
  cancelledAt: (at: string) => ({ en: `Cancelled ${at}.`, ja: `${at} に取り消されました。` }),
  withdrawn: { en: 'Withdrawn by an operator', ja: '管理者が取り下げました' },
  withdrawnBy: (who: string, at: string) => ({
    en: `Withdrawn by ${who}, ${at}.`,
    ja: `${who} さんが ${at} に取り下げました。`,
  }),
  approvers: { en: 'Approvers', ja: '承認者' },
  approvedSoFar: (who: string[]) => ({
    en: `Approved so far by ${who.join(', ')}; more approvals are needed.`,
    ja: `これまでに ${who.join('、')} さんが承認しました。ほかの承認者の承認も必要です。`,
  }),
  approvedBy: (who: string[], at: string) => ({
    en: `Approved by ${who.join(' and ')}, ${at}.`,
    ja: `${who.join('、')} さんが ${at} に承認しました。`,
  }),
  held: (until: Text) => ({
    en: `The requester has this already ${until.en}, from an earlier request.`,
    ja: `申請者は以前の申請により、${until.ja}同じアクセスを利用できます。`,
  }),
  keptUntil: (until: Text) => ({
    en: `The requester keeps the access ${until.en}, through another request.`,
    ja: `申請者は別の申請により、${until.ja}引き続きアクセスを利用できます。`,
  }),
  endedBy: (who: string) => ({ en: `Ended by ${who}.`, ja: `${who} さんが終了しました。` }),
  settledBy: (who: string, at: string) => ({
    en: `${who} removed it by hand, ${at}; AWS could not confirm that.`,
    ja: `${who} さんが ${at} に手動で削除しました（AWS では確認できていません）。`,
  }),
  removedAt: (at: string) => ({
    en: `AWS confirmed that the access is gone, ${at}.`,
    ja: `${at} に、アクセスがなくなったことを AWS で確認しました。`,
  }),
}
