import {
  DeleteRolePolicyCommand,
  DeleteUserPolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListRolePoliciesCommand,
  ListUserPoliciesCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import type { InlinePolicies } from '../../app/ports.ts'
import { policySize } from '../../core/inline-policy.ts'
import type { Holder, PolicyPlace } from '../../core/policy-place.ts'
import { absent, present } from './faults.ts'
import type { AsMember } from './member-sessions.ts'
import { send, startDeadline } from './send.ts'

/** Inline policies of IAM users and roles over the wire, as the member role of their account. `identity` is the bot's own ARN. */
export function createInlinePolicies(asMember: AsMember, identity: InlinePolicies['ownArn']): InlinePolicies {
  let known: Promise<string> | undefined
  return {
    async ownArn() {
      known ??= identity()
      try {
        return await known
      } catch (error) {
        known = undefined
        throw error
      }
    },

    findUser(accountId, name) {
      const deadline = startDeadline()
      return asMember({ about: { accountId, principal: 'user', name } }, deadline, async iam => {
        const answer = await send(iam, new GetUserCommand({ UserName: name }), { deadline }).catch(absent)
        if (!answer) return undefined
        const user = present(answer.User, 'User')
        const names = { userName: present(user.UserName, 'UserName'), userId: present(user.UserId, 'UserId') }
        return { ...names, ...principalOf(user) }
      })
    },

    findRole(accountId, name) {
      const deadline = startDeadline()
      return asMember({ about: { accountId, principal: 'role', name } }, deadline, async iam => {
        const answer = await send(iam, new GetRoleCommand({ RoleName: name }), { deadline }).catch(absent)
        if (!answer) return undefined
        const role = present(answer.Role, 'Role')
        return {
          roleName: present(role.RoleName, 'RoleName'),
          roleId: present(role.RoleId, 'RoleId'),
          trust: decoded(role.AssumeRolePolicyDocument, 'AssumeRolePolicyDocument'),
          sessionMinutes: Math.ceil(present(role.MaxSessionDuration, 'MaxSessionDuration') / 60),
          ...principalOf(role),
        }
      })
    },

    usedCharacters(holder) {
      const deadline = startDeadline()
      return asMember({ about: holder }, deadline, async iam => {
        let used = 0
        for await (const policyName of policyNames(iam, holder, deadline)) {
          used += policySize((await readPolicy(iam, { ...holder, policyName }, deadline)) ?? '')
        }
        return used
      })
    },

    read(place) {
      const deadline = startDeadline()
      return asMember({ about: place }, deadline, iam => readPolicy(iam, place, deadline))
    },

    put(place, document, requestId, maySend) {
      const deadline = startDeadline()
      return asMember({ about: place, changeFor: requestId }, deadline, async iam => {
        // An upsert: the name derives from the request, so what it may overwrite is its own earlier attempt.
        const input = { PolicyName: place.policyName, PolicyDocument: JSON.stringify(document) }
        await (place.principal === 'user'
          ? send(iam, new PutUserPolicyCommand({ UserName: place.name, ...input }), { deadline, maySend })
          : send(iam, new PutRolePolicyCommand({ RoleName: place.name, ...input }), { deadline, maySend }))
      })
    },

    remove(place, requestId, maySend) {
      const deadline = startDeadline()
      return asMember({ about: place, changeFor: requestId }, deadline, async iam => {
        const PolicyName = place.policyName
        const sent =
          place.principal === 'user'
            ? send(iam, new DeleteUserPolicyCommand({ UserName: place.name, PolicyName }), { deadline, maySend })
            : send(iam, new DeleteRolePolicyCommand({ RoleName: place.name, PolicyName }), { deadline, maySend })
        // The holder gone or the policy gone: the same code, and either way there is nothing left to remove.
        await sent.catch(absent)
      })
    },
  }
}

type Described = {
  Arn?: string | undefined
  PermissionsBoundary?: { PermissionsBoundaryArn?: string | undefined } | undefined
}

function principalOf({ Arn, PermissionsBoundary }: Described) {
  const boundaryArn = PermissionsBoundary?.PermissionsBoundaryArn
  return { arn: present(Arn, 'Arn'), ...(boundaryArn === undefined ? {} : { boundaryArn }) }
}

async function* policyNames(iam: IAMClient, holder: Holder, deadline: AbortSignal): AsyncGenerator<string> {
  let marker: string | undefined
  do {
    const page: { PolicyNames?: string[] | undefined; IsTruncated?: boolean | undefined; Marker?: string | undefined } =
      await (holder.principal === 'user'
        ? send(iam, new ListUserPoliciesCommand({ UserName: holder.name, Marker: marker }), { deadline })
        : send(iam, new ListRolePoliciesCommand({ RoleName: holder.name, Marker: marker }), { deadline }))
    yield* page.PolicyNames ?? []
    marker = page.IsTruncated ? page.Marker : undefined
  } while (marker)
}

async function readPolicy(
  iam: IAMClient,
  { principal, name, policyName: PolicyName }: PolicyPlace,
  deadline: AbortSignal,
): Promise<string | undefined> {
  const sent =
    principal === 'user'
      ? send(iam, new GetUserPolicyCommand({ UserName: name, PolicyName }), { deadline })
      : send(iam, new GetRolePolicyCommand({ RoleName: name, PolicyName }), { deadline })
  const answer = await sent.catch(absent)
  return answer && decoded(answer.PolicyDocument, 'PolicyDocument')
}

/** IAM hands documents out URL-encoded (platform: A2). */
function decoded(document: string | undefined, name: string): string {
  return decodeURIComponent(present(document, name))
}
