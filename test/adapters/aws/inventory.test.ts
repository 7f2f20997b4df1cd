import type { IAMClient } from '@aws-sdk/client-iam'
import type { IdentitystoreClient } from '@aws-sdk/client-identitystore'
import type { SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { expect, test } from 'vitest'
import { createClients } from '../../../src/adapters/aws/clients.ts'
import { createInventory } from '../../../src/adapters/aws/inventory.ts'
import { createMemberSessions } from '../../../src/adapters/aws/member-sessions.ts'
import { renderInlinePolicy } from '../../../src/core/inline-policy.ts'
import { aCatalogue, anId, at } from '../../support/builders.ts'
import { closed, dev, doubleOf, faultIn, maySend, prod, startAws } from './support.ts'

const { identityCenter } = aCatalogue().aws

/** The inventory of a simulated AWS, which waits for nothing and keeps how long it would have waited. */
async function startInventory() {
  const world = await startAws()
  const clients = createClients({ identityCenter })
  const pauses: number[] = []
  const inventory = createInventory({
    ...clients,
    asMember: createMemberSessions({ clients, clock: world.clock, memberRole: 'curfew-member' }),
    identityCenter,
    clock: { after: async milliseconds => void pauses.push(milliseconds) },
  })
  world.newCalls()
  return { ...world, inventory, pauses }
}

test('the policies that bear our name are found on every user and role, and no others', async () => {
  const { inventory, inlinePolicies, aws, newCalls, pauses } = await startInventory()
  const document = renderInlinePolicy(
    { statements: [{ actions: ['s3:Get*'], resources: ['*'] }] },
    at('10:00'),
    at('11:00'),
  )
  const target = {
    accountId: dev,
    principal: 'user',
    name: 'bob',
    policyName: 'curfew-req_00000000000000000007',
  } as const
  await inlinePolicies.put(target, document, anId(7), maySend)
  const onRole = { ...target, principal: 'role', name: 'Dev', policyName: 'curfew-req_00000000000000000008' } as const
  await inlinePolicies.put(onRole, document, anId(8), maySend)
  newCalls()
  expect(await inventory.listOwnPolicies(dev)).toEqual([target, onRole])
  const users = ['ListUsers', 'ListUserPolicies', 'ListUserPolicies']
  expect(newCalls()).toEqual(['AssumeRole', ...users, 'ListRoles', 'ListRolePolicies', 'ListRolePolicies'])
  expect(pauses).toEqual([250, 250, 250, 250, 250, 250])
  expect(aws.calls().at(-1)?.caller).toBe('arn:aws:sts::222222222222:assumed-role/curfew-member/curfew-reconcile')
})

test('users, roles and policies on later pages are found, without those that AWS manages or that are gone by then', async () => {
  const iam = doubleOf<IAMClient>(({ operation, input }) => {
    if (operation === 'ListUsers') {
      return input['Marker'] === 'more'
        ? { Users: [{ UserName: 'b' }, { UserName: 'gone' }], IsTruncated: false }
        : { Users: [{ UserName: 'a' }], IsTruncated: true, Marker: 'more' }
    }
    if (operation === 'ListRoles') {
      return input['Marker'] === 'more'
        ? { Roles: [{ Path: '/aws-service-role/x/', RoleName: 'AWSServiceRoleForX' }], IsTruncated: false }
        : {
            Roles: [
              { Path: '/team/', RoleName: 'Dev' },
              { Path: '/aws-reserved/sso.amazonaws.com/', RoleName: 'AWSReservedSSO_A_1' },
            ],
            IsTruncated: true,
            Marker: 'more',
          }
    }
    if (input['UserName'] === 'gone') throw Object.assign(new Error('none'), { name: 'NoSuchEntityException' })
    return input['Marker'] === 'next'
      ? { PolicyNames: ['curfew-req_2'], IsTruncated: false }
      : { PolicyNames: ['curfew-req_1', 'own'], IsTruncated: true, Marker: 'next' }
  })
  const inventory = createInventory({
    ssoAdmin: doubleOf<SSOAdminClient>(() => ({})),
    identityStore: doubleOf<IdentitystoreClient>(() => ({})),
    asMember: (_errand, _deadline, work) => work(iam),
    identityCenter,
    clock: { after: async () => {} },
  })
  const found = await inventory.listOwnPolicies(dev)
  expect(found.map(({ name, policyName }) => `${name} ${policyName}`)).toEqual([
    'a curfew-req_1',
    'a curfew-req_2',
    'b curfew-req_1',
    'b curfew-req_2',
    'Dev curfew-req_1',
    'Dev curfew-req_2',
  ])
})

test('permission sets are found by name, and an unknown one is left out', async () => {
  const { inventory } = await startInventory()
  const found = await inventory.findPermissionSets(['Operator', 'None'])
  expect([...found.keys()]).toEqual(['Operator'])
  expect(found.get('Operator')).toMatch(/^arn:aws:sso:::permissionSet\/ssoins-1\/ps-/)
})

test('looking for permission sets ends when all are found', async () => {
  const { inventory, newCalls } = await startInventory()
  await inventory.findPermissionSets(['Curfew-ReadOnly'])
  expect(newCalls()).toEqual(['ListPermissionSets', 'DescribePermissionSet'])
})

test('people and groups that have members are listed with the names the directory has for them', async () => {
  const { inventory, assignments, world, pauses } = await startInventory()
  const operator = (await inventory.findPermissionSets(['Operator'])).get('Operator') ?? ''
  const alice = await assignments.findUser({ userName: 'alice' })
  const principalId = alice?.principalId ?? ''
  await assignments.create({ accountId: prod, permissionSetArn: operator, principalId }, maySend)
  world.advance(5000)
  pauses.length = 0
  const listed = await inventory.listAssignments(prod, operator)
  expect(listed.map(({ principalType, name }) => [principalType, name])).toEqual([
    ['GROUP', 'operators'],
    ['USER', 'alice'],
  ])
  expect(listed[1]?.principalId).toBe(principalId)
  expect(pauses).toEqual([250, 250, 250, 250, 250])
})

test('somebody whom the directory no longer knows has no name', async () => {
  const principalId = '00000000-0000-4000-a000-000000000000'
  const inventory = createInventory({
    ssoAdmin: doubleOf<SSOAdminClient>(() => ({
      AccountAssignments: [{ PrincipalType: 'USER', PrincipalId: principalId }],
    })),
    identityStore: doubleOf<IdentitystoreClient>(() => {
      throw Object.assign(new Error('USER not found.'), { name: 'ResourceNotFoundException' })
    }),
    asMember: () => Promise.reject(new Error('not asked')),
    identityCenter,
    clock: { after: async () => {} },
  })
  expect(await inventory.listAssignments(prod, 'arn')).toEqual([{ principalType: 'USER', principalId }])
})

test('an account without the member role is a fault', async () => {
  const { inventory } = await startInventory()
  expect(await faultIn(inventory.listOwnPolicies(closed))).toMatchObject({ code: 'access_denied', retryable: false })
})
