import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail'
import type { STSClient } from '@aws-sdk/client-sts'
import { z } from 'zod'
import { patiently } from '../../app/patiently.ts'
import type { Clock, Trail } from '../../app/ports.ts'
import type { Catalogue } from '../../core/entitlement.ts'
import { instantOf } from '../../core/instant.ts'
import type { Entry } from '../../core/pinning.ts'
import { enterMemberRole } from './member-sessions.ts'
import { pagesOf } from './pages.ts'
import { send, startDeadline } from './send.ts'

/** Real time before each page: CloudTrail takes two a second of everybody in the account and region (platform: C5). */
const pauseMilliseconds = 500

/** Where STS's global endpoint is, and with it the trail of whoever used that. */
const globalRegion = 'us-east-1'

/** Enough for 1,000 pages of 50 events; sessions of the member role last 15 minutes. */
const renewAfterPages = 1000

/** CloudTrail over the wire, as the member role of the account of the role. It keeps 90 days. Its client is made here, as the bot has no use for it. */
export function createTrail({
  sts,
  memberRole,
  center,
  clock,
}: {
  sts: STSClient
  memberRole: string
  center: Catalogue['aws']['identityCenter']
  clock: Pick<Clock, 'after'>
}): Trail {
  return {
    async regions() {
      const own = await sts.config.region()
      return [...new Set([own, ...(center ? [center.region] : []), globalRegion])]
    },

    async entries(accountId, roleArn, region) {
      const enter = async () => {
        const { credentials } = await enterMemberRole(sts, memberRole, { trailOf: accountId }, startDeadline())
        const { systemClockOffset } = sts.config
        return new CloudTrailClient({ region, credentials, systemClockOffset, maxAttempts: 1 })
      }
      let client = await enter()
      let asked = 0
      const LookupAttributes = [{ AttributeKey: 'ResourceName' as const, AttributeValue: roleArn }]
      const pages = pagesOf(async NextToken => {
        asked += 1
        if (asked % renewAfterPages === 0) client = await enter()
        return patiently({ clock }, async () => {
          await clock.after(pauseMilliseconds)
          const command = new LookupEventsCommand({ LookupAttributes, MaxResults: 50, NextToken })
          return send(client, command, { deadline: startDeadline() })
        })
      })
      const found: Entry[] = []
      for await (const { Events = [] } of pages) {
        found.push(...Events.flatMap(({ CloudTrailEvent }) => entryIn(CloudTrailEvent, roleArn) ?? []))
      }
      return found
    },
  }
}

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
const record = z.looseObject({
  eventID: z.string(),
  eventName: z.string(),
  eventTime: z.string(),
  errorCode: z.string().optional(),
  userIdentity: z.looseObject({
    type: z.string().default('unknown'),
    principalId: z.string().optional(),
    accountId: z.string().optional(),
    userName: z.string().optional(),
    invokedBy: z.string().optional(),
    identityProvider: z.string().optional(),
  }),
  requestParameters: z
    .looseObject({
      roleArn: z.string().optional(),
      roleSessionName: z.string().optional(),
      principalArn: z.string().optional(),
    })
    .nullish(),
})

/** An event that let somebody into the role; a refusal, or another role's that only names this one, is none. */
function entryIn(event: string | undefined, roleArn: string): Entry | undefined {
  if (event === undefined) return undefined
  const { eventID, eventName, eventTime, errorCode, userIdentity, requestParameters } = record.parse(JSON.parse(event))
  if (!eventName.startsWith('AssumeRole') || errorCode !== undefined) return undefined
  if (requestParameters?.roleArn !== roleArn) return undefined
  const { type, principalId, accountId, userName, invokedBy, identityProvider } = userIdentity
  // Of a SAML provider the parameters have the ARN, which is what trust policies and the catalogue name.
  const provider = requestParameters.principalArn ?? identityProvider
  const name = type === 'SAMLUser' ? provider : (userName ?? invokedBy ?? provider)
  return {
    id: eventID,
    at: instantOf(Date.parse(eventTime)),
    sessionName: requestParameters.roleSessionName ?? '',
    by: { type, principalId, accountId, name },
  }
}
