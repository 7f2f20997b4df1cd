import { CreatePolicyVersionCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import { uniqueId } from '../../../src/playground/aws/ids.ts'
import type { Condition, PolicyDocument, Statement } from '../../../src/playground/aws/policy.ts'
import { openJournal } from '../../../src/playground/journal.ts'
import { dev, directoryId, hub, prod, seed, startTestAws, table } from './support.ts'

const readOrders = { label: 'Read orders', action: 'dynamodb:GetItem', resource: table, accountId: prod }
const readBucket = { label: 'Read bucket', action: 's3:GetObject', resource: 'arn:aws:s3:::logs/a', accountId: hub }

it('shows for each person and action whether it is allowed and by which route', async () => {
  const { aws } = await startTestAws()
  const rows = aws.whoCan({ actions: [readOrders, readBucket] })
  expect(rows.map(({ personId, cells }) => [personId, ...cells.map(({ allowed }) => allowed)])).toEqual([
    ['alice', false, false],
    ['bob', true, false],
    ['dora', false, false],
  ])
  expect(rows[1]!.cells[0]!.routes).toEqual([{ kind: 'portal', permissionSet: 'Operator' }])
})

it('an open session is a route of its own, until it expires', async () => {
  const { aws, clock } = await startTestAws()
  const { accessKeyId } = aws.portalSession({ accountId: prod, permissionSet: 'Operator', userName: 'bob' })
  const routes = () => aws.whoCan({ actions: [readOrders] })[1]!.cells[0]!.routes
  const session = { kind: 'session', permissionSet: 'Operator', accessKeyId, until: '2026-11-02T13:00:00Z' }
  expect(routes()).toContainEqual(session)
  clock.advance(4 * 3_600_000)
  expect(routes()).toEqual([{ kind: 'portal', permissionSet: 'Operator' }])
})

it('names the end that is written in a policy', async () => {
  const { aws, asMember } = await startTestAws()
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:CurrentTime': '2026-11-02T09:30:00Z' } },
    },
  })
  const { iam } = await asMember(hub)
  await iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'curfew-1', PolicyDocument }))
  const [alice] = aws.whoCan({ actions: [readBucket, { ...readBucket, accountId: prod }] })
  const route = { kind: 'iamUser', arn: `arn:aws:iam::${hub}:user/alice`, until: '2026-11-02T09:30:00Z' }
  expect(alice!.cells[0]!.routes).toEqual([route])
  expect(alice!.cells[1]!.allowed).toBe(false)
})

