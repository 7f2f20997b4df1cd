import type { AccessRequest, RequestIn, Target } from '../../core/access-request.ts'
import { deleteAssignmentCommand, deletePolicyCommand } from '../../core/aws-commands.ts'
import type { Catalogue, Language, Text } from '../../core/entitlement.ts'
import { placeOf } from '../../core/policy-place.ts'
import { seatOf } from '../../core/roster-seat.ts'
import { trueEndOf } from '../../core/true-end.ts'
import { actions, button, context, fields, type Message, section } from './blocks.ts'
import { code, codeBlock, mention, quote, shorten, slackTime } from './mrkdwn.ts'
import { accountText, nameText } from './words.ts'

/** Alerts operators that a removal keeps failing, with the command that does it by hand; says so when it is settled. */
export function renderAlertMessage(request: AccessRequest, catalogue: Catalogue, language: Language): Message {
  const failing = request.status === 'revoke_failed'
  const settledBy = 'settledBy' in request ? request.settledBy : undefined
  const settled = settledBy && !settledBy.confirmed ? texts.settledByWord : texts.settled
  const headline = (request.stray ? strayHeadline(request) : failing ? texts.failing : settled)[language]
  const what = request.stray
    ? strayText(request, language)
    : `${nameText(request.title[language])} – ${accountText(request.account)}`
  const mark = failing ? ':rotating_light:' : 'endedAt' in request ? ':white_check_mark:' : ':large_blue_circle:'
  return {
    text: `${headline}: ${nameText(request.title[language])} (${nameText(request.account.name)})`,
    blocks: [
      section(`${mark} *${headline}*\n${what}`),
      ...(failing ? failingBlocks(request, catalogue, language) : []),
      ...(settledBy
        ? [section(`${texts.byHandBy(mention(settledBy.userId))[language]}\n${quote(shorten(settledBy.reason, 500))}`)]
        : []),
      context(...('endedAt' in request ? goneLines(request, language) : []), code(request.id)),
    ],
  }
}

function strayHeadline(request: AccessRequest): Text {
  if (request.status === 'revoke_failed') return texts.strayFailing
  if (!('endedAt' in request)) return texts.strayEnding
  return request.settledBy && !request.settledBy.confirmed ? texts.settledByWord : texts.strayGone
}

/** What a stray is and who ended it; nobody asked for it. */
function strayText(request: AccessRequest, language: Language): string {
  if (!('target' in request)) return accountText(request.account)
  const by = 'decidedBy' in request ? `\n${texts.strayEndedBy(mention(request.decidedBy))[language]}` : ''
  const what = strayWords(request.target, language)
  return `${what}${language === 'ja' ? '、' : ', '}${accountText(request.account)}${by}`
}

function strayWords(target: Target, language: Language): string {
  if (target.kind === 'permissionSet') {
    return `${code(shorten(target.permissionSet, 200))} – ${code(shorten(target.userName, 200))}`
  }
  const { policyName, principal, name } = placeOf(target)
  return `${code(shorten(policyName, 200))} – ${texts.holder(principal, code(shorten(name, 200)))[language]}`
}

function goneLines({ target, endedAt, keptUntil, settledBy }: OverRequest, language: Language): string[] {
  if (keptUntil) return []
  const at = slackTime(endedAt, language)
  if (!settledBy || settledBy.confirmed) return [texts.confirmed(at)[language]]
  return [(target.kind !== 'permissionSet' ? texts.policyNotConfirmed(at) : texts.setNotConfirmed(at))[language]]
}

type OverRequest = RequestIn<'expired' | 'revoked' | 'grant_failed'>

function failingBlocks(request: RequestIn<'revoke_failed'>, catalogue: Catalogue, language: Language) {
  const { target } = request
  const problem = request.retries.work?.problem ?? texts.unknown[language]
  const end = slackTime(request.expiresAt, language)
  const danger =
    seatOf(target)?.leash === 'required'
      ? texts.leashed(end)
      : {
          aws: texts.refused(end),
          entry: texts.entryRefused(end),
          unless_escaped: texts.mayBeRefused(end),
          removal: texts.setStays(slackTime(request.revokingSince, language)),
        }[trueEndOf(request).by]
  return [
    fields([
      ...(request.stray
        ? []
        : [
            { label: texts.requester[language], value: mention(request.requester.slackUserId) },
            { label: texts.user[language], value: code(shorten(target.userName, 200)) },
          ]),
      { label: texts.since[language], value: slackTime(request.revokingSince, language) },
      { label: texts.problem[language], value: code(shorten(problem, 300)) },
    ]),
    ...(request.stray ? [] : [section(danger[language])]),
    section(`${texts.byHand[language]}\n${codeBlock([removalCommand(target, catalogue)])}`),
    ...(catalogue.operators.length > 0 ? [actions(button('removed', texts.removed[language], request.id))] : []),
  ]
}

