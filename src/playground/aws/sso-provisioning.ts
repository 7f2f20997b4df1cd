import { assignmentsAt, operationStatus } from './assignments.ts'
import { commonError } from './aws-error.ts'
import { uuidOf } from './ids.ts'
import { policyArn } from './managed-policies.ts'
import type { Call, Operation } from './operation.ts'
import { oneOf, structure, text } from './parameters.ts'
import { accountArn, instanceFor, notFound, permissionSetFor, referenceTo, setFor, uuidPattern } from './sso-support.ts'
import type { PermissionSet, ProvisioningOperation, State } from './state.ts'

/** The boundary of a set, and how its roles in the accounts come to carry it, by operation name. */
export const ssoProvisioningOperations: Record<string, Operation> = {
  GetPermissionsBoundaryForPermissionSet(call) {
    const { arn, boundary } = setFor(call)
    if (boundary === undefined) throw noBoundary(arn)
    return {
      PermissionsBoundary: boundary.startsWith('arn:')
        ? { ManagedPolicyArn: boundary }
        : { CustomerManagedPolicyReference: referenceTo(boundary) },
    }
  },

  // The roles in the accounts stay as they are until the set is provisioned anew:
  // https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ProvisionPermissionSet.html
  PutPermissionsBoundaryToPermissionSet(call) {
    const boundary = boundaryIn(call)
    const { arn } = setFor(call)
    call.record({ type: 'set-boundary-put', data: { permissionSetArn: arn, boundary } })
    return {}
  },

  DeletePermissionsBoundaryFromPermissionSet(call) {
    const { arn, boundary } = setFor(call)
    if (boundary === undefined) throw noBoundary(arn)
    call.record({ type: 'set-boundary-deleted', data: { permissionSetArn: arn } })
    return {}
  },

  ProvisionPermissionSet(call) {
    const { params, state, now } = call
    const instance = instanceFor(call)
    oneOf(params, 'TargetType', ['AWS_ACCOUNT'])
    const accountId = text(params, 'TargetId', { pattern: '\\d{12}' })
    const set = permissionSetFor(call, arn =>
      call.authorize('sso:ProvisionPermissionSet', [instance, arn, accountArn(accountId)]),
    )
    mayProvision(state, now, set, accountId)
    const operation = provisioningOf(state, now, set, accountId)
    call.record({ type: 'set-provisioning-started', data: operation })
    return { PermissionSetProvisioningStatus: statusOf(operation, now) }
  },

  DescribePermissionSetProvisioningStatus(call) {
    const instance = instanceFor(call)
    const requestId = text(call.params, 'ProvisionPermissionSetRequestId', { pattern: uuidPattern })
    call.authorize('sso:DescribePermissionSetProvisioningStatus', [instance])
    const operation = call.state.operations.find(one => one.kind === 'provision' && one.requestId === requestId)
    if (!operation) throw notFound(`Request ${requestId} not found.`)
    return { PermissionSetProvisioningStatus: statusOf(operation, call.now) }
  },
}

/**
 * What whoever administers Identity Center does by hand: gives a set a boundary, or takes it off, and brings the set's
 * role in an account to carry it. Throws AWS's own words, and then nothing has changed.
 */
export function changeBoundary(
  { state, now, record }: Pick<Call, 'state' | 'now' | 'record'>,
  { accountId, permissionSet, boundary }: BoundaryChange,
): void {
  const set = state.permissionSets.find(({ name }) => name === permissionSet)
  if (!set) throw new Error(`There is no permission set ${permissionSet}`)
  mayProvision(state, now, set, accountId)
  const permissionSetArn = set.arn
  if (boundary !== undefined) record({ type: 'set-boundary-put', data: { permissionSetArn, boundary } })
  else if (set.boundary !== undefined) record({ type: 'set-boundary-deleted', data: { permissionSetArn } })
  record({ type: 'set-provisioning-started', data: provisioningOf(state, now, set, accountId) })
}

/** `boundary` is path and name of a policy of the account (`/team/limits`); absent: it is taken off. */
export type BoundaryChange = { accountId: string; permissionSet: string; boundary?: string }

function mayProvision(state: State, now: number, set: PermissionSet, accountId: string): void {
  const here = (one: { accountId: string; permissionSetArn: string }) =>
    one.accountId === accountId && one.permissionSetArn === set.arn
  if (state.operations.some(one => here(one) && operationStatus(one, now) === 'IN_PROGRESS'))
    throw commonError('conflict', 'There is a conflicting operation in process for this account and permission set.')
  if (!assignmentsAt(state, now).some(here))
    throw notFound(`Permission set ${set.arn} is not provisioned in account ${accountId}.`)
}

function provisioningOf(state: State, now: number, set: PermissionSet, accountId: string): ProvisioningOperation {
  const failure = missingPolicy(state, set, accountId)
  return {
    kind: 'provision',
    accountId,
    permissionSetArn: set.arn,
    requestId: uuidOf(`provisioning ${state.eventCount}`),
    startedAt: now,
    ...(failure === undefined ? {} : { failure }),
    ...(set.boundary === undefined ? {} : { boundary: set.boundary }),
  }
}

/** Why a set cannot be provisioned in an account: a policy of the account's own that it needs and does not find there. */
export function missingPolicy(state: State, set: PermissionSet, accountId: string): string | undefined {
  const needed = [...set.customer, ...(set.boundary === undefined ? [] : [set.boundary])]
  const missing = needed.map(path => policyArn(accountId, path)).find(arn => !state.policies.has(arn))
  return missing && `Received a 404 status error: Not supported policy ${missing}.`
}

const noBoundary = (arn: string) => notFound(`Could not find permissions boundary of permission set ${arn}.`)

function boundaryIn({ params, state }: Call): string {
  const boundary = structure(params, 'PermissionsBoundary')
  const [member, ...others] = Object.keys(boundary)
  if (others.length > 0 || (member !== 'CustomerManagedPolicyReference' && member !== 'ManagedPolicyArn'))
    throw commonError(
      'validation',
      'PermissionsBoundary must have either CustomerManagedPolicyReference or ManagedPolicyArn',
    )
  if (member === 'ManagedPolicyArn') {
    const arn = text(boundary, member, { min: 20, max: 2048, pattern: 'arn:aws:iam::aws:policy(/[\\w+=,.@-]+)+' })
    if (!state.policies.has(arn)) throw notFound(`Policy ${arn} does not exist.`)
    return arn
  }
  const reference = structure(boundary, member)
  const name = text(reference, 'Name', { max: 128, pattern: '[\\w+=,.@-]+' })
  // An absent path is the root.
  const path =
    reference['Path'] === undefined ? '/' : text(reference, 'Path', { max: 512, pattern: '((/[A-Za-z0-9.,+@=_-]+)*)/' })
  return path + name
}

function statusOf(operation: State['operations'][number], now: number) {
  const status = operationStatus(operation, now)
  return {
    Status: status,
    RequestId: operation.requestId,
    AccountId: operation.accountId,
    PermissionSetArn: operation.permissionSetArn,
    FailureReason: status === 'FAILED' ? operation.failure : undefined,
    CreatedDate: operation.startedAt / 1000,
  }
}
