import { GetUserCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import type { Condition, PolicyDocument, Statement } from '../../../src/playground/aws/policy.ts'
import { openJournal } from '../../../src/playground/journal.ts'
import { dev, hub, refusal, seed, startTestAws } from './support.ts'

const at = { accountId: hub, userName: 'alice' }
const roleArn = `arn:aws:iam::${dev}:role/Dev`
const provider = `arn:aws:iam::${dev}:saml-provider/Directory`
const ownName = `\${aws:username}`
const table = `arn:aws:dynamodb:ap-northeast-1:${dev}:table/orders`
const policy = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement })
const allow = (Action: string, Resource = '*', Condition?: Condition): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
})
const mfaRequired = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
const pinned = { StringEquals: { 'sts:RoleSessionName': ownName } }

/**
 * A role Dev that users of the jump account enter under their own name, and a provider under any; Alice, who has a
 * device, and Bob, who has none, may. Its policy and its boundary are given.
 */
async function startWithDev({
  trust = pinned as Condition | null,
  enter = undefined as Condition | undefined,
  role = policy(allow('dynamodb:*')),
  boundary = policy(allow('*')),
} = {}) {
  const from = structuredClone(seed)
  const users = from.accounts.find(({ id }) => id === hub)!.users!
  for (const user of users) {
    user.mfaDevice = user.name === 'alice'
    user.inlinePolicies = { enter: policy(allow('sts:AssumeRole', roleArn, enter)) }
  }
  const account = from.accounts.find(({ id }) => id === dev)!
  account.managedPolicies = [{ path: '/curfew/', name: 'leash-Dev', document: boundary }]
  account.roles!.push({
    name: 'Dev',
    trust: policy(
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${hub}:root` },
        Action: 'sts:AssumeRole',
        ...(trust && { Condition: trust }),
      },
      {
        Effect: 'Allow',
        Principal: { Federated: provider },
        Action: 'sts:AssumeRoleWithSAML',
        Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
      },
    ),
    inlinePolicies: { team: role },
    permissionsBoundary: '/curfew/leash-Dev',
    maxSessionSeconds: 7200,
  })
  const world = await startTestAws(openJournal(), from)
  const keys = world.aws.userSession(at)
  const read = (as: { accessKeyId: string }) =>
    world.aws.tryAction({ as, action: 'dynamodb:GetItem', resource: table }).allowed
  return { ...world, keys, read, alice: world.clients(keys) }
}

describe('switching roles in the console', () => {
  it('names the session after the user, and lasts as long as sessions of the role may', async () => {
    const { aws, read } = await startWithDev()
    const session = aws.switchRole({ ...at, roleArn })
    expect(session.arn).toBe(`arn:aws:sts::${dev}:assumed-role/Dev/alice`)
    expect(session.expiresAt).toBe('2026-11-02T11:00:00Z')
    expect(read(session)).toBe(true)
  })

  it('is done with MFA when the user has a device, and not when they have none', async () => {
    const { aws } = await startWithDev({ enter: mfaRequired })
    expect(aws.switchRole({ ...at, roleArn }).arn).toMatch(/\/alice$/)
    expect(() => aws.switchRole({ ...at, roleArn, mfa: false })).toThrow('not authorized to perform: sts:AssumeRole')
    expect(() => aws.switchRole({ accountId: hub, userName: 'Bob', roleArn })).toThrow('not authorized')
  })
})

describe('entering a role from the command line', () => {
  it('takes any name where the trust policy pins none, and only the own one where it does', async () => {
    const pinning = await startWithDev()
    const enter = (sessionName: string) => pinning.aws.assumeRole({ as: pinning.keys, roleArn, sessionName })
    expect(enter('alice').arn).toMatch(/\/alice$/)
    expect(() => enter('bob')).toThrow(
      `User: arn:aws:iam::${hub}:user/alice is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    )
    const open = await startWithDev({ trust: null })
    expect(open.aws.assumeRole({ as: open.keys, roleArn, sessionName: 'bob' }).arn).toMatch(/\/bob$/)
  })

  it('can require MFA, shown by the code of the own device', async () => {
    const { aws, alice, clock } = await startWithDev({ enter: mfaRequired })
    const enter = (more: object) =>
      alice.sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'alice', ...more }))
    const proof = aws.mfaCode(at)
    expect(await refusal(enter({}))).toMatchObject({ name: 'AccessDenied' })
    expect((await enter(proof)).AssumedRoleUser?.Arn).toMatch(/\/alice$/)
    expect(await refusal(enter({ ...proof, TokenCode: '12345' }))).toMatchObject({ name: 'ValidationError' })
    expect(await refusal(enter({ SerialNumber: proof.SerialNumber }))).toMatchObject({
      name: 'AccessDenied',
      message: 'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.',
    })
    expect(await refusal(enter({ ...proof, SerialNumber: `arn:aws:iam::${hub}:mfa/Bob` }))).toMatchObject({
      message:
        'MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.',
    })
    clock.advance(120_000)
    expect(await refusal(enter(proof))).toMatchObject({
      message: 'MultiFactorAuthentication failed with invalid MFA one time pass code.',
    })
    expect(aws.assumeRole({ as: aws.userSession(at), roleArn, sessionName: 'alice', mfa: true }).arn).toMatch(/alice$/)
  })
})

