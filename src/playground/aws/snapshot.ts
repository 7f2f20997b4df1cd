import { assignmentsAt, isAssignment, operationStatus, reservedRolesAt, sameTarget } from './assignments.ts'
import { callerOf, isoSeconds } from './caller.ts'
import { defaultDocument } from './managed-policies.ts'
import type { PolicyDocument } from './policy.ts'
import type { AccountState } from './seed.ts'
import type { AssignmentTarget, State } from './state.ts'

/** The state of the simulated AWS at one moment, for the page. Times are ISO 8601 by the world clock. */
export type AwsSnapshot = {
  at: string
  accounts: {
    id: string
    name: string
    state: AccountState
    users: {
      name: string
      arn: string
      userId: string
      inlinePolicies: { name: string; document: PolicyDocument }[]
      attachedPolicies: { name: string; document: PolicyDocument }[]
      /** ARN of a managed policy, as with roles. */
      permissionsBoundary?: string
    }[]
    /** Customer roles, and without policies and trust the `AWSReservedSSO_*` roles there are now. */
    roles: {
      name: string
      arn: string
      roleId: string
      trust?: PolicyDocument
      inlinePolicies: { name: string; document: PolicyDocument }[]
      permissionsBoundary?: string
    }[]
    /** Managed policies: the document of the default version, and the ids of all versions there are, oldest first. */
    policies: { arn: string; name: string; defaultVersionId: string; versionIds: string[]; document: PolicyDocument }[]
  }[]
  permissionSets: {
    name: string
    arn: string
    sessionDuration: string
    document: PolicyDocument
    /** Path and name of a policy of each account, or an ARN; roles have it only once they were provisioned with it. */
    boundary?: string
  }[]
  /** CREATING and DELETING are operations still in progress; a DELETING assignment is still in effect. */
  assignments: {
    accountId: string
    permissionSet: string
    principalType: 'USER' | 'GROUP'
    principalId: string
    /** User name or group name. */
    principalName: string
    status: 'CREATING' | 'ASSIGNED' | 'DELETING'
  }[]
  /** Operations that failed, newest first, at most 20. */
  failedOperations: {
    at: string
    kind: 'create' | 'delete'
    accountId: string
    permissionSet: string
    principalName: string
    reason: string
  }[]
  identityCenterUsers: { userName: string; userId: string; email: string; displayName: string; enabled: boolean }[]
  groups: { name: string; groupId: string; members: string[] }[]
  /**
   * Sessions that have not expired. `userName` is the Identity Center user's, of portal sessions; `userArn` is the IAM
   * user's who took a role; `user`: temporary credentials of an IAM user.
   */
  sessions: {
    accessKeyId: string
    kind: 'assumed' | 'portal' | 'user'
    arn: string
    accountId: string
    permissionSet?: string
    userName?: string
    userArn?: string
    startedAt: string
    expiresAt: string
  }[]
}

