import {
  type IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
  ListUserPoliciesCommand,
  ListUsersCommand,
} from '@aws-sdk/client-iam'
import {
  DescribeGroupCommand,
  DescribeUserCommand,
  type IdentitystoreClient,
  ListGroupMembershipsCommand,
} from '@aws-sdk/client-identitystore'
import {
  DescribePermissionSetCommand,
  ListAccountAssignmentsCommand,
  ListPermissionSetsCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import type { Clock, Inventory, Survey } from '../../app/ports.ts'
import type { Catalogue } from '../../core/entitlement.ts'
import { Fault } from '../../core/errors.ts'
import type { Holder } from '../../core/policy-place.ts'
import type { Listed } from '../../core/reconcile.ts'
import { absent, present } from './faults.ts'
import type { AsMember } from './member-sessions.ts'
import { pagesOf } from './pages.ts'
import { findSetContent } from './permission-set-content.ts'
import { send, startDeadline } from './send.ts'

/** What every policy of Curfew begins with (see `policyNameOf`). */
const ownPrefix = 'curfew-req_'

/** Real time before each call: Identity Center takes 20 calls a second from everybody together (platform: B3). */
const pauseMilliseconds = 250

/**
 * Lists what stands in AWS, one call after the other, four a second, each with a deadline of its own. 300 users take
 * 75 s, so do 300 roles, and ten permission sets in ten accounts half a minute.
 */
export function createInventory({
  ssoAdmin,
  identityStore,
  asMember,
  identityCenter,
  clock,
}: {
  ssoAdmin: SSOAdminClient
  identityStore: IdentitystoreClient
  asMember: AsMember
  identityCenter: Catalogue['aws']['identityCenter']
  clock: Pick<Clock, 'after'>
}): Inventory & Survey {
  const slowly = async <T>(call: (deadline: AbortSignal) => Promise<T>): Promise<T> => {
    await clock.after(pauseMilliseconds)
    return call(startDeadline())
  }
  const asReader = <T>(accountId: string, work: (iam: IAMClient, deadline: AbortSignal) => Promise<T>): Promise<T> =>
    slowly(deadline => asMember({ everybodyIn: accountId }, deadline, iam => work(iam, deadline)))

  function center() {
    if (identityCenter) return identityCenter
    const message = 'The catalogue names no Identity Center.'
    throw new Fault('no_identity_center', message, { retryable: false, answered: true })
  }

  /** Undefined when the directory no longer knows them: assignments outlive people and groups. */
  async function nameOf({ principalType, principalId }: Listed): Promise<string | undefined> {
    const { identityStoreId: IdentityStoreId } = center()
    if (principalType === 'USER') {
      const command = new DescribeUserCommand({ IdentityStoreId, UserId: principalId })
      return (await slowly(deadline => send(identityStore, command, { deadline }).catch(absent)))?.UserName
    }
    const command = new DescribeGroupCommand({ IdentityStoreId, GroupId: principalId })
    return (await slowly(deadline => send(identityStore, command, { deadline }).catch(absent)))?.DisplayName
  }

  /** Gives nobody anything: the anchor that keeps the role of a leashed set in an account is such a group. */
  async function isEmptyGroup({ principalType, principalId }: Listed): Promise<boolean> {
    if (principalType === 'USER') return false
    const input = { IdentityStoreId: center().identityStoreId, GroupId: principalId, MaxResults: 1 }
    const pages = pagesOf(NextToken =>
      slowly(async deadline => {
        const command = new ListGroupMembershipsCommand({ ...input, NextToken })
        return (await send(identityStore, command, { deadline }).catch(absent)) ?? unknown
      }),
    )
    for await (const { GroupMemberships = [] } of pages) if (GroupMemberships.length > 0) return false
    return true
  }

  type Named = { name: string; id: string; path: string }

  async function* usersIn(accountId: string): AsyncGenerator<Named> {
    const pages = pagesOf(Marker =>
      asReader(accountId, async (iam, deadline) => {
        const page = await send(iam, new ListUsersCommand({ Marker, MaxItems: 1000 }), { deadline })
        const named = (page.Users ?? []).map(({ UserName, UserId = '', Path = '/' }) => ({
          name: present(UserName, 'UserName'),
          id: UserId,
          path: Path,
        }))
        return { named, ...nextOf(page) }
      }),
    )
    for await (const { named } of pages) yield* named
  }

  async function* rolesIn(accountId: string): AsyncGenerator<Named> {
    const pages = pagesOf(Marker =>
      asReader(accountId, async (iam, deadline) => {
        const page = await send(iam, new ListRolesCommand({ Marker, MaxItems: 1000 }), { deadline })
        const named = (page.Roles ?? []).map(({ RoleName, RoleId = '', Path = '/' }) => ({
          name: present(RoleName, 'RoleName'),
          id: RoleId,
          path: Path,
        }))
        return { named, ...nextOf(page) }
      }),
    )
    for await (const { named } of pages) yield* named
  }

  /** Everybody who may carry a policy of Curfew's: roles that AWS itself manages cannot. */
  async function* holdersIn(accountId: string): AsyncGenerator<Holder> {
    for await (const { name } of usersIn(accountId)) yield { accountId, principal: 'user', name }
    for await (const { name, path } of rolesIn(accountId)) {
      if (!/^\/(aws-reserved|aws-service-role)\//.test(path)) yield { accountId, principal: 'role', name }
    }
  }

  /** Users and groups that have the set in the account. */
  async function* principalsWith(accountId: string, permissionSetArn: string): AsyncGenerator<Listed> {
    const { instanceArn: InstanceArn } = center()
    const where = { InstanceArn, AccountId: accountId, PermissionSetArn: permissionSetArn, MaxResults: 100 }
    const pages = pagesOf(NextToken =>
      slowly(deadline => send(ssoAdmin, new ListAccountAssignmentsCommand({ ...where, NextToken }), { deadline })),
    )
    for await (const { AccountAssignments = [] } of pages) {
      for (const { PrincipalType, PrincipalId } of AccountAssignments) {
        yield {
          principalType: present(PrincipalType, 'PrincipalType'),
          principalId: present(PrincipalId, 'PrincipalId'),
        }
      }
    }
  }

  async function named(one: Listed): Promise<Listed> {
    const name = await nameOf(one)
    return { ...one, ...(name === undefined ? {} : { name }) }
  }

  return {
    async listOwnPolicies(accountId) {
      const found: Awaited<ReturnType<Inventory['listOwnPolicies']>> = []
      for await (const holder of holdersIn(accountId)) {
        const policies = pagesOf(Marker =>
          asReader(accountId, async (iam, deadline) => {
            const input = { Marker, MaxItems: 1000 }
            const sent =
              holder.principal === 'user'
                ? send(iam, new ListUserPoliciesCommand({ UserName: holder.name, ...input }), { deadline })
                : send(iam, new ListRolePoliciesCommand({ RoleName: holder.name, ...input }), { deadline })
            // Deleted since they were listed.
            const page = await sent.catch(absent)
            return { names: page?.PolicyNames ?? [], ...(page && nextOf(page)) }
          }),
        )
        for await (const { names } of policies) {
          const own = names.filter(name => name.startsWith(ownPrefix))
          found.push(...own.map(policyName => ({ ...holder, policyName })))
        }
      }
      return found
    },

    async findPermissionSets(names) {
      const { instanceArn: InstanceArn } = center()
      const found = new Map<string, string>()
      const pages = pagesOf(NextToken =>
        slowly(deadline =>
          send(ssoAdmin, new ListPermissionSetsCommand({ InstanceArn, MaxResults: 100, NextToken }), { deadline }),
        ),
      )
      for await (const { PermissionSets = [] } of pages) {
        for (const PermissionSetArn of PermissionSets) {
          const command = new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn })
          const set = (await slowly(deadline => send(ssoAdmin, command, { deadline }).catch(absent)))?.PermissionSet
          if (set?.Name !== undefined && names.includes(set.Name)) found.set(set.Name, PermissionSetArn)
          if (found.size === new Set(names).size) return found
        }
      }
      return found
    },

    async listAssignments(accountId, permissionSetArn) {
      const found: Listed[] = []
      for await (const one of principalsWith(accountId, permissionSetArn)) {
        if (!(await isEmptyGroup(one))) found.push(await named(one))
      }
      return found
    },

    async assigned(accountId, permissionSetArn) {
      const found: Awaited<ReturnType<Survey['assigned']>> = { held: [], anchors: [] }
      for await (const one of principalsWith(accountId, permissionSetArn)) {
        const isAnchor = await isEmptyGroup(one)
        found[isAnchor ? 'anchors' : 'held'].push(await named(one))
      }
      return found
    },

    permissionSetContent(permissionSetArn) {
      const { instanceArn: InstanceArn } = center()
      const set = { InstanceArn, PermissionSetArn: permissionSetArn }
      return findSetContent(ssoAdmin, set, startDeadline(), () => clock.after(pauseMilliseconds))
    },

    enter: accountId => asReader(accountId, async () => {}),

    async principalNames(accountId) {
      const found = new Map<string, string>()
      for await (const { id, name } of usersIn(accountId)) found.set(id, name)
      for await (const { id, name } of rolesIn(accountId)) found.set(id, name)
      return found
    },
  }
}

/** Of a group that is gone from the directory nobody can say that it is empty. */
const unknown = { GroupMemberships: [{}], NextToken: undefined }

/** IAM's two ways of saying that there is more, as one token. */
function nextOf({ IsTruncated, Marker }: { IsTruncated?: boolean | undefined; Marker?: string | undefined }) {
  return { NextToken: IsTruncated ? Marker : undefined }
}
