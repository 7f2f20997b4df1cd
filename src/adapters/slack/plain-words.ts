import type { Language, Limits, PlainWords } from '../../core/entitlement.ts'
import { escapeText, shorten } from './mrkdwn.ts'

/** What a policy gives and what to be careful about, as lines of mrkdwn. At most 2,800 characters. */
export function wordLines({ lines, careful }: PlainWords, limits: Limits, language: Language): string[] {
  const only = limitsText(limits, language)
  return [
    // Escaping may lengthen a line fivefold; the exact statements are always near.
    ...lines.map(line => `• ${escapeText(shorten(line[language], 150))}`),
    ...(only === '' ? [] : [`• ${only}`]),
    ...(careful ? [`:warning: *${texts.careful[language]}* ${escapeText(shorten(careful[language], 400))}`] : []),
  ]
}

function limitsText({ requireMfa, regions = [] }: Limits, language: Language): string {
  const where = regions.length > 0 ? texts.regions(escapeText(shorten(regions.join(', '), 200)))[language] : ''
  return [requireMfa ? texts.mfa[language] : '', where].filter(text => text !== '').join(texts.and[language])
}

const texts = {
  careful: { en: 'Careful:', ja: '注意:' },
  mfa: { en: 'Only when signed in with MFA', ja: 'MFA でサインインしている場合のみ' },
  regions: (list: string) => ({ en: `Only in ${list}`, ja: `リージョン ${list} のみ` }),
  and: { en: '. ', ja: '、' },
}
