import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import type { PolicyDocument } from '../../../src/playground/aws/policy.ts'
import { openJournal } from '../../../src/playground/journal.ts'
import { dev, hub, prod, refusal, seed, startTestAws } from './support.ts'

const allow = (...Action: string[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
})
const trusting = (AWS: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' }],
})
const sized = (size: number, document: PolicyDocument) => {
  const frame = JSON.stringify({ ...document, Id: '' })
  return JSON.stringify({ ...document, Id: 'x'.repeat(size - frame.length) }, null, 2)
}
const hubRoot = `arn:aws:iam::${hub}:root`
const ceiling = (account: string) => `arn:aws:iam::${account}:policy/curfew/ceiling`

/** The seed with a role Dev in Development, and `member` as what the member role may do there and in Production. */
async function startWithRoles(member: PolicyDocument = allow('iam:*')) {
  const from = structuredClone(seed)
  for (const account of from.accounts.filter(({ id }) => id === dev || id === prod)) {
    account.managedPolicies = [{ path: '/curfew/', name: 'ceiling', document: allow('*') }]
    account.roles = [{ ...account.roles![0]!, inlinePolicies: { member } }]
    if (account.id === dev)
      account.roles.push({
        name: 'Dev',
        path: '/team/',
        trust: trusting(hubRoot),
        inlinePolicies: { own: allow('s3:GetObject') },
        attachedPolicies: ['/curfew/ceiling'],
        maxSessionSeconds: 7200,
      })
  }
  const world = await startTestAws(openJournal(), from)
  const { iam } = await world.asMember(dev)
  const put = (PolicyDocument: string, RoleName = 'Dev', PolicyName = 'curfew-1') =>
    iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }))
  const drop = (PolicyName: string, RoleName = 'Dev') => iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName }))
  const get = async (RoleName: string) => (await iam.send(new GetRoleCommand({ RoleName }))).Role!
  return { ...world, iam, put, drop, get }
}

describe('a role', () => {
  it('is found whatever the case, with id, trust and longest session', async () => {
    const { get } = await startWithRoles()
    const role = await get('dev')
    expect(role).toMatchObject({ RoleName: 'Dev', Path: '/team/', MaxSessionDuration: 7200 })
    expect(role.Arn).toBe(`arn:aws:iam::${dev}:role/team/Dev`)
    expect(role.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/)
    expect(role.PermissionsBoundary).toBeUndefined()
    expect(role.AssumeRolePolicyDocument).not.toMatch(/[!'()*"]/)
    expect(JSON.parse(decodeURIComponent(role.AssumeRolePolicyDocument!))).toEqual(trusting(hubRoot))
  })

  it('is listed by path, page by page', async () => {
    const { iam } = await startWithRoles()
    const first = await iam.send(new ListRolesCommand({ MaxItems: 1 }))
    expect(first).toMatchObject({ IsTruncated: true, Roles: [{ RoleName: 'curfew-member' }] })
    const rest = await iam.send(new ListRolesCommand({ Marker: first.Marker }))
    expect(rest).toMatchObject({ IsTruncated: false, Roles: [{ RoleName: 'Dev' }] })
    const { Roles } = await iam.send(new ListRolesCommand({ PathPrefix: '/team/' }))
    expect(Roles!.map(({ RoleName }) => RoleName)).toEqual(['Dev'])
  })

  it('made anew under its old name is another role', async () => {
    const { iam, get, drop, aws } = await startWithRoles()
    const before = await get('curfew-member')
    expect(await refusal(iam.send(new DeleteRoleCommand({ RoleName: 'Dev' })))).toMatchObject({
      name: 'DeleteConflictException',
      message: 'Cannot delete entity, must detach all policies first.',
    })
    expect(await refusal(iam.send(new DeleteRoleCommand({ RoleName: 'curfew-member' })))).toMatchObject({
      message: 'Cannot delete entity, must delete policies first.',
    })
    const create = (RoleName: string, more: object = {}) =>
      iam.send(
        new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trusting(hubRoot)), ...more }),
      )
    const made = (await create('Temporary', { PermissionsBoundary: ceiling(dev), MaxSessionDuration: 43_200 })).Role!
    expect(await get('temporary')).toMatchObject({
      RoleId: made.RoleId,
      Arn: `arn:aws:iam::${dev}:role/Temporary`,
      CreateDate: new Date('2026-11-02T09:00:00Z'),
      MaxSessionDuration: 43_200,
      PermissionsBoundary: { PermissionsBoundaryArn: ceiling(dev) },
    })
    const session = aws.assumeRole({
      as: { accessKeyId: 'AKIABOT' },
      roleArn: `arn:aws:iam::${dev}:role/curfew-member`,
      sessionName: 'a-b',
    })
    expect(await refusal(create('temporary'))).toMatchObject({
      name: 'EntityAlreadyExistsException',
      message: 'Role with name temporary already exists.',
    })
    await iam.send(new DeleteRoleCommand({ RoleName: 'Temporary' }))
    expect((await create('Temporary')).Role!.RoleId).not.toBe(made.RoleId)
    // The session of a role that went can do nothing, also under a new role of its name.
    await drop('member', 'curfew-member')
    expect(aws.evaluate({ as: session, action: 'iam:GetRole', resource: before.Arn! }).allowed).toBe(false)
  })
})

