import type { SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { expect, test } from 'vitest'
import { createAssignments } from '../../../src/adapters/aws/assignments.ts'
import type { Assignment } from '../../../src/app/ports.ts'
import { aCatalogue } from '../../support/builders.ts'
import { closed, dev, doubleOf, faultIn, maySend, prod, startAws } from './support.ts'

async function startCenter() {
  const started = await startAws()
  const { permissionSets, identityCenterUsers } = started.aws.snapshot()
  const setArn = (set: string) => permissionSets.find(({ name }) => name === set)!.arn
  const userId = (user: string) => identityCenterUsers.find(({ userName }) => userName === user)!.userId
  const of = (user: string, set = 'Curfew-ReadOnly', accountId = prod) => ({
    accountId,
    permissionSetArn: setArn(set),
    principalId: userId(user),
  })
  /** Lets AWS finish what it is working on. */
  const finish = () => started.world.advance(60_000)
  return { ...started, of, finish }
}

test('an assignment is created and removed, and held only while AWS has it', async () => {
  const { assignments, of, finish } = await startCenter()
  const alice = of('alice')
  const creation = await assignments.create(alice, maySend)
  expect(creation).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), state: 'working' })
  expect(await assignments.held(alice)).toBeUndefined()
  finish()
  expect(await assignments.operation('create', creation.id)).toEqual({ id: creation.id, state: 'succeeded' })
  expect(await assignments.held(alice)).toBe('direct')
  const deletion = await assignments.remove(alice, maySend)
  expect(await assignments.operation('remove', deletion.id)).toMatchObject({ state: 'working' })
  finish()
  expect(await assignments.operation('remove', deletion.id)).toMatchObject({ state: 'succeeded' })
  expect(await assignments.held(alice)).toBeUndefined()
})

test('what a person has through a group is told apart, and their own assignment comes first', async () => {
  const { assignments, of, finish } = await startCenter()
  expect(await assignments.held(of('bob', 'Operator'))).toBe('group')
  expect(await assignments.held(of('alice', 'Operator'))).toBeUndefined()
  expect(await assignments.held(of('bob', 'Operator', dev))).toBeUndefined()
  await assignments.create(of('bob', 'Operator'), maySend)
  finish()
  expect(await assignments.held(of('bob', 'Operator'))).toBe('direct')
})

test('an operation that failed gives the reason of AWS', async () => {
  const { assignments, of, finish } = await startCenter()
  const { id } = await assignments.create(of('alice', 'Operator', closed), maySend)
  finish()
  expect(await assignments.operation('create', id)).toEqual({
    id,
    state: 'failed',
    reason: 'Received a 400 status error: Account 333333333333 is not active.',
  })
})

test('an operation whose id was lost is found by what it is about', async () => {
  const { aws, assignments, of, finish } = await startCenter()
  aws.faults.add({ match: 'CreateAccountAssignment', kind: 'unheard', times: 1 })
  expect(await faultIn(assignments.create(of('alice'), maySend))).toMatchObject({ code: 'no_answer', answered: false })
  await assignments.create(of('bob', 'Operator'), maySend)
  const found = await assignments.operationInProgress(of('alice'))
  expect(found).toMatchObject({ kind: 'create' })
  expect(await assignments.operationInProgress(of('bob'))).toBeUndefined()
  finish()
  expect(await assignments.operation('create', found!.id)).toMatchObject({ state: 'succeeded' })
  expect(await assignments.operationInProgress(of('alice'))).toBeUndefined()
})

test('a removal in progress is found as one', async () => {
  const { assignments, of, finish } = await startCenter()
  await assignments.create(of('alice'), maySend)
  finish()
  const { id } = await assignments.remove(of('alice'), maySend)
  expect(await assignments.operationInProgress(of('alice'))).toEqual({ kind: 'remove', id })
})

test('removing what AWS does not know is done as far as the call can tell', async () => {
  const { assignments, of } = await startCenter()
  const permissionSetArn = 'arn:aws:sso:::permissionSet/ssoins-1/ps-0000000000000000'
  expect(await assignments.remove({ ...of('alice'), permissionSetArn }, maySend)).toEqual({
    id: '',
    state: 'succeeded',
    reason: 'AWS knows no such assignment.',
  })
})

test('an unknown permission set is no proof that nobody holds it', async () => {
  const { assignments, of } = await startCenter()
  const permissionSetArn = 'arn:aws:sso:::permissionSet/ssoins-1/ps-0000000000000000'
  expect((await faultIn(assignments.held({ ...of('alice'), permissionSetArn }))).code).toBe('not_found')
})

