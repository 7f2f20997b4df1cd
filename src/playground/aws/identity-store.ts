import { AwsError, commonError } from './aws-error.ts'
import { uuidOf } from './ids.ts'
import type { Call, Operation } from './operation.ts'
import { optionalInteger, optionalText, page, structure, text } from './parameters.ts'
import type { DirectoryUser } from './state.ts'

const idPattern = '([0-9a-f]{10}-)?[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}'
const userArn = (userId: string) => `arn:aws:identitystore:::user/${userId}`
const allMemberships = 'arn:aws:identitystore:::membership/*'

/** Identity Store's operations, by name. */
export const identityStoreOperations: Record<string, Operation> = {
  GetUserId(call) {
    const store = storeFor(call)
    const { path, value } = uniqueAttribute(call)
    call.authorize('identitystore:GetUserId', [store, userArn('*')])
    const key = path === 'userName' ? 'userName' : 'email'
    const user = call.state.users.find(one => one[key].toLowerCase() === value.toLowerCase())
    if (!user) throw notFound('USER not found.')
    return { UserId: user.userId, IdentityStoreId: call.state.identityStoreId }
  },

  DescribeUser(call) {
    const store = storeFor(call)
    const userId = text(call.params, 'UserId', { max: 47, pattern: idPattern })
    call.authorize('identitystore:DescribeUser', [store, userArn(userId)])
    const user = userBy(call, userId)
    return {
      UserName: user.userName,
      UserId: user.userId,
      DisplayName: user.displayName,
      Emails: [{ Value: user.email, Type: 'work', Primary: true }],
      UserStatus: user.enabled ? 'ENABLED' : 'DISABLED',
      IdentityStoreId: call.state.identityStoreId,
    }
  },

  DescribeGroup(call) {
    const store = storeFor(call)
    const groupId = text(call.params, 'GroupId', { max: 47, pattern: idPattern })
    call.authorize('identitystore:DescribeGroup', [store, `arn:aws:identitystore:::group/${groupId}`])
    const group = call.state.groups.find(one => one.groupId === groupId)
    if (!group) throw notFound('GROUP not found.')
    return { GroupId: groupId, DisplayName: group.name, IdentityStoreId: call.state.identityStoreId }
  },

  ListGroupMemberships(call) {
    const store = storeFor(call)
    const groupId = text(call.params, 'GroupId', { max: 47, pattern: idPattern })
    const size = optionalInteger(call.params, 'MaxResults', 1, 100) ?? 100
    const token = optionalText(call.params, 'NextToken', { max: 65_535, pattern: '[-a-zA-Z0-9+=/:_]*' })
    const groupArn = `arn:aws:identitystore:::group/${groupId}`
    call.authorize('identitystore:ListGroupMemberships', [store, allMemberships, groupArn])
    const group = call.state.groups.find(one => one.groupId === groupId)
    if (!group) throw notFound('GROUP not found.')
    const { items, next } = page(group.members, `ListGroupMemberships ${groupId}`, size, token)
    return { GroupMemberships: items.map(userId => membership(call, groupId, userId)), NextToken: next }
  },

  ListGroupMembershipsForMember(call) {
    const store = storeFor(call)
    const userId = memberId(call)
    const size = optionalInteger(call.params, 'MaxResults', 1, 100) ?? 100
    const token = optionalText(call.params, 'NextToken', { max: 65_535, pattern: '[-a-zA-Z0-9+=/:_]*' })
    call.authorize('identitystore:ListGroupMembershipsForMember', [store, allMemberships, userArn(userId)])
    userBy(call, userId)
    const groups = call.state.groups.filter(({ members }) => members.includes(userId))
    const { items, next } = page(groups, `ListGroupMembershipsForMember ${userId}`, size, token)
    return {
      GroupMemberships: items.map(({ groupId }) => membership(call, groupId, userId)),
      NextToken: next,
    }
  },

  IsMemberInGroups(call) {
    const store = storeFor(call)
    const userId = memberId(call)
    const groupIds = groupIdsOf(call)
    const groupArns = groupIds.map(id => `arn:aws:identitystore:::group/${id}`)
    call.authorize('identitystore:IsMemberInGroups', [store, allMemberships, userArn(userId), ...groupArns])
    userBy(call, userId)
    return {
      Results: groupIds.map(id => {
        const group = call.state.groups.find(({ groupId }) => groupId === id)
        if (!group) throw notFound('GROUP not found.')
        return { GroupId: id, MemberId: { UserId: userId }, MembershipExists: group.members.includes(userId) }
      }),
    }
  },
}

function membership({ state }: Call, groupId: string, userId: string) {
  return {
    IdentityStoreId: state.identityStoreId,
    MembershipId: uuidOf(`membership ${groupId} ${userId}`),
    GroupId: groupId,
    MemberId: { UserId: userId },
  }
}

/** The ARN of the store that is named; throws when it is not ours. */
function storeFor({ params, state }: Call): string {
  const storeId = text(params, 'IdentityStoreId', { max: 36, pattern: 'd-[0-9a-f]{1,10}|[0-9a-f-]{36}' })
  if (storeId !== state.identityStoreId) throw notFound('IDENTITY_STORE not found.')
  return `arn:aws:identitystore::${state.managementAccountId}:identitystore/${storeId}`
}

function uniqueAttribute({ params }: Call): { path: string; value: string } {
  const identifier = structure(params, 'AlternateIdentifier')
  if (Object.keys(identifier).length !== 1)
    throw commonError('validation', 'AlternateIdentifier must have exactly one member')
  if (!('UniqueAttribute' in identifier)) throw notFound('USER not found.')
  const attribute = structure(identifier, 'UniqueAttribute')
  const path = text(attribute, 'AttributePath', { max: 255 })
  if (path !== 'userName' && path !== 'emails.value')
    throw commonError('validation', `The attribute ${path} is not supported for getting a USER by unique attribute`)
  return { path, value: text(attribute, 'AttributeValue') }
}

function memberId({ params }: Call): string {
  return text(structure(params, 'MemberId'), 'UserId', { max: 47, pattern: idPattern })
}

function groupIdsOf({ params }: Call): string[] {
  const ids = params['GroupIds']
  if (!Array.isArray(ids) || ids.length < 1 || ids.length > 100)
    throw commonError('validation', "Value at 'groupIds' failed to satisfy constraint: Member must have 1 to 100 items")
  return ids.map(id => text({ GroupIds: id }, 'GroupIds', { max: 47, pattern: idPattern }))
}

function userBy({ state }: Call, userId: string): DirectoryUser {
  const user = state.users.find(one => one.userId === userId)
  if (!user) throw notFound('USER not found.')
  return user
}

const notFound = (message: string) => new AwsError('ResourceNotFoundException', message)
