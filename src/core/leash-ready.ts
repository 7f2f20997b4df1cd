import { leashArn, leashOf, leashPath } from './leash.ts'
import type { RosterKey } from './roster.ts'
import { roleOf } from './roster-seat.ts'

/** What AWS has of a leash. `boundary` is the permission set's, as a path and name; `policy` and `role` are the account's. */
export type LeashParts = {
  boundary: string | undefined
  policy: string | undefined
  role: { arn: string; boundaryArn?: string } | undefined
}

type Place = RosterKey & { permissionSetArn: string; instanceArn?: string }

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
    const reference = `CustomerManagedPolicyReference={Name=leash-${permissionSet},Path=/curfew/}`
    const fix = `aws sso-admin put-permissions-boundary-to-permission-set ${setArguments(place)} --permissions-boundary '${reference}'`
    return `The boundary of ${permissionSet} is ${boundary ?? 'missing'}: ${fix}`
  }
  return whyRoleUnbound(role, place)
}

/** The same of the set's role alone: what AWS weighs is the boundary that the role has in the account. */
export function whyRoleUnbound(role: LeashParts['role'], place: Place): string | undefined {
  const { accountId, permissionSet } = place
  const roleName = roleOf(place)
  if (roleName !== undefined) {
    if (role?.boundaryArn === leashArn(place)) return undefined
    const fix = `aws iam put-role-permissions-boundary --role-name ${roleName} --permissions-boundary ${leashArn(place)}`
    return `${roleName} in ${accountId} does not carry it: ${fix}`
  }
  const set = setArguments(place)
  if (!role) {
    const anchor = `--target-type AWS_ACCOUNT --target-id ${accountId} --principal-type GROUP --principal-id EMPTY_GROUP_ID`
    return `${permissionSet} has no role in ${accountId}: aws sso-admin create-account-assignment ${set} ${anchor}`
  }
  if (role.boundaryArn !== leashArn(place)) {
    const fix = `aws sso-admin provision-permission-set ${set} --target-type AWS_ACCOUNT --target-id ${accountId}`
    return `${role.arn} does not carry it: ${fix}`
  }
  return undefined
}

function setArguments({ permissionSetArn, instanceArn = 'INSTANCE_ARN' }: Place): string {
  return `--instance-arn ${instanceArn} --permission-set-arn ${permissionSetArn}`
}

/** Installs the leash as it has to be before anybody is on it; run in the account. A role's name begins with `role/`. */
export function installCommand(permissionSet: string): string {
  const installed = JSON.stringify(leashOf({ permissionSet, members: {} }, 0))
  return `aws iam create-policy --path /curfew/ --policy-name ${leashPath(permissionSet).slice('/curfew/'.length)} --policy-document '${installed}'`
}