test('whether a removal is confirmed is told by the assignments alone, while nobody can be looked up', async () => {
  const { aws, assignments, of, finish, newCalls } = await startCenter()
  await assignments.create(of('alice', 'Operator'), maySend)
  expect(await assignments.listed(of('alice', 'Operator'))).toBe(false)
  finish()
  aws.faults.add({ match: 'identitystore', kind: 'fail' })
  newCalls()
  expect(await assignments.listed(of('alice', 'Operator'))).toBe(true)
  expect(await assignments.listed(of('bob', 'Operator'))).toBe(false)
  expect(new Set(newCalls())).toEqual(new Set(['ListAccountAssignments']))
})

test('nobody is listed for a permission set that was deleted', async () => {
  const { assignments, of, newCalls } = await startCenter()
  const permissionSetArn = 'arn:aws:sso:::permissionSet/ssoins-1/ps-0000000000000000'
  newCalls()
  expect(await assignments.listed({ ...of('alice'), permissionSetArn })).toBe(false)
  expect(newCalls()).toEqual(['ListAccountAssignments', 'DescribePermissionSet'])
})

test('an account that AWS does not know, or another Identity Center, is no proof that nobody is listed', async () => {
  const { assignments, of } = await startCenter()
  const permissionSetArn = 'arn:aws:sso:::permissionSet/ssoins-2/ps-0000000000000000'
  expect((await faultIn(assignments.listed({ ...of('alice'), permissionSetArn }))).code).toBe('not_found')
  expect((await faultIn(gone(of('alice'), { DescribePermissionSet: {} }))).code).toBe('not_found')
  expect(await gone(of('alice'), {})).toBe(false)
})

/** Whether somebody is listed where AWS finds nothing of what it is asked but these answers. */
async function gone(assignment: Assignment, answers: Record<string, object>): Promise<boolean> {
  const ssoAdmin = doubleOf<SSOAdminClient>(({ operation }) => {
    const answer = answers[operation]
    if (answer) return answer
    throw Object.assign(new Error('not found'), {
      name: 'ResourceNotFoundException',
      $metadata: { httpStatusCode: 400 },
    })
  })
  const { identityCenter } = aCatalogue().aws
  return createAssignments({ ssoAdmin, identityStore: doubleOf(() => ({})), identityCenter }).listed(assignment)
}

test('an operation AWS has forgotten is not found', async () => {
  const { assignments } = await startCenter()
  const call = assignments.operation('create', '00000000-0000-4000-a000-000000000000')
  expect((await faultIn(call)).code).toBe('not_found')
})

test('a second change of the same assignment meanwhile is a conflict to be tried again', async () => {
  const { assignments, of } = await startCenter()
  await assignments.create(of('alice'), maySend)
  expect(await faultIn(assignments.remove(of('alice'), maySend))).toMatchObject({
    code: 'conflict',
    retryable: true,
    answered: true,
  })
})

test.each([
  ['throttle', 'throttled', true],
  ['fail', 'aws_unavailable', false],
] as const)('after %s a creation ends as %s', async (kind, code, answered) => {
  const { aws, assignments, of, newCalls } = await startCenter()
  aws.faults.add({ match: 'CreateAccountAssignment', kind, times: 1 })
  expect(await faultIn(assignments.create(of('alice'), maySend))).toMatchObject({ code, retryable: true, answered })
  expect(newCalls()).toEqual(['CreateAccountAssignment'])
})

test('a worker that lost its claim changes nothing', async () => {
  const { assignments, of, newCalls } = await startCenter()
  const lost = () => false
  expect((await faultIn(assignments.create(of('alice'), lost))).code).toBe('claim_lost')
  expect((await faultIn(assignments.remove(of('alice'), lost))).code).toBe('claim_lost')
  expect(newCalls()).toEqual([])
})

test('assignments are changed with the credentials of the bot itself', async () => {
  const { aws, assignments, of } = await startCenter()
  await assignments.create(of('alice'), maySend)
  const call = aws.calls().find(({ operation }) => operation === 'CreateAccountAssignment')
  expect(call?.caller).toBe('arn:aws:sts::000000000000:assumed-role/curfew-bot/workload')
})

test('without an Identity Center in the catalogue every question is a fault', async () => {
  const { identityCenter: _, ...aws } = aCatalogue().aws
  const { assignments } = await startAws({ catalogue: aCatalogue({ aws }) })
  const fault = await faultIn(assignments.findUser({ email: 'alice@example.com' }))
  expect(fault).toMatchObject({ code: 'no_identity_center', retryable: false, answered: true })
})
