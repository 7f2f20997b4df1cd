import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, it, vi } from 'vitest'
import type { Condition, PolicyDocument } from '../../src/playground/aws/policy.ts'
import type { AwsSeed } from '../../src/playground/aws/seed.ts'
import { awsSeed } from '../../src/playground/story-aws.ts'
import type { World } from '../../src/playground/world.ts'
import {
  approvals,
  ask,
  aWorld,
  clickLatest,
  directMessages,
  hour,
  isActive,
  isOver,
  minute,
  shown,
  until,
  untilInTime,
  type Wish,
} from './support.ts'

vi.setConfig({ maxConcurrency: 3, testTimeout: 60_000 })

const devTable: Wish = {
  entitlement: 'dev-table',
  values: { 'parameter.table': 'trial', duration: '60', reason: 'Order 42 is there twice' },
}
const prodAdmin: Wish = { entitlement: 'prod-admin', values: { duration: '60', reason: 'Look at the queue' } }
const Dev = 'arn:aws:iam::222222222222:role/Dev'
const Admin = 'arn:aws:iam::111111111111:role/Admin'
const [alice, bob] = ['alice', 'bob'].map(userName => ({ accountId: '000000000000', userName })) as [User, User]
type User = { accountId: string; userName: string }

const write = { action: 'dynamodb:PutItem', resource: 'arn:aws:dynamodb:ap-northeast-1:222222222222:table/trial' }

const trustIn = (Condition?: Condition): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: {
    Sid: 'Team',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::000000000000:root' },
    Action: 'sts:AssumeRole',
    ...(Condition && { Condition }),
  },
})
const ownName = trustIn({ StringEquals: { 'sts:RoleSessionName': `\${aws:username}` } })
const anyName = trustIn()
const everything: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'iam:*', Resource: '*' },
}

/** The organisation of the story, with this trust in Dev and somebody who administers Development. */
const withAdministrator = (trust: PolicyDocument): AwsSeed => ({
  ...awsSeed,
  accounts: awsSeed.accounts.map(account => {
    if (account.id !== '222222222222') return account
    const roles = (account.roles ?? []).map(role =>
      role.name === 'Dev' ? { ...role, trust, maxSessionSeconds: 12 * 3600 } : role,
    )
    return { ...account, roles, users: [{ name: 'administrator', inlinePolicies: { everything } }] }
  }),
  accessKeys: [
    ...awsSeed.accessKeys,
    { accessKeyId: 'AKIAADMINISTRATOR', principalArn: 'arn:aws:iam::222222222222:user/administrator' },
  ],
})

/** What an administrator of Development does. */
async function setTrust({ aws }: World, trust: PolicyDocument): Promise<void> {
  const credentials = { accessKeyId: 'AKIAADMINISTRATOR', secretAccessKey: 'secret' }
  const iam = new IAMClient({ endpoint: aws.url, region: 'us-east-1', credentials })
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'Dev', PolicyDocument: JSON.stringify(trust) }))
  iam.destroy()
}

const mayWrite = ({ aws }: World, as: { accessKeyId: string }) => aws.tryAction({ as, ...write }).allowed
const onDev = ({ aws }: World) =>
  aws
    .snapshot()
    .accounts.flatMap(({ roles }) => roles)
    .flatMap(({ inlinePolicies }) => inlinePolicies.map(({ name }) => name))
    .filter(name => name.startsWith('curfew-'))

/** Lets time pass until the bot knows: it reads AWS's clock before each sweep. */
async function pass(world: World, milliseconds: number): Promise<void> {
  world.clock.advance(milliseconds)
  const readings = () => world.aws.calls().filter(({ operation }) => operation === 'GetCallerIdentity').length
  const before = readings()
  await until('the bot knows what time it is', () => readings() > before + 1)
}

async function granted(world: World, wish: Wish): Promise<void> {
  await ask(world, wish)
  await clickLatest(world, 'U0BOB', 'approve')
  await untilInTime(world, 'active', () => isActive(world))
}

