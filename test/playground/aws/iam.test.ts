import {
  DeleteUserPolicyCommand,
  GetRoleCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  ListAttachedUserPoliciesCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { openJournal } from '../../../src/playground/journal.ts'
import { dev, hub, prod, refusal, seed, startTestAws } from './support.ts'

const policy = (sizeOfSid: number) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: 'x'.repeat(sizeOfSid), Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
  })
const put = (PolicyName: string, PolicyDocument: string, UserName = 'alice') =>
  new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument })

describe('IAM acts in the account of the credentials', () => {
  it('GetUser finds a user whatever the case and answers with the stored one', async () => {
    const { iam } = await (await startTestAws()).asMember(hub)
    const { User } = await iam.send(new GetUserCommand({ UserName: 'bob' }))
    expect(User).toMatchObject({ UserName: 'Bob', Path: '/staff/', Arn: `arn:aws:iam::${hub}:user/staff/Bob` })
    expect(User!.UserId).toMatch(/^AIDA[A-Z2-7]{17}$/)
    expect(User!.CreateDate).toBeInstanceOf(Date)
  })

  it('GetUser without a name is the caller, and an error for a role', async () => {
    const world = await startTestAws()
    const keys = world.aws.userSession({ accountId: hub, userName: 'alice' })
    expect((await world.clients(keys).iam.send(new GetUserCommand({}))).User!.UserName).toBe('alice')
    const { iam } = await world.asMember(hub)
    expect(await refusal(iam.send(new GetUserCommand({})))).toMatchObject({ name: 'ValidationError' })
  })

  it('ListUsers names every user of the account, page by page, to who may do so', async () => {
    const world = await startTestAws()
    const keys = world.aws.userSession({ accountId: hub, userName: 'alice' })
    expect(await refusal(world.clients(keys).iam.send(new ListUsersCommand({})))).toMatchObject({
      Code: 'AccessDenied',
    })
    const { iam } = await world.asMember(hub)
    const first = await iam.send(new ListUsersCommand({ MaxItems: 2 }))
    expect(first).toMatchObject({ IsTruncated: true, Users: [{ UserName: 'alice' }, { UserName: 'Bob' }] })
    const rest = await iam.send(new ListUsersCommand({ Marker: first.Marker, MaxItems: 2 }))
    expect(rest).toMatchObject({ IsTruncated: false, Users: [{ UserName: 'break-glass-1', Path: '/' }] })
    const staff = await iam.send(new ListUsersCommand({ PathPrefix: '/staff/' }))
    expect(staff.Users?.map(({ Arn }) => Arn)).toEqual([`arn:aws:iam::${hub}:user/staff/Bob`])
  })

  it('the same name in another account is another user', async () => {
    const world = await startTestAws()
    const there = await world.asMember(dev)
    await there.iam.send(put('curfew-1', policy(1)))
    const here = await world.asMember(hub)
    const { PolicyNames } = await here.iam.send(new ListUserPoliciesCommand({ UserName: 'alice' }))
    expect(PolicyNames).toEqual([])
  })

  it('GetRole tells a missing role from one that is there, with its trust policy URL-encoded', async () => {
    const { iam } = await (await startTestAws()).asMember(prod)
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'curfew-member' }))
    expect(JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).Statement.Principal).toEqual({
      AWS: `arn:aws:iam::${hub}:role/curfew-bot`,
    })
    expect(await refusal(iam.send(new GetRoleCommand({ RoleName: 'none' })))).toMatchObject({
      name: 'NoSuchEntityException',
      Code: 'NoSuchEntity',
      message: 'The role with name none cannot be found.',
    })
  })
})

