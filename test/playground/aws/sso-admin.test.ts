import { GetRoleCommand } from '@aws-sdk/client-iam'
import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribePermissionSetCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentsCommand,
  ListInstancesCommand,
  ListPermissionSetsCommand,
} from '@aws-sdk/client-sso-admin'
import { describe, expect, it } from 'vitest'
import {
  closed,
  dev,
  directoryId,
  identityStoreId,
  instanceArn,
  management,
  prod,
  refusal,
  setArn,
  startTestAws,
} from './support.ts'

const InstanceArn = instanceArn

async function startWithSet() {
  const world = await startTestAws()
  const PermissionSetArn = setArn(world.aws, 'Curfew-ReadOnly')
  const { sso } = world.clients()
  const target = (more: object = {}) => ({
    InstanceArn,
    TargetId: prod,
    TargetType: 'AWS_ACCOUNT' as const,
    PermissionSetArn,
    PrincipalType: 'USER' as const,
    PrincipalId: directoryId(world.aws, 'alice'),
    ...more,
  })
  return {
    ...world,
    sso,
    PermissionSetArn,
    create: async (more?: object) =>
      (await sso.send(new CreateAccountAssignmentCommand(target(more)))).AccountAssignmentCreationStatus!,
    remove: async (more?: object) =>
      (await sso.send(new DeleteAccountAssignmentCommand(target(more)))).AccountAssignmentDeletionStatus!,
    created: async (AccountAssignmentCreationRequestId: string) =>
      (
        await sso.send(
          new DescribeAccountAssignmentCreationStatusCommand({ InstanceArn, AccountAssignmentCreationRequestId }),
        )
      ).AccountAssignmentCreationStatus!,
    removed: async (AccountAssignmentDeletionRequestId: string) =>
      (
        await sso.send(
          new DescribeAccountAssignmentDeletionStatusCommand({ InstanceArn, AccountAssignmentDeletionRequestId }),
        )
      ).AccountAssignmentDeletionStatus!,
    holders: async (AccountId = prod) =>
      (
        await sso.send(new ListAccountAssignmentsCommand({ InstanceArn, AccountId, PermissionSetArn }))
      ).AccountAssignments!.map(one => `${one.PrincipalType} ${one.PrincipalId}`),
  }
}

describe('instances and permission sets', () => {
  it('ListInstances names the instance, its store and its owner', async () => {
    const { sso } = (await startTestAws()).clients()
    const { Instances } = await sso.send(new ListInstancesCommand({}))
    expect(Instances).toMatchObject([{ InstanceArn, IdentityStoreId: identityStoreId, OwnerAccountId: management }])
  })

  it('ListPermissionSets pages by MaxResults and NextToken', async () => {
    const { aws, clients } = await startTestAws()
    const { sso } = clients()
    const list = (NextToken?: string) =>
      sso.send(new ListPermissionSetsCommand({ InstanceArn, MaxResults: 2, ...(NextToken ? { NextToken } : {}) }))
    const first = await list()
    const second = await list(first.NextToken)
    expect(first.PermissionSets).toEqual([setArn(aws, 'Curfew-ReadOnly'), setArn(aws, 'Operator')])
    expect(second.PermissionSets).toEqual([setArn(aws, 'Billing')])
    expect(second.NextToken).toBeUndefined()
    expect(await refusal(list('bogus'))).toMatchObject({ name: 'ValidationException' })
    const tooMany = sso.send(new ListPermissionSetsCommand({ InstanceArn, MaxResults: 101 }))
    expect(await refusal(tooMany)).toMatchObject({ name: 'ValidationException' })
    const elsewhere = sso.send(new ListInstancesCommand({ NextToken: first.NextToken! }))
    expect(await refusal(elsewhere)).toMatchObject({ name: 'ValidationException' })
  })

  it('DescribePermissionSet gives name and session duration', async () => {
    const { sso, PermissionSetArn } = await startWithSet()
    const { PermissionSet } = await sso.send(new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn }))
    expect(PermissionSet).toMatchObject({ Name: 'Curfew-ReadOnly', SessionDuration: 'PT1H' })
    expect(PermissionSet!.CreatedDate).toBeInstanceOf(Date)
    const other = `${PermissionSetArn.slice(0, -1)}x`
    const missing = sso.send(new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn: other }))
    expect(await refusal(missing)).toMatchObject({ name: 'ResourceNotFoundException' })
    const wrong = new DescribePermissionSetCommand({ InstanceArn: `${InstanceArn}2`, PermissionSetArn })
    expect(await refusal(sso.send(wrong))).toMatchObject({ name: 'ResourceNotFoundException' })
    const malformed = sso.send(new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn: 'x' }))
    expect(await refusal(malformed)).toMatchObject({ name: 'ValidationException' })
  })
})

