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
 * only, for whichever lets most be met. A group that cannot be read may make the difference; then nobody can tell.
 */
export function approvalState(
  rules: ApprovalRule[],
  approvers: string[],
  groups: Record<string, GroupMembers>,
): ApprovalState {
  const places = rules.flatMap(rule => Array.from({ length: rule.count }, () => rule))
  const fits = (userId: string, rule: ApprovalRule) =>
    rule.from.some(key => {
      const members = groups[key]
      return Array.isArray(members) && members.includes(userId)
    })
  const empty = emptyPlaces(places, approvers, fits)
  if (empty.length === 0) return { state: 'met' }
  for (const key of new Set(empty.flatMap(rule => rule.from))) {
    const members = groups[key]
    if (members && !Array.isArray(members)) return { state: 'unknown', problem: members.problem }
  }
  const missing = rules.map(rule => ({ ...rule, count: empty.filter(place => place === rule).length }))
  return { state: 'missing', rules: missing.filter(({ count }) => count > 0) }
}

/** The places left when as many as possible are taken (augmenting paths; there are a handful of each). */
function emptyPlaces(
  places: ApprovalRule[],
  approvers: string[],
  fits: (userId: string, rule: ApprovalRule) => boolean,
): ApprovalRule[] {
  const taken = new Map<number, string>()
  const seat = (userId: string, tried: Set<number>): boolean => {
    for (const [index, rule] of places.entries()) {
      if (tried.has(index) || !fits(userId, rule)) continue
      tried.add(index)
      const sitting = taken.get(index)
      if (sitting === undefined || seat(sitting, tried)) {
        taken.set(index, userId)
        return true
      }
    }
    return false
  }
  for (const userId of new Set(approvers)) seat(userId, new Set())
  return places.filter((_, index) => !taken.has(index))
}
