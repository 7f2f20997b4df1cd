import {
  DeleteUserPolicyCommand,
  GetUserCommand,
  GetUserPolicyCommand,
  type IAMClient,
  ListUserPoliciesCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import type { UserPolicies } from '../../app/ports.ts'
import { policySize } from '../../core/inline-policy.ts'
import { absent, present } from './faults.ts'
import type { AsMember } from './member-sessions.ts'
import { send, startDeadline } from './send.ts'

/** Inline policies of IAM users over the wire, as the member role of their account. `identity` is the bot's own ARN. */
export function createUserPolicies(asMember: AsMember, identity: UserPolicies['ownArn']): UserPolicies {
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

    findUser(accountId, userName) {
      const deadline = startDeadline()
      return asMember({ accountId, userName }, deadline, async iam => {
        const command = new GetUserCommand({ UserName: userName })
        const answer = await send(iam, command, { deadline }).catch(absent)
        if (!answer) return undefined
        const { UserName, UserId, Arn, PermissionsBoundary } = present(answer.User, 'User')
        const boundaryArn = PermissionsBoundary?.PermissionsBoundaryArn
        return {
          userName: present(UserName, 'UserName'),
          userId: present(UserId, 'UserId'),
          arn: present(Arn, 'Arn'),
          ...(boundaryArn === undefined ? {} : { boundaryArn }),
        }
      })
    },

    usedCharacters(accountId, userName) {
      const deadline = startDeadline()
      return asMember({ accountId, userName }, deadline, async iam => {
        let used = 0
        for await (const policyName of policyNames(iam, userName, deadline)) {
          used += policySize((await readPolicy(iam, { userName, policyName }, deadline)) ?? '')
        }
        return used
      })
    },

    read({ accountId, userName, policyName }) {
      const deadline = startDeadline()
      return asMember({ accountId, userName }, deadline, iam => readPolicy(iam, { userName, policyName }, deadline))
    },

    put({ accountId, userName, policyName }, document, requestId, maySend) {
      const deadline = startDeadline()
      return asMember({ accountId, userName, changeFor: requestId }, deadline, async iam => {
        // An upsert: the name derives from the request, so what it may overwrite is its own earlier attempt.
        const input = { UserName: userName, PolicyName: policyName, PolicyDocument: JSON.stringify(document) }
        await send(iam, new PutUserPolicyCommand(input), { deadline, maySend })
      })
    },

    remove({ accountId, userName, policyName }, requestId, maySend) {
      const deadline = startDeadline()
      return asMember({ accountId, userName, changeFor: requestId }, deadline, async iam => {
        const command = new DeleteUserPolicyCommand({ UserName: userName, PolicyName: policyName })
        // The user gone or the policy gone: the same code, and either way there is nothing left to remove.
        await send(iam, command, { deadline, maySend }).catch(absent)
      })
    },
  }
}

async function* policyNames(iam: IAMClient, userName: string, deadline: AbortSignal): AsyncGenerator<string> {
  let marker: string | undefined
  do {
    const command = new ListUserPoliciesCommand({ UserName: userName, Marker: marker })
    const page = await send(iam, command, { deadline })
    yield* page.PolicyNames ?? []
    marker = page.IsTruncated ? page.Marker : undefined
  } while (marker)
}

async function readPolicy(
  iam: IAMClient,
  { userName, policyName }: { userName: string; policyName: string },
  deadline: AbortSignal,
): Promise<string | undefined> {
  const command = new GetUserPolicyCommand({ UserName: userName, PolicyName: policyName })
  const answer = await send(iam, command, { deadline }).catch(absent)
  // IAM hands documents out URL-encoded (platform: A2).
  return answer && decodeURIComponent(present(answer.PolicyDocument, 'PolicyDocument'))
}
