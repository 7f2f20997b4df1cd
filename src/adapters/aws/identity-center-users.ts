import {
  DescribeUserCommand,
  GetUserIdCommand,
  type IdentitystoreClient,
  IsMemberInGroupsCommand,
} from '@aws-sdk/client-identitystore'
import type { Assignments } from '../../app/ports.ts'
import { Fault } from '../../core/errors.ts'
import { absent, present } from './faults.ts'
import { send } from './send.ts'

type Directory = { identityStore: IdentitystoreClient; identityStoreId: string; deadline: AbortSignal }

/**
 * Finds one person in the directory by exactly this address or user name, letter case aside. Any status but ENABLED
 * counts as not enabled, also none at all: older entries carry no status, and then nobody can tell (platform: B7).
 */
export async function findUser(
  { identityStore, identityStoreId, deadline }: Directory,
  by: Parameters<Assignments['findUser']>[0],
): ReturnType<Assignments['findUser']> {
  const [path, wanted] = 'email' in by ? ['emails.value', by.email] : ['userName', by.userName]
  const lookUp = new GetUserIdCommand({
    IdentityStoreId: identityStoreId,
    AlternateIdentifier: { UniqueAttribute: { AttributePath: path, AttributeValue: wanted } },
  })
  const found = await send(identityStore, lookUp, { deadline }).catch(absent)
  if (!found) return undefined
  const describe = new DescribeUserCommand({ IdentityStoreId: identityStoreId, UserId: found.UserId })
  const user = await send(identityStore, describe, { deadline }).catch(absent)
  if (!user) return undefined
  const names = 'email' in by ? (user.Emails ?? []).map(email => email.Value) : [user.UserName]
  if (!names.some(name => name?.toLowerCase() === wanted.toLowerCase())) return undefined
  return {
    principalId: present(user.UserId, 'UserId'),
    userName: present(user.UserName, 'UserName'),
    enabled: user.UserStatus === 'ENABLED',
  }
}

/** Whether the person is in at least one of the groups. */
export async function isInAnyGroup(directory: Directory, userId: string, groupIds: string[]): Promise<boolean> {
  for (let start = 0; start < groupIds.length; start += groupsPerCall) {
    if (await isInSome(directory, userId, groupIds.slice(start, start + groupsPerCall))) return true
  }
  return false
}

// https://docs.aws.amazon.com/singlesignon/latest/IdentityStoreAPIReference/API_IsMemberInGroups.html
const groupsPerCall = 100

async function isInSome(directory: Directory, userId: string, groupIds: string[]): Promise<boolean> {
  const { identityStore, identityStoreId, deadline } = directory
  const command = new IsMemberInGroupsCommand({
    IdentityStoreId: identityStoreId,
    MemberId: { UserId: userId },
    GroupIds: groupIds,
  })
  try {
    const { Results } = await send(identityStore, command, { deadline })
    return present(Results, 'Results').some(({ MembershipExists }) => MembershipExists === true)
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'not_found') throw error
    // Assignments outlive deleted groups, and one such group fails the whole call: ask for each alone. A group that is
    // gone has no members, and a person who is gone is in no group; otherwise their removal could never be confirmed.
    if (groupIds.length === 1) return false
    for (const groupId of groupIds) if (await isInSome(directory, userId, [groupId])) return true
    return false
  }
}
