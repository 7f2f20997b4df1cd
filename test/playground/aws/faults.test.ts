import {
  CreatePolicyVersionCommand,
  ListUserPoliciesCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { DescribeAccountCommand } from '@aws-sdk/client-organizations'
import {
  GetPermissionsBoundaryForPermissionSetCommand,
  ListInstancesCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
} from '@aws-sdk/client-sso-admin'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { openJournal } from '../../../src/playground/journal.ts'
import { dev, instanceArn, prod, refusal, seed, setArn, startTestAws } from './support.ts'

const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
const everything = document.replace('s3:*', '*')
const put = new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'curfew-1', PolicyDocument: document })

async function startDev() {
  const world = await startTestAws()
  const { iam } = await world.asMember(dev)
  const names = () => {
    const users = world.aws.snapshot().accounts.find(({ id }) => id === dev)!.users
    return users[0]!.inlinePolicies.map(({ name }) => name)
  }
  const outcome = () => world.aws.calls().at(-1)!.outcome
  return { ...world, iam, names, outcome }
}

it('throttle and fail answer with the names each service has for it, and nothing happens', async () => {
  const { aws, clients, iam, names } = await startDev()
  const { sts, sso, organizations } = clients()
  const account = new DescribeAccountCommand({ AccountId: prod })
  const end = aws.faults.add({ match: /./, kind: 'throttle' })
  expect(await refusal(iam.send(put))).toMatchObject({ name: 'Throttling' })
  expect(await refusal(sso.send(new ListInstancesCommand({})))).toMatchObject({ name: 'ThrottlingException' })
  expect(await refusal(organizations.send(account))).toMatchObject({ name: 'TooManyRequestsException' })
  end()
  aws.faults.add({ match: /./, kind: 'fail' })
  expect(await refusal(iam.send(put))).toMatchObject({ name: 'ServiceFailureException' })
  expect(await refusal(sts.send(new GetCallerIdentityCommand({})))).toMatchObject({ name: 'InternalFailure' })
  expect(await refusal(sso.send(new ListInstancesCommand({})))).toMatchObject({ name: 'InternalServerException' })
  expect(await refusal(organizations.send(account))).toMatchObject({ name: 'ServiceException' })
  expect(names()).toEqual([])
})

it('conflict answers with a conflict', async () => {
  const { aws, clients, iam } = await startDev()
  aws.faults.add({ match: /./, kind: 'conflict' })
  expect(await refusal(iam.send(put))).toMatchObject({ Code: 'ConcurrentModification' })
  const call = clients().sso.send(new ListInstancesCommand({}))
  expect(await refusal(call)).toMatchObject({ name: 'ConflictException' })
})

it('a fault hits the operation it names, as many times as it says', async () => {
  const { aws, iam } = await startDev()
  aws.faults.add({ match: 'iam:PutUserPolicy', kind: 'throttle', times: 2 })
  await iam.send(new ListUserPoliciesCommand({ UserName: 'alice' }))
  await refusal(iam.send(put))
  expect(aws.faults.list()).toEqual([{ match: 'iam:PutUserPolicy', kind: 'throttle', times: 1 }])
  await refusal(iam.send(put))
  await iam.send(put)
  expect(aws.faults.list()).toEqual([])
})

it('a hanging call is never answered and changes nothing', async () => {
  const { aws, iam, names, outcome } = await startDev()
  aws.faults.add({ match: 'PutUserPolicy', kind: 'hang' })
  const heard = new Promise<void>(resolve => {
    aws.onCall(() => resolve())
  })
  const call = refusal(iam.send(put))
  await heard
  expect(outcome()).toBe('hang')
  expect(names()).toEqual([])
  await aws.close()
  expect((await call).name).not.toBe('')
})

it('an unheard call takes effect although its caller sees a broken connection', async () => {
  const { aws, iam, names, outcome } = await startDev()
  aws.faults.add({ match: 'PutUserPolicy', kind: 'unheard' })
  expect(await refusal(iam.send(put))).toMatchObject({ code: 'ECONNRESET' })
  expect(names()).toEqual(['curfew-1'])
  expect(outcome()).toBe('unheard: ok')
})

