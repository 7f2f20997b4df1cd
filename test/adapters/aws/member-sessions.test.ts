import type { IAMClient } from '@aws-sdk/client-iam'
import type { STSClient } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { sessionPolicyFor } from '../../../src/adapters/aws/errands.ts'
import { createMemberSessions } from '../../../src/adapters/aws/member-sessions.ts'
import { startDeadline } from '../../../src/adapters/aws/send.ts'
import { anId, at } from '../../support/builders.ts'
import { closed, dev, doubleOf, faultIn, hub, maySend, startAws } from './support.ts'

const target = { accountId: dev, principal: 'user', name: 'bob', policyName: 'curfew-1' } as const
const alice = { accountId: dev, principal: 'user', name: 'alice' } as const
const document = { Version: '2012-10-17' as const, Statement: [] }
const minutes = 60_000

test('a session for a change may change the policies of one user and nothing else', () => {
  expect(JSON.parse(sessionPolicyFor({ about: alice, changeFor: anId(1) }))).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['iam:PutUserPolicy', 'iam:DeleteUserPolicy'],
        Resource: ['arn:aws:iam::222222222222:user/alice', 'arn:aws:iam::222222222222:user/*/alice'],
      },
    ],
  })
})

test('a session for a role may read or change that role alone', () => {
  const dev = { accountId: '222222222222', principal: 'role', name: 'Dev' } as const
  const Resource = ['arn:aws:iam::222222222222:role/Dev', 'arn:aws:iam::222222222222:role/*/Dev']
  expect(JSON.parse(sessionPolicyFor({ about: dev })).Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ['iam:GetRole', 'iam:ListRolePolicies', 'iam:GetRolePolicy', 'iam:SimulatePrincipalPolicy'],
      Resource,
    },
  ])
  expect(JSON.parse(sessionPolicyFor({ about: dev, changeFor: anId(1) })).Statement).toEqual([
    { Effect: 'Allow', Action: ['iam:PutRolePolicy', 'iam:DeleteRolePolicy'], Resource },
  ])
})

test('a session for looking may only read', () => {
  const policy = JSON.parse(sessionPolicyFor({ about: alice }))
  expect(policy.Statement[0].Action).toEqual([
    'iam:GetUser',
    'iam:ListUserPolicies',
    'iam:GetUserPolicy',
    'iam:SimulatePrincipalPolicy',
  ])
})

test('a session for comparing may list the names of users, of roles and of their policies, and read none', () => {
  expect(JSON.parse(sessionPolicyFor({ trailOf: dev })).Statement).toEqual([
    { Effect: 'Allow', Action: ['cloudtrail:LookupEvents'], Resource: '*' },
  ])
  expect(JSON.parse(sessionPolicyFor({ everybodyIn: dev })).Statement).toEqual([
    { Effect: 'Allow', Action: ['iam:ListUsers', 'iam:ListRoles'], Resource: '*' },
    { Effect: 'Allow', Action: ['iam:ListUserPolicies'], Resource: 'arn:aws:iam::222222222222:user/*' },
    { Effect: 'Allow', Action: ['iam:ListRolePolicies'], Resource: 'arn:aws:iam::222222222222:role/*' },
  ])
})

test('a session policy stays within what AWS takes', () => {
  const longest = sessionPolicyFor({ about: { ...alice, name: 'x'.repeat(64) }, changeFor: anId(1) })
  expect(longest.length).toBeLessThan(2048)
})

test('calls are made as the member role, in sessions named after the request', async () => {
  const { aws, inlinePolicies } = await startAws()
  await inlinePolicies.remove(target, anId(7), maySend)
  await inlinePolicies.read(target)
  const callers = aws.calls().filter(({ service }) => service === 'iam')
  expect(callers.map(({ operation, caller }) => [operation, caller])).toEqual([
    ['DeleteUserPolicy', 'arn:aws:sts::222222222222:assumed-role/curfew-member/req_00000000000000000007'],
    ['GetUserPolicy', 'arn:aws:sts::222222222222:assumed-role/curfew-member/curfew-check'],
  ])
})

