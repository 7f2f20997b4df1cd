import type { AccessRequest } from '../../core/access-request.ts'
import type { Catalogue, Language } from '../../core/entitlement.ts'
import { mention } from './mrkdwn.ts'

/** How Slack writes a group of the catalogue; a user group so written is notified. */
export function groupMentions(catalogue: Catalogue, key: string): string[] {
  const group = catalogue.groups[key]
  if (!group) return []
  return 'slackUserGroup' in group ? [`<!subteam^${group.slackUserGroup}>`] : group.slackUsers.map(mention)
}

/** Whose approval the request needs by today's catalogue, rule by rule; undefined when it is no longer offered. */
export function whoMustApprove(request: AccessRequest, catalogue: Catalogue, language: Language): string | undefined {
  const rules = catalogue.entitlements[request.entitlementId]?.approvals
  return rules
    ?.map(({ from, count }) => {
      const groups = from.flatMap(key => groupMentions(catalogue, key)).slice(0, 20)
      const people = groups.join(language === 'ja' ? '・' : ', ')
      if (count === 1) return people
      return language === 'ja' ? `${people} のうち${count}人` : `${count} of ${people}`
    })
    .join(language === 'ja' ? ' と ' : ' and ')
}

/** Everyone who approved, in order. */
export function whoApproved(request: AccessRequest): string[] {
  return request.approvals.map(({ userId }) => mention(userId))
}
