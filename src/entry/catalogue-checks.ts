import { z } from 'zod'
import { approvalState } from '../core/approvals.ts'
import type { ApprovalRule } from '../core/entitlement.ts'
import { refuseUnavailable } from './catalogue-available.ts'
import { awsSection } from './catalogue-aws.ts'
import { checkPersistence, checkPolicy } from './catalogue-policy.ts'
import { closest, type Report } from './catalogue-problems.ts'
import { entitlementSection, type Known } from './catalogue-schema.ts'
import { shortDuration } from './catalogue-values.ts'
import { isSection, keysOf, valueAt } from './catalogue-yaml.ts'

/** Options in one select of Slack (platform: D4). */
const optionLimit = 100

/** Checks the section `aws` beyond the shape of its values. */
export function checkAws(raw: unknown, report: Report): void {
  const { managementAccount } = readParts(awsSection, raw)
  const seen = new Map<unknown, string>()
  const accounts = valueAt(raw, 'accounts')
  for (const key of keysOf(accounts)) {
    const id = valueAt(accounts, key, 'id')
    if (typeof id !== 'string') continue
    const path = ['aws', 'accounts', key, 'id']
    if (id === managementAccount) {
      report(path, `${key} is the management account, where nothing is ever granted.`, 'Take it out of accounts.')
    }
    const other = seen.get(id)
    if (other !== undefined) report(path, `${key} and ${other} are the same account.`, 'Keep one of them.')
    seen.set(id, key)
  }
}

/** Checks that no two addresses lead to one IAM user, where IAM users are what people get access with. */
export function checkPeople(raw: unknown, report: Report): void {
  const domains = valueAt(raw, 'people', 'emailDomains')
  if (!Array.isArray(domains) || domains.length < 2) return
  const entitlements = valueAt(raw, 'entitlements')
  const usesIamUser = (id: string) =>
    ['inlinePolicy', 'assume'].some(kind => valueAt(entitlements, id, kind) !== undefined)
  if (!keysOf(entitlements).some(usesIamUser)) return
  const [one, other] = domains.map(domain => `alice@${domain}`)
  const problem = `${one} and ${other} would be the same IAM user, though they may be two people.`
  const remedy = 'Keep one domain, and name the IAM users of the other people under overrides.'
  report(['people', 'emailDomains'], problem, remedy)
}

/** Checks each entitlement as a whole, as far as its parts can be read. */
export function checkEntitlements(raw: unknown, known: Known, report: Report): void {
  const ids = keysOf(raw)
  if (isSection(raw) && ids.length === 0) {
    report(['entitlements'], 'There is nothing to ask for.', 'Add an entitlement.')
  }
  if (ids.length > optionLimit) {
    const problem = `There are ${ids.length} entitlements; Slack shows at most ${optionLimit}.`
    report(['entitlements'], problem, 'Join or remove some.')
  }
  checkLeashes(raw, report)
  const schema = entitlementSection(known)
  for (const id of ids) {
    const entitlement = valueAt(raw, id)
    if (!isSection(entitlement)) continue
    const { durations = [], accounts = [], requesters = [], approvals } = readParts(schema, entitlement)
    const here: Report = (path, ...rest) => report(['entitlements', id, ...path], ...rest)
    refuseUnavailable(entitlement, here)
    checkKind(entitlement, known, here)
    checkDurations(durations, here)
    checkApprovals(approvals?.rules ?? [], requesters, known.members, here)
    if (accounts.length > optionLimit) {
      const problem = `There are ${accounts.length} accounts; Slack shows at most ${optionLimit}.`
      here(['accounts'], problem, 'Make two entitlements of it.')
    }
    const { requireMfa = accounts.some(key => known.sensitive.includes(key)), regions = [] } = readParts(
      schema,
      entitlement,
    )
    const longest = { minutes: Math.max(0, ...durations), requireMfa, regions }
    checkPolicy(entitlement, longest, known.facts, here)
    if (entitlement['allowPersistence'] !== true) {
      checkPersistence(
        entitlement,
        accounts.filter(key => known.sensitive.includes(key)),
        here,
      )
    }
  }
}

/** A set has its leash in all of the catalogue or not at all: its boundary denies whoever is not on it. */
function checkLeashes(raw: unknown, report: Report): void {
  const first = new Map<unknown, string>()
  const leashed = keysOf(raw).filter(id => valueAt(raw, id, 'leash') === 'required')
  for (const id of keysOf(raw)) {
    const role = valueAt(raw, id, 'assume', 'role')
    const namesake = leashed.find(
      // IAM tells names apart by more than case.
      other => String(valueAt(raw, other, 'permissionSet')).toLowerCase() === String(role).toLowerCase(),
    )
    if (namesake !== undefined) {
      const problem = `The leash of this role and that of the permission set in ${namesake} would have one name.`
      report(['entitlements', id, 'assume', 'role'], problem, 'Name one of the two otherwise.')
    }
    const [set, leash] = ['permissionSet', 'leash'].map(key => valueAt(raw, id, key))
    if (set === undefined || leash === undefined) continue
    const other = first.get(set) ?? id
    first.set(set, other)
    if (valueAt(raw, other, 'leash') === leash) continue
    const problem = `${String(set)} has another leash in ${other}.`
    report(['entitlements', id, 'leash'], problem, 'Write the same in both: a set is leashed everywhere or nowhere.')
  }
}