describe('inline policies of a role', () => {
  it('are put, told as they were put, replaced and removed', async () => {
    const { iam, put, drop } = await startWithRoles()
    const text = `${JSON.stringify(allow('s3:ListBucket'))}\n`
    await put(text)
    const policy = { RoleName: 'dev', PolicyName: 'curfew-1' }
    const { PolicyDocument, RoleName } = await iam.send(new GetRolePolicyCommand(policy))
    expect([RoleName, decodeURIComponent(PolicyDocument!)]).toEqual(['Dev', text])
    await put(JSON.stringify(allow('s3:PutObject')))
    const names = async () => (await iam.send(new ListRolePoliciesCommand({ RoleName: 'Dev' }))).PolicyNames
    expect(await names()).toEqual(['curfew-1', 'own'])
    await drop('curfew-1')
    expect(await names()).toEqual(['own'])
    expect(await refusal(drop('curfew-1'))).toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role policy with name curfew-1 cannot be found.',
    })
    expect(await refusal(drop('curfew-1', 'None'))).toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The role with name None cannot be found.',
    })
  })

  it('share 10,240 characters, white space not counted', async () => {
    const { put } = await startWithRoles()
    const own = JSON.stringify(allow('s3:GetObject')).length
    await put(sized(10_240 - own, allow('s3:*')))
    expect(await refusal(put(sized(10_241 - own, allow('s3:*'))))).toMatchObject({
      name: 'LimitExceededException',
      message: 'Maximum policy size of 10240 bytes exceeded for role Dev',
    })
    expect(await refusal(put('{}'))).toMatchObject({ name: 'MalformedPolicyDocumentException' })
  })

  it('of the role of a permission set can be read and not be changed', async () => {
    const world = await startWithRoles()
    const { iam } = await world.asMember(prod)
    const { Roles } = await iam.send(new ListRolesCommand({ PathPrefix: '/aws-reserved/' }))
    const RoleName = Roles![0]!.RoleName!
    const { PolicyNames } = await iam.send(new ListRolePoliciesCommand({ RoleName }))
    expect(PolicyNames).toEqual(['AwsSSOInlinePolicy'])
    const document = JSON.stringify(allow('s3:*'))
    const changes = [
      iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'x', PolicyDocument: document })),
      iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: 'AwsSSOInlinePolicy' })),
      iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: JSON.stringify(trusting(hubRoot)) })),
      iam.send(new DeleteRoleCommand({ RoleName })),
    ]
    for (const change of changes)
      expect(await refusal(change)).toMatchObject({
        name: 'UnmodifiableEntityException',
        message: `Cannot perform the operation on the protected role '${RoleName}' - this role is only modifiable by AWS`,
      })
  })

  it('managed ones are listed beside them', async () => {
    const { iam } = await startWithRoles()
    const { AttachedPolicies } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'Dev' }))
    expect(AttachedPolicies).toEqual([{ PolicyName: 'ceiling', PolicyArn: ceiling(dev) }])
  })

  it('who may write them can be limited to roles under a boundary', async () => {
    const { iam, put } = await startWithRoles({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: ['iam:GetRole', 'iam:ListRolePolicies'], Resource: '*' },
        {
          Effect: 'Allow',
          Action: ['iam:CreateRole', 'iam:PutRolePolicy'],
          Resource: '*',
          Condition: { StringEquals: { 'iam:PermissionsBoundary': ceiling(dev) } },
        },
      ],
    })
    const document = JSON.stringify(allow('s3:*'))
    expect(await refusal(put(document))).toMatchObject({ name: 'AccessDenied' })
    const create = (more: object) =>
      iam.send(
        new CreateRoleCommand({
          RoleName: 'Bounded',
          AssumeRolePolicyDocument: JSON.stringify(trusting(hubRoot)),
          ...more,
        }),
      )
    expect(await refusal(create({}))).toMatchObject({ name: 'AccessDenied' })
    await create({ PermissionsBoundary: ceiling(dev) })
    await put(document, 'Bounded')
  })
})

