import type { IAMClient } from '@aws-sdk/client-iam'
import { expect, test } from 'vitest'
import { createInlinePolicies } from '../../../src/adapters/aws/inline-policies.ts'
import { renderInlinePolicy } from '../../../src/core/inline-policy.ts'
import { anId, at } from '../../support/builders.ts'
import { dev, devTrust, doubleOf, faultIn, maySend, startAws } from './support.ts'

const target = { accountId: dev, principal: 'user', name: 'Alice', policyName: 'curfew-req_1' } as const
const statements = [{ actions: ['s3:GetObject'], resources: ["arn:aws:s3:::bucket/it's (100%)/*"] }]
const document = renderInlinePolicy({ statements }, at('10:00'), at('11:00'))

test('a user is found with the name and the id that AWS has stored', async () => {
  const { inlinePolicies } = await startAws()
  expect(await inlinePolicies.findUser(dev, 'Alice')).toEqual({
    userName: 'Alice',
    userId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    arn: 'arn:aws:iam::222222222222:user/staff/Alice',
  })
  expect(await inlinePolicies.findUser(dev, 'nobody')).toBeUndefined()
})

test('a role is found with what decides about it', async () => {
  const { inlinePolicies } = await startAws()
  const role = await inlinePolicies.findRole(dev, 'Dev')
  expect(role).toEqual({
    roleName: 'Dev',
    roleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
    arn: 'arn:aws:iam::222222222222:role/team/Dev',
    sessionMinutes: 120,
    trust: expect.any(String),
  })
  expect(JSON.parse(role?.trust ?? '')).toEqual(devTrust)
  expect(await inlinePolicies.findRole(dev, 'nobody')).toBeUndefined()
})

test('a policy on a role is put, read, counted and removed like one on a user', async () => {
  const { inlinePolicies } = await startAws()
  const onRole = { ...target, principal: 'role', name: 'Dev' } as const
  const before = await inlinePolicies.usedCharacters(onRole)
  await inlinePolicies.put(onRole, document, anId(1), maySend)
  expect(await inlinePolicies.read(onRole)).toBe(JSON.stringify(document))
  expect(await inlinePolicies.read(target)).toBeUndefined()
  expect(await inlinePolicies.usedCharacters(onRole)).toBeGreaterThan(before)
  await inlinePolicies.remove(onRole, anId(1), maySend)
  expect(await inlinePolicies.read(onRole)).toBeUndefined()
  await inlinePolicies.remove(onRole, anId(1), maySend)
  await inlinePolicies.remove({ ...onRole, name: 'gone' }, anId(1), maySend)
})

test('a permissions boundary is told with the user', async () => {
  const { inlinePolicies } = await startAws()
  expect(await inlinePolicies.findUser(dev, 'bob')).toMatchObject({
    boundaryArn: 'arn:aws:iam::222222222222:policy/curfew/ceiling',
  })
})

test('whose credentials these are is asked once, and again only where there was no answer', async () => {
  let asked = 0
  const { ownArn } = createInlinePolicies(
    () => Promise.reject(new Error('not used')),
    async () => {
      asked += 1
      if (asked === 1) throw new Error('no answer')
      return 'arn:aws:sts::000000000000:assumed-role/curfew-bot/worker'
    },
  )
  await expect(ownArn()).rejects.toThrow('no answer')
  expect(await ownArn()).toBe('arn:aws:sts::000000000000:assumed-role/curfew-bot/worker')
  await ownArn()
  expect(asked).toBe(2)
})

test('a policy that was put is read back as it was written', async () => {
  const { inlinePolicies } = await startAws()
  expect(await inlinePolicies.read(target)).toBeUndefined()
  await inlinePolicies.put(target, document, anId(1), maySend)
  expect(await inlinePolicies.read(target)).toBe(
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],' +
      '"Resource":["arn:aws:s3:::bucket/it\'s (100%)/*"],"Condition":{' +
      '"DateGreaterThanEquals":{"aws:CurrentTime":"2026-11-21T10:00:00Z"},' +
      '"DateLessThan":{"aws:CurrentTime":"2026-11-21T11:00:00Z"}}}]}',
  )
})

