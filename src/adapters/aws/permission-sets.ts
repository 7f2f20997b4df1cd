import {
  DescribePermissionSetCommand,
  ListPermissionSetsCommand,
  type PermissionSet,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import { absent } from './faults.ts'
import { pagesOf } from './pages.ts'
import { send } from './send.ts'

/** Looks a permission set up by its name. */
export type FindPermissionSet = (
  instanceArn: string,
  name: string,
  deadline: AbortSignal,
) => Promise<{ permissionSetArn: string; sessionMinutes: number } | undefined>

/**
 * Makes the look-up. AWS finds sets by ARN only, so an unknown name takes a Describe for each set there is, at 20 calls
 * a second for everybody. A set's name never changes and is remembered for good, also when the search is cut short:
 * the next one goes on from there. A set made anew under an old name has another ARN.
 */
export function createFindPermissionSet(ssoAdmin: SSOAdminClient): FindPermissionSet {
  const names = new Map<string, string>()

  async function describe(InstanceArn: string, PermissionSetArn: string, deadline: AbortSignal) {
    const command = new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn })
    const set = (await send(ssoAdmin, command, { deadline }).catch(absent))?.PermissionSet
    if (set?.Name !== undefined) names.set(PermissionSetArn, set.Name)
    return set
  }

  return async (instanceArn, name, deadline) => {
    const list = (NextToken: string | undefined) =>
      send(ssoAdmin, new ListPermissionSetsCommand({ InstanceArn: instanceArn, MaxResults: 100, NextToken }), {
        deadline,
      })
    for await (const { PermissionSets = [] } of pagesOf(list)) {
      for (const permissionSetArn of PermissionSets) {
        const known = names.get(permissionSetArn)
        if (known !== undefined && known !== name) continue
        const set = await describe(instanceArn, permissionSetArn, deadline)
        if (set?.Name === name) return { permissionSetArn, sessionMinutes: sessionMinutesOf(set) }
      }
    }
    return undefined
  }
}

// AWS: one hour when nothing was chosen, twelve at most.
const defaultMinutes = 60
const mostMinutes = 720

/** How long a role session of the set lasts. What cannot be read counts as the longest there is: an end is not promised early. */
export function sessionMinutesOf({ SessionDuration }: Pick<PermissionSet, 'SessionDuration'>): number {
  if (SessionDuration === undefined) return defaultMinutes
  const [matched, hours = 0, minutes = 0, seconds = 0] =
    /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/.exec(SessionDuration) ?? []
  const total = Number(hours) * 60 + Number(minutes) + Math.ceil(Number(seconds) / 60)
  return matched === undefined || total === 0 ? mostMinutes : total
}