describe('over the wire,', { concurrent: true }, () => {
  it("a policy on a shared role is good for Alice's new session alone, and ends with the hour", async test => {
    const world = await aWorld(test)
    const before = world.aws.switchRole({ ...alice, roleArn: Dev })
    await pass(world, minute)
    await granted(world, devTable)
    const hers = world.aws.switchRole({ ...alice, roleArn: Dev })
    const his = world.aws.switchRole({ ...bob, roleArn: Dev })
    expect([before, hers, his].map(session => mayWrite(world, session))).toEqual([false, true, false])
    // Bob cannot call himself alice: the trust policy would not let him in.
    const asAlice = { as: world.aws.userSession(bob), roleArn: Dev, sessionName: 'alice' }
    expect(() => world.aws.assumeRole(asAlice)).toThrow('not authorized to perform: sts:AssumeRole')
    world.clock.advance(hour)
    expect(mayWrite(world, world.aws.switchRole({ ...alice, roleArn: Dev }))).toBe(false)
    await untilInTime(world, 'Alice is told', () => isOver(world))
    expect(onDev(world)).toEqual([])
    expect(world.slack.violations.list()).toEqual([])
  })

  it('a session that Bob called alice before names were pinned is of no use', async test => {
    const world = await aWorld(test, { aws: withAdministrator(anyName) })
    const old = { as: world.aws.userSession(bob), roleArn: Dev, sessionName: 'alice', seconds: 43_200 }
    const stolen = world.aws.assumeRole(old)
    expect(stolen.arn).toBe('arn:aws:sts::222222222222:assumed-role/Dev/alice')
    await ask(world, devTable)
    await untilInTime(world, 'refused', () => directMessages(world).some(text => text.endsWith(': not possible')))
    await setTrust(world, ownName)
    await pass(world, 8 * hour)
    await granted(world, devTable)
    expect(mayWrite(world, world.aws.switchRole({ ...alice, roleArn: Dev }))).toBe(true)
    expect(mayWrite(world, stolen)).toBe(false)
  })

  it('a grant ends within fifteen minutes of the trust policy being loosened, and operators are told how to mend it', async test => {
    const world = await aWorld(test, { aws: withAdministrator(ownName) })
    await granted(world, devTable)
    await setTrust(world, anyName)
    world.clock.advance(15 * minute)
    const alerts = () => world.slack.snapshot().channels.find(({ id }) => id === 'C0ALERT')?.messages ?? []
    await untilInTime(world, 'operators are told', () => alerts().length === 1)
    expect(shown(alerts()[0])).toContain('No. 1 (Team)')
    await until('Alice is told', () => directMessages(world).some(text => text.endsWith(': ended early')))
    expect(onDev(world)).toEqual([])
    expect(world.slack.violations.list()).toEqual([])
  })

  it('a role is entered for an hour by whom it was granted to, with MFA; who is in stays for a while', async test => {
    const world = await aWorld(test)
    expect(() => world.aws.switchRole({ ...alice, roleArn: Admin })).toThrow('not authorized')
    await ask(world, prodAdmin)
    await clickLatest(world, 'U0BOB', 'approve')
    await untilInTime(world, 'more approvals are needed', () =>
      shown(approvals(world).at(-1)).includes('Approved so far'),
    )
    await clickLatest(world, 'U0CAROL', 'approve')
    await untilInTime(world, 'active', () => isActive(world))
    expect(() => world.aws.switchRole({ ...alice, roleArn: Admin, mfa: false })).toThrow('not authorized')
    expect(() => world.aws.switchRole({ ...bob, roleArn: Admin })).toThrow('not authorized')
    const session = world.aws.switchRole({ ...alice, roleArn: Admin })
    world.clock.advance(hour)
    expect(() => world.aws.switchRole({ ...alice, roleArn: Admin })).toThrow('not authorized')
    expect(session.arn).toBe('arn:aws:sts::111111111111:assumed-role/Admin/alice')
    await untilInTime(world, 'Alice is told', () => isOver(world))
    expect(world.slack.violations.list()).toEqual([])
  })
})
