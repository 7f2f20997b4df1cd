import type { IAMClient } from '@aws-sdk/client-iam'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import type { Clock } from '../../app/ports.ts'
import { Fault } from '../../core/errors.ts'
import type { RequestId } from '../../core/ids.ts'
import { hasCome, type Instant, instantOf, plusMinutes } from '../../core/instant.ts'
import type { Holder } from '../../core/policy-place.ts'
import type { AwsClients } from './clients.ts'
import { present } from './faults.ts'
import { send } from './send.ts'

/**
 * What a session is for: reading about one user or role, changing the policies of one on behalf of one request, or
 * listing which policies every user and role has.
 */
export type Errand = { about: Holder; changeFor?: RequestId } | { everybodyIn: string }

/** Does work with IAM as the member role of an account; throws Faults. */
export type AsMember = <T>(errand: Errand, deadline: AbortSignal, work: (iam: IAMClient) => Promise<T>) => Promise<T>

/** The least AWS gives. */
const sessionSeconds = 900
const spareMinutes = 5
const mostSessions = 200

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

/**
 * Enters the member role, in every account including the hub, with a session that can do no more than its errand: IAM
 * cannot limit what the role itself writes to whom (platform: I). Sessions are named after the request, which is what
 * CloudTrail then shows, and kept in memory until 5 minutes before AWS ends them.
 */
export function createMemberSessions(input: {
  clients: Pick<AwsClients, 'sts' | 'iamWith'>
  clock: Pick<Clock, 'now'>
  memberRole: string
}): AsMember {
  const { clients, clock, memberRole } = input
  const open = new Map<string, { iam: IAMClient; until: Instant }>()

  async function enter(errand: Errand, deadline: AbortSignal) {
    const [accountId, sessionName] =
      'everybodyIn' in errand
        ? [errand.everybodyIn, 'curfew-reconcile']
        : [errand.about.accountId, errand.changeFor ?? 'curfew-check']
    const command = new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${accountId}:role/${memberRole}`,
      RoleSessionName: sessionName,
      DurationSeconds: sessionSeconds,
      Policy: sessionPolicyFor(errand),
    })
    const { Credentials } = await send(clients.sts, command, { deadline })
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = present(Credentials, 'Credentials')
    const iam = clients.iamWith({
      accessKeyId: present(AccessKeyId, 'AccessKeyId'),
      secretAccessKey: present(SecretAccessKey, 'SecretAccessKey'),
      sessionToken: present(SessionToken, 'SessionToken'),
    })
    const endsAt = instantOf(present(Expiration, 'Expiration').getTime())
    return { iam, until: plusMinutes(endsAt, -spareMinutes) }
  }

  return async (errand, deadline, work) => {
    const key = keyOf(errand)
    const known = open.get(key)
    if (known && !hasCome(known.until, clock.now())) {
      try {
        return await work(known.iam)
      } catch (error) {
        // AWS's clock may have jumped since ours was read. Refused credentials did nothing: fresh ones may do it.
        if (!(error instanceof Fault) || error.code !== 'bad_credentials') throw error
      }
    }
    const session = await enter(errand, deadline)
    open.delete(key)
    open.set(key, session)
    // The oldest go first: a map keeps the order of insertion.
    for (const oldest of [...open.keys()].slice(0, -mostSessions)) open.delete(oldest)
    return work(session.iam)
  }
}

function keyOf(errand: Errand): string {
  if ('everybodyIn' in errand) return errand.everybodyIn
  const { accountId, principal, name } = errand.about
  return JSON.stringify([accountId, principal, name, errand.changeFor])
}

/** The session policy: one user or role, and reading or changing; or what everybody's policies are called, and no more. AWS allows 2,048 characters; this takes under 500. */
export function sessionPolicyFor(errand: Errand): string {
  if ('everybodyIn' in errand) return listingPolicyFor(errand.everybodyIn)
  const { accountId, principal, name } = errand.about
  const arn = (path: string) => `arn:aws:iam::${accountId}:${principal}/${path}`
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: actions[principal][errand.changeFor === undefined ? 'read' : 'change'],
        // Two spellings of one: the path is not known before the first read, and a name is unique in its account.
        Resource: [arn(name), arn(`*/${name}`)],
      },
    ],
  })
}

function listingPolicyFor(accountId: string): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      // AWS knows no resource for it (Service Authorization Reference: no resource types).
      { Effect: 'Allow', Action: ['iam:ListUsers', 'iam:ListRoles'], Resource: '*' },
      { Effect: 'Allow', Action: 'iam:ListUserPolicies', Resource: `arn:aws:iam::${accountId}:user/*` },
      { Effect: 'Allow', Action: 'iam:ListRolePolicies', Resource: `arn:aws:iam::${accountId}:role/*` },
    ],
  })
}
