import { commonError } from './aws-error.ts'
import { isoSeconds } from './caller.ts'
import {
  attachedTo,
  boundaryAnswer,
  boundaryContext,
  checkAggregate,
  checkDocument,
  documentRules,
  encoded,
  listed,
  namePattern,
  noSuchEntity,
  pathPrefix,
  policyNameOf,
} from './iam-support.ts'
import type { Call, Operation } from './operation.ts'
import { optionalText, text } from './parameters.ts'
import { beginning } from './seed.ts'
import { findUser, type IamUser } from './state.ts'

// Inline policies of one user together, white space not counted:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const userPolicyLimit = 2048

/** IAM's operations on users and their policies. */
export const iamUserOperations: Record<string, Operation> = {
  GetUser(call) {
    const given = optionalText(call.params, 'UserName', { max: 128, pattern: namePattern })
    const userName = given ?? call.caller.context['aws:username']
    if (typeof userName !== 'string')
      throw commonError('validation', 'Must specify userName when calling with non-User credentials')
    const user = userFor(call, userName)
    return { User: { ...shown(user), PermissionsBoundary: boundaryAnswer(user.permissionsBoundary) } }
  },

  ListUsers(call) {
    const prefix = pathPrefix(call)
    call.authorize('iam:ListUsers')
    const { accountId } = call.caller
    const users = [...(call.state.accounts.get(accountId)?.users.values() ?? [])]
    const all = users.filter(({ path }) => path.startsWith(prefix)).map(shown)
    return listed(call, 'Users', `ListUsers ${accountId} ${prefix}`, all)
  },

  ListUserPolicies(call) {
    const user = userFor(call)
    return listed(call, 'PolicyNames', `ListUserPolicies ${user.arn}`, [...user.inlinePolicies.keys()].sort())
  },

  GetUserPolicy(call) {
    const policyName = policyNameOf(call)
    const user = userFor(call)
    const document = user.inlinePolicies.get(policyName)
    if (document === undefined) throw noSuchEntity(`The user policy with name ${policyName} cannot be found.`)
    return { UserName: user.name, PolicyName: policyName, PolicyDocument: encoded(document) }
  },

  PutUserPolicy(call) {
    const policyName = policyNameOf(call)
    const document = text(call.params, 'PolicyDocument', documentRules)
    const { accountId, name: userName, inlinePolicies } = userFor(call)
    checkDocument(document)
    const limits = { limit: userPolicyLimit, of: `user ${userName}` }
    checkAggregate(inlinePolicies, { policyName, document }, limits)
    call.record({ type: 'user-policy-put', data: { accountId, userName, policyName, document } })
    return {}
  },

  DeleteUserPolicy(call) {
    const policyName = policyNameOf(call)
    const { accountId, name: userName, inlinePolicies } = userFor(call)
    if (!inlinePolicies.has(policyName)) throw noSuchEntity(`The user policy with name ${policyName} cannot be found.`)
    call.record({ type: 'user-policy-deleted', data: { accountId, userName, policyName } })
    return {}
  },

  ListAttachedUserPolicies: call => attachedTo(call, userFor(call)),
}

const shown = ({ name, path, arn, userId }: IamUser) => ({
  Path: path,
  UserName: name,
  UserId: userId,
  Arn: arn,
  CreateDate: isoSeconds(beginning),
})

/** The user, once the caller may do this operation on them; throws AccessDenied or NoSuchEntity. */
function userFor(call: Call, userName = text(call.params, 'UserName', { max: 128, pattern: namePattern })): IamUser {
  const { accountId } = call.caller
  const user = findUser(call.state, { accountId, userName })
  const resource = user?.arn ?? `arn:aws:iam::${accountId}:user/${userName}`
  // Reading users has no such condition key: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
  const isWrite = /^(Put|Delete)/.test(call.operation)
  call.authorize(`iam:${call.operation}`, [resource], isWrite ? boundaryContext(user?.permissionsBoundary) : {})
  if (!user) throw noSuchEntity(`The user with name ${userName} cannot be found.`)
  return user
}