test('putting twice leaves one policy', async () => {
  const { aws, inlinePolicies } = await startAws()
  await inlinePolicies.put(target, document, anId(1), maySend)
  await inlinePolicies.put(target, document, anId(1), maySend)
  const user = aws
    .snapshot()
    .accounts.find(({ id }) => id === dev)
    ?.users.find(({ name }) => name === 'Alice')
  expect(user?.inlinePolicies.map(({ name }) => name).sort()).toEqual(['curfew-req_1', 'own'])
})

test('removing takes away this policy only, and what is absent already is fine', async () => {
  const { inlinePolicies } = await startAws()
  await inlinePolicies.put(target, document, anId(1), maySend)
  await inlinePolicies.remove(target, anId(1), maySend)
  await inlinePolicies.remove(target, anId(1), maySend)
  expect(await inlinePolicies.read(target)).toBeUndefined()
  expect(await inlinePolicies.read({ ...target, policyName: 'own' })).toContain('s3:GetObject')
})

test('removing from a user who is gone is fine', async () => {
  const { inlinePolicies } = await startAws()
  await inlinePolicies.remove({ ...target, name: 'gone' }, anId(1), maySend)
  expect(await inlinePolicies.read({ ...target, name: 'gone' })).toBeUndefined()
})

test('the room taken is counted over all policies without white space', async () => {
  const { inlinePolicies } = await startAws()
  // {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"*"}}
  expect(await inlinePolicies.usedCharacters(target)).toBe(96)
  await inlinePolicies.put(target, document, anId(1), maySend)
  // The resource "it's (100%)" has one blank that does not count.
  const written = (await inlinePolicies.read(target))?.length ?? 0
  expect(await inlinePolicies.usedCharacters(target)).toBe(96 + written - 1)
  expect(await inlinePolicies.usedCharacters({ ...target, name: 'bob' })).toBe(0)
})

test('a listing of several pages is read to its end', async () => {
  const asked: unknown[] = []
  const iam = doubleOf<IAMClient>(({ input }) => {
    asked.push(input)
    if ('PolicyName' in input) return { PolicyDocument: encodeURIComponent('{ "a": 1 }') }
    return 'Marker' in input && input.Marker === 'more'
      ? { PolicyNames: ['c'], IsTruncated: false }
      : { PolicyNames: ['a', 'b'], IsTruncated: true, Marker: 'more' }
  })
  const inlinePolicies = createInlinePolicies(
    (_errand, _deadline, work) => work(iam),
    async () => '',
  )
  expect(await inlinePolicies.usedCharacters({ ...target, name: 'bob' })).toBe(3 * 7)
  expect(asked).toHaveLength(5)
})

test('too big for the user is a no with the reason', async () => {
  const { inlinePolicies } = await startAws()
  const long = [{ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::${'x'.repeat(2000)}`] }]
  const call = inlinePolicies.put(
    target,
    renderInlinePolicy({ statements: long }, at('10:00'), at('11:00')),
    anId(1),
    maySend,
  )
  expect(await faultIn(call)).toMatchObject({
    code: 'limit_exceeded',
    retryable: false,
    answered: true,
    message: 'PutUserPolicy: Maximum policy size of 2048 bytes exceeded for user Alice',
  })
})

test('a document AWS cannot read is rejected', async () => {
  const { inlinePolicies } = await startAws()
  const malformed = { ...document, Statement: [] }
  const fault = await faultIn(inlinePolicies.put(target, malformed, anId(1), maySend))
  expect(fault).toMatchObject({ code: 'rejected', retryable: false, answered: true })
})

test('an unheard put may have happened, and says so', async () => {
  const { aws, inlinePolicies } = await startAws()
  aws.faults.add({ match: 'PutUserPolicy', kind: 'unheard', times: 1 })
  const fault = await faultIn(inlinePolicies.put(target, document, anId(1), maySend))
  expect(fault).toMatchObject({ code: 'no_answer', retryable: true, answered: false })
  expect(await inlinePolicies.read(target)).toContain('s3:GetObject')
})

test('a worker that lost its claim changes nothing', async () => {
  const { inlinePolicies, newCalls } = await startAws()
  const lost = () => false
  expect((await faultIn(inlinePolicies.put(target, document, anId(1), lost))).code).toBe('claim_lost')
  expect((await faultIn(inlinePolicies.remove(target, anId(1), lost))).code).toBe('claim_lost')
  expect(newCalls()).toEqual(['AssumeRole'])
})
