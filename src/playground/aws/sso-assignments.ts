import { assignmentsAt, isAssignment, operationStatus, sameTarget } from './assignments.ts'
import { commonError } from './aws-error.ts'
import { uuidOf } from './ids.ts'
import type { Call, Operation } from './operation.ts'
import { oneOf, page, structure, text } from './parameters.ts'
import { missingPolicy } from './sso-provisioning.ts'
import { accountArn, instanceFor, notFound, paging, permissionSetFor, uuidPattern } from './sso-support.ts'
import type { AssignmentOperation, AssignmentTarget, PermissionSet } from './state.ts'

/** Assignments, and the operations that change them, by operation name. */
export const ssoAssignmentOperations: Record<string, Operation> = {
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
  const principalId = text(params, 'PrincipalId', { max: 47, pattern: `([0-9a-f]{10}-)?${uuidPattern}` })
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
  const failure = kind === 'create' ? creationFailure(call, set, target) : deletionFailure(call, target)
  const operation: AssignmentOperation = {
    ...target,
    kind,
    requestId: uuidOf(`assignment operation ${state.eventCount}`),
    startedAt: now,
    ...(failure === undefined ? {} : { failure }),
    ...(set.boundary === undefined ? {} : { boundary: set.boundary }),
  }
  call.record({ type: 'assignment-operation-started', data: operation })
  return statusOf(operation, now)
}

function creationFailure(
  { state }: Call,
  set: PermissionSet,
  { accountId, principalType, principalId }: AssignmentTarget,
) {
  const account = state.accounts.get(accountId)
  if (!account) return `Received a 404 status error: Account ${accountId} not found.`
  if (account.state !== 'ACTIVE') return `Received a 400 status error: Account ${accountId} is not active.`
  const known =
    principalType === 'USER'
      ? state.users.some(({ userId }) => userId === principalId)
      : state.groups.some(({ groupId }) => groupId === principalId)
  return known
    ? missingPolicy(state, set, accountId)
    : `Received a 404 status error: ${principalType} ${principalId} not found.`
}

function deletionFailure({ state, now }: Call, target: AssignmentTarget) {
  const exists = assignmentsAt(state, now).some(other => sameTarget(other, target))
  return exists ? undefined : 'Received a 404 status error: Account assignment not found.'
}

function describe(call: Call, kind: AssignmentOperation['kind'], parameter: string) {
  const instance = instanceFor(call)
  const requestId = text(call.params, parameter, { pattern: uuidPattern })
  call.authorize(`sso:${call.operation}`, [instance])
  const operation = call.state.operations
    .filter(isAssignment)
    .find(one => one.kind === kind && one.requestId === requestId)
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