test('the hub is entered like every other account', async () => {
  const { inlinePolicies, newCalls } = await startAws()
  expect((await inlinePolicies.findUser(hub, 'alice'))?.userName).toBe('alice')
  expect(newCalls()).toEqual(['AssumeRole', 'GetUser'])
})

test('a session serves until five minutes before its end', async () => {
  const { clock, world, inlinePolicies, newCalls } = await startAws()
  await inlinePolicies.read(target)
  world.advance(9 * minutes)
  await clock.measure()
  await inlinePolicies.read(target)
  expect(newCalls()).toEqual(['AssumeRole', 'GetUserPolicy', 'GetCallerIdentity', 'GetUserPolicy'])
  world.advance(2 * minutes)
  await clock.measure()
  await inlinePolicies.read(target)
  expect(newCalls()).toEqual(['GetCallerIdentity', 'AssumeRole', 'GetUserPolicy'])
})

test('each request and each user has a session of its own', async () => {
  const { inlinePolicies, newCalls } = await startAws()
  await inlinePolicies.remove(target, anId(1), maySend)
  await inlinePolicies.remove(target, anId(2), maySend)
  await inlinePolicies.findUser(dev, 'bob')
  await inlinePolicies.findUser(dev, 'carol')
  expect(newCalls().filter(operation => operation === 'AssumeRole')).toHaveLength(4)
})

test('a session that AWS ended before we knew its time is replaced at once', async () => {
  const { world, inlinePolicies, newCalls } = await startAws()
  await inlinePolicies.put(target, { ...document, Statement: [aStatement] }, anId(1), maySend)
  newCalls()
  world.advance(60 * minutes)
  await inlinePolicies.remove(target, anId(1), maySend)
  expect(newCalls()).toEqual(['DeleteUserPolicy', 'AssumeRole', 'DeleteUserPolicy'])
  expect(await inlinePolicies.read(target)).toBeUndefined()
})

test('an account without the member role is refused with the words of AWS', async () => {
  const { inlinePolicies } = await startAws()
  const fault = await faultIn(inlinePolicies.findUser(closed, 'alice'))
  expect(fault).toMatchObject({ code: 'access_denied', retryable: false, answered: true })
  expect(fault.message).toMatch(/^AssumeRole: User: arn:aws:sts::000000000000:assumed-role\/curfew-bot\//)
})

test('a lost answer while entering the role leaves no change behind', async () => {
  const { aws, inlinePolicies } = await startAws()
  aws.faults.add({ match: 'AssumeRole', kind: 'unheard' })
  const fault = await faultIn(inlinePolicies.remove(target, anId(1), maySend))
  expect(fault).toMatchObject({ code: 'no_answer', answered: true })
})

test('two hundred sessions are kept, the oldest go first', async () => {
  const entered: unknown[] = []
  const sts = doubleOf<STSClient>(({ input }) => {
    entered.push(input['RoleArn'])
    const Expiration = new Date('2026-11-21T10:15:00Z')
    return { Credentials: { AccessKeyId: 'ASIA', SecretAccessKey: 's', SessionToken: 't', Expiration } }
  })
  const iam = doubleOf<IAMClient>(() => ({}))
  const clients = { sts, iamWith: () => iam }
  const asMember = createMemberSessions({ clients, clock: { now: () => at('10:00') }, memberRole: 'curfew-member' })
  const visit = (n: number) => asMember({ about: { ...alice, name: `u${n}` } }, startDeadline(600), async () => n)
  for (let n = 0; n <= 200; n++) await visit(n)
  expect(entered).toHaveLength(201)
  await visit(200)
  await visit(1)
  expect(entered).toHaveLength(201)
  await visit(0)
  expect(entered).toHaveLength(202)
})

const aStatement = {
  Effect: 'Allow' as const,
  Action: ['s3:GetObject'],
  Resource: ['*'],
  Condition: { DateLessThan: { 'aws:CurrentTime': '2026-11-21T11:00:00Z' } },
}