describe('inline policies of a user', () => {
  it('a policy that was put is there as it was put', async () => {
    const { iam } = await (await startTestAws()).asMember(dev)
    const text =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::a/(b)*!"}]}\n'
    await iam.send(put('curfew-1', text))
    const answer = await iam.send(new GetUserPolicyCommand({ UserName: 'alice', PolicyName: 'curfew-1' }))
    expect(answer.PolicyDocument).not.toMatch(/[!'()*"]/)
    expect(decodeURIComponent(answer.PolicyDocument!)).toBe(text)
  })

  it('putting again replaces, deleting removes', async () => {
    const { iam } = await (await startTestAws()).asMember(dev)
    await iam.send(put('curfew-1', policy(1)))
    await iam.send(put('curfew-1', policy(2)))
    const { PolicyDocument } = await iam.send(new GetUserPolicyCommand({ UserName: 'alice', PolicyName: 'curfew-1' }))
    expect(decodeURIComponent(PolicyDocument!)).toContain('"xx"')
    await iam.send(new DeleteUserPolicyCommand({ UserName: 'alice', PolicyName: 'curfew-1' }))
    expect((await iam.send(new ListUserPoliciesCommand({ UserName: 'alice' }))).PolicyNames).toEqual([])
  })

  it('NoSuchEntity says which of the two is missing', async () => {
    const { iam } = await (await startTestAws()).asMember(dev)
    const drop = (UserName: string) => iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName: 'gone' }))
    expect(await refusal(drop('alice'))).toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The user policy with name gone cannot be found.',
    })
    expect(await refusal(drop('nobody'))).toMatchObject({
      name: 'NoSuchEntityException',
      message: 'The user with name nobody cannot be found.',
    })
  })

  it('all inline policies of a user share 2,048 characters, white space not counted', async () => {
    const { iam } = await (await startTestAws()).asMember(dev)
    const frame = policy(0).length
    await iam.send(put('one', policy(1000 - frame)))
    await iam.send(put('two', `${policy(1048 - frame)}${' '.repeat(500)}`))
    expect(await refusal(iam.send(put('two', policy(1049 - frame))))).toMatchObject({
      name: 'LimitExceededException',
      message: 'Maximum policy size of 2048 bytes exceeded for user alice',
    })
  })

  it('a malformed document and a bad name are refused, each in its own way', async () => {
    const { iam } = await (await startTestAws()).asMember(dev)
    const bad = policy(1).replace('"Allow"', '"Perhaps"')
    expect(await refusal(iam.send(put('x', bad)))).toMatchObject({ name: 'MalformedPolicyDocumentException' })
    expect(await refusal(iam.send(put('a b', policy(1))))).toMatchObject({ name: 'ValidationError' })
    expect(await refusal(iam.send(put('x'.repeat(129), policy(1))))).toMatchObject({ name: 'ValidationError' })
    expect(await refusal(iam.send(put('x', policy(1).replace('*', '✓'))))).toMatchObject({
      name: 'ValidationError',
    })
  })

  it('listings come in pages of MaxItems, joined by Marker', async () => {
    const { iam } = await (await startTestAws()).asMember(hub)
    const list = (Marker?: string) =>
      iam.send(new ListUserPoliciesCommand({ UserName: 'Bob', MaxItems: 2, ...(Marker ? { Marker } : {}) }))
    const first = await list()
    expect(first).toMatchObject({ PolicyNames: ['a', 'b'], IsTruncated: true })
    expect(await list(first.Marker)).toMatchObject({ PolicyNames: ['c'], IsTruncated: false })
    expect(await refusal(list('bogus'))).toMatchObject({ name: 'ValidationError' })
    const zero = iam.send(new ListUserPoliciesCommand({ UserName: 'Bob', MaxItems: 0 }))
    expect(await refusal(zero)).toMatchObject({ name: 'ValidationError' })
  })

  it('ListAttachedUserPolicies lists managed policies', async () => {
    const { iam } = await (await startTestAws()).asMember(hub)
    const { AttachedPolicies } = await iam.send(new ListAttachedUserPoliciesCommand({ UserName: 'alice' }))
    expect(AttachedPolicies).toEqual([{ PolicyName: 'ReadOwn', PolicyArn: `arn:aws:iam::${hub}:policy/ReadOwn` }])
  })
})