describe('a trust policy', () => {
  const set = (PolicyDocument: string) => new UpdateAssumeRolePolicyCommand({ RoleName: 'Dev', PolicyDocument })

  it('is replaced, and sessions that are open go on', async () => {
    const { iam, aws } = await startWithRoles()
    await iam.send(set(JSON.stringify(trusting(`arn:aws:iam::${hub}:role/curfew-bot`))))
    const member = {
      as: { accessKeyId: 'AKIABOT' },
      roleArn: `arn:aws:iam::${dev}:role/curfew-member`,
      sessionName: 'm1',
    }
    const session = aws.assumeRole(member)
    await iam.send(
      new UpdateAssumeRolePolicyCommand({
        RoleName: 'curfew-member',
        PolicyDocument: JSON.stringify(trusting(`arn:aws:iam::${hub}:user/alice`)),
      }),
    )
    expect(() => aws.assumeRole(member)).toThrow('is not authorized to perform: sts:AssumeRole')
    const role = `arn:aws:iam::${dev}:role/team/Dev`
    expect(aws.tryAction({ as: session, action: 'iam:GetRole', resource: role })).toEqual({ allowed: true })
  })

  it.each<[string, string, string]>([
    ['without a principal', JSON.stringify(allow('sts:AssumeRole')), 'MalformedPolicyDocumentException'],
    [
      'naming a user who is not there',
      JSON.stringify(trusting(`arn:aws:iam::${hub}:user/nobody`)),
      'MalformedPolicyDocumentException',
    ],
    [
      'naming users by a pattern',
      JSON.stringify(trusting(`arn:aws:iam::${hub}:user/a*`)),
      'MalformedPolicyDocumentException',
    ],
    [
      'about other actions than those of STS',
      JSON.stringify(trusting(hubRoot)).replace('sts:AssumeRole', 's3:GetObject'),
      'MalformedPolicyDocumentException',
    ],
    ['of more than 2,048 characters', sized(2049, trusting(hubRoot)), 'LimitExceededException'],
  ])('%s is refused', async (_, document, name) => {
    const { iam } = await startWithRoles()
    expect(await refusal(iam.send(set(document)))).toMatchObject({ name })
  })
})

it('a restart finds roles, their trust and their policies', async () => {
  const before = await startWithRoles()
  await before.put(JSON.stringify(allow('s3:ListBucket')))
  await before.drop('own')
  await before.iam.send(
    new CreateRoleCommand({ RoleName: 'Later', AssumeRolePolicyDocument: JSON.stringify(trusting(hubRoot)) }),
  )
  const from = structuredClone(seed)
  from.accounts.find(({ id }) => id === dev)!.roles!.push({ name: 'Dev', trust: trusting(hubRoot) })
  const { aws } = await startTestAws(before.journal, from)
  const roles = aws.snapshot().accounts.find(({ id }) => id === dev)!.roles
  expect(roles.find(({ name }) => name === 'Dev')).toMatchObject({
    inlinePolicies: [{ name: 'curfew-1', document: allow('s3:ListBucket') }],
    trust: trusting(hubRoot),
  })
  expect(roles.map(({ name }) => name)).toContain('Later')
})
