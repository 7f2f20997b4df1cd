import { reservedRolesAt } from './assignments.ts'
import { AwsError, commonError } from './aws-error.ts'
import { isoSeconds } from './caller.ts'
import type { Call, Operation } from './operation.ts'
import { optionalInteger, optionalText, page, text } from './parameters.ts'
import { MalformedPolicy, parsePolicy } from './policy.ts'
import { findUser, type IamUser } from './state.ts'

// Inline policies of one user together, white space not counted:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const userPolicyLimit = 2048
const namePattern = '[\\w+=,.@-]+'
const documentPattern = '[\\u0009\\u000A\\u000D\\u0020-\\u00FF]+'
const created = isoSeconds(Date.UTC(2025, 0, 1))

/** IAM's operations, by name. They act in the account of the caller. */
export const iamOperations: Record<string, Operation> = {
  GetUser(call) {
    const given = optionalText(call.params, 'UserName', { max: 128, pattern: namePattern })
    const userName = given ?? call.caller.context['aws:username']
    if (typeof userName !== 'string')
      throw commonError('validation', 'Must specify userName when calling with non-User credentials')
    const { name, path, arn, userId, permissionsBoundary } = userFor(call, userName)
    const PermissionsBoundary = permissionsBoundary && {
      PermissionsBoundaryType: 'Policy',
      PermissionsBoundaryArn: permissionsBoundary.arn,
    }
    return { User: { Path: path, UserName: name, UserId: userId, Arn: arn, CreateDate: created, PermissionsBoundary } }
  },

  GetRole(call) {
    const roleName = text(call.params, 'RoleName', { max: 64, pattern: namePattern })
    const role = anyRole(call, roleName)
    call.authorize('iam:GetRole', [role?.arn ?? `arn:aws:iam::${call.caller.accountId}:role/${roleName}`])
    if (!role) throw noSuchEntity(`The role with name ${roleName} cannot be found.`)
    return {
      Role: {
        Path: role.path,
        RoleName: role.name,
        RoleId: role.roleId,
        Arn: role.arn,
        CreateDate: created,
        AssumeRolePolicyDocument: encoded(JSON.stringify(role.trust)),
        MaxSessionDuration: role.maxSessionSeconds,
      },
    }
  },

  ListUsers(call) {
    const size = optionalInteger(call.params, 'MaxItems', 1, 1000) ?? 100
    const marker = optionalText(call.params, 'Marker', { pattern: '[\\u0020-\\u00FF]+' })
    const prefix = optionalText(call.params, 'PathPrefix', { max: 512 }) ?? '/'
    call.authorize('iam:ListUsers')
    const { accountId } = call.caller
    const all = [...(call.state.accounts.get(accountId)?.users.values() ?? [])].filter(({ path }) =>
      path.startsWith(prefix),
    )
    const { items, next } = page(all, `ListUsers ${accountId} ${prefix}`, size, marker)
    const Users = items.map(({ name, path, arn, userId }) => ({
      Path: path,
      UserName: name,
      UserId: userId,
      Arn: arn,
      CreateDate: created,
    }))
    return { Users, IsTruncated: next !== undefined, Marker: next }
  },

  ListUserPolicies(call) {
    const { userName, size, marker } = listing(call)
    const user = userFor(call, userName)
    const { items, next } = page([...user.inlinePolicies.keys()].sort(), `ListUserPolicies ${user.arn}`, size, marker)
    return { PolicyNames: items, IsTruncated: next !== undefined, Marker: next }
  },

  GetUserPolicy(call) {
    const { userName, policyName } = policyNames(call)
    const user = userFor(call, userName)
    const document = user.inlinePolicies.get(policyName)
    if (document === undefined) throw noSuchEntity(`The user policy with name ${policyName} cannot be found.`)
    return { UserName: user.name, PolicyName: policyName, PolicyDocument: encoded(document) }
  },

  PutUserPolicy(call) {
    const { userName, policyName } = policyNames(call)
    const document = text(call.params, 'PolicyDocument', { max: 131_072, pattern: documentPattern })
    const user = userFor(call, userName)
    checkDocument(document)
    const others = [...user.inlinePolicies].filter(([name]) => name !== policyName).map(([, other]) => other)
    const size = [...others, document].join('').replace(/\s/g, '').length
    if (size > userPolicyLimit) {
      const message = `Maximum policy size of ${userPolicyLimit} bytes exceeded for user ${user.name}`
      throw new AwsError('LimitExceeded', message, 409)
    }
    call.record({
      type: 'user-policy-put',
      data: { accountId: user.accountId, userName: user.name, policyName, document },
    })
    return {}
  },

  DeleteUserPolicy(call) {
    const { userName, policyName } = policyNames(call)
    const user = userFor(call, userName)
    if (!user.inlinePolicies.has(policyName))
      throw noSuchEntity(`The user policy with name ${policyName} cannot be found.`)
    call.record({ type: 'user-policy-deleted', data: { accountId: user.accountId, userName: user.name, policyName } })
    return {}
  },

  ListAttachedUserPolicies(call) {
    const { userName, size, marker } = listing(call)
    const prefix = optionalText(call.params, 'PathPrefix', { max: 512 }) ?? '/'
    const user = userFor(call, userName)
    const names = prefix === '/' ? [...user.attachedPolicies.keys()].sort() : []
    const { items, next } = page(names, `ListAttachedUserPolicies ${user.arn}`, size, marker)
    return {
      AttachedPolicies: items.map(name => ({
        PolicyName: name,
        PolicyArn: `arn:aws:iam::${user.accountId}:policy/${name}`,
      })),
      IsTruncated: next !== undefined,
      Marker: next,
    }
  },
}

