import type { IdentitystoreClient } from '@aws-sdk/client-identitystore'
import { expect, test } from 'vitest'
import { findUser, isInAnyGroup } from '../../../src/adapters/aws/identity-center-users.ts'
import { startDeadline } from '../../../src/adapters/aws/send.ts'
import { doubleOf, startAws } from './support.ts'

const deadline = startDeadline(600)

test('a person is found by address or by user name, letter case aside', async () => {
  const { aws, assignments } = await startAws()
  const { userId } = aws.snapshot().identityCenterUsers.find(({ userName }) => userName === 'alice')!
  const alice = { principalId: userId, userName: 'alice', enabled: true }
  expect(await assignments.findUser({ email: 'Alice@Example.com' })).toEqual(alice)
  expect(await assignments.findUser({ userName: 'alice' })).toEqual(alice)
})

test('nobody is found under an unknown address', async () => {
  const { assignments } = await startAws()
  expect(await assignments.findUser({ email: 'nobody@example.com' })).toBeUndefined()
})

test('a disabled person is found and said to be disabled', async () => {
  const { assignments } = await startAws()
  expect(await assignments.findUser({ email: 'dora@example.com' })).toMatchObject({ userName: 'dora', enabled: false })
})

function directoryOf(user: object) {
  const identityStore = doubleOf<IdentitystoreClient>(({ operation }) =>
    operation === 'GetUserId' ? { UserId: 'u-1' } : { UserId: 'u-1', UserName: 'alice', ...user },
  )
  return { identityStore, identityStoreId: 'd-1', deadline }
}

test('a person of unknown status counts as disabled', async () => {
  const directory = directoryOf({ Emails: [{ Value: 'alice@example.com' }] })
  expect(await findUser(directory, { email: 'alice@example.com' })).toMatchObject({ enabled: false })
})

test('a person found under an address that is not theirs is nobody', async () => {
  const directory = directoryOf({ Emails: [{ Value: 'alice@example.org' }], UserStatus: 'ENABLED' })
  expect(await findUser(directory, { email: 'alice@example.com' })).toBeUndefined()
})

function groupsOf({ memberOf = '', gone = [] as string[] }) {
  const batches: number[] = []
  const identityStore = doubleOf<IdentitystoreClient>(({ input }) => {
    const ids = input['GroupIds'] as string[]
    batches.push(ids.length)
    if (ids.some(id => gone.includes(id))) {
      throw Object.assign(new Error('GROUP not found.'), { name: 'ResourceNotFoundException' })
    }
    return { Results: ids.map(GroupId => ({ GroupId, MembershipExists: GroupId === memberOf })) }
  })
  return { batches, directory: { identityStore, identityStoreId: 'd-1', deadline } }
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `g${n}`)

test('groups are asked about by the hundred', async () => {
  const { batches, directory } = groupsOf({ memberOf: 'g204' })
  expect(await isInAnyGroup(directory, 'u-1', numbered(205))).toBe(true)
  expect(batches).toEqual([100, 100, 5])
})

test('without groups nothing is asked', async () => {
  const { batches, directory } = groupsOf({})
  expect(await isInAnyGroup(directory, 'u-1', [])).toBe(false)
  expect(batches).toEqual([])
})

test('a deleted group that still has an assignment hides no other group', async () => {
  const { directory } = groupsOf({ memberOf: 'g2', gone: ['g0'] })
  expect(await isInAnyGroup(directory, 'u-1', ['g0', 'g1', 'g2'])).toBe(true)
  expect(await isInAnyGroup(directory, 'u-1', ['g0', 'g1'])).toBe(false)
})

test('a person who is gone from the directory is in no group', async () => {
  const { aws, assignments } = await startAws()
  const { arn } = aws.snapshot().permissionSets.find(({ name }) => name === 'Operator')!
  const gone = { accountId: '111111111111', permissionSetArn: arn, principalId: '00000000-0000-4000-a000-000000000000' }
  expect(await assignments.held(gone)).toBeUndefined()
})
