import { decide } from './authorization.ts'
import type { SeedPerson } from './seed.ts'
import { portalSessionFor } from './sessions.ts'
import { findUser, type State } from './state.ts'
import { callersOf } from './who-can.ts'

/** A session somebody could take: of a permission set in the portal, or of a role they can switch to. */
export type WayIn = { kind: 'portal'; permissionSet: string } | { kind: 'role'; role: string; roleArn: string }

/**
 * What a person could take in an account at this moment, whatever it would be good for: the portal offers sessions of
 * which AWS refuses every call. Takes none.
 */
export function waysIn(
  state: State,
  now: number,
  { iamUser, identityCenterUser: userName }: SeedPerson,
  accountId: string,
): WayIn[] {
  const sets = state.permissionSets.filter(
    ({ name }) =>
      userName !== undefined &&
      portalSessionFor(state, now, { accountId, permissionSet: name, userName }) !== undefined,
  )
  const user = iamUser && findUser(state, iamUser)
  const { byKey, byMfa } = user ? callersOf(state, now, user) : {}
  const caller = byMfa ?? byKey
  const roles = [...(state.accounts.get(accountId)?.roles.values() ?? [])].filter(({ arn }) => {
    const context = { 'sts:RoleSessionName': user?.name ?? '' }
    return caller && decide(state, caller, now, { action: 'sts:AssumeRole', resource: arn, context }).allowed
  })
  return [
    ...sets.map(({ name }) => ({ kind: 'portal' as const, permissionSet: name })),
    ...roles.map(({ name, arn }) => ({ kind: 'role' as const, role: name, roleArn: arn })),
  ]
}
