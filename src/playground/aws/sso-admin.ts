import { assignmentsAt, operationStatus, sameTarget } from './assignments.ts'
import { AwsError, commonError } from './aws-error.ts'
import { uuidOf } from './ids.ts'
import type { Call, Operation } from './operation.ts'
import { oneOf, optionalInteger, optionalText, page, structure, text } from './parameters.ts'
import type { AssignmentOperation, AssignmentTarget, PermissionSet } from './state.ts'

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const instancePattern = 'arn:aws:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]+'
const setPattern = 'arn:aws:sso:::permissionSet/(sso)?ins-[a-zA-Z0-9-.]+/ps-[a-zA-Z0-9-./]{16}'
const accountArn = (accountId: string) => `arn:aws:sso:::account/${accountId}`

/** IAM Identity Center's administration (`sso-admin`), by operation name. */
export const ssoAdminOperations: Record<string, Operation> = {
  ListInstances(call) {
    const { size, token } = paging(call)
    call.authorize('sso:ListInstances')
    const { instanceArn, identityStoreId, managementAccountId } = call.state
    const all = [
      {
        InstanceArn: instanceArn,
        IdentityStoreId: identityStoreId,
        OwnerAccountId: managementAccountId,
        Status: 'ACTIVE',
      },
    ]
    const { items, next } = page(all, 'ListInstances', size, token)
    return { Instances: items, NextToken: next }
  },

  ListPermissionSets(call) {
    const { size, token } = paging(call)
    const instance = instanceFor(call)
    call.authorize('sso:ListPermissionSets', [instance])
    const arns = call.state.permissionSets.map(({ arn }) => arn)
    const { items, next } = page(arns, 'ListPermissionSets', size, token)
    return { PermissionSets: items, NextToken: next }
  },

  DescribePermissionSet(call) {
    const instance = instanceFor(call)
    const set = permissionSetFor(call, arn => call.authorize('sso:DescribePermissionSet', [instance, arn]))
    return {
      PermissionSet: {
        Name: set.name,
        PermissionSetArn: set.arn,
        Description: set.description,
        SessionDuration: set.sessionDuration,
        CreatedDate: Date.UTC(2025, 0, 1) / 1000,
      },
    }
  },

  ListManagedPoliciesInPermissionSet(call) {
    const { items, next } = listIn(call, ({ managed }) => managed)
    const AttachedManagedPolicies = items.map(arn => ({ Name: arn.split('/').at(-1), Arn: arn }))
    return { AttachedManagedPolicies, NextToken: next }
  },

  ListCustomerManagedPolicyReferencesInPermissionSet(call) {
    const { items, next } = listIn(call, ({ customer }) => customer)
    return { CustomerManagedPolicyReferences: items.map(referenceTo), NextToken: next }
  },

  GetInlinePolicyForPermissionSet(call) {
    return { InlinePolicy: JSON.stringify(contentOf(call).policy) }
  },

  GetPermissionsBoundaryForPermissionSet(call) {
    const { arn, boundary } = contentOf(call)
    if (boundary === undefined) throw notFound(`Could not find permissions boundary of permission set ${arn}.`)
    return { PermissionsBoundary: { CustomerManagedPolicyReference: referenceTo(boundary) } }
  },

  ListAccountAssignments(call) {
    const { size, token } = paging(call)
    const instance = instanceFor(call)
    const accountId = text(call.params, 'AccountId', { pattern: '\\d{12}' })
    const set = permissionSetFor(call, arn =>
      call.authorize('sso:ListAccountAssignments', [instance, accountArn(accountId), arn]),
    )
    const all = assignmentsAt(call.state, call.now).filter(
      one => one.accountId === accountId && one.permissionSetArn === set.arn,
    )
    const { items, next } = page(all, `ListAccountAssignments ${accountId} ${set.arn}`, size, token)
    return {
      AccountAssignments: items.map(({ principalType, principalId }) => ({
        AccountId: accountId,
        PermissionSetArn: set.arn,
        PrincipalType: principalType,
        PrincipalId: principalId,
      })),
      NextToken: next,
    }
  },

  CreateAccountAssignment: call => ({ AccountAssignmentCreationStatus: start(call, 'create') }),
  DeleteAccountAssignment: call => ({ AccountAssignmentDeletionStatus: start(call, 'delete') }),

  DescribeAccountAssignmentCreationStatus: call => ({
    AccountAssignmentCreationStatus: describe(call, 'create', 'AccountAssignmentCreationRequestId'),
  }),
  DescribeAccountAssignmentDeletionStatus: call => ({
    AccountAssignmentDeletionStatus: describe(call, 'delete', 'AccountAssignmentDeletionRequestId'),
  }),

  ListAccountAssignmentCreationStatus(call) {
    const { items, next } = listOperations(call, 'create')
    return { AccountAssignmentsCreationStatus: items, NextToken: next }
  },
  ListAccountAssignmentDeletionStatus(call) {
    const { items, next } = listOperations(call, 'delete')
    return { AccountAssignmentsDeletionStatus: items, NextToken: next }
  },
}

