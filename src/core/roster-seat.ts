import type { Target } from './access-request.ts'
import type { RosterKey } from './roster.ts'

/** Where a request is held, and whom it holds there. `arn`: of the permission set or the role. */
export type Seat = {
  key: RosterKey
  arn: string
  /** An Identity Center user, or `aws:userid` of a person's sessions of a role. */
  principalId: string
  userName: string
  leash: 'required' | 'off'
}

/** A target that is held on a roster: a permission set, or a leashed role. */
export type SeatedTarget = Extract<Target, { kind: 'permissionSet' | 'assume' }>

/** The seat of a target; undefined where nobody but the request itself has to know of it. */
export function seatOf(target: Target): Seat | undefined {
  if (target.kind === 'permissionSet') {
    const { accountId, permissionSet, permissionSetArn: arn, principalId, userName, leash } = target
    return { key: { accountId, permissionSet }, arn, principalId, userName, leash }
  }
  if (target.kind !== 'assume' || target.leash === 'off') return undefined
  const { accountId, roleName, roleId, roleArn, userName, leash } = target
  return {
    key: { accountId, permissionSet: rosterNameOfRole(roleName) },
    arn: roleArn,
    principalId: `${roleId}:${userName}`,
    userName,
    leash,
  }
}

/** What a role is called among the rosters of its account: no permission set has a slash in its name. */
export function rosterNameOfRole(roleName: string): string {
  return `role/${roleName}`
}

/** The role that a roster is about; undefined where it is about a permission set. */
export function roleOf({ permissionSet }: Pick<RosterKey, 'permissionSet'>): string | undefined {
  return permissionSet.startsWith('role/') ? permissionSet.slice('role/'.length) : undefined
}
