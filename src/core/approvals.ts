import type { ApprovalRule } from './entitlement.ts'

/** Members of a group, or why Slack could not tell. */
export type GroupMembers = string[] | { problem: string }

/** How far the rules are met by those who approved: what is still missing, in the order of the catalogue. */
export type ApprovalState =
  | { state: 'met' }
  | { state: 'missing'; rules: ApprovalRule[] }
  | { state: 'unknown'; problem: string }

/**
 * Whether all rules are met by distinct people: each rule needs `count` of them, and one person counts for one rule
 * only, for whichever lets most be met. Slack accounts that share a name in AWS (`awsNames`) are one person. A group
 * that cannot be read may make the difference; then nobody can tell.
 */
export function approvalState(
  rules: ApprovalRule[],
  approvers: string[],
  groups: Record<string, GroupMembers>,
  awsNames: (userId: string) => string[] = () => [],
): ApprovalState {
  const places = rules.flatMap(rule => Array.from({ length: rule.count }, () => rule))
  const fits = (accounts: Accounts, rule: ApprovalRule) =>
    rule.from.some(key => {
      const members = groups[key]
      return Array.isArray(members) && accounts.some(userId => members.includes(userId))
    })
  const empty = emptyPlaces(places, peopleBehind(approvers, awsNames), fits)
  if (empty.length === 0) return { state: 'met' }
  for (const key of new Set(empty.flatMap(rule => rule.from))) {
    const members = groups[key]
    if (members && !Array.isArray(members)) return { state: 'unknown', problem: members.problem }
  }
  const missing = rules.map(rule => ({ ...rule, count: empty.filter(place => place === rule).length }))
  return { state: 'missing', rules: missing.filter(({ count }) => count > 0) }
}

/** The Slack accounts of one person. */
type Accounts = string[]

function peopleBehind(userIds: string[], awsNames: (userId: string) => string[]): Accounts[] {
  const namesOf = (accounts: Accounts) => accounts.flatMap(awsNames)
  let people: Accounts[] = []
  for (const userId of new Set(userIds)) {
    const names = awsNames(userId)
    const same = people.filter(accounts => namesOf(accounts).some(name => names.includes(name)))
    people = [...people.filter(accounts => !same.includes(accounts)), [...same.flat(), userId]]
  }
  return people
}

/** The places left when as many as possible are taken (augmenting paths; there are a handful of each). */
function emptyPlaces(
  places: ApprovalRule[],
  people: Accounts[],
  fits: (accounts: Accounts, rule: ApprovalRule) => boolean,
): ApprovalRule[] {
  const taken = new Map<number, Accounts>()
  const seat = (accounts: Accounts, tried: Set<number>): boolean => {
    for (const [index, rule] of places.entries()) {
      if (tried.has(index) || !fits(accounts, rule)) continue
      tried.add(index)
      const sitting = taken.get(index)
      if (sitting === undefined || seat(sitting, tried)) {
        taken.set(index, accounts)
        return true
      }
    }
    return false
  }
  for (const accounts of people) seat(accounts, new Set())
  return places.filter((_, index) => !taken.has(index))
}
