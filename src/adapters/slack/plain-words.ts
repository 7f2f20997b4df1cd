import type { Language, Limits, PlainWords } from '../../core/entitlement.ts'
import { escapeText, shorten } from './mrkdwn.ts'

/** What a policy gives and what to be careful about, as lines of mrkdwn. At most 2,800 characters. */
export function wordLines({ lines, careful }: PlainWords, limits: Limits, language: Language): string[] {
  const only = limitsText(limits, language)
  return [
    // The exact statements are always near.
    ...lines.slice(0, mostLines).map(line => `• ${escapedTo(400, shorten(line[language], 150))}`),
    ...(only === '' ? [] : [`• ${only}`]),
    ...(careful ? [`:warning: *${texts.careful[language]}* ${escapedTo(1000, shorten(careful[language], 400))}`] : []),
  ]
}

/** Core words a policy in no more. */
const mostLines = 3

/** The text escaped, of at most so many characters then: escaping may lengthen it fivefold. */
function escapedTo(limit: number, text: string): string {
  const escaped = escapeText(text)
  return escaped.length <= limit ? escaped : escapedTo(limit, shorten(text, Math.floor(text.length * 0.9)))
}

function limitsText({ requireMfa, regions = [] }: Limits, language: Language): string {
  const where = regions.length > 0 ? texts.regions(escapedTo(400, shorten(regions.join(', '), 200)))[language] : ''
  return [requireMfa ? texts.mfa[language] : '', where].filter(text => text !== '').join(texts.and[language])
}

const texts = {
  careful: { en: 'Careful:', ja: '注意:' },
  mfa: { en: 'Only when signed in with MFA', ja: 'MFA でサインインしている場合のみ' },
  regions: (list: string) => ({ en: `Only in ${list}`, ja: `リージョン ${list} のみ` }),
  and: { en: '. ', ja: '、' },
}