function checkKind(entitlement: Record<string, unknown>, known: Known, here: Report): void {
  const allKinds = ['permissionSet', 'inlinePolicy', 'assume']
  const kinds = allKinds.filter(kind => entitlement[kind] !== undefined)
  // `permissionset:` is reported as a key that is not known.
  if (kinds.length === 0 && keysOf(entitlement).some(key => closest(key, allKinds) !== undefined)) return
  if (kinds.length === 0) here([], 'It grants nothing.', 'Add permissionSet, inlinePolicy or assume.')
  if (kinds.length > 1) here([], `It grants ${kinds.join(' and ')}.`, 'Make one entitlement of each.')
  const isSet = kinds.includes('permissionSet')
  if (isSet && entitlement['leash'] === undefined) {
    // Whether the end is enforced is too much to be left to a default.
    here(
      ['leash'],
      'leash is missing.',
      'Add leash: required, and AWS itself ends the access; with leash: off it ends by removal, and open sessions go on.',
    )
  }
  if (!isSet && entitlement['leash'] !== undefined) {
    here(['leash'], 'Only a permissionSet has a leash.', 'Leave it out; what Curfew writes in IAM ends by itself.')
  }
  if (isSet && entitlement['requireMfa'] === true) {
    const remedy = 'Leave it out; whether people sign in with MFA is a setting of Identity Center.'
    here(['requireMfa'], 'requireMfa is for inline policies.', remedy)
  }
  if (isSet && entitlement['regions'] !== undefined) {
    const remedy = 'Leave it out, and put the condition aws:RequestedRegion into the permission set.'
    here(['regions'], 'regions is for inline policies.', remedy)
  }
  if (kinds.includes('assume') && entitlement['regions'] !== undefined) {
    here(['regions'], 'regions is for inline policies.', 'Leave it out; what may be done is up to the role.')
  }
  checkRole(entitlement, known, here)
  if (isSet && !known.identityCenter) {
    here(['permissionSet'], 'Permission sets need Identity Center.', 'Add aws.identityCenter.')
  }
}

/** Reports roles that are never a target, whatever is asked of them. */
function checkRole(entitlement: Record<string, unknown>, { memberRole, sensitiveHub }: Known, here: Report): void {
  const places: PropertyKey[][] = [
    ['inlinePolicy', 'on', 'role'],
    ['assume', 'role'],
  ]
  for (const path of places) {
    const role = valueAt(entitlement, ...path.map(String))
    if (typeof role !== 'string') continue
    if (/^AWSReservedSSO_|^AWSServiceRole/i.test(role)) {
      here(path, `${role} is a role that AWS itself manages.`, 'Use a permissionSet, or name a role of your own.')
    }
    if (role.toLowerCase() === memberRole?.toLowerCase()) {
      here(path, `${role} is what Curfew itself works with.`, 'Name a role that people use.')
    }
  }
  if (sensitiveHub && entitlement['assume'] !== undefined) {
    const problem =
      'The jump account is marked as sensitive: its users carry /curfew/ceiling, which denies entering roles.'
    here(['assume'], problem, 'Take sensitive off the jump account, or leave this entitlement out.')
  }
}

/** Reports rules that nobody's request can meet. A Slack user group may hold anybody. */
function checkApprovals(rules: ApprovalRule[], requesters: string[], members: Known['members'], report: Report): void {
  const isNamed = (key: string) => Array.isArray(members[key])
  const people = (keys: string[]) => [...new Set(keys.flatMap(key => members[key] ?? []))]
  // Nobody approves their own request.
  const asking = requesters.length > 0 && requesters.every(isNamed) ? people(requesters) : [undefined]
  const countable = rules.filter(({ from }) => from.every(isNamed))
  const approvers = people(countable.flatMap(({ from }) => from))
  const canBeMet = asking.some(requester => {
    const others = approvers.filter(userId => userId !== requester)
    return approvalState(countable, others, members).state === 'met'
  })
  if (canBeMet) return
  const needed = countable.reduce((sum, { count }) => sum + count, 0)
  const named = `${approvers.length} ${approvers.length === 1 ? 'person' : 'people'}`
  const problem = `Nobody's request can be approved: it takes ${needed} beside the requester, and the groups name ${named}.`
  report(['approvals', 'rules'], problem, 'Lower count, or name more people.')
}

function checkDurations(durations: number[], report: Report): void {
  if (durations.length > 20) report(['durations'], `There are ${durations.length} durations.`, 'Offer at most 20.')
  const sorted = [...new Set(durations)].sort((a, b) => a - b)
  const at = durations.findIndex((minutes, index) => minutes <= (durations[index - 1] ?? 0))
  if (at < 0) return
  const [one, before] = [durations[at] ?? 0, durations[at - 1] ?? 0].map(shortDuration)
  const problem = one === before ? `${one} is in the list twice.` : `${one} comes after ${before}.`
  report(['durations', at], problem, `Write them ascending: [${sorted.map(shortDuration).join(', ')}].`)
}

/** The keys that can be read of a section in which others may be wrong. */
function readParts<S extends z.ZodRawShape>(schema: z.ZodObject<S>, raw: unknown): Partial<z.output<z.ZodObject<S>>> {
  const parts = Object.entries(schema.shape).flatMap(([key, part]) => {
    const read = z.safeParse(part, valueAt(raw, key))
    return read.success ? [[key, read.data]] : []
  })
  // Each value was parsed by the schema of its key.
  return Object.fromEntries(parts) as Partial<z.output<z.ZodObject<S>>>
}