describe('an assignment', () => {
  it('exists three seconds after it was accepted, and not before', async () => {
    const { aws, clock, create, created, holders } = await startWithSet()
    const accepted = await create()
    expect(accepted).toMatchObject({
      Status: 'IN_PROGRESS',
      TargetId: prod,
      PrincipalId: directoryId(aws, 'alice'),
      CreatedDate: new Date('2026-11-02T09:00:00Z'),
    })
    clock.advance(2999)
    expect((await created(accepted.RequestId!)).Status).toBe('IN_PROGRESS')
    expect(await holders()).not.toContain(`USER ${directoryId(aws, 'alice')}`)
    clock.advance(1)
    expect((await created(accepted.RequestId!)).Status).toBe('SUCCEEDED')
    expect(await holders()).toContain(`USER ${directoryId(aws, 'alice')}`)
  })

  it('is gone three seconds after its deletion was accepted', async () => {
    const { aws, clock, create, remove, removed, holders } = await startWithSet()
    await create()
    clock.advance(3000)
    const accepted = await remove()
    clock.advance(2999)
    expect(await holders()).toContain(`USER ${directoryId(aws, 'alice')}`)
    clock.advance(1)
    expect(await holders()).not.toContain(`USER ${directoryId(aws, 'alice')}`)
    expect((await removed(accepted.RequestId!)).Status).toBe('SUCCEEDED')
  })

  it('creating it again succeeds and makes no second one', async () => {
    const { aws, clock, create, created, holders } = await startWithSet()
    await create()
    clock.advance(3000)
    const again = await create()
    clock.advance(3000)
    expect((await created(again.RequestId!)).Status).toBe('SUCCEEDED')
    expect((await holders()).filter(one => one === `USER ${directoryId(aws, 'alice')}`)).toHaveLength(1)
  })

  it('a second operation on the same account and set is a conflict while the first is in progress', async () => {
    const { aws, clock, create, remove } = await startWithSet()
    await create()
    const bob = { PrincipalId: directoryId(aws, 'bob') }
    expect(await refusal(create(bob))).toMatchObject({ name: 'ConflictException' })
    expect(await refusal(remove())).toMatchObject({ name: 'ConflictException' })
    await create({ TargetId: dev })
    clock.advance(3000)
    expect((await create(bob)).Status).toBe('IN_PROGRESS')
  })

  it.each<[string, object, RegExp]>([
    ['an account that is not active', { TargetId: closed }, /is not active/],
    ['an account that is unknown', { TargetId: '444444444444' }, /Account 444444444444 not found/],
    ['a person who is unknown', { PrincipalId: '94a8c4d8-0000-4000-a000-000000000000' }, /USER .* not found/],
  ])('for %s it is accepted and fails later with a reason', async (_, more, reason) => {
    const { clock, create, created } = await startWithSet()
    const accepted = await create(more)
    expect(accepted).toMatchObject({ Status: 'IN_PROGRESS' })
    expect(accepted.FailureReason).toBeUndefined()
    clock.advance(3000)
    const later = await created(accepted.RequestId!)
    expect(later.Status).toBe('FAILED')
    expect(later.FailureReason).toMatch(reason)
  })

  it('deleting one that does not exist is accepted and fails later', async () => {
    const { clock, remove, removed } = await startWithSet()
    const accepted = await remove()
    expect(accepted.Status).toBe('IN_PROGRESS')
    clock.advance(3000)
    expect(await removed(accepted.RequestId!)).toMatchObject({
      Status: 'FAILED',
      FailureReason: 'Received a 404 status error: Account assignment not found.',
    })
  })

  it('in the management account is out of reach for a delegated administrator', async () => {
    const { create } = await startWithSet()
    expect(await refusal(create({ TargetId: management }))).toMatchObject({ name: 'AccessDeniedException' })
  })

  it.each<[string, object]>([
    ['an account id of eleven digits', { TargetId: '11111111111' }],
    ['another target type', { TargetType: 'OU' }],
    ['another principal type', { PrincipalType: 'ROLE' }],
    ['a principal id that is none', { PrincipalId: 'alice' }],
  ])('refuses %s', async (_, more) => {
    const { create } = await startWithSet()
    expect(await refusal(create(more))).toMatchObject({ name: 'ValidationException' })
  })

  it('the ids of creations and deletions are not interchangeable', async () => {
    const { create, removed } = await startWithSet()
    const { RequestId } = await create()
    expect(await refusal(removed(RequestId!))).toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

describe('lists of operations', () => {
  it('give status, id and date only, newest first, filtered by status', async () => {
    const { sso, clock, create, remove } = await startWithSet()
    const one = await create()
    clock.advance(3000)
    const two = await create({ TargetId: closed })
    clock.advance(3000)
    const three = await create({ TargetId: dev })
    const list = async (Status?: 'FAILED' | 'IN_PROGRESS') => {
      const input = { InstanceArn, ...(Status ? { Filter: { Status } } : {}) }
      const answer = await sso.send(new ListAccountAssignmentCreationStatusCommand(input))
      return answer.AccountAssignmentsCreationStatus!
    }
    expect((await list()).map(({ RequestId }) => RequestId)).toEqual([three.RequestId, two.RequestId, one.RequestId])
    expect(await list('FAILED')).toEqual([
      { Status: 'FAILED', RequestId: two.RequestId, CreatedDate: new Date('2026-11-02T09:00:03Z') },
    ])
    expect((await list('IN_PROGRESS')).map(({ RequestId }) => RequestId)).toEqual([three.RequestId])
    const deletion = await remove()
    const deletions = await sso.send(new ListAccountAssignmentDeletionStatusCommand({ InstanceArn, MaxResults: 1 }))
    expect(deletions.AccountAssignmentsDeletionStatus).toMatchObject([{ RequestId: deletion.RequestId }])
  })
})

describe('the role of a permission set in an account', () => {
  it('is there while the set is provisioned, and comes back under another suffix', async () => {
    const { aws, clock, create, remove, asMember } = await startWithSet()
    const role = () =>
      aws
        .snapshot()
        .accounts.find(({ id }) => id === dev)!
        .roles.find(({ name }) => name.startsWith('AWSReservedSSO_'))?.name
    expect(role()).toBeUndefined()
    await create({ TargetId: dev })
    clock.advance(3000)
    const first = role()
    expect(first).toMatch(/^AWSReservedSSO_Curfew-ReadOnly_[0-9a-f]{16}$/)
    const { iam } = await asMember(dev)
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: first! }))
    expect(Role?.Path).toBe('/aws-reserved/sso.amazonaws.com/')
    await remove({ TargetId: dev })
    clock.advance(3000)
    expect(role()).toBeUndefined()
    await create({ TargetId: dev })
    clock.advance(3000)
    expect(role()).toMatch(/^AWSReservedSSO_Curfew-ReadOnly_[0-9a-f]{16}$/)
    expect(role()).not.toBe(first)
  })

  it('stays as long as a standing assignment keeps the set provisioned', async () => {
    const { aws, clock, create, remove } = await startWithSet()
    const roles = () => aws.snapshot().accounts.find(({ id }) => id === prod)!.roles
    const before = roles()
    await create()
    clock.advance(3000)
    await remove()
    clock.advance(3000)
    expect(roles()).toEqual(before)
  })
})

describe('who may administer', () => {
  it('a caller without policies is denied, an unknown key is not recognised', async () => {
    const world = await startTestAws()
    const alice = world.clients({ accessKeyId: 'AKIAALICE', secretAccessKey: 'x' })
    expect(await refusal(alice.sso.send(new ListPermissionSetsCommand({ InstanceArn })))).toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::000000000000:user/alice is not authorized to perform: sso:ListPermissionSets on resource: ${instanceArn} because no identity-based policy allows the sso:ListPermissionSets action`,
    })
    const nobody = world.clients({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' })
    expect(await refusal(nobody.sso.send(new ListInstancesCommand({})))).toMatchObject({
      name: 'UnrecognizedClientException',
    })
  })
})
