import { hex16, uniqueId } from './ids.ts'
import { policyArn } from './managed-policies.ts'
import { beginning } from './seed.ts'
import { type AssignmentOperation, type AssignmentTarget, operationMilliseconds, type State } from './state.ts'

/** Where an operation stands at a moment of the world clock: AWS's own three words. */
export function operationStatus(
  operation: State['operations'][number],
  now: number,
): 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED' {
  if (now < operation.startedAt + operationMilliseconds) return 'IN_PROGRESS'
  return operation.failure === undefined ? 'SUCCEEDED' : 'FAILED'
}

/** Whether an operation changes an assignment. */
export const isAssignment = (operation: State['operations'][number]): operation is AssignmentOperation =>
  operation.kind !== 'provision'

/** Whether two targets are the same assignment. */
export const sameTarget = (a: AssignmentTarget, b: AssignmentTarget): boolean => keyOf(a) === keyOf(b)

/** The assignments in effect at a moment, oldest first. */
export function assignmentsAt(state: State, now: number): AssignmentTarget[] {
  return replay(state, now).assignments
}

/** The role IAM Identity Center keeps in an account while a permission set is provisioned there. */
export type ReservedRole = {
  accountId: string
  permissionSetArn: string
  name: string
  path: string
  arn: string
  roleId: string
  createdAt: number
  /** ARN of the boundary it was provisioned with. */
  permissionsBoundary?: string
}

/** The `AWSReservedSSO_*` roles there are at a moment; one that went and came back has another suffix. */
export function reservedRolesAt(state: State, now: number): ReservedRole[] {
  return [...replay(state, now).provisionings.values()].map(
    ({ accountId, permissionSetArn, cause, createdAt, boundary }) => {
      const set = state.permissionSets.find(({ arn }) => arn === permissionSetArn)
      const name = `AWSReservedSSO_${set?.name}_${hex16(`${accountId} ${permissionSetArn} ${cause}`)}`
      const path = '/aws-reserved/sso.amazonaws.com/'
      const arn = `arn:aws:iam::${accountId}:role${path}${name}`
      const limits = boundary === undefined ? {} : { permissionsBoundary: policyArn(accountId, boundary) }
      return { accountId, permissionSetArn, name, path, arn, roleId: uniqueId('AROA', arn), createdAt, ...limits }
    },
  )
}

type Provisioning = {
  accountId: string
  permissionSetArn: string
  cause: string
  createdAt: number
  boundary: string | undefined
}

function replay(state: State, now: number) {
  const assignments = new Map<string, AssignmentTarget>()
  const provisionings = new Map<string, Provisioning>()
  const add = (assigned: AssignmentTarget & { boundary?: string }, cause: string, createdAt: number) => {
    const { accountId, permissionSetArn, principalType, principalId, boundary } = assigned
    const target = { accountId, permissionSetArn, principalType, principalId }
    if (!assignments.has(keyOf(target))) assignments.set(keyOf(target), target)
    const place = placeOf(target)
    if (!provisionings.has(place)) provisionings.set(place, { accountId, permissionSetArn, cause, createdAt, boundary })
  }
  for (const target of state.standing) add(target, 'standing', beginning)
  for (const operation of state.operations) {
    if (operationStatus(operation, now) !== 'SUCCEEDED') continue
    if (operation.kind === 'create') add(operation, operation.requestId, operation.startedAt)
    else if (operation.kind === 'provision') {
      const provisioned = provisionings.get(placeOf(operation))
      if (provisioned) provisioned.boundary = operation.boundary
    } else {
      assignments.delete(keyOf(operation))
      const place = placeOf(operation)
      if (![...assignments.values()].some(other => placeOf(other) === place)) provisionings.delete(place)
    }
  }
  return { assignments: [...assignments.values()], provisionings }
}

const placeOf = (target: { accountId: string; permissionSetArn: string }) =>
  `${target.accountId} ${target.permissionSetArn}`
const keyOf = (target: AssignmentTarget) => `${placeOf(target)} ${target.principalType} ${target.principalId}`

/** Whether an assignment of this set in this account reaches the user at a moment, directly or through a group. */
export function reaches(
  state: State,
  now: number,
  to: { accountId: string; permissionSetArn: string; userId: string },
): boolean {
  return assignmentsAt(state, now).some(
    ({ accountId, permissionSetArn, principalType, principalId }) =>
      accountId === to.accountId &&
      permissionSetArn === to.permissionSetArn &&
      (principalType === 'USER'
        ? principalId === to.userId
        : state.groups.some(group => group.groupId === principalId && group.members.includes(to.userId))),
  )
}