/** Checks the document of an inline policy; throws MalformedPolicyDocument with AWS's reason. */
export function checkDocument(document: string): void {
  try {
    parsePolicy(document)
  } catch (error) {
    if (error instanceof MalformedPolicy) throw new AwsError('MalformedPolicyDocument', error.message)
    throw error
  }
}

/** The user, once the caller may do this operation on them; throws AccessDenied or NoSuchEntity. */
function userFor(call: Call, userName: string): IamUser {
  const { accountId } = call.caller
  const user = findUser(call.state, { accountId, userName })
  const boundary = user?.permissionsBoundary?.arn
  const context = boundary === undefined ? {} : { 'iam:PermissionsBoundary': boundary }
  call.authorize(`iam:${call.operation}`, [user?.arn ?? `arn:aws:iam::${accountId}:user/${userName}`], context)
  if (!user) throw noSuchEntity(`The user with name ${userName} cannot be found.`)
  return user
}

function policyNames({ params }: Call) {
  const userName = text(params, 'UserName', { max: 128, pattern: namePattern })
  return { userName, policyName: text(params, 'PolicyName', { max: 128, pattern: namePattern }) }
}

function listing({ params }: Call) {
  const userName = text(params, 'UserName', { max: 128, pattern: namePattern })
  const size = optionalInteger(params, 'MaxItems', 1, 1000) ?? 100
  return { userName, size, marker: optionalText(params, 'Marker', { pattern: '[\\u0020-\\u00FF]+' }) }
}

function anyRole({ state, caller, now }: Call, roleName: string) {
  const role = state.accounts.get(caller.accountId)?.roles.get(roleName.toLowerCase())
  if (role) return role
  const reserved = reservedRolesAt(state, now).find(
    one => one.accountId === caller.accountId && one.name.toLowerCase() === roleName.toLowerCase(),
  )
  return reserved && { ...reserved, trust: reservedTrust, maxSessionSeconds: 43_200 }
}

const reservedTrust = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { Federated: 'arn:aws:iam::aws:saml-provider/AWSSSO_DO_NOT_DELETE' },
    Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
  },
}

const noSuchEntity = (message: string) => new AwsError('NoSuchEntity', message, 404)

/** RFC 3986: encodeURIComponent leaves five more characters as they are. */
function encoded(document: string): string {
  return encodeURIComponent(document).replace(
    /[!'()*]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
