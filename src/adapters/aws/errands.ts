import type { RequestId } from '../../core/ids.ts'
import { leashPath } from '../../core/leash.ts'
import type { Holder } from '../../core/policy-place.ts'
import type { RosterKey } from '../../core/roster.ts'
import { roleOf } from '../../core/roster-seat.ts'

/**
 * What a session of the member role is for: reading about one user or role, changing the policies of one on behalf of
 * one request, listing which policies every user and role has, reading the trail of who entered which role, or reading
 * or publishing the leash of one permission set.
 */
export type Errand =
  | { about: Holder; changeFor?: RequestId }
  | { everybodyIn: string }
  | { trailOf: string }
  | { leash: RosterKey; publish?: true }

/** The account an errand leads to. */
export function accountOf(errand: Errand): string {
  if ('everybodyIn' in errand) return errand.everybodyIn
  if ('trailOf' in errand) return errand.trailOf
  return 'leash' in errand ? errand.leash.accountId : errand.about.accountId
}

/** What CloudTrail shows of it: the request it is for, where there is one. */
export function sessionNameOf(errand: Errand): string {
  if ('everybodyIn' in errand) return 'curfew-reconcile'
  if ('trailOf' in errand) return 'curfew-trail'
  return 'leash' in errand ? 'curfew-leash' : (errand.changeFor ?? 'curfew-check')
}

/** The session policy: what the errand needs and no more. AWS allows 2,048 characters; this takes under 600. */
export function sessionPolicyFor(errand: Errand): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statementsFor(errand) })
}

function statementsFor(errand: Errand) {
  const arn = (resource: string) => `arn:aws:iam::${accountOf(errand)}:${resource}`
  if ('everybodyIn' in errand) {
    return [
      // AWS knows no resource for it (Service Authorization Reference: no resource types).
      allow(['iam:ListUsers', 'iam:ListRoles'], '*'),
      allow(['iam:ListUserPolicies'], arn('user/*')),
      allow(['iam:ListRolePolicies'], arn('role/*')),
    ]
  }
  if ('trailOf' in errand) return [allow(['cloudtrail:LookupEvents'], '*')]
  if ('leash' in errand) {
    const policy = arn(`policy${leashPath(errand.leash.permissionSet)}`)
    if (errand.publish) return [allow(publishing, policy)]
    const reading = allow(['iam:GetPolicy', 'iam:GetPolicyVersion'], policy)
    const role = roleOf(errand.leash)
    if (role !== undefined) return [reading, allow(['iam:GetRole'], [arn(`role/${role}`), arn(`role/*/${role}`)])]
    const reserved = arn('role/aws-reserved/sso.amazonaws.com/*')
    return [reading, allow(['iam:GetRole'], reserved), allow(['iam:ListRoles'], '*')]
  }
  const { principal, name } = errand.about
  const holders = [arn(`${principal}/${name}`), arn(`${principal}/*/${name}`)]
  // Two spellings of one: the path is not known before the first read, and a name is unique in its account.
  return [allow(actions[principal][errand.changeFor === undefined ? 'read' : 'change'], holders)]
}

const allow = (Action: string[], Resource: string | string[]) => ({ Effect: 'Allow', Action, Resource })

const publishing = ['iam:ListPolicyVersions', 'iam:CreatePolicyVersion', 'iam:DeletePolicyVersion']

const actions = {
  user: {
    read: ['iam:GetUser', 'iam:ListUserPolicies', 'iam:GetUserPolicy', 'iam:SimulatePrincipalPolicy'],
    change: ['iam:PutUserPolicy', 'iam:DeleteUserPolicy'],
  },
  role: {
    read: ['iam:GetRole', 'iam:ListRolePolicies', 'iam:GetRolePolicy', 'iam:SimulatePrincipalPolicy'],
    change: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'],
  },
}
