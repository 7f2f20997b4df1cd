import type { IAMClient } from '@aws-sdk/client-iam'
import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts'
import type { Clock } from '../../app/ports.ts'
import { Fault } from '../../core/errors.ts'
import { hasCome, type Instant, instantOf, plusMinutes } from '../../core/instant.ts'
import type { AwsClients, SessionCredentials } from './clients.ts'
import { accountOf, type Errand, sessionNameOf, sessionPolicyFor } from './errands.ts'
import { present } from './faults.ts'
import { send } from './send.ts'

/** Does work with IAM as the member role of an account; throws Faults. */
export type AsMember = <T>(errand: Errand, deadline: AbortSignal, work: (iam: IAMClient) => Promise<T>) => Promise<T>

/** The least AWS gives. */
const sessionSeconds = 900
const spareMinutes = 5
const mostSessions = 200

/** Opens one session of the member role for an errand; it lasts a quarter of an hour. */
export async function enterMemberRole(
  sts: STSClient,
  memberRole: string,
  errand: Errand,
  deadline: AbortSignal,
): Promise<{ credentials: SessionCredentials; endsAt: Instant }> {
  const command = new AssumeRoleCommand({
    RoleArn: `arn:aws:iam::${accountOf(errand)}:role/${memberRole}`,
    RoleSessionName: sessionNameOf(errand),
    DurationSeconds: sessionSeconds,
    Policy: sessionPolicyFor(errand),
  })
  const { Credentials } = await send(sts, command, { deadline })
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = present(Credentials, 'Credentials')
  const credentials = {
    accessKeyId: present(AccessKeyId, 'AccessKeyId'),
    secretAccessKey: present(SecretAccessKey, 'SecretAccessKey'),
    sessionToken: present(SessionToken, 'SessionToken'),
  }
  return { credentials, endsAt: instantOf(present(Expiration, 'Expiration').getTime()) }
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
    const { credentials, endsAt } = await enterMemberRole(clients.sts, memberRole, errand, deadline)
    return { iam: clients.iamWith(credentials), until: plusMinutes(endsAt, -spareMinutes) }
  }

  return async (errand, deadline, work) => {
    const key = JSON.stringify(errand)
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
