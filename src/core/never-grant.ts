/** An action pattern as IAM writes it, and what its holder could do that outlives or exceeds the grant. */
type NeverGranted = { pattern: string; because: string }

const identities = 'it changes who may do what, or takes on other identities that go on after the end'
const sharing = 'it opens a resource to others, and stays so after the end'
const otherRoles = 'it runs what the person writes with the rights of another role'

/**
 * What no inline policy of the catalogue may contain, whoever approves (platform: A4, F2). Curated, since the access
 * level "Permissions management" misses most of it. Interactive sessions (`ssm:StartSession`) are left to the approver.
 */
export const neverGranted: NeverGranted[] = [
  ...[
    'iam:*',
    'sts:*',
    'sso:*',
    'sso-directory:*',
    'identitystore:*',
    'account-access:*',
    'organizations:*',
    'rolesanywhere:*',
    'sso-oauth:*',
    'signin:*',
    'eks-auth:*',
    'eks:CreateAccessEntry',
    'eks:AssociateAccessPolicy',
    // Credentials of a role, and addresses that sign whoever has them in.
    'datazone:GetEnvironmentCredentials',
    'sagemaker:CreatePresigned*',
  ].map(pattern => ({ pattern, because: identities })),
  ...[
    'kms:CreateGrant',
    'kms:PutKeyPolicy',
    // The replica comes with a policy of its own.
    'kms:ReplicateKey',
    'ram:*',
    'lakeformation:*Grant*',
    // Their policy is also an attribute.
    'sqs:SetQueueAttributes',
    'sns:SetTopicAttributes',
    'lambda:AddLayerVersionPermission',
    'events:PutPermission',
    'ecr:SetRepositoryPolicy',
    'ecr:PutRegistryPolicy',
    'ecr-public:SetRepositoryPolicy',
    's3:PutBucketPolicy',
    's3:PutBucketAcl',
    's3:PutObjectAcl',
    's3:PutObjectVersionAcl',
    's3:PutAccessPointPolicy*',
    's3:PutMultiRegionAccessPointPolicy',
    's3:CreateAccessGrant*',
    's3:PutAccessGrantsInstanceResourcePolicy',
    's3-object-lambda:PutObject*Acl',
    's3-outposts:Put*Policy',
    's3-outposts:PutObjectAcl',
    's3express:Put*Policy',
    's3tables:Put*Policy',
    's3vectors:Put*Policy',
    's3files:Put*Policy',
    'elasticfilesystem:PutFileSystemPolicy',
    'backup:PutBackupVault*Policy',
    'ec2:ModifyImageAttribute',
    'ec2:ModifySnapshotAttribute',
    'rds:ModifyDBSnapshotAttribute',
    'rds:ModifyDBClusterSnapshotAttribute',
  ].map(pattern => ({ pattern, because: sharing })),
  ...[
    'lambda:UpdateFunctionCode',
    // Layers are code.
    'lambda:UpdateFunctionConfiguration',
    'cloudformation:CreateStack*',
    'cloudformation:UpdateStack*',
    'cloudformation:ExecuteChangeSet',
    'cloudformation:CreateResource',
    'cloudformation:UpdateResource',
    'ssm:SendCommand',
    'ssm:StartAutomationExecution',
    'ssm:CreateAssociation*',
    'ssm:UpdateAssociation*',
    'ssm:CreateDocument',
    'ssm:UpdateDocument*',
    'codebuild:StartBuild*',
    'codebuild:CreateProject',
    'codebuild:UpdateProject*',
    'states:CreateStateMachine*',
    'states:UpdateStateMachine*',
    'glue:CreateJob',
    'glue:UpdateJob*',
    // Its arguments may name another script.
    'glue:StartJobRun',
    'elasticmapreduce:AddJobFlowSteps',
    'elasticmapreduce:RunJobFlow',
    'ec2:RunInstances',
    // User data is run as the instance's role at the next start.
    'ec2:ModifyInstanceAttribute',
  ].map(pattern => ({ pattern, because: otherRoles })),
  // Many services name it the same. Last, so that a more telling pattern is found first.
  ...['*:PutResourcePolicy', '*:AddPermission'].map(pattern => ({ pattern, because: sharing })),
]

/** The first pattern, built in or of the catalogue's own list, that shares an action with `action` (itself a pattern). */
export function neverGrantedBy(action: string, catalogueList: string[]): NeverGranted | undefined {
  const listed = catalogueList.map(pattern => ({ pattern, because: 'the neverGrant list of the catalogue says so' }))
  return [...neverGranted, ...listed].find(({ pattern }) => overlap(action, pattern))
}

/**
 * Whether some action matches both patterns (`*`, `?`, no matter the case, as IAM compares actions). Wildcards count
 * on both sides: `iam:P*` overlaps `*:PassRole`. Service and name are compared apart: `s3:Get*` does not.
 */
export function overlap(one: string, other: string): boolean {
  const [service, name] = parts(one)
  const [otherService, otherName] = parts(other)
  return shareText(service, otherService) && shareText(name, otherName)
}

/** Whether every action that `inner` matches is one that `outer` matches. A star of `inner` takes a star of `outer`. */
export function contains(outer: string, inner: string): boolean {
  const [service, name] = parts(outer)
  const [innerService, innerName] = parts(inner)
  return isWithin(innerService, service) && isWithin(innerName, name)
}

function isWithin(inner: string, outer: string): boolean {
  const pattern = outer
    .replace(/[^a-z0-9*?]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '[^*]')
  return new RegExp(`^${pattern}$`, 's').test(inner)
}

function parts(pattern: string): [service: string, name: string] {
  const [service = '', name] = pattern.toLowerCase().split(/:(.*)/s)
  // Without a colon (`*`) it may be any action.
  return [service, name ?? '*']
}

function shareText(one: string, other: string): boolean {
  // Most pairs differ before their first wildcard.
  let same = 0
  while (same < one.length && one[same] === other[same] && one[same] !== '*') same++
  const [a, b] = [one.slice(same), other.slice(same)]
  if (![a[0] ?? '', b[0] ?? ''].some(next => next === '*' || next === '?')) return a === b
  // rest[j]: whether what follows position i of a shares a text with what follows position j of b. From the ends back.
  let rest: boolean[] = []
  for (let i = a.length; i >= 0; i--) {
    const row: boolean[] = []
    for (let j = b.length; j >= 0; j--) {
      const atEnd = i === a.length && j === b.length
      const starInA = a[i] === '*' && (rest[j] || (j < b.length && row[j + 1]))
      const starInB = b[j] === '*' && (row[j + 1] || (i < a.length && rest[j]))
      const sameHere = i < a.length && j < b.length && (a[i] === b[j] || a[i] === '?' || b[j] === '?') && rest[j + 1]
      row[j] = Boolean(atEnd || starInA || starInB || sameHere)
    }
    rest = row
  }
  return rest[0] ?? false
}