/** Accepts a change of an assignment. What makes it fail is found out now and told when its time is up, as AWS does. */
function start(call: Call, kind: AssignmentOperation['kind']) {
  const { params, state, now } = call
  const instance = instanceFor(call)
  const accountId = text(params, 'TargetId', { pattern: '\\d{12}' })
  oneOf(params, 'TargetType', ['AWS_ACCOUNT'])
  const principalType = oneOf(params, 'PrincipalType', ['USER', 'GROUP'])
  const principalId = text(params, 'PrincipalId', { max: 47, pattern: `([0-9a-f]{10}-)?${uuid}` })
  const set = permissionSetFor(call, arn =>
    call.authorize(`sso:${call.operation}`, [instance, accountArn(accountId), arn]),
  )
  // https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html
  if (accountId === state.managementAccountId && call.caller.accountId !== state.managementAccountId)
    throw commonError('denied', 'A delegated administrator cannot manage access to the management account')
  const target: AssignmentTarget = { accountId, permissionSetArn: set.arn, principalType, principalId }
  const inProgress = state.operations.some(
    other =>
      other.accountId === accountId &&
      other.permissionSetArn === set.arn &&
      operationStatus(other, now) === 'IN_PROGRESS',
  )
  if (inProgress)
    throw commonError(
      'conflict',
      'There is a conflicting operation in process for this account and permission set. Please try again later.',
    )
  const failure = kind === 'create' ? creationFailure(call, target) : deletionFailure(call, target)
  const operation: AssignmentOperation = {
    ...target,
    kind,
    requestId: uuidOf(`assignment operation ${state.eventCount}`),
    startedAt: now,
    ...(failure === undefined ? {} : { failure }),
  }
  call.record({ type: 'assignment-operation-started', data: operation })
  return statusOf(operation, now)
}

function creationFailure({ state }: Call, { accountId, principalType, principalId }: AssignmentTarget) {
  const account = state.accounts.get(accountId)
  if (!account) return `Received a 404 status error: Account ${accountId} not found.`
  if (account.state !== 'ACTIVE') return `Received a 400 status error: Account ${accountId} is not active.`
  const known =
    principalType === 'USER'
      ? state.users.some(({ userId }) => userId === principalId)
      : state.groups.some(({ groupId }) => groupId === principalId)
  return known ? undefined : `Received a 404 status error: ${principalType} ${principalId} not found.`
}

function deletionFailure({ state, now }: Call, target: AssignmentTarget) {
  const exists = assignmentsAt(state, now).some(other => sameTarget(other, target))
  return exists ? undefined : 'Received a 404 status error: Account assignment not found.'
}

function describe(call: Call, kind: AssignmentOperation['kind'], parameter: string) {
  const instance = instanceFor(call)
  const requestId = text(call.params, parameter, { pattern: uuid })
  call.authorize(`sso:${call.operation}`, [instance])
  const operation = call.state.operations.find(one => one.kind === kind && one.requestId === requestId)
  if (!operation) throw notFound(`Request ${requestId} not found.`)
  return statusOf(operation, call.now)
}

function statusOf(operation: AssignmentOperation, now: number) {
  const status = operationStatus(operation, now)
  return {
    Status: status,
    RequestId: operation.requestId,
    FailureReason: status === 'FAILED' ? operation.failure : undefined,
    TargetId: operation.accountId,
    TargetType: 'AWS_ACCOUNT',
    PermissionSetArn: operation.permissionSetArn,
    PrincipalType: operation.principalType,
    PrincipalId: operation.principalId,
    CreatedDate: operation.startedAt / 1000,
  }
}

function listOperations(call: Call, kind: AssignmentOperation['kind']) {
  const { size, token } = paging(call)
  const instance = instanceFor(call)
  const filter = structure(call.params, 'Filter')
  const wanted = filter['Status'] ? oneOf(filter, 'Status', ['IN_PROGRESS', 'FAILED', 'SUCCEEDED']) : undefined
  call.authorize(`sso:${call.operation}`, [instance])
  const all = call.state.operations
    .filter(one => one.kind === kind)
    .map(one => ({
      Status: operationStatus(one, call.now),
      RequestId: one.requestId,
      CreatedDate: one.startedAt / 1000,
    }))
    .filter(one => wanted === undefined || one.Status === wanted)
    .reverse()
  return page(all, `${call.operation} ${wanted}`, size, token)
}

function contentOf(call: Call): PermissionSet {
  const instance = instanceFor(call)
  return permissionSetFor(call, arn => call.authorize(`sso:${call.operation}`, [instance, arn]))
}

function listIn(call: Call, list: (set: PermissionSet) => string[]) {
  const { size, token } = paging(call)
  const set = contentOf(call)
  return page(list(set), `${call.operation} ${set.arn}`, size, token)
}

/** `/team/deploy` as AWS writes it: path and name apart. */
function referenceTo(path: string) {
  const nameAt = path.lastIndexOf('/') + 1
  return { Path: path.slice(0, nameAt), Name: path.slice(nameAt) }
}

function paging({ params }: Call) {
  return {
    size: optionalInteger(params, 'MaxResults', 1, 100) ?? 100,
    token: optionalText(params, 'NextToken', { max: 2048, pattern: '[-a-zA-Z0-9+=/_]*' }),
  }
}

function instanceFor({ params, state }: Call): string {
  const arn = text(params, 'InstanceArn', { min: 10, max: 1224, pattern: instancePattern })
  if (arn !== state.instanceArn) throw notFound(`Instance ${arn} not found.`)
  return arn
}

function permissionSetFor({ params, state }: Call, authorize: (arn: string) => void): PermissionSet {
  const arn = text(params, 'PermissionSetArn', { min: 10, max: 1224, pattern: setPattern })
  authorize(arn)
  const set = state.permissionSets.find(one => one.arn === arn)
  if (!set) throw notFound(`PermissionSet ${arn} not found.`)
  return set
}

const notFound = (message: string) => new AwsError('ResourceNotFoundException', message)