it('a SAML provider enters a role that trusts it, under the name it gives', async () => {
  const { aws, read } = await startWithDev()
  const session = aws.assumeRoleWithSaml({ providerArn: provider, roleArn, sessionName: 'alice@example.com' })
  expect(session.arn).toBe(`arn:aws:sts::${dev}:assumed-role/Dev/alice@example.com`)
  expect(read(session)).toBe(true)
  const other = { providerArn: `${provider}2`, roleArn, sessionName: 'alice' }
  expect(() => aws.assumeRoleWithSaml(other)).toThrow('Not authorized to perform sts:AssumeRoleWithSAML')
  expect(() => aws.assumeRoleWithSaml({ ...other, sessionName: 'a b' })).toThrow('no session name a b')
})

describe('what a role session may do', () => {
  it('depends on role id and session name together, and on when the session began', async () => {
    const { aws } = await startWithDev()
    // The id follows from the ARN: it is the same in the next world.
    const RoleId = aws
      .snapshot()
      .accounts.flatMap(({ roles }) => roles)
      .find(({ arn }) => arn === roleArn)?.roleId
    const granted = policy(
      allow('dynamodb:GetItem', table, {
        StringEquals: { 'aws:userid': `${RoleId}:alice` },
        DateGreaterThanEquals: {
          'aws:TokenIssueTime': '2026-11-02T09:10:00Z',
          'aws:CurrentTime': '2026-11-02T09:10:00Z',
        },
        DateLessThan: { 'aws:CurrentTime': '2026-11-02T09:30:00Z' },
      }),
    )
    const world = await startWithDev({ trust: null, role: granted })
    const enter = (sessionName: string) => world.aws.assumeRole({ as: world.keys, roleArn, sessionName })
    const early = enter('alice')
    world.clock.advance(600_000)
    const [alice, bob] = [enter('alice'), enter('bob')]
    expect([early, alice, bob].map(world.read)).toEqual([false, true, false])
    world.clock.advance(1_200_000)
    expect(world.read(alice)).toBe(false)
  })

  it('is limited by the boundary of the role', async () => {
    const boundary = policy(allow('*'), {
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      Condition: { DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-02T09:30:00Z' } },
    })
    const { aws, clock, read } = await startWithDev({ boundary })
    const session = aws.switchRole({ ...at, roleArn })
    expect(read(session)).toBe(true)
    clock.advance(1_800_000)
    expect(read(session)).toBe(false)
  })

  it('does not know of the MFA that opened it', async () => {
    const { aws, read } = await startWithDev({ role: policy(allow('dynamodb:*', '*', mfaRequired)) })
    expect(read(aws.switchRole({ ...at, roleArn }))).toBe(false)
  })
})

describe('temporary credentials of a user', () => {
  const sessionClients = async (world: Awaited<ReturnType<typeof startWithDev>>, proof: object) => {
    const { Credentials: keys } = await world.alice.sts.send(new GetSessionTokenCommand({ ...proof }))
    return world.clients({
      accessKeyId: keys!.AccessKeyId!,
      secretAccessKey: keys!.SecretAccessKey!,
      sessionToken: keys!.SessionToken!,
    })
  }

  it('are the user, with MFA or without', async () => {
    const world = await startWithDev({ enter: mfaRequired })
    const proven = await sessionClients(world, world.aws.mfaCode(at))
    const { Arn } = await proven.sts.send(new GetCallerIdentityCommand({}))
    expect(Arn).toBe(`arn:aws:iam::${hub}:user/alice`)
    const enter = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'alice', DurationSeconds: 7200 })
    expect((await proven.sts.send(enter)).Credentials?.Expiration).toEqual(new Date('2026-11-02T11:00:00Z'))
    const plain = await sessionClients(world, {})
    expect(await refusal(plain.sts.send(enter))).toMatchObject({ name: 'AccessDenied' })
  })

  it('without MFA are no use for IAM, and cannot beget others', async () => {
    const world = await startWithDev()
    const plain = await sessionClients(world, {})
    expect(await refusal(plain.iam.send(new GetUserCommand({})))).toMatchObject({ name: 'InvalidClientTokenId' })
    expect(await refusal(plain.sts.send(new GetSessionTokenCommand({})))).toMatchObject({
      name: 'AccessDenied',
      message: 'Cannot call GetSessionToken with session credentials',
    })
    const proven = await sessionClients(world, world.aws.mfaCode(at))
    expect((await proven.iam.send(new GetUserCommand({}))).User?.UserName).toBe('alice')
  })

  it('meet what asks for MFA, as the key of the user does not', async () => {
    const from = structuredClone(seed)
    const alice = from.accounts.find(({ id }) => id === hub)!.users![0]!
    alice.mfaDevice = true
    alice.inlinePolicies = { read: policy(allow('s3:GetObject', '*', mfaRequired)) }
    const { aws } = await startTestAws(openJournal(), from)
    const read = (as: { accessKeyId: string }) =>
      aws.tryAction({ as, action: 's3:GetObject', resource: 'arn:aws:s3:::a/b' }).allowed
    expect([read(aws.userSession(at)), read(aws.mfaSession(at))]).toEqual([false, true])
    expect(() => aws.mfaSession({ accountId: hub, userName: 'Bob' })).toThrow('unable to validate MFA code')
  })
})
