import type { IAMClient } from '@aws-sdk/client-iam'
import { expect, test } from 'vitest'
import { sessionPolicyFor } from '../../../src/adapters/aws/errands.ts'
import { createLeashes } from '../../../src/adapters/aws/leashes.ts'
import { renderLeash } from '../../../src/core/leash.ts'
import { at } from '../../support/builders.ts'
import { doubleOf, faultIn, maySend, prod, startAws } from './support.ts'

const permissionSetArn = 'arn:aws:sso:::permissionSet/ssoins-1/ps-2'
const leash = { accountId: prod, permissionSet: 'Operator', permissionSetArn }
const other = { ...leash, permissionSet: 'Curfew-ReadOnly' }
const alice = { principalId: 'user-alice', until: at('11:00') }

test('a leash is read as it is in force, and a set without one has none', async () => {
  const { leashes } = await startAws()
  expect(await leashes.read(leash)).toBe(
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["*"],"Resource":"*"}}',
  )
  expect(await leashes.read(other)).toBeUndefined()
})

test('what was published is in force at once', async () => {
  const { leashes } = await startAws()
  await leashes.publish(leash, renderLeash([alice], 1), maySend)
  expect(await leashes.read(leash)).toBe(JSON.stringify(renderLeash([alice], 1)))
})

test('of five versions the oldest goes, and never the one in force', async () => {
  const { aws, leashes, newCalls } = await startAws()
  for (let generation = 1; generation <= 12; generation++)
    await leashes.publish(leash, renderLeash([alice], generation), maySend)
  expect(await leashes.read(leash)).toContain('Generation12')
  const policy = aws
    .snapshot()
    .accounts.find(({ id }) => id === prod)
    ?.policies.find(({ name }) => name === 'leash-Operator')
  expect(policy).toMatchObject({ versionIds: ['v9', 'v10', 'v11', 'v12', 'v13'], defaultVersionId: 'v13' })
  expect(newCalls().filter(operation => operation === 'CreatePolicyVersion')).toHaveLength(12)
})

test('a worker that lost its claim publishes nothing', async () => {
  const { leashes } = await startAws()
  const before = await leashes.read(leash)
  const fault = await faultIn(leashes.publish(leash, renderLeash([alice], 1), () => false))
  expect(fault).toMatchObject({ code: 'claim_lost', answered: true })
  expect(await leashes.read(leash)).toBe(before)
})

test('an account without the policy says so, and nothing else is written', async () => {
  const { leashes } = await startAws()
  const fault = await faultIn(leashes.publish(other, renderLeash([alice], 1), maySend))
  expect(fault).toMatchObject({ code: 'not_found', retryable: false, answered: true })
})

test('the role of a set is found with its boundary while somebody or the anchor group is assigned', async () => {
  const { leashes } = await startAws()
  expect(await leashes.role(leash)).toEqual({
    arn: expect.stringMatching(
      /^arn:aws:iam::111111111111:role\/aws-reserved\/sso\.amazonaws\.com\/(ap-northeast-1\/)?AWSReservedSSO_Operator_[0-9a-f]{16}$/,
    ),
    boundaryArn: 'arn:aws:iam::111111111111:policy/curfew/leash-Operator',
  })
  expect(await leashes.role(other)).toBeUndefined()
})

test('a set whose name begins another set’s name is not mistaken for it', async () => {
  const names = ['AWSReservedSSO_Operator_Night_0123456789abcdef', 'AWSReservedSSO_Operator_fedcba9876543210']
  const asked: unknown[] = []
  const iam = doubleOf<IAMClient>(({ operation, input }) => {
    if (operation === 'ListRoles') {
      const isSecond = input['Marker'] === 'more'
      return isSecond
        ? { Roles: [{ RoleName: names[1] }], IsTruncated: false }
        : { Roles: [{ RoleName: names[0] }], IsTruncated: true, Marker: 'more' }
    }
    asked.push(input['RoleName'])
    return { Role: { Arn: 'arn:aws:iam::111111111111:role/x' } }
  })
  expect(await createLeashes((_errand, _deadline, work) => work(iam)).role(leash)).toEqual({
    arn: 'arn:aws:iam::111111111111:role/x',
  })
  expect(asked).toEqual([names[1]])
})

test('a session for a leash reaches that one policy, and a session that reads publishes nothing', () => {
  const errand = { leash: { accountId: prod, permissionSet: 'Operator' } }
  expect(JSON.parse(sessionPolicyFor(errand)).Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ['iam:GetPolicy', 'iam:GetPolicyVersion'],
      Resource: 'arn:aws:iam::111111111111:policy/curfew/leash-Operator',
    },
    {
      Effect: 'Allow',
      Action: ['iam:GetRole'],
      Resource: 'arn:aws:iam::111111111111:role/aws-reserved/sso.amazonaws.com/*',
    },
    { Effect: 'Allow', Action: ['iam:ListRoles'], Resource: '*' },
  ])
  expect(JSON.parse(sessionPolicyFor({ ...errand, publish: true })).Statement).toEqual([
    {
      Effect: 'Allow',
      Action: ['iam:ListPolicyVersions', 'iam:CreatePolicyVersion', 'iam:DeletePolicyVersion'],
      Resource: 'arn:aws:iam::111111111111:policy/curfew/leash-Operator',
    },
  ])
})
