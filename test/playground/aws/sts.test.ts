import { GetUserCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import type { Condition, PolicyDocument } from '../../../src/playground/aws/policy.ts'
import { openJournal } from '../../../src/playground/journal.ts'
import { hub, prod, refusal, seed, startTestAws } from './support.ts'

const member = `arn:aws:iam::${prod}:role/curfew-member`

describe('GetCallerIdentity', () => {
  it('names the owner of the key', async () => {
    const world = await startTestAws()
    const bot = await world.clients().sts.send(new GetCallerIdentityCommand({}))
    expect(bot).toMatchObject({ Account: hub, Arn: `arn:aws:sts::${hub}:assumed-role/curfew-bot/workload` })
    const { sts } = await world.asMember(prod)
    const session = await sts.send(new GetCallerIdentityCommand({}))
    expect(session).toMatchObject({ Account: prod, Arn: `arn:aws:sts::${prod}:assumed-role/curfew-member/req_1` })
    expect(session.UserId).toMatch(/^AROA[A-Z2-7]{17}:req_1$/)
  })

  it('a key nobody has is InvalidClientTokenId, also a session key with the wrong token', async () => {
    const world = await startTestAws()
    const { sts } = world.clients({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' })
    expect(await refusal(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({ name: 'InvalidClientTokenId' })
    const { Credentials: keys } = await world
      .clients()
      .sts.send(new AssumeRoleCommand({ RoleArn: member, RoleSessionName: 'req_1' }))
    const stolen = { accessKeyId: keys!.AccessKeyId!, secretAccessKey: 'x', sessionToken: 'wrong' }
    const call = world.clients(stolen).sts.send(new GetCallerIdentityCommand({}))
    expect(await refusal(call)).toMatchObject({ name: 'InvalidClientTokenId' })
  })
})

describe('AssumeRole', () => {
  it('gives keys that end by the world clock', async () => {
    const world = await startTestAws()
    const input = { RoleArn: member, RoleSessionName: 'req_1', DurationSeconds: 900 }
    const { Credentials: keys, AssumedRoleUser } = await world.clients().sts.send(new AssumeRoleCommand(input))
    expect(keys!.AccessKeyId).toMatch(/^ASIA/)
    expect(keys!.Expiration).toEqual(new Date('2026-11-02T09:15:00Z'))
    expect(AssumedRoleUser!.Arn).toBe(`arn:aws:sts::${prod}:assumed-role/curfew-member/req_1`)
    const { iam } = world.clients({
      accessKeyId: keys!.AccessKeyId!,
      secretAccessKey: 'x',
      sessionToken: keys!.SessionToken!,
    })
    const look = () => refusal(iam.send(new GetUserCommand({ UserName: 'nobody' })))
    world.clock.advance(899_000)
    expect(await look()).toMatchObject({ name: 'NoSuchEntityException' })
    world.clock.advance(1000)
    expect(await look()).toMatchObject({
      name: 'ExpiredToken',
      message: 'The security token included in the request is expired',
    })
  })

  it.each<[string, object]>([
    ['a session name of one letter', { RoleSessionName: 'a' }],
    ['a session name of 65 letters', { RoleSessionName: 'a'.repeat(65) }],
    ['a session name with a space', { RoleSessionName: 'a b' }],
    ['less than 15 minutes', { DurationSeconds: 899 }],
    ['more than an hour from a role (chaining)', { DurationSeconds: 3601 }],
    ['a session policy of 2,049 characters', { Policy: ' '.repeat(2049) }],
    ['session tags, which are not simulated', { Tags: [{ Key: 'a', Value: 'b' }] }],
  ])('refuses %s', async (_, more) => {
    const { sts } = (await startTestAws()).clients()
    const call = sts.send(new AssumeRoleCommand({ RoleArn: member, RoleSessionName: 'req_1', ...more }))
    expect(await refusal(call)).toMatchObject({ name: 'ValidationError' })
  })

  it('refuses a malformed session policy', async () => {
    const { sts } = (await startTestAws()).clients()
    const call = sts.send(new AssumeRoleCommand({ RoleArn: member, RoleSessionName: 'req_1', Policy: '{}' }))
    expect(await refusal(call)).toMatchObject({ name: 'MalformedPolicyDocumentException' })
  })

  it('refuses whoever the trust policy does not name, and a role that does not exist, in the same words', async () => {
    const world = await startTestAws()
    const { sts } = world.clients(world.aws.userSession({ accountId: hub, userName: 'alice' }))
    const enter = (RoleArn: string) => sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'alice' }))
    expect(await refusal(enter(member))).toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::${hub}:user/alice is not authorized to perform: sts:AssumeRole on resource: ${member}`,
    })
    const missing = `arn:aws:iam::${prod}:role/none`
    expect((await refusal(enter(missing))).name).toBe('AccessDenied')
  })

  it('across accounts the caller needs a policy too', async () => {
    const { sts } = (await startTestAws()).clients()
    const call = sts.send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${hub}:role/curfew-bot`, RoleSessionName: 'req_1' }),
    )
    expect(await refusal(call)).toMatchObject({ name: 'AccessDenied' })
  })
})

describe('who may enter a role', () => {
  const trusting = (Principal: string, Condition?: Condition): PolicyDocument => ({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: Principal },
      Action: 'sts:AssumeRole',
      ...(Condition ? { Condition } : {}),
    },
  })
  const alice = `arn:aws:iam::${hub}:user/alice`
  const own = (key: string) => `\${${key}}`

  it.each<[string, PolicyDocument, string, boolean]>([
    ['a user named in their own account needs no policy', trusting(alice), 'alice', true],
    ['an account that is named delegates to its own policies', trusting(`arn:aws:iam::${hub}:root`), 'alice', false],
    [
      'a name that is pinned and kept',
      trusting(alice, { StringEquals: { 'sts:RoleSessionName': own('aws:username') } }),
      'alice',
      true,
    ],
    [
      'a name that is pinned and not kept',
      trusting(alice, { StringEquals: { 'sts:RoleSessionName': own('aws:username') } }),
      'bob',
      false,
    ],
    [
      'MFA that is required and missing',
      trusting(alice, { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
      'alice',
      false,
    ],
  ])('%s', async (_, trust, RoleSessionName, allowed) => {
    const hubAccount = seed.accounts.find(({ id }) => id === hub)!
    const roles = [...hubAccount.roles!, { name: 'Team', trust }]
    const accounts = seed.accounts.map(account => (account.id === hub ? { ...account, roles } : account))
    const world = await startTestAws(openJournal(), { ...seed, accounts })
    const { sts } = world.clients(world.aws.userSession({ accountId: hub, userName: 'alice' }))
    const RoleArn = `arn:aws:iam::${hub}:role/Team`
    const answer = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName })).catch(error => error.name)
    expect(answer === 'AccessDenied').toBe(!allowed)
    expect(answer.Credentials !== undefined).toBe(allowed)
  })
})
