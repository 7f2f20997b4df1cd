import type { RequestIn, Target } from '../../core/access-request.ts'
import type { Account, Language } from '../../core/entitlement.ts'
import { type Instant, plusMinutes } from '../../core/instant.ts'
import { code, escapeText, shorten } from './mrkdwn.ts'

/** A length of time as people say it: `30 min`, `1 h`, `1 h 30 min`. */
export function durationText(minutes: number, language: Language): string {
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  const [hourUnit, minuteUnit, gap] = language === 'ja' ? ['時間', '分', ''] : [' h', ' min', ' ']
  return [hours > 0 ? `${hours}${hourUnit}` : '', rest > 0 || hours === 0 ? `${rest}${minuteUnit}` : '']
    .filter(part => part !== '')
    .join(gap)
}

/** A name from the catalogue or from Slack inside mrkdwn. */
export function nameText(name: string): string {
  return escapeText(shorten(name, 200))
}

/** An account by its name and its id. */
export function accountText(account: Account): string {
  return `${nameText(account.name)} (${code(account.id)})`
}

/** How an instant is shown: Slack's own date in a channel, the person's time zone in their messages. */
export type ShowTime = (at: Instant) => string

/** How the access ends in truth, before the window is fixed. */
export function endAfterApproval(target: Target, durationMinutes: number, language: Language): string {
  const length = durationText(durationMinutes, language)
  if (target.kind === 'inlinePolicy') {
    return {
      en: `Ends ${length} after approval: from then on AWS itself refuses it. What is made meanwhile (keys, roles, running jobs) stays.`,
      ja: `承認から${length}後に終了します。それ以降は AWS 自身が拒否します。その間に作られたもの（キー、ロール、実行中のジョブ）は残ります。`,
    }[language]
  }
  const late = durationText(lateMinutes(target), language)
  return {
    en: `Normally ends ${length} after approval. Sessions already open may last up to ${late} longer, and the end is not enforced while Curfew is down. What is made meanwhile (keys, roles, running jobs) stays.`,
    ja: `通常は承認から${length}後に終了します。すでに開かれたセッションはさらに最長${late}続くことがあり、Curfew が停止している間は終了が強制されません。その間に作られたもの（キー、ロール、実行中のジョブ）は残ります。`,
  }[language]
}

/** How the access ends in truth, once the window is fixed. */
export function endAt(target: Target, expiresAt: Instant, show: ShowTime, language: Language): string {
  const end = show(expiresAt)
  if (target.kind === 'inlinePolicy') {
    return {
      en: `Ends ${end}: from then on AWS itself refuses it.`,
      ja: `${end} に終了します。それ以降は AWS 自身が拒否します。`,
    }[language]
  }
  const late = show(plusMinutes(expiresAt, lateMinutes(target)))
  return {
    en: `Normally ends ${end}. Sessions already open may last until ${late}, and the end is not enforced while Curfew is down.`,
    ja: `通常は ${end} に終了します。すでに開かれたセッションは ${late} まで続くことがあり、Curfew が停止している間は終了が強制されません。`,
  }[language]
}

/** What may outlive access that is over; undefined when nothing does, or nothing was removed since others hold it. */
export function outlives(
  { target, endedAt, keptUntil }: RequestIn<'expired' | 'revoked'>,
  show: ShowTime,
  language: Language,
): string | undefined {
  if (target.kind === 'inlinePolicy' || keptUntil) return undefined
  const late = show(plusMinutes(endedAt, lateMinutes(target)))
  return {
    en: `Sessions opened before may last until ${late}.`,
    ja: `それまでに開かれたセッションは ${late} まで続くことがあります。`,
  }[language]
}

/** AWS caches portal sign-ins for up to an hour, and a session begun then runs its full length (platform: B4). */
const portalCacheMinutes = 60

function lateMinutes(target: Extract<Target, { kind: 'permissionSet' }>): number {
  return target.sessionMinutes + portalCacheMinutes
}
