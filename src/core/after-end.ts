import { type ActionFacts, actionsMatching } from './action-facts.ts'
import type { Statement } from './entitlement.ts'
import { managedPolicyAllows } from './managed-policy-words.ts'
import { contains, neverGranted, overlap } from './never-grant.ts'
import type { ForeignStatement, SetParts } from './set-content.ts'

/** What the end of access does not undo, as far as its policies tell. Actions are named as they were written, the most telling first. */
export type AfterEnd = {
  /** With these the holder can go on as somebody else, or open things to others: the end does not concern those. */
  escapes: string[]
  /** These leave something behind that goes on by itself: code, credentials, copies of data to come. */
  lasts: string[]
  /** What AWS does not ask about again once it is open. */
  opens: Opened[]
  /** Policies whose content Curfew does not read, by name. */
  unread: string[]
}

/** A connection that goes on until it is closed, whatever becomes of the rights it was opened with. */
export type Opened = (typeof openedKinds)[number]
/** Every kind of such a connection. */
export const openedKinds = ['session_manager', 'ecs_exec', 'instance_connect', 'database'] as const

/** Of an inline policy, which is known whole and holds nothing that is never granted. */
export function afterEndOfStatements(statements: Statement[]): AfterEnd {
  const allowed = statements.map(
    (statement): ForeignStatement => ({ ...statement, effect: 'Allow', allBut: false, narrowed: false }),
  )
  return { ...foundIn(allowed, [], noFacts), unread: [] }
}

/** The same of a permission set. A Deny of its own counts where it holds for everything, without a condition. */
export function afterEndOfSet({ managed, customer, inline }: SetParts, facts: ActionFacts): AfterEnd {
  const policies = managed.map(managedPolicyAllows)
  const own = inline ?? []
  const allowed = [...policies.flatMap(({ allows }) => allows), ...own.filter(({ effect }) => effect === 'Allow')]
  const denied = own.filter(
    ({ effect, narrowed, resources }) => effect === 'Deny' && !narrowed && resources.includes('*'),
  )
  const unread = [...policies.flatMap(({ name, isRead }) => (isRead ? [] : [name])), ...customer]
  return { ...foundIn(allowed, denied, facts), unread: inline ? unread : [...unread, 'inline policy'] }
}

/** Everything that may leave access or running code behind; empty when nothing does as far as is known. */
export function persistenceOf({ escapes, lasts, unread }: AfterEnd): string[] {
  return [...escapes, ...lasts, ...unread]
}

function foundIn(
  allowed: ForeignStatement[],
  denied: ForeignStatement[],
  facts: ActionFacts,
): Omit<AfterEnd, 'unread'> {
  const named = (patterns: string[]) => {
    const found = patterns.flatMap(pattern => allowed.flatMap(statement => reached(pattern, statement, denied, facts)))
    return [...new Set(found)].slice(0, mostNamed)
  }
  return {
    escapes: named(escaping),
    lasts: named(lasting),
    opens: openedKinds.filter(kind => named(opening[kind]).length > 0),
  }
}

/** An item holds 400 KB, and nobody reads more. */
const mostNamed = 12

/** The actions by which an Allow reaches the pattern, named as narrowly as possible, without those that a Deny covers. */
function reached(pattern: string, allow: ForeignStatement, denied: ForeignStatement[], facts: ActionFacts): string[] {
  const actions = allow.allBut ? ['*'] : allow.actions
  if (allow.allBut && allow.actions.some(excepted => contains(excepted, pattern))) return []
  return actions
    .filter(action => overlap(action, pattern) && !isHarmless(action, pattern, facts))
    .filter(action => !denied.some(deny => covers(deny, action, pattern)))
    .map(action => (/^[^:*?]+:/.test(action) ? action : pattern))
}

const noFacts: ActionFacts = { services: {}, levels: {} }

/** Patterns that begin with a star hold reading actions too, and not every service has what patterns for all name. */
function isHarmless(action: string, pattern: string, facts: ActionFacts): boolean {
  const [service = '', name = '*'] = action.split(':')
  return (
    (pattern.startsWith('*:') && actionsMatching(pattern.replace('*', service), facts)?.length === 0) ||
    (pattern.includes(':*') &&
      /^(Get|List|Describe|BatchGet|Search|Simulate|Generate|View|Lookup|Check|Is)/i.test(name)) ||
    // The role it makes serves AWS alone.
    /^iam:(Create|Delete)ServiceLinkedRole$/i.test(action)
  )
}

