import { leashArn, leashOf, leashPath } from './leash.ts'
import type { RosterKey } from './roster.ts'
import { roleOf } from './roster-seat.ts'

/** What AWS has of a leash. `boundary` is the permission set's, as a path and name; `policy` and `role` are the account's. */
export type LeashParts = {
  boundary: string | undefined
  policy: string | undefined
  role: { arn: string; boundaryArn?: string } | undefined
}

/** `region`: where Identity Center is; said in commands that leave where they run open. */
type Place = RosterKey & { permissionSetArn: string; instanceArn?: string; region?: string }

/**
 * Why nobody may be let in on the strength of the leash, and the command that mends it; undefined when it would hold.
 * Asked before anybody is, and again before each assignment: a set without its boundary is open to its session's end.
 */
export function whyNotLeashed({ boundary, policy, role }: LeashParts, place: Place): string | undefined {
  const { accountId, permissionSet } = place
  if (policy === undefined) {
    return `${accountId} has no policy ${leashPath(permissionSet)}: ${installCommand(permissionSet)}`
  }
  if (boundary !== leashPath(permissionSet)) {
    return `The boundary of ${permissionSet} is ${boundary ?? 'missing'}: ${boundaryCommand(place)}`
  }
  return whyRoleUnbound(role, place)
}

/** The same of the set's role alone: what AWS weighs is the boundary that the role has in the account. */
export function whyRoleUnbound(role: LeashParts['role'], place: Place): string | undefined {
  const { accountId, permissionSet } = place
  const roleName = roleOf(place)
  if (roleName !== undefined) {
    if (role?.boundaryArn === leashArn(place)) return undefined
    return `${roleName} in ${accountId} does not carry it: ${roleBoundaryCommand(roleName, leashArn(place))}`
  }
  if (!role) return `${permissionSet} has no role in ${accountId}: ${anchorCommand(place)}`
  if (role.boundaryArn !== leashArn(place)) return `${role.arn} does not carry it: ${provisionCommand(place)}`
  return undefined
}

/** Makes the policy the boundary of a role that people enter; run in the account. */
export function roleBoundaryCommand(roleName: string, boundaryArn: string): string {
  return `aws iam put-role-permissions-boundary --role-name ${roleName} --permissions-boundary ${boundaryArn}`
}

/** Makes the leash the boundary of the permission set; what is provisioned already needs `provisionCommand` then. */
export function boundaryCommand(place: Omit<Place, 'accountId'>): string {
  const reference = `CustomerManagedPolicyReference={Name=leash-${place.permissionSet},Path=/curfew/}`
  return `aws sso-admin put-permissions-boundary-to-permission-set ${setArguments(place)} --permissions-boundary '${reference}'`
}

/** Assigns an empty group, so that the set has a role in the account and keeps it. */
export function anchorCommand(place: Omit<Place, 'permissionSet'>, groupId = 'EMPTY_GROUP_ID'): string {
  const anchor = `--principal-type GROUP --principal-id ${groupId}`
  return `aws sso-admin create-account-assignment ${setArguments(place)} ${targetArguments(place)} ${anchor}`
}

/** Brings the role of the account up to date with the permission set. */
export function provisionCommand(place: Omit<Place, 'permissionSet'>): string {
  return `aws sso-admin provision-permission-set ${setArguments(place)} ${targetArguments(place)}`
}

function setArguments({ permissionSetArn, instanceArn = 'INSTANCE_ARN', region }: Omit<Place, keyof RosterKey>) {
  const where = region === undefined ? '' : `--region ${region} `
  return `${where}--instance-arn ${instanceArn} --permission-set-arn ${permissionSetArn}`
}

function targetArguments({ accountId }: Pick<Place, 'accountId'>): string {
  return `--target-type AWS_ACCOUNT --target-id ${accountId}`
}

/** Installs the leash as it has to be before anybody is on it; run in the account. A role's name begins with `role/`. */
export function installCommand(permissionSet: string): string {
  const installed = JSON.stringify(leashOf({ permissionSet, members: {} }, 0))
  return `aws iam create-policy --path /curfew/ --policy-name ${leashPath(permissionSet).slice('/curfew/'.length)} --policy-document '${installed}'`
}
