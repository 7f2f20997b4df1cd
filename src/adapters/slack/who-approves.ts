import type { AccessRequest } from '../../core/access-request.ts'
import type { Catalogue, Language, Text } from '../../core/entitlement.ts'
import { mention, shorten } from './mrkdwn.ts'

/** How Slack writes a group of the catalogue; a user group so written is notified. */
export function groupMentions(catalogue: Catalogue, key: string): string[] {
  const group = catalogue.groups[key]
  if (!group) return []
  return 'slackUserGroup' in group ? [`<!subteam^${group.slackUserGroup}>`] : group.slackUsers.map(mention)
}

/** Beside the label: a field of a section holds 2,000 characters (docs.slack.dev/reference/block-kit/blocks/section-block). */
const mostCharacters = 1900

/**
 * Whose approval the request needs by today's catalogue, rule by rule; undefined when it is no longer offered. At most
 * 1,900 characters: where the names take more, each rule names fewer and says how many it leaves out.
 */
export function whoMustApprove(request: AccessRequest, catalogue: Catalogue, language: Language): string | undefined {
  const rules = catalogue.entitlements[request.entitlementId]?.approvals
  if (!rules) return undefined
  const groups = rules.map(({ from, count }) => ({ who: from.flatMap(key => groupMentions(catalogue, key)), count }))
  const inFull = (mostNames: number) => groups.map(rule => ruleText(rule, mostNames, language))
  const texts = [20, 10, 5, 2, 1].map(inFull).find(rule => joined(rule, language).length <= mostCharacters) ?? inFull(0)
  // Beyond that only how many are needed is said, and of the last rules not even that.
  return shorten(joined(texts, language), mostCharacters)
}

function joined(rules: string[], language: Language): string {
  return rules.join(language === 'ja' ? ' と ' : ' and ')
}

function ruleText({ who, count }: { who: string[]; count: number }, mostNames: number, language: Language): string {
  const left = Math.max(0, who.length - mostNames)
  const more = { en: `${left} more`, ja: `ほか${left}` }[language]
  const names = [...who.slice(0, mostNames), ...(left > 0 ? [more] : [])]
  const people = names.join(language === 'ja' ? '・' : ', ')
  if (count === 1) return people
  return language === 'ja' ? `${people} のうち${count}人` : `${count} of ${people}`
}

/** Everyone who approved, in order. */
export function whoApproved(request: AccessRequest): string[] {
  return request.approvals.map(({ userId }) => mention(userId))
}

/** Says who approved, in a sentence. */
export function approvedSentence(request: AccessRequest): Text {
  const names = whoApproved(request)
  return { en: `${names.join(' and ')} approved it.`, ja: `${names.join('、')} さんが承認しました。` }
}
