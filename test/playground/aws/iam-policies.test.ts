import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListPolicyVersionsCommand,
  SetDefaultPolicyVersionCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import type { PolicyDocument } from '../../../src/playground/aws/policy.ts'
import { openJournal } from '../../../src/playground/journal.ts'
import { hub, prod, refusal, seed, startTestAws } from './support.ts'

const PolicyArn = `arn:aws:iam::${hub}:policy/curfew/ceiling`
const allow = (...actions: string[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] })
const sized = (size: number) => {
  const frame = { Version: '2012-10-17', Statement: [{ Sid: '', Effect: 'Allow', Action: 's3:*', Resource: '*' }] }
  const sid = 'x'.repeat(size - JSON.stringify(frame).length)
  return JSON.stringify({ ...frame, Statement: [{ ...frame.Statement[0], Sid: sid }] }, null, 2)
}

/** The seed with a ceiling on Bob, whose only policy allows S3, and a member role that may do all of IAM's here. */
async function startWithCeiling(journal = openJournal()) {
  const from = structuredClone(seed)
  const account = from.accounts.find(({ id }) => id === hub)!
  account.managedPolicies!.push({ path: '/curfew/', name: 'ceiling', document: JSON.parse(allow('*')) })
  account.users!.find(({ name }) => name === 'Bob')!.permissionsBoundary = '/curfew/ceiling'
  const member: PolicyDocument = JSON.parse(allow('iam:*'))
  account.roles!.find(({ name }) => name === 'curfew-member')!.inlinePolicies = { member }
  const awsPolicy = { path: '/job-function/', name: 'ViewOnlyAccess', document: JSON.parse(allow('ec2:Describe*')) }
  const world = await startTestAws(journal, { ...from, awsPolicies: [awsPolicy] })
  const { iam } = await world.asMember(hub)
  const add = (PolicyDocument: string, SetAsDefault?: boolean) =>
    iam.send(
      new CreatePolicyVersionCommand({
        PolicyArn,
        PolicyDocument,
        ...(SetAsDefault === undefined ? {} : { SetAsDefault }),
      }),
    )
  const versions = async () => {
    const { Versions = [] } = await iam.send(new ListPolicyVersionsCommand({ PolicyArn }))
    return Versions.map(({ VersionId, IsDefaultVersion }) => `${VersionId}${IsDefaultVersion ? ' default' : ''}`)
  }
  const remove = (VersionId: string) => iam.send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }))
  const bob = world.aws.userSession({ accountId: hub, userName: 'Bob' })
  const bobReads = () => world.aws.tryAction({ as: bob, action: 's3:GetObject', resource: 'arn:aws:s3:::a/b' }).allowed
  return { ...world, iam, add, versions, remove, bobReads }
}