it('a late call takes effect after its caller saw a broken connection', async () => {
  const { aws, iam, names, outcome } = await startDev()
  aws.faults.add({ match: 'iam', kind: 'late', afterMs: 20 })
  const arrived = new Promise<void>(resolve => {
    aws.onCall(() => resolve())
  })
  expect(await refusal(iam.send(put))).toMatchObject({ code: 'ECONNRESET' })
  expect(names()).toEqual([])
  await arrived
  expect(names()).toEqual(['curfew-1'])
  expect(outcome()).toBe('late: ok')
})

it('a delayed call takes effect and is answered later', async () => {
  const { aws, iam, names, outcome } = await startDev()
  aws.faults.add({ match: 'PutUserPolicy', kind: 'delay', afterMs: 50 })
  const call = iam.send(put)
  const first = await Promise.race([call, new Promise(resolve => setTimeout(resolve, 10, 'nothing yet'))])
  expect(first).toBe('nothing yet')
  expect(names()).toEqual([])
  await call
  expect(names()).toEqual(['curfew-1'])
  expect(outcome()).toBe('delay: ok')
})

describe('changes of roles, policies and permission sets', () => {
  const PolicyArn = `arn:aws:iam::${dev}:policy/curfew/leash`
  const boundary = { CustomerManagedPolicyReference: { Path: '/curfew/', Name: 'leash' } }
  type World = Awaited<ReturnType<typeof startRoles>>

  async function startRoles() {
    const from = structuredClone(seed)
    const account = from.accounts.find(({ id }) => id === dev)!
    account.managedPolicies = [{ path: '/curfew/', name: 'leash', document: JSON.parse(document) }]
    account.roles!.push({ ...account.roles![0]!, name: 'Dev', inlinePolicies: {} })
    for (const { roles = [] } of from.accounts)
      for (const role of roles) if (role.name !== 'Dev') role.inlinePolicies = { all: JSON.parse(everything) }
    const world = await startTestAws(openJournal(), from)
    const { iam } = await world.asMember(dev)
    const inDev = () => world.aws.snapshot().accounts.find(({ id }) => id === dev)!
    return { ...world, iam, sso: world.clients().sso, inDev }
  }

  it.each<[string, (world: World) => Promise<unknown>, (world: World) => Promise<unknown>, unknown, unknown]>([
    [
      'iam:PutRolePolicy',
      ({ iam }) =>
        iam.send(new PutRolePolicyCommand({ RoleName: 'Dev', PolicyName: 'curfew-1', PolicyDocument: document })),
      async ({ inDev }) => inDev().roles.find(({ name }) => name === 'Dev')!.inlinePolicies.length,
      0,
      1,
    ],
    [
      'iam:CreatePolicyVersion',
      ({ iam }) =>
        iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: document, SetAsDefault: true })),
      async ({ inDev }) => inDev().policies[0]!.defaultVersionId,
      'v1',
      'v2',
    ],
    [
      'sso:PutPermissionsBoundaryToPermissionSet',
      ({ aws, sso }) =>
        sso.send(
          new PutPermissionsBoundaryToPermissionSetCommand({
            ...{ InstanceArn: instanceArn, PermissionSetArn: setArn(aws, 'Operator') },
            PermissionsBoundary: boundary,
          }),
        ),
      async ({ aws, sso }) => {
        const set = { InstanceArn: instanceArn, PermissionSetArn: setArn(aws, 'Operator') }
        const told = sso.send(new GetPermissionsBoundaryForPermissionSetCommand(set))
        return told.then(({ PermissionsBoundary }) => PermissionsBoundary).catch(({ name }) => name)
      },
      'ResourceNotFoundException',
      boundary,
    ],
  ])('%s is throttled without effect, and takes effect unheard', async (match, change, look, before, after) => {
    const world = await startRoles()
    world.aws.faults.add({ match, kind: 'throttle', times: 1 })
    expect((await refusal(change(world))).name).toMatch(/^Throttling/)
    expect(await look(world)).toEqual(before)
    world.aws.faults.add({ match, kind: 'unheard', times: 1 })
    await refusal(change(world))
    expect(world.aws.calls().at(-1)).toMatchObject({ operation: match.split(':')[1], outcome: 'unheard: ok' })
    expect(await look(world)).toEqual(after)
  })
})
