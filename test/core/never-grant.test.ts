import fc from 'fast-check'
import { expect, it } from 'vitest'
import { neverGrantedBy, overlap } from '../../src/core/never-grant.ts'

it.each([
  ['iam:PassRole', 'iam:*'],
  ['iam:P*', 'iam:*'],
  ['IAM:passrole', 'iam:*'],
  ['sts:AssumeRole', 'sts:*'],
  ['sso:CreateAccountAssignment', 'sso:*'],
  ['sso-directory:AddMemberToGroup', 'sso-directory:*'],
  ['identitystore:CreateGroupMembership', 'identitystore:*'],
  ['account-access:CreateEntitlement', 'account-access:*'],
  ['organizations:LeaveOrganization', 'organizations:*'],
  ['kms:Create*', 'kms:CreateGrant'],
  ['kms:P?tKeyPolicy', 'kms:PutKeyPolicy'],
  ['lambda:UpdateFunction*', 'lambda:UpdateFunctionCode'],
  ['lambda:AddPermission', '*:AddPermission'],
  ['s3:Put*', 's3:PutBucketPolicy'],
  ['secretsmanager:PutResourcePolicy', '*:PutResourcePolicy'],
  ['dynamodb:*', '*:PutResourcePolicy'],
  ['ssm:SendCommand', 'ssm:SendCommand'],
  ['ec2:RunInstances', 'ec2:RunInstances'],
  ['cloudformation:CreateStackSet', 'cloudformation:CreateStack*'],
  ['ssm:CreateAssociation', 'ssm:CreateAssociation*'],
  ['ssm:UpdateDocumentDefaultVersion', 'ssm:UpdateDocument*'],
  ['states:UpdateStateMachine', 'states:UpdateStateMachine*'],
  ['codebuild:UpdateProject', 'codebuild:UpdateProject*'],
  ['glue:StartJobRun', 'glue:StartJobRun'],
  ['elasticmapreduce:AddJobFlowSteps', 'elasticmapreduce:AddJobFlowSteps'],
  ['cloudformation:UpdateResource', 'cloudformation:UpdateResource'],
  ['eks:CreateAccessEntry', 'eks:CreateAccessEntry'],
  ['eks:AssociateAccessPolicy', 'eks:AssociateAccessPolicy'],
  ['eks-auth:AssumeRoleForPodIdentity', 'eks-auth:*'],
  ['datazone:GetEnvironmentCredentials', 'datazone:GetEnvironmentCredentials'],
  ['sagemaker:CreatePresignedDomainUrl', 'sagemaker:CreatePresigned*'],
  ['sso-oauth:CreateTokenWithIAM', 'sso-oauth:*'],
  ['signin:CreateOAuth2PublicClient', 'signin:*'],
  ['lakeformation:BatchGrantPermissions', 'lakeformation:*Grant*'],
  ['s3:CreateAccessGrant', 's3:CreateAccessGrant*'],
  ['s3:PutObjectVersionAcl', 's3:PutObjectVersionAcl'],
  ['s3express:PutBucketPolicy', 's3express:Put*Policy'],
  ['s3-outposts:PutAccessPointPolicy', 's3-outposts:Put*Policy'],
  ['s3tables:PutTablePolicy', 's3tables:Put*Policy'],
  ['kms:ReplicateKey', 'kms:ReplicateKey'],
  ['ecr:PutRegistryPolicy', 'ecr:PutRegistryPolicy'],
  ['ecr-public:SetRepositoryPolicy', 'ecr-public:SetRepositoryPolicy'],
  ['elasticfilesystem:PutFileSystemPolicy', 'elasticfilesystem:PutFileSystemPolicy'],
  ['backup:PutBackupVaultAccessPolicy', 'backup:PutBackupVault*Policy'],
  ['*', 'iam:*'],
])('%s is never granted', (action, pattern) => {
  expect(neverGrantedBy(action, [])?.pattern).toBe(pattern)
})

it.each([
  's3:GetObject',
  's3:Get*',
  'dynamodb:PutItem',
  'kms:Decrypt',
  'lambda:InvokeFunction',
  'cloudformation:Describe*',
  'ssm:StartSession',
  'ec2:Describe*',
])('%s may be granted', action => {
  expect(neverGrantedBy(action, [])).toBeUndefined()
})

it('the catalogue adds to the list and takes nothing from it', () => {
  expect(neverGrantedBy('s3:DeleteBucket', ['s3:DeleteB*'])?.pattern).toBe('s3:DeleteB*')
  expect(neverGrantedBy('s3:Delete*', ['s3:DeleteBucket'])?.pattern).toBe('s3:DeleteBucket')
  expect(neverGrantedBy('iam:PassRole', ['s3:DeleteB*'])?.pattern).toBe('iam:*')
})

it.each([
  ['s3:Get*', '*:PutResourcePolicy', false],
  ['*:*', 's3:GetObject', true],
  ['s?:Get*', 's3:*Object', true],
  ['s3:*', 's4:*', false],
])('%j and %j share an action: %j', (one, other, expected) => {
  expect(overlap(one, other)).toBe(expected)
  expect(overlap(other, one)).toBe(expected)
})

it.each([
  ['', '', true],
  ['', '*', true],
  ['', '?', false],
  ['a', 'A', true],
  ['a*', '*b', true],
  ['a*c', 'ab*', true],
  ['a?c', 'a*bc', true],
  ['a*b', 'a*c', false],
  ['ab', 'a', false],
  ['a', 'a*', true],
  ['**', '?', true],
  ['?*?', 'a', false],
])('%j and %j share a text: %j', (one, other, expected) => {
  expect(overlap(`s3:${one}`, `s3:${other}`)).toBe(expected)
  expect(overlap(`s3:${other}`, `s3:${one}`)).toBe(expected)
})

it('finds an overlap exactly where some short text matches both', () => {
  // Two patterns of three that overlap share a text of at most four letters.
  const texts = ['']
  for (const text of texts) if (text.length < 4) texts.push(`${text}a`, `${text}b`)
  const matches = (pattern: string, text: string) =>
    new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(text)
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 3 })
  fc.assert(
    fc.property(pattern, pattern, (one, other) => {
      expect(overlap(`s3:${one}`, `s3:${other}`)).toBe(texts.some(text => matches(one, text) && matches(other, text)))
    }),
  )
})
