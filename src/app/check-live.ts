import { type DedicatedSet, dedicatedSetCommands } from '../core/dedicated-set.ts'
import { dedicatedSetTerraform } from '../core/dedicated-set-terraform.ts'
import type { Account, Catalogue } from '../core/entitlement.ts'
import { asFault } from '../core/errors.ts'
import { isActive, memberRoleCommand, usedAccounts } from '../core/live-account.ts'
import { enteredRole, noRole, sharedRole } from '../core/live-role.ts'
import {
  anchored,
  carried,
  dedicated,
  installed,
  leashedSet,
  noSet,
  type SetUse,
  unleashedSet,
} from '../core/live-set.ts'
import { accountText, type Looked, type LookedAt } from '../core/looked.ts'
import type { Listed } from '../core/reconcile.ts'
import type { SetContent } from '../core/set-content.ts'
import { patiently } from './patiently.ts'
import type { Inventory, Ports, Survey } from './ports.ts'

/** What the look needs. `roster`: Curfew's own record of who is on a set. */
export type LivePorts = Pick<Ports, 'clock' | 'inlinePolicies' | 'leashes' | 'accounts'> & {
  inventory: Pick<Inventory, 'findPermissionSets'> & Survey
  roster: Ports['table']['roster']
}

type Center = NonNullable<Catalogue['aws']['identityCenter']>

/**
 * Looks whether AWS is as the catalogue needs it, place by place, and changes nothing. Whatever cannot be read is a line
 * like the others. `from`: a permission set to make the dedicated one of, where that is not told by the name.
 */
export async function* checkLive(
  ports: LivePorts,
  catalogue: Catalogue,
  from: string | undefined,
): AsyncGenerator<LookedAt> {
  for (const { account, asMember } of usedAccounts(catalogue)) yield lookAtAccount(ports, catalogue, account, asMember)
  const { identityCenter } = catalogue.aws
  const toMake = identityCenter ? yield* lookAtSets(ports, catalogue, identityCenter, from) : []
  yield* lookAtRoles(ports, catalogue)
  for (const { arn, set } of toMake) yield* howToMake(ports, arn, set)
}

/** A dedicated set that is to be made, and the ARN of the one whose content it gets. */
type ToMake = { arn: string; set: Omit<DedicatedSet, 'content'> }

async function lookAtAccount(
  ports: LivePorts,
  catalogue: Catalogue,
  account: Account,
  asMember: boolean,
): Promise<LookedAt> {
  const { memberRole } = catalogue.aws
  const active = await look(ports, 'active', () => ports.accounts.find(account.id), isActive)
  const lines = [...active]
  if (asMember) lines.push(await enterAsMember(ports, catalogue, account, memberRole))
  return { title: accountText(account), lines }
}

async function enterAsMember(
  ports: LivePorts,
  catalogue: Catalogue,
  account: Account,
  memberRole: string,
): Promise<Looked> {
  const about = 'member role'
  try {
    await patiently(ports, () => ports.inventory.enter(account.id))
    return { mark: 'ok', about, says: `${memberRole} lets Curfew in` }
  } catch (error) {
    const { code, message } = asFault(error)
    if (code !== 'access_denied') return { mark: 'unread', about, says: firstLine(message) }
    const botArn = await ports.inlinePolicies.ownArn().catch(() => 'BOT_ROLE_ARN')
    const says = `no: ${memberRole} is not there, or does not let Curfew in`
    return {
      mark: 'missing',
      about,
      says,
      fixes: [memberRoleCommand(account, botArn, sharedRolesIn(catalogue, account))],
    }
  }
}