/** What an operator runs in the account (or, for an assignment, where Identity Center is administered). */
export function removalCommand(target: Target, { aws }: Catalogue): string {
  return target.kind !== 'permissionSet'
    ? deletePolicyCommand(placeOf(target))
    : deleteAssignmentCommand({ principalType: 'USER', ...target }, aws.identityCenter)
}

const texts = {
  failing: { en: 'Access could not be removed', ja: 'アクセスを削除できません' },
  settled: { en: 'Settled: the access is removed', ja: '解決: アクセスは削除されました' },
  strayEnding: { en: 'A stray is being removed', ja: '記録外のアクセスを削除中' },
  strayFailing: { en: 'A stray could not be removed', ja: '記録外のアクセスを削除できません' },
  strayGone: { en: 'The stray is gone', ja: '記録外のアクセスを削除しました' },
  strayEndedBy: (who: string) => ({ en: `Ended by ${who}.`, ja: `${who} さんが終了しました。` }),
  holder: (principal: 'user' | 'role', name: string) => ({
    en: `on the IAM ${principal} ${name}`,
    ja: `IAM ${principal === 'user' ? 'ユーザー' : 'ロール'} ${name}`,
  }),
  settledByWord: { en: 'Settled by hand, not confirmed by AWS', ja: '手動で解決済み（AWS では未確認）' },
  removed: { en: 'I removed it by hand', ja: '手動で削除しました' },
  byHandBy: (who: string) => ({
    en: `${who} removed it by hand and wrote:`,
    ja: `${who} さんが手動で削除しました。`,
  }),
  policyNotConfirmed: (at: string) => ({
    en: `AWS could not confirm that it is gone, ${at}. The daily comparison tells if it is not.`,
    ja: `${at} の時点で、なくなったことを AWS で確認できませんでした。残っている場合は毎日の照合で報告されます。`,
  }),
  setNotConfirmed: (at: string) => ({
    en: `AWS could not confirm that it is gone, ${at}. Curfew goes on looking, and takes it away if it is not.`,
    ja: `${at} の時点で、なくなったことを AWS で確認できませんでした。Curfew は確認を続け、残っていれば削除します。`,
  }),
  requester: { en: 'Requester', ja: '申請者' },
  user: { en: 'AWS user', ja: 'AWS ユーザー' },
  since: { en: 'Failing since', ja: '失敗し始めた時刻' },
  problem: { en: 'Last problem', ja: '直近のエラー' },
  unknown: { en: 'not known', ja: '不明' },
  leashed: (end: string) => ({
    en: `Unless the last problem is about its leash, AWS itself refuses it from ${end} on; otherwise it *may still work*.`,
    ja: `直近のエラーがリーシュに関するものでなければ、${end} 以降は AWS 自身が拒否します。リーシュが外れている場合は、*まだ使える可能性があります*。`,
  }),
  entryRefused: (end: string) => ({
    en: `AWS itself lets nobody into the role from ${end} on; sessions opened before may go on. What let them in is still there.`,
    ja: `${end} 以降は AWS 自身がロールの引き受けを拒否します。ただし、それまでに開かれたセッションは続くことがあり、引き受けを許可するポリシーはまだ付与されたままです。`,
  }),
  refused: (end: string) => ({
    en: `AWS itself refuses it from ${end} on; it is still there.`,
    ja: `${end} 以降は AWS 自身が拒否します。ただし、まだ付与されたままです。`,
  }),
  mayBeRefused: (end: string) => ({
    en: `AWS itself refuses it from ${end} on, but its holder may have got around that. It is still there: remove it by hand if this does not settle soon.`,
    ja: `${end} 以降は AWS 自身が拒否しますが、利用者が抜け道を作っている可能性があります。まだ付与されたままです。すぐに解決しない場合は手動で削除してください。`,
  }),
  setStays: (end: string) => ({
    en: `The assignment should have ended ${end} and *may still work*. Remove it by hand if this does not settle soon.`,
    ja: `割り当ては ${end} に終了するはずでしたが、*まだ使える可能性があります*。すぐに解決しない場合は手動で削除してください。`,
  }),
  byHand: {
    en: 'Curfew goes on trying. By hand:',
    ja: 'Curfew は再試行を続けます。手動で削除する場合:',
  },
  confirmed: (at: string) => ({
    en: `AWS confirmed that the access is gone, ${at}.`,
    ja: `${at} に、アクセスがなくなったことを AWS で確認しました。`,
  }),
}
