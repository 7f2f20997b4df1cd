import {
  DescribeGroupCommand,
  DescribeUserCommand,
  GetUserIdCommand,
  IsMemberInGroupsCommand,
  ListGroupMembershipsForMemberCommand,
} from '@aws-sdk/client-identitystore'
import { describe, expect, it } from 'vitest'
import { directoryId, refusal, startTestAws } from './support.ts'

const IdentityStoreId = 'd-1'

async function startStore() {
  const world = await startTestAws()
  const { store } = world.clients()
  const find = (AttributePath: string, AttributeValue: string) =>
    store.send(
      new GetUserIdCommand({
        IdentityStoreId,
        AlternateIdentifier: { UniqueAttribute: { AttributePath, AttributeValue } },
      }),
    )
  const group = (name: string) => world.aws.snapshot().groups.find(one => one.name === name)!.groupId
  return { ...world, store, find, group }
}

describe('DescribeGroup', () => {
  it('tells the name of a group, and that there is none', async () => {
    const { store, group } = await startStore()
    const GroupId = group('operators')
    const { DisplayName } = await store.send(new DescribeGroupCommand({ IdentityStoreId, GroupId }))
    expect(DisplayName).toBe('operators')
    const unknown = '00000000-0000-4000-a000-000000000000'
    expect(await refusal(store.send(new DescribeGroupCommand({ IdentityStoreId, GroupId: unknown })))).toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})

describe('GetUserId', () => {
  it('finds a person by e-mail address or user name', async () => {
    const { aws, find } = await startStore()
    const expected = directoryId(aws, 'alice')
    expect(expected).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/)
    expect((await find('emails.value', 'alice@example.com')).UserId).toBe(expected)
    expect((await find('userName', 'alice')).UserId).toBe(expected)
  })

  it('nobody of that name is ResourceNotFound, another attribute a ValidationException', async () => {
    const { find } = await startStore()
    expect(await refusal(find('userName', 'nobody'))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'USER not found.',
    })
    expect(await refusal(find('displayName', 'Alice'))).toMatchObject({ name: 'ValidationException' })
  })

  it('another store is ResourceNotFound', async () => {
    const { store } = await startStore()
    const AlternateIdentifier = { UniqueAttribute: { AttributePath: 'userName', AttributeValue: 'alice' } }
    const call = store.send(new GetUserIdCommand({ IdentityStoreId: 'd-2', AlternateIdentifier }))
    expect(await refusal(call)).toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

describe('DescribeUser', () => {
  it('says whether the user is enabled', async () => {
    const { aws, store } = await startStore()
    const describeUser = (name: string) =>
      store.send(new DescribeUserCommand({ IdentityStoreId, UserId: directoryId(aws, name) }))
    expect(await describeUser('alice')).toMatchObject({
      UserName: 'alice',
      DisplayName: 'Alice',
      UserStatus: 'ENABLED',
      Emails: [{ Value: 'alice@example.com', Primary: true }],
    })
    expect((await describeUser('dora')).UserStatus).toBe('DISABLED')
    const missing = new DescribeUserCommand({ IdentityStoreId, UserId: '94a8c4d8-0000-4000-a000-000000000000' })
    expect(await refusal(store.send(missing))).toMatchObject({ name: 'ResourceNotFoundException' })
    const malformed = new DescribeUserCommand({ IdentityStoreId, UserId: 'alice' })
    expect(await refusal(store.send(malformed))).toMatchObject({ name: 'ValidationException' })
  })
})

describe('groups', () => {
  it('ListGroupMembershipsForMember pages through the groups of a person', async () => {
    const { aws, store, group } = await startStore()
    const list = (NextToken?: string) =>
      store.send(
        new ListGroupMembershipsForMemberCommand({
          IdentityStoreId,
          MemberId: { UserId: directoryId(aws, 'bob') },
          MaxResults: 1,
          ...(NextToken ? { NextToken } : {}),
        }),
      )
    const first = await list()
    const second = await list(first.NextToken)
    expect(first.GroupMemberships!.map(({ GroupId }) => GroupId)).toEqual([group('operators')])
    expect(second.GroupMemberships!.map(({ GroupId }) => GroupId)).toEqual([group('everyone')])
    expect(second.NextToken).toBeUndefined()
  })

  it('IsMemberInGroups answers for each group', async () => {
    const { aws, store, group } = await startStore()
    const ask = (GroupIds: string[]) =>
      store.send(
        new IsMemberInGroupsCommand({ IdentityStoreId, MemberId: { UserId: directoryId(aws, 'alice') }, GroupIds }),
      )
    const { Results } = await ask([group('operators'), group('everyone')])
    expect(Results!.map(({ MembershipExists }) => MembershipExists)).toEqual([false, true])
    expect(await refusal(ask([]))).toMatchObject({ name: 'ValidationException' })
    expect(await refusal(ask(['94a8c4d8-0000-4000-a000-000000000000']))).toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})