/** Whether the Deny forbids all that the action and the pattern have in common. */
function covers(deny: ForeignStatement, action: string, pattern: string): boolean {
  if (deny.allBut) return deny.actions.every(left => !overlap(left, action) || !overlap(left, pattern))
  return deny.actions.some(forbidden => contains(forbidden, action) || contains(forbidden, pattern))
}

/** What is never granted in an inline policy, without what STS merely tells; the most telling first. */
const escaping = [
  'iam:*',
  'sts:AssumeRole',
  ...neverGranted.map(({ pattern }) => pattern).filter(pattern => !['iam:*', 'sts:*'].includes(pattern)),
  'sts:AssumeRoot',
]

/**
 * What may be granted in an inline policy and lasts all the same: it runs, comes back or flows on by itself, as another
 * identity. Curated: most of what creates something creates a thing that merely lies there. Starting an instance or
 * a service that others set up is not in it.
 */
const lasting = [
  // Code that goes on or comes back, with the rights of a role of its own.
  'ecs:RunTask',
  'ecs:StartTask',
  'ecs:CreateService',
  'ecs:UpdateService',
  'ecs:RegisterTaskDefinition',
  'batch:SubmitJob',
  'batch:RegisterJobDefinition',
  'lambda:CreateFunction',
  'lambda:CreateEventSourceMapping',
  'lambda:UpdateEventSourceMapping',
  'lambda:CreateFunctionUrlConfig',
  'lambda:PublishLayerVersion',
  'states:StartExecution',
  'events:PutRule',
  'events:PutTargets',
  'scheduler:CreateSchedule',
  'scheduler:UpdateSchedule',
  'pipes:CreatePipe',
  'pipes:UpdatePipe',
  'ssm:RegisterTaskWithMaintenanceWindow',
  'ssm:UpdateMaintenanceWindowTask',
  'autoscaling:CreateAutoScalingGroup',
  'autoscaling:UpdateAutoScalingGroup',
  'autoscaling:CreateLaunchConfiguration',
  'ec2:CreateLaunchTemplate*',
  'ec2:CreateFleet',
  'ec2:RequestSpot*',
  'codepipeline:CreatePipeline',
  'codepipeline:UpdatePipeline',
  'codebuild:CreateWebhook',
  'glue:CreateTrigger',
  'glue:UpdateTrigger',
  'glue:CreateDevEndpoint',
  'glue:CreateSession',
  'emr-serverless:StartJobRun',
  'emr-containers:StartJobRun',
  'sagemaker:Create*Job',
  'sagemaker:CreateNotebookInstance*',
  'sagemaker:CreatePipeline',
  'sagemaker:UpdatePipeline',
  'apprunner:CreateService',
  'apprunner:UpdateService',
  'elasticbeanstalk:CreateEnvironment',
  'elasticbeanstalk:UpdateEnvironment',
  'elasticbeanstalk:CreateApplicationVersion',
  'imagebuilder:Create*',
  'datapipeline:PutPipelineDefinition',
  'cloud9:CreateEnvironment*',
  'lightsail:CreateInstances*',
  // Credentials that outlive the grant.
  'ec2:CreateKeyPair',
  'ec2:ImportKeyPair',
  'rds:ModifyDBInstance',
  'rds:ModifyDBCluster',
  'redshift:ModifyCluster',
  'cognito-idp:AdminCreateUser',
  'cognito-idp:AdminSetUserPassword',
  'iot:CreateKeysAndCertificate',
  'iot:CreateCertificateFromCsr',
  'transfer:CreateUser',
  'transfer:ImportSshPublicKey',
  'codeartifact:GetAuthorizationToken',
  // Data that goes on arriving somewhere else.
  'sns:Subscribe',
  's3:PutReplicationConfiguration',
  's3:PutBucketNotification',
  'logs:PutSubscriptionFilter',
  'logs:PutAccountPolicy',
  'dynamodb:EnableKinesisStreamingDestination',
  'ec2:CreateTrafficMirrorSession',
  'ec2:CreateVpcPeeringConnection',
  'ec2:AcceptVpcPeeringConnection',
]

/**
 * AWS authorises these when they are opened and not again (platform: A4).
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html
 */
const opening: Record<Opened, string[]> = {
  session_manager: ['ssm:StartSession', 'ssm:ResumeSession'],
  ecs_exec: ['ecs:ExecuteCommand'],
  instance_connect: ['ec2-instance-connect:OpenTunnel', 'ec2-instance-connect:Send*SSHPublicKey'],
  database: [
    'rds-db:connect',
    'dsql:DbConnect*',
    'redshift:GetClusterCredentials*',
    'redshift-serverless:GetCredentials',
    'elasticache:Connect',
    'memorydb:Connect',
  ],
}