describe('a managed policy', () => {
  it('tells its default version and who carries it as a boundary', async () => {
    const { iam } = await startWithCeiling()
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }))
    expect(Policy).toMatchObject({
      PolicyName: 'ceiling',
      Path: '/curfew/',
      Arn: PolicyArn,
      DefaultVersionId: 'v1',
      AttachmentCount: 0,
      PermissionsBoundaryUsageCount: 1,
    })
    expect(Policy!.PolicyId).toMatch(/^ANPA[A-Z2-7]{17}$/)
    const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))
    expect(PolicyVersion!.Document).not.toMatch(/[!'()*"]/)
    expect(decodeURIComponent(PolicyVersion!.Document!)).toBe(allow('*'))
    expect(PolicyVersion).toMatchObject({ IsDefaultVersion: true, CreateDate: new Date('2025-01-01T00:00:00Z') })
  })

  it('is made under a path, once under one name', async () => {
    const { iam } = await startWithCeiling()
    const create = (PolicyName: string, Path: string) =>
      iam.send(new CreatePolicyCommand({ PolicyName, Path, PolicyDocument: allow('s3:*') }))
    const { Policy } = await create('leash', '/curfew/')
    expect(Policy).toMatchObject({ Arn: `arn:aws:iam::${hub}:policy/curfew/leash`, DefaultVersionId: 'v1' })
    expect(await refusal(create('Leash', '/'))).toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: 'A policy called Leash already exists. Duplicate names are not allowed.',
    })
    expect(await refusal(create('other', 'curfew'))).toMatchObject({ name: 'ValidationError' })
  })

  it('takes effect as a boundary with its default version, at once', async () => {
    const { iam, add, bobReads } = await startWithCeiling()
    expect(bobReads()).toBe(true)
    await add(allow('ec2:*'))
    expect(bobReads()).toBe(true)
    await iam.send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }))
    expect(bobReads()).toBe(false)
    await add(allow('s3:*'), true)
    expect(bobReads()).toBe(true)
  })

  it('is NoSuchEntity when there is none, in words that say what is missing', async () => {
    const { iam } = await startWithCeiling()
    const missing = `arn:aws:iam::${hub}:policy/none`
    expect(await refusal(iam.send(new GetPolicyCommand({ PolicyArn: missing })))).toMatchObject({
      name: 'NoSuchEntityException',
      message: `Policy ${missing} was not found.`,
    })
    const version = iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v9' }))
    expect(await refusal(version)).toMatchObject({
      name: 'NoSuchEntityException',
      message: `Policy ${PolicyArn} version v9 does not exist or is not attachable.`,
    })
    const malformed = iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: '9' }))
    expect(await refusal(malformed)).toMatchObject({ name: 'ValidationError' })
  })

  it('of AWS can be read and not be changed', async () => {
    const { iam } = await startWithCeiling()
    const arn = 'arn:aws:iam::aws:policy/job-function/ViewOnlyAccess'
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: arn }))
    expect(Policy?.PolicyName).toBe('ViewOnlyAccess')
    const change = iam.send(new CreatePolicyVersionCommand({ PolicyArn: arn, PolicyDocument: allow('*') }))
    expect(await refusal(change)).toMatchObject({ name: 'AccessDenied' })
  })

  it('is out of reach for who may not read or write it, and in another account', async () => {
    const { iam, aws, clients } = await startWithCeiling()
    const alice = clients(aws.userSession({ accountId: hub, userName: 'alice' }))
    expect(await refusal(alice.iam.send(new GetPolicyCommand({ PolicyArn })))).toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${hub}:user/alice is not authorized to perform: iam:GetPolicy on resource: ${PolicyArn} because no identity-based policy allows the iam:GetPolicy action`,
    })
    const elsewhere = PolicyArn.replace(hub, prod)
    expect(await refusal(iam.send(new GetPolicyCommand({ PolicyArn: elsewhere })))).toMatchObject({
      name: 'AccessDenied',
    })
  })
})

describe('versions', () => {
  it('are numbered on, at most five at a time, and a number is not used again', async () => {
    const { add, versions, remove } = await startWithCeiling()
    for (const action of ['s3:a', 's3:b', 's3:c']) await add(allow(action), true)
    await add(allow('s3:d'))
    expect(await versions()).toEqual(['v5', 'v4 default', 'v3', 'v2', 'v1'])
    expect(await refusal(add(allow('s3:e'), true))).toMatchObject({
      name: 'LimitExceededException',
      message:
        'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.',
    })
    await remove('v5')
    const { PolicyVersion } = await add(allow('s3:e'), true)
    expect(PolicyVersion).toEqual({
      VersionId: 'v6',
      IsDefaultVersion: true,
      CreateDate: new Date('2026-11-02T09:00:00Z'),
    })
    expect(await versions()).toEqual(['v6 default', 'v4', 'v3', 'v2', 'v1'])
  })

  it('the default one cannot be deleted, nor one that has gone', async () => {
    const { remove, add } = await startWithCeiling()
    expect(await refusal(remove('v1'))).toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete the default version of a policy.',
    })
    await add(allow('s3:*'), true)
    await remove('v1')
    expect(await refusal(remove('v1'))).toMatchObject({ name: 'NoSuchEntityException' })
  })

  it('hold 6,144 characters, white space not counted, of a well-formed policy', async () => {
    const { add } = await startWithCeiling()
    await add(sized(6144))
    expect(await refusal(add(sized(6145)))).toMatchObject({
      name: 'LimitExceededException',
      message: 'Cannot exceed quota for PolicySize: 6144',
    })
    expect(await refusal(add(allow('s3')))).toMatchObject({ name: 'MalformedPolicyDocumentException' })
  })

  it('come in pages', async () => {
    const { iam, add } = await startWithCeiling()
    await add(allow('s3:a'))
    await add(allow('s3:b'))
    const first = await iam.send(new ListPolicyVersionsCommand({ PolicyArn, MaxItems: 2 }))
    expect(first).toMatchObject({ IsTruncated: true, Versions: [{ VersionId: 'v3' }, { VersionId: 'v2' }] })
    const rest = await iam.send(new ListPolicyVersionsCommand({ PolicyArn, Marker: first.Marker }))
    expect(rest).toMatchObject({ IsTruncated: false, Versions: [{ VersionId: 'v1' }] })
  })
})

it('a restart finds the versions, and the page sees them', async () => {
  const before = await startWithCeiling()
  await before.add(allow('s3:a'), true)
  await before.add(allow('s3:b'))
  await before.remove('v1')
  const after = await startWithCeiling(before.journal)
  const policies = after.aws.snapshot().accounts.find(({ id }) => id === hub)!.policies
  expect(policies).toContainEqual({
    arn: PolicyArn,
    name: 'ceiling',
    defaultVersionId: 'v2',
    versionIds: ['v2', 'v3'],
    document: JSON.parse(allow('s3:a')),
  })
})
