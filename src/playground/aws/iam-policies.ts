import { rolesIn } from './any-role.ts'
import { AwsError, commonError } from './aws-error.ts'
import { isoSeconds } from './caller.ts'
import {
  checkDocument,
  documentRules,
  encoded,
  limitExceeded,
  listed,
  namePattern,
  noSuchEntity,
  pathPattern,
  sizeOf,
} from './iam-support.ts'
import { policyArn, policyOf } from './managed-policies.ts'
import type { Call, Operation } from './operation.ts'
import { optionalBoolean, optionalText, text } from './parameters.ts'
import type { ManagedPolicy } from './state.ts'

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const sizeLimit = 6144
const versionLimit = 5

/** IAM's operations on managed policies and their versions. */
export const iamPolicyOperations: Record<string, Operation> = {
  CreatePolicy(call) {
    const name = text(call.params, 'PolicyName', { max: 128, pattern: namePattern })
    const path = optionalText(call.params, 'Path', { max: 512, pattern: pathPattern }) ?? '/'
    const document = text(call.params, 'PolicyDocument', documentRules)
    const { accountId: owner } = call.caller
    const arn = policyArn(owner, path + name)
    call.authorize('iam:CreatePolicy', [arn])
    checkSizeAndGrammar(document)
    const taken = ownPolicies(call).some(other => other.name.toLowerCase() === name.toLowerCase())
    if (taken) {
      const message = `A policy called ${name} already exists. Duplicate names are not allowed.`
      throw new AwsError('EntityAlreadyExists', message, 409)
    }
    call.record({ type: 'managed-policy-created', data: { owner, path, name, document, createdAt: call.now } })
    return { Policy: shown(call, policyOf({ owner, path, name, document, createdAt: call.now })) }
  },

  GetPolicy: call => ({ Policy: shown(call, policyFor(call)) }),

  GetPolicyVersion(call) {
    const policy = policyFor(call)
    const { version, shown } = versionFor(call, policy)
    return { PolicyVersion: { ...shown, Document: encoded(version.document) } }
  },

  ListPolicyVersions(call) {
    const policy = policyFor(call)
    const all = policy.versions.map(version => shownVersion(policy, version)).reverse()
    return listed(call, 'Versions', `ListPolicyVersions ${policy.arn}`, all)
  },

  CreatePolicyVersion(call) {
    const document = text(call.params, 'PolicyDocument', documentRules)
    const isDefault = optionalBoolean(call.params, 'SetAsDefault') ?? false
    const { arn, versions, lastVersion } = policyFor(call)
    checkSizeAndGrammar(document)
    if (versions.length >= versionLimit)
      throw limitExceeded(
        `A managed policy can have up to ${versionLimit} versions. Before you create a new version, you must delete an existing version.`,
      )
    const versionId = `v${lastVersion + 1}`
    call.record({
      type: 'policy-version-created',
      data: { arn, versionId, document, isDefault, createdAt: call.now },
    })
    return {
      PolicyVersion: { VersionId: versionId, IsDefaultVersion: isDefault, CreateDate: isoSeconds(call.now) },
    }
  },

  DeletePolicyVersion(call) {
    const policy = policyFor(call)
    const { versionId } = versionFor(call, policy).version
    if (versionId === policy.defaultVersionId)
      throw new AwsError('DeleteConflict', 'Cannot delete the default version of a policy.', 409)
    call.record({ type: 'policy-version-deleted', data: { arn: policy.arn, versionId, at: call.now } })
    return {}
  },

  SetDefaultPolicyVersion(call) {
    const policy = policyFor(call)
    const { versionId } = versionFor(call, policy).version
    call.record({ type: 'default-policy-version-set', data: { arn: policy.arn, versionId, at: call.now } })
    return {}
  },
}

const ownPolicies = ({ state, caller }: Call) =>
  [...state.policies.values()].filter(({ owner }) => owner === caller.accountId)

function checkSizeAndGrammar(document: string): void {
  checkDocument(document)
  if (sizeOf([document]) > sizeLimit) throw limitExceeded(`Cannot exceed quota for PolicySize: ${sizeLimit}`)
}

/** The policy that is named, once the caller may do this operation on it; throws AccessDenied or NoSuchEntity. */
function policyFor(call: Call): ManagedPolicy {
  const arn = text(call.params, 'PolicyArn', { min: 20, max: 2048 })
  call.authorize(`iam:${call.operation}`, [arn])
  const policy = call.state.policies.get(arn)
  if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`)
  // AWS keeps its own policies: everybody may read them, nobody change them.
  if (policy.owner === 'aws' && !/^(Get|List)/.test(call.operation))
    throw commonError('denied', `Policy ${arn} is managed by AWS and cannot be changed.`)
  return policy
}

function versionFor({ params }: Call, policy: ManagedPolicy) {
  const versionId = text(params, 'VersionId', { pattern: 'v[1-9][0-9]*(\\.[A-Za-z0-9-]*)?' })
  const version = policy.versions.find(one => one.versionId === versionId)
  if (!version) throw noSuchEntity(`Policy ${policy.arn} version ${versionId} does not exist or is not attachable.`)
  return { version, shown: shownVersion(policy, version) }
}

const shownVersion = (policy: ManagedPolicy, { versionId, createdAt }: ManagedPolicy['versions'][number]) => ({
  VersionId: versionId,
  IsDefaultVersion: versionId === policy.defaultVersionId,
  CreateDate: isoSeconds(createdAt),
})

function shown(call: Call, policy: ManagedPolicy) {
  const users = call.state.accounts.get(call.caller.accountId)?.users.values() ?? []
  const principals = [...users, ...rolesIn(call)]
  return {
    PolicyName: policy.name,
    PolicyId: policy.policyId,
    Arn: policy.arn,
    Path: policy.path,
    DefaultVersionId: policy.defaultVersionId,
    AttachmentCount: principals.filter(({ attachedPolicies }) => attachedPolicies.includes(policy.arn)).length,
    PermissionsBoundaryUsageCount: principals.filter(one => one.permissionsBoundary === policy.arn).length,
    IsAttachable: true,
    CreateDate: isoSeconds(policy.createdAt),
    UpdateDate: isoSeconds(policy.updatedAt),
  }
}
