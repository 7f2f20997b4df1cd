import { countsInWords, findingSentence, unreadSentence } from '../adapters/slack/finding-words.ts'
import { visible } from '../adapters/slack/mrkdwn.ts'
import { remedyFor } from '../core/aws-commands.ts'
import type { Catalogue } from '../core/entitlement.ts'
import { type Comparison, mostPressingFirst } from '../core/reconcile.ts'

/** A comparison as a person at a terminal reads it: everything that was found, each with the command that helps below it. */
export function describeComparison({ findings, unread }: Comparison, catalogue: Catalogue): string {
  if (findings.length + unread.length === 0) return 'AWS and Curfew’s records agree, and nobody has standing access.'
  return [
    countsInWords(findings, unread, 'en'),
    ...unread.map(one => `\n${unreadSentence(one, catalogue, 'en', visible)}`),
    ...mostPressingFirst(findings).map(finding => {
      const sentence = findingSentence(finding, catalogue, 'en', visible)
      return `\n${sentence}\n    ${visible(remedyFor(finding, catalogue.aws.identityCenter))}`
    }),
  ].join('\n')
}