/** Copies the state at a moment into plain JSON. */
export function snapshotOf(state: State, now: number): AwsSnapshot {
  const reserved = reservedRolesAt(state, now)
  return {
    at: isoSeconds(now),
    accounts: [...state.accounts.values()].map(account => ({
      id: account.id,
      name: account.name,
      state: account.state,
      users: [...account.users.values()].map(user => ({
        name: user.name,
        arn: user.arn,
        userId: user.userId,
        inlinePolicies: inlineOf(user),
        attachedPolicies: user.attachedPolicies.flatMap(arn => {
          const policy = state.policies.get(arn)
          return policy ? [{ name: policy.name, document: defaultDocument(policy) }] : []
        }),
        ...limits(user),
      })),
      roles: [
        ...[...account.roles.values()].map(role => ({
          name: role.name,
          arn: role.arn,
          roleId: role.roleId,
          trust: role.trust,
          inlinePolicies: inlineOf(role),
          ...limits(role),
        })),
        ...reserved
          .filter(({ accountId }) => accountId === account.id)
          .map(({ name, arn, roleId, ...role }) => ({ name, arn, roleId, inlinePolicies: [], ...limits(role) })),
      ],
      policies: [...state.policies.values()]
        .filter(({ owner }) => owner === account.id)
        .map(policy => ({
          arn: policy.arn,
          name: policy.name,
          defaultVersionId: policy.defaultVersionId,
          versionIds: policy.versions.map(({ versionId }) => versionId),
          document: defaultDocument(policy),
        })),
    })),
    permissionSets: state.permissionSets.map(({ name, arn, sessionDuration, policy, boundary }) => ({
      name,
      arn,
      sessionDuration,
      document: policy,
      ...(boundary === undefined ? {} : { boundary }),
    })),
    assignments: assignmentsOf(state, now),
    failedOperations: state.operations
      .filter(isAssignment)
      .filter(operation => operationStatus(operation, now) === 'FAILED')
      .slice(-20)
      .reverse()
      .map(({ kind, startedAt, failure = '', ...target }) => ({
        at: isoSeconds(startedAt),
        kind,
        accountId: target.accountId,
        permissionSet: setName(state, target.permissionSetArn),
        principalName: principalName(state, target),
        reason: failure,
      })),
    identityCenterUsers: state.users.map(({ userName, userId, email, displayName, enabled }) => ({
      userName,
      userId,
      email,
      displayName,
      enabled,
    })),
    groups: state.groups.map(({ name, groupId, members }) => ({
      name,
      groupId,
      members: members.map(id => state.users.find(({ userId }) => userId === id)?.userName ?? id),
    })),
    sessions: sessionsOf(state, now),
  }
}

function assignmentsOf(state: State, now: number): AwsSnapshot['assignments'] {
  const inProgress = state.operations
    .filter(isAssignment)
    .filter(operation => operationStatus(operation, now) === 'IN_PROGRESS')
  const shown = (target: AssignmentTarget, status: 'CREATING' | 'ASSIGNED' | 'DELETING') => ({
    accountId: target.accountId,
    permissionSet: setName(state, target.permissionSetArn),
    principalType: target.principalType,
    principalId: target.principalId,
    principalName: principalName(state, target),
    status,
  })
  const assigned = assignmentsAt(state, now)
  const creating = inProgress.filter(one => one.kind === 'create' && !assigned.some(other => sameTarget(one, other)))
  const isDeleting = (target: AssignmentTarget) =>
    inProgress.some(one => one.kind === 'delete' && sameTarget(one, target))
  return [
    ...assigned.map(target => shown(target, isDeleting(target) ? 'DELETING' : 'ASSIGNED')),
    ...creating.map(target => shown(target, 'CREATING')),
  ]
}

function sessionsOf(state: State, now: number): AwsSnapshot['sessions'] {
  const open = [...state.sessions.values()].filter(session => now < session.expiresAt)
  return open.map(session => {
    const { accessKeyId, kind, accountId, startedAt, expiresAt } = session
    const { permissionSetArn, identityStoreUserId } = session.kind === 'portal' ? session : {}
    const userName = state.users.find(({ userId }) => userId === identityStoreUserId)?.userName
    const userArn = session.kind === 'user' ? session.userArn : session.origin.userArn
    return {
      accessKeyId,
      kind,
      arn: callerOf(state, now, accessKeyId)?.arn ?? '',
      accountId,
      ...(permissionSetArn === undefined ? {} : { permissionSet: setName(state, permissionSetArn) }),
      ...(userName === undefined ? {} : { userName }),
      ...(userArn === undefined ? {} : { userArn }),
      startedAt: isoSeconds(startedAt),
      expiresAt: isoSeconds(expiresAt),
    }
  })
}

const inlineOf = ({ inlinePolicies }: { inlinePolicies: Map<string, string> }) =>
  [...inlinePolicies].map(([name, text]) => ({ name, document: JSON.parse(text) }))

const limits = ({ permissionsBoundary }: { permissionsBoundary?: string }) =>
  permissionsBoundary === undefined ? {} : { permissionsBoundary }

const setName = (state: State, arn: string) => state.permissionSets.find(set => set.arn === arn)?.name ?? arn

function principalName(state: State, { principalType, principalId }: AssignmentTarget): string {
  const user = state.users.find(({ userId }) => userId === principalId)?.userName
  const group = state.groups.find(({ groupId }) => groupId === principalId)?.name
  return (principalType === 'USER' ? user : group) ?? principalId
}