async function* lookAtSets(
  ports: LivePorts,
  catalogue: Catalogue,
  center: Center,
  from: string | undefined,
): AsyncGenerator<LookedAt, ToMake[]> {
  const sets = setsOf(catalogue)
  if (sets.length === 0 && from === undefined) return []
  let arns: Map<string, string>
  let sources: Map<string, string>
  try {
    const find = (names: string[]) => patiently(ports, () => ports.inventory.findPermissionSets(names))
    arns = sets.length === 0 ? new Map() : await find(sets.map(({ name }) => name))
    const wanted = sets.filter(({ name, isLeashed }) => isLeashed && !arns.has(name)).map(({ name }) => sourceOf(name))
    const names = [...(from === undefined ? wanted : [from])].filter(name => name !== undefined)
    sources = names.length === 0 ? new Map() : await find(names)
  } catch (error) {
    const says = firstLine(asFault(error).message)
    yield { title: 'Identity Center', lines: [{ mark: 'unread', about: 'permission sets', says }] }
    return []
  }
  const sourceFor = (name: string) => {
    const source = from ?? sourceOf(name)
    return source === undefined || !sources.has(source) ? undefined : source
  }
  let anchor: Listed | undefined
  for (const { name, isLeashed, uses } of sets) {
    const arn = arns.get(name)
    const title = isLeashed ? `${name}, on a leash` : `${name}, without a leash`
    if (arn === undefined) {
      yield { title, lines: [noSet(name, center, isLeashed ? sourceFor(name) : undefined)] }
      continue
    }
    const place = { permissionSet: name, permissionSetArn: arn }
    const judge = (content: SetContent | undefined) => {
      if (!content) return noSet(name, center)
      return isLeashed ? leashedSet(content, place, uses, center) : unleashedSet(content)
    }
    yield { title, lines: await look(ports, 'there', () => ports.inventory.permissionSetContent(arn), judge) }
    if (!isLeashed) continue
    for (const account of accountsOf(uses)) {
      const { lines, anchors } = await lookAtLeash(ports, { ...place, accountId: account.id }, center, anchor)
      anchor ??= anchors[0]
      yield { title: `${name} in ${accountText(account)}`, lines }
    }
  }
  if (from !== undefined && !sources.has(from)) {
    yield { title: from, lines: [noSet(from, center)] }
    return []
  }
  const absent = sets.filter(({ name, isLeashed }) => isLeashed && !arns.has(name)).map(({ name }) => name)
  const names = from !== undefined && absent.length === 0 ? [`Curfew-${from}`] : absent
  return names.flatMap(name => {
    const source = sourceFor(name)
    const arn = source && sources.get(source)
    if (source === undefined || arn === undefined) return []
    const uses = sets.filter(one => one.name === name || one.name === source).flatMap(one => one.uses)
    return [{ arn, set: { name, from: source, accounts: accountsOf(uses), center, anchorId: anchor?.principalId } }]
  })
}

/** One place of a leashed set: what bounds it there, and who is assigned. */
async function lookAtLeash(
  ports: LivePorts,
  place: { accountId: string; permissionSet: string; permissionSetArn: string },
  center: Center,
  known: Listed | undefined,
): Promise<{ lines: Looked[]; anchors: Listed[] }> {
  const lines = [
    ...(await look(
      ports,
      'installed',
      () => ports.leashes.read(place),
      policy => installed(policy, place),
    )),
    ...(await look(
      ports,
      'carried',
      () => ports.leashes.role(place),
      role => carried(role, place, center),
    )),
  ]
  let anchors: Listed[] = []
  const assigned = () => ports.inventory.assigned(place.accountId, place.permissionSetArn)
  const ofPeople = await look(ports, 'assigned', assigned, async found => {
    anchors = found.anchors
    const roster = () => ports.roster(place)
    return [
      anchored(anchors, known, place, center),
      ...(await look(ports, 'dedicated', roster, stored => dedicated(found.held, stored, place, center))),
    ]
  })
  return { lines: [...lines, ...ofPeople], anchors }
}

