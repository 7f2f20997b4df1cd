import type { Catalogue } from '../core/entitlement.ts'
import { asFault } from '../core/errors.ts'
import type { Instant } from '../core/instant.ts'
import type { Directory } from './ports.ts'

/** The members of each group by its key in the catalogue; a problem's text where Slack could not tell. Never throws. */
export async function readGroups(
  directory: Directory,
  catalogue: Catalogue,
  keys: string[],
  after?: Instant,
): Promise<Record<string, string[] | { problem: string }>> {
  const read = async (key: string): Promise<[string, string[] | { problem: string }]> => {
    const group = catalogue.groups[key]
    if (!group) return [key, { problem: `the catalogue has no group ${key}` }]
    if ('slackUsers' in group) return [key, group.slackUsers]
    try {
      return [key, await directory.groupMembers(group.slackUserGroup, after)]
    } catch (error) {
      return [key, { problem: `Slack could not tell who is in ${key}: ${asFault(error).message}` }]
    }
  }
  return Object.fromEntries(await Promise.all(keys.map(read)))
}