describe('what the caller may do', () => {
  it('an action no policy allows is refused in the words of AWS', async () => {
    const world = await startTestAws()
    const { iam } = world.clients(world.aws.userSession({ accountId: hub, userName: 'alice' }))
    expect(await refusal(iam.send(put('x', policy(1))))).toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${hub}:user/alice is not authorized to perform: iam:PutUserPolicy on resource: arn:aws:iam::${hub}:user/alice because no identity-based policy allows the iam:PutUserPolicy action`,
    })
  })

  it('an explicit deny says so', async () => {
    const { iam } = await (await startTestAws()).asMember(hub)
    expect(await refusal(iam.send(put('x', policy(1), 'break-glass-1')))).toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:sts::${hub}:assumed-role/curfew-member/req_1 is not authorized to perform: iam:PutUserPolicy on resource: arn:aws:iam::${hub}:user/break-glass-1 with an explicit deny in an identity-based policy`,
    })
  })

  it('a session policy narrows a role to one user', async () => {
    const world = await startTestAws()
    const narrow = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'iam:*', Resource: `arn:aws:iam::${hub}:user/alice` },
    })
    const { iam } = await world.asMember(hub, narrow)
    await iam.send(put('x', policy(1)))
    const { name, message } = await refusal(iam.send(put('x', policy(1), 'Bob')))
    expect(name).toBe('AccessDenied')
    expect(message).toContain('because no session policy allows the iam:PutUserPolicy action')
  })
})

describe('permissions boundaries', () => {
  const ceiling = `arn:aws:iam::${hub}:policy/curfew/ceiling`

  /** The seed with a ceiling on Bob, and a member role that adds to users under it only. */
  async function startUnderCeiling() {
    const from = structuredClone(seed)
    const account = from.accounts.find(({ id }) => id === hub)!
    const bob = account.users!.find(({ name }) => name === 'Bob')!
    bob.permissionsBoundary = '/curfew/ceiling'
    account.managedPolicies!.push({
      path: '/curfew/',
      name: 'ceiling',
      document: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: '*', Resource: '*' },
          { Effect: 'Deny', Action: 's3:PutObject', Resource: '*' },
        ],
      },
    })
    account.roles![0]!.inlinePolicies = {
      member: {
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Action: 'iam:GetUser', Resource: '*' },
          {
            Effect: 'Allow',
            Action: 'iam:PutUserPolicy',
            Resource: '*',
            Condition: { StringEquals: { 'iam:PermissionsBoundary': ceiling } },
          },
        ],
      },
    }
    return startTestAws(openJournal(), from)
  }

  it('GetUser tells the boundary', async () => {
    const { iam } = await (await startUnderCeiling()).asMember(hub)
    const boundaryOf = async (UserName: string) =>
      (await iam.send(new GetUserCommand({ UserName }))).User?.PermissionsBoundary?.PermissionsBoundaryArn
    expect(await boundaryOf('Bob')).toBe(ceiling)
    expect(await boundaryOf('alice')).toBeUndefined()
  })

  it('who may write can be limited to users under a boundary', async () => {
    const { iam } = await (await startUnderCeiling()).asMember(hub)
    await iam.send(put('curfew-1', policy(1), 'Bob'))
    expect(await refusal(iam.send(put('curfew-1', policy(1), 'alice')))).toMatchObject({ Code: 'AccessDenied' })
  })

  it('a boundary limits what other policies allow, and allows nothing itself', async () => {
    const { aws } = await startUnderCeiling()
    const as = aws.userSession({ accountId: hub, userName: 'Bob' })
    const attempt = (action: string) => aws.tryAction({ as, action, resource: 'arn:aws:s3:::bucket/key' })
    expect(attempt('s3:GetObject')).toEqual({ allowed: true })
    expect(attempt('s3:PutObject')).toEqual({
      allowed: false,
      message: `User: arn:aws:iam::${hub}:user/staff/Bob is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::bucket/key with an explicit deny in a permissions boundary`,
    })
    expect(attempt('ec2:DescribeInstances').allowed).toBe(false)
  })
})
