import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts'
import type { Clock } from '../../app/ports.ts'
import { hasCome, type Instant, instantOf, plusMinutes } from '../../core/instant.ts'
import type { SessionCredentials } from './clients.ts'
import { present } from './faults.ts'
import { send, startDeadline } from './send.ts'

/** Chained sessions last an hour at most (platform: C2). */
const sessionSeconds = 3600
const spareMinutes = 5

/**
 * Credentials of a role, for clients that work as that role alone: Identity Center may be administered in another
 * account than the bot's. Kept until 5 minutes before their end by AWS's clock.
 *
 * They claim to have expired already, so that the SDK asks here before each call and never trusts the local clock.
 */
export function asRole(
  sts: STSClient,
  roleArn: string,
  clock: Pick<Clock, 'now'>,
): () => Promise<SessionCredentials & { expiration: Date }> {
  let session: { credentials: SessionCredentials; until: Instant } | undefined
  return async () => {
    if (!session || hasCome(session.until, clock.now())) session = await enter()
    return { ...session.credentials, expiration: new Date(0) }
  }

  async function enter() {
    const command = new AssumeRoleCommand({
      RoleArn: roleArn,
      RoleSessionName: 'curfew',
      DurationSeconds: sessionSeconds,
    })
    const { Credentials } = await send(sts, command, { deadline: startDeadline() })
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = present(Credentials, 'Credentials')
    return {
      credentials: {
        accessKeyId: present(AccessKeyId, 'AccessKeyId'),
        secretAccessKey: present(SecretAccessKey, 'SecretAccessKey'),
        sessionToken: present(SessionToken, 'SessionToken'),
      },
      until: plusMinutes(instantOf(present(Expiration, 'Expiration').getTime()), -spareMinutes),
    }
  }
}
