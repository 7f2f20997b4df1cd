import { type Caller, isoSeconds } from './caller.ts'
import { uuidOf } from './ids.ts'
import type { RoleSession, TrailIdentity } from './state.ts'

/** A caller as CloudTrail names it. */
export function trailIdentity(caller: Caller): TrailIdentity {
  const userName = caller.context['aws:username']
  return {
    type: caller.kind === 'role' ? 'AssumedRole' : 'IAMUser',
    principalId: caller.userId,
    arn: caller.arn,
    accountId: caller.accountId,
    accessKeyId: caller.accessKeyId,
    ...(typeof userName === 'string' ? { userName } : {}),
  }
}

/** An entry into a role, as LookupEvents answers it. */
export type EntryEvent = {
  EventId: string
  EventName: string
  ReadOnly: string
  AccessKeyId: string | undefined
  /** Seconds since 1970. */
  EventTime: number
  EventSource: string
  Username: string | undefined
  Resources: { ResourceType: string; ResourceName: string }[]
  CloudTrailEvent: string
}

/** How an account's trail tells of an entry; undefined when neither the role nor the caller is of that account. */
export function entryEvent(session: RoleSession, accountId: string): EntryEvent | undefined {
  const { entry, roleArn, roleId, roleName, sessionName, accessKeyId, startedAt, expiresAt } = session
  if (!entry || ![session.accountId, entry.by.accountId].includes(accountId)) return undefined
  const assumedArn = `arn:aws:sts::${session.accountId}:assumed-role/${roleName}/${sessionName}`
  const eventId = uuidOf(`event ${accountId} ${accessKeyId}`)
  const by = asSeenFrom(accountId, entry.by)
  const record = {
    eventVersion: '1.08',
    userIdentity: by,
    eventTime: isoSeconds(startedAt),
    eventSource: 'sts.amazonaws.com',
    eventName: entry.operation,
    awsRegion: 'us-east-1',
    sourceIPAddress: '127.0.0.1',
    userAgent: 'simulated',
    requestParameters: { roleArn, roleSessionName: sessionName },
    responseElements: {
      credentials: { accessKeyId, expiration: isoSeconds(expiresAt) },
      assumedRoleUser: { assumedRoleId: `${roleId}:${sessionName}`, arn: assumedArn },
    },
    readOnly: true,
    resources: [{ accountId: session.accountId, type: 'AWS::IAM::Role', ARN: roleArn }],
    eventType: 'AwsApiCall',
    managementEvent: true,
    eventCategory: 'Management',
    recipientAccountId: accountId,
    sharedEventID: uuidOf(`shared event ${accessKeyId}`),
    eventID: eventId,
  }
  return {
    EventId: eventId,
    EventName: entry.operation,
    ReadOnly: 'true',
    AccessKeyId: by.accessKeyId,
    EventTime: Math.floor(startedAt / 1000),
    EventSource: 'sts.amazonaws.com',
    Username: by.userName ?? (by.type === 'AssumedRole' ? by.principalId.split(':')[1] : undefined),
    Resources: [
      { ResourceType: 'AWS::IAM::AccessKey', ResourceName: accessKeyId },
      { ResourceType: 'AWS::STS::AssumedRole', ResourceName: `${roleId}:${sessionName}` },
      { ResourceType: 'AWS::STS::AssumedRole', ResourceName: assumedArn },
      { ResourceType: 'AWS::IAM::Role', ResourceName: roleArn },
    ],
    CloudTrailEvent: JSON.stringify(record),
  }
}

type SeenIdentity = Omit<TrailIdentity, 'type'> & { type: TrailIdentity['type'] | 'AWSAccount' }

// The account of the role does not learn what a caller from another account is called:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
function asSeenFrom(accountId: string, by: TrailIdentity): SeenIdentity {
  if (by.type === 'SAMLUser' || by.accountId === undefined || by.accountId === accountId) return by
  return { type: 'AWSAccount', principalId: by.principalId, accountId: by.accountId }
}