describe('roles of the account', () => {
  const roleArn = `arn:aws:iam::${dev}:role/Dev`
  const item = `arn:aws:dynamodb:ap-northeast-1:${dev}:table/orders`
  const readDev = { label: 'Read orders', action: 'dynamodb:GetItem', resource: item, accountId: dev }
  const policy = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement })
  const allow = (Action: string, Resource: string, Condition?: Condition): Statement => ({
    Effect: 'Allow',
    Action,
    Resource,
    ...(Condition && { Condition }),
  })
  const until = (at: string): Condition => ({ DateLessThan: { 'aws:CurrentTime': at } })

  /** Alice, who has a device, may enter Dev until 09:40 with its code; its trust pins names, unless told otherwise. */
  async function startWithDev({ pinned = true, role = (_roleId: string) => policy(allow('dynamodb:*', '*')) } = {}) {
    const from = structuredClone(seed)
    const account = (id: string) => from.accounts.find(one => one.id === id)!
    const alice = account(hub).users!.find(({ name }) => name === 'alice')!
    alice.mfaDevice = true
    const mfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
    alice.inlinePolicies = {
      enter: policy(allow('sts:AssumeRole', roleArn, { ...mfa, ...until('2026-11-02T09:40:00Z') })),
    }
    account(dev).managedPolicies = [
      {
        path: '/curfew/',
        name: 'leash-Dev',
        document: policy(allow('*', '*'), {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-02T09:50:00Z' } },
        }),
      },
    ]
    const roleId = uniqueId('AROA', roleArn)
    account(dev).roles!.push({
      name: 'Dev',
      trust: policy({
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${hub}:root` },
        Action: 'sts:AssumeRole',
        ...(pinned && { Condition: { StringEquals: { 'sts:RoleSessionName': `\${aws:username}` } } }),
      }),
      inlinePolicies: { team: role(roleId) },
      permissionsBoundary: '/curfew/leash-Dev',
    })
    const { aws, clock } = await startTestAws(openJournal(), from)
    return { aws, clock, routes: () => aws.whoCan({ actions: [readDev] })[0]!.cells[0]!.routes }
  }

  it('are a route for who can switch to one, until the way in ends', async () => {
    const { routes, clock } = await startWithDev()
    expect(routes()).toEqual([{ kind: 'role', role: 'Dev', sessionName: 'alice', until: '2026-11-02T09:40:00Z' }])
    clock.advance(40 * 60_000)
    expect(routes()).toEqual([])
  })

  it('go on in an open session when the way in has ended, until the boundary of the role ends it', async () => {
    const { aws, clock, routes } = await startWithDev()
    const { accessKeyId } = aws.switchRole({ accountId: hub, userName: 'alice', roleArn })
    clock.advance(40 * 60_000)
    const open = { kind: 'roleSession', role: 'Dev', sessionName: 'alice', accessKeyId, until: '2026-11-02T09:50:00Z' }
    expect(routes()).toEqual([open])
    clock.advance(10 * 60_000)
    expect(routes()).toEqual([])
  })

  it('can be entered under the name that a grant is bound to, where the trust policy pins none', async () => {
    const role = (roleId: string) =>
      policy(allow('dynamodb:GetItem', item, { StringEquals: { 'aws:userid': `${roleId}:bob` } }))
    const pinned = await startWithDev({ role })
    expect(pinned.routes()).toEqual([])
    const open = await startWithDev({ role, pinned: false })
    expect(open.routes()).toMatchObject([{ kind: 'role', sessionName: 'bob' }])
  })
})

it('what asks for MFA is open to who has a device', async () => {
  const from = structuredClone(seed)
  const users = from.accounts.find(({ id }) => id === hub)!.users!
  const document: PolicyDocument = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    },
  }
  users[0]!.inlinePolicies = { read: document }
  const without = await startTestAws(openJournal(), from)
  expect(without.aws.whoCan({ actions: [readBucket] })[0]!.cells[0]!.routes).toEqual([])
  users[0]!.mfaDevice = true
  const { aws } = await startTestAws(openJournal(), from)
  expect(aws.whoCan({ actions: [readBucket] })[0]!.cells[0]!.routes).toEqual([
    { kind: 'iamUser', arn: `arn:aws:iam::${hub}:user/alice`, mfa: true },
  ])
})

it('a leash decides about new and open portal sessions alike', async () => {
  const from = structuredClone(seed)
  const leash = (...listed: string[]): PolicyDocument => ({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { StringNotEquals: { 'identitystore:UserId': listed } },
      },
    ],
  })
  const bob = directoryId((await startTestAws()).aws, 'bob')
  const account = from.accounts.find(({ id }) => id === prod)!
  account.managedPolicies = [{ path: '/curfew/', name: 'leash-Operator', document: leash('nobody') }]
  account.roles![0]!.inlinePolicies = {
    all: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'iam:*', Resource: '*' } },
  }
  from.permissionSets.find(({ name }) => name === 'Operator')!.boundary = '/curfew/leash-Operator'
  const { aws, asMember } = await startTestAws(openJournal(), from)
  aws.portalSession({ accountId: prod, permissionSet: 'Operator', userName: 'bob' })
  const kinds = () => aws.whoCan({ actions: [readOrders] })[1]!.cells[0]!.routes.map(({ kind }) => kind)
  expect(kinds()).toEqual([])
  const { iam } = await asMember(prod)
  const PolicyArn = `arn:aws:iam::${prod}:policy/curfew/leash-Operator`
  const PolicyDocument = JSON.stringify(leash(bob))
  await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }))
  expect(kinds()).toEqual(['portal', 'session'])
})
