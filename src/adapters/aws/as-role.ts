import { type __Client, type __MetadataBearer, AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts'
import type { Clock } from '../../app/ports.ts'
import { hasCome, type Instant, instantOf, plusMinutes } from '../../core/instant.ts'
import type { SessionCredentials } from './clients.ts'
import { faultOf, present } from './faults.ts'
import { send, startDeadline } from './send.ts'

type Watched<Input extends object, Output extends __MetadataBearer> = Pick<
  __Client<unknown, Input, Output, never>,
  'middlewareStack'
>

/** Chained sessions last an hour at most (platform: C2). */
const sessionSeconds = 3600
const spareMinutes = 5

/**
 * Credentials of a role, for clients that work as that role alone: Identity Center may be administered in another
 * account than the bot's. Kept until 5 minutes before their end by AWS's clock, or until AWS refuses them: `renewOn`
 * watches a client that works with them.
 *
 * They claim to have expired already, so that the SDK asks here before each call and never trusts the local clock.
 */
export function asRole(sts: STSClient, roleArn: string, clock: Pick<Clock, 'now'>) {
  let session: { credentials: SessionCredentials; until: Instant } | undefined
  return {
    async credentials(): Promise<SessionCredentials & { expiration: Date }> {
      if (!session || hasCome(session.until, clock.now())) session = await enter()
      return { ...session.credentials, expiration: new Date(0) }
    },
    /** The call that was refused fails, to be tried again; the next one enters the role afresh. */
    renewOn<Input extends object, Output extends __MetadataBearer>(client: Watched<Input, Output>): void {
      client.middlewareStack.add(
        next => args =>
          next(args).catch(error => {
            if (faultOf(error, roleArn).code === 'bad_credentials') session = undefined
            throw error
          }),
        { step: 'initialize', name: 'curfewRenewSession' },
      )
    },
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
