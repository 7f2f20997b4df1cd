import type { Account, Language } from '../../core/entitlement.ts'
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