async function* howToMake(
  ports: LivePorts,
  sourceArn: string,
  made: Omit<DedicatedSet, 'content'>,
): AsyncGenerator<LookedAt> {
  const { name, from } = made
  let content: SetContent | undefined
  const lines = await look(
    ports,
    'there',
    () => ports.inventory.permissionSetContent(sourceArn),
    found => {
      content = found
      return found ? [] : noSet(from, made.center)
    },
  )
  if (!content) return yield { title: from, lines }
  const set = { ...made, content }
  const boundary =
    content.boundary === undefined
      ? []
      : [`# ${from} has the boundary ${content.boundary}; a set has one, and here it is the leash.`]
  yield { title: `To make ${name} of ${from}, with the AWS CLI`, text: [...boundary, ...dedicatedSetCommands(set)] }
  yield { title: `To make ${name} of ${from}, with Terraform`, text: dedicatedSetTerraform(set) }
}

async function* lookAtRoles(ports: LivePorts, catalogue: Catalogue): AsyncGenerator<LookedAt> {
  const seen = new Set<string>()
  for (const { grants, accounts } of Object.values(catalogue.entitlements)) {
    const name = roleIn(grants)
    if (name === undefined) continue
    for (const account of accounts.flatMap(key => catalogue.accounts[key] ?? [])) {
      const kind = grants.kind === 'assume' ? 'entered' : 'shared'
      const title = `Role ${name} in ${accountText(account)}, ${kind === 'entered' ? 'which people enter' : 'which a team shares'}`
      if (seen.has(title)) continue
      seen.add(title)
      const read = async () => ({
        role: await ports.inlinePolicies.findRole(account.id, name),
        botArn: await ports.inlinePolicies.ownArn(),
      })
      const lines = await look(ports, 'there', read, ({ role, botArn }) => {
        if (!role) return noRole(name, account)
        const scene = { account, aws: catalogue.aws, botArn }
        return kind === 'entered' ? enteredRole(role, scene) : sharedRole(role, scene)
      })
      yield { title, lines }
    }
  }
}

/** What is judged of a reading, or that there was none. */
async function look<T>(
  ports: LivePorts,
  about: string,
  read: () => Promise<T>,
  judge: (found: T) => Looked | Looked[] | Promise<Looked[]>,
): Promise<Looked[]> {
  let found: T
  try {
    found = await patiently(ports, read)
  } catch (error) {
    return [{ mark: 'unread', about, says: firstLine(asFault(error).message) }]
  }
  return [await judge(found)].flat()
}

/** `ReadOnly` of `Curfew-ReadOnly`. */
function sourceOf(name: string): string | undefined {
  return /^Curfew-(.+)$/.exec(name)?.[1]
}

function setsOf({ entitlements, accounts }: Catalogue): { name: string; isLeashed: boolean; uses: SetUse[] }[] {
  const found = new Map<string, { name: string; isLeashed: boolean; uses: SetUse[] }>()
  for (const entitlement of Object.values(entitlements)) {
    const { grants } = entitlement
    if (grants.kind !== 'permissionSet') continue
    const name = grants.permissionSet
    const set = found.get(name) ?? { name, isLeashed: false, uses: [] }
    const uses = entitlement.accounts.flatMap(key => accounts[key] ?? []).map(account => ({ account, entitlement }))
    found.set(name, {
      name,
      isLeashed: set.isLeashed || grants.leash === 'required',
      uses: [...set.uses, ...uses],
    })
  }
  return [...found.values()]
}

function accountsOf(uses: SetUse[]): Account[] {
  return [...new Map(uses.map(({ account }) => [account.id, account])).values()]
}

function roleIn(grants: Catalogue['entitlements'][string]['grants']): string | undefined {
  if (grants.kind === 'assume') return grants.role
  return grants.kind === 'inlinePolicy' && grants.on !== 'user' ? grants.on.role : undefined
}

function sharedRolesIn({ entitlements }: Catalogue, { key }: Account): string[] {
  const roles = Object.values(entitlements).flatMap(({ grants, accounts }) =>
    grants.kind === 'inlinePolicy' && accounts.includes(key) ? (roleIn(grants) ?? []) : [],
  )
  return [...new Set(roles)]
}

function firstLine(message: string): string {
  return message.split('\n')[0] || 'unknown error'
}
