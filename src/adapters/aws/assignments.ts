import type { IdentitystoreClient } from '@aws-sdk/client-identitystore'
import {
  type AccountAssignmentOperationStatus,
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribeAccountAssignmentDeletionStatusCommand,
  DescribePermissionSetCommand,
  ListAccountAssignmentCreationStatusCommand,
  ListAccountAssignmentDeletionStatusCommand,
  ListAccountAssignmentsCommand,
  type SSOAdminClient,
} from '@aws-sdk/client-sso-admin'
import type { Assignment, Assignments, Operation } from '../../app/ports.ts'
import type { Catalogue } from '../../core/entitlement.ts'
import { asFault, Fault } from '../../core/errors.ts'
import { absent, present } from './faults.ts'
import { findUser, isInAnyGroup } from './identity-center-users.ts'
import { pagesOf } from './pages.ts'
import { findSetContent, readSetContent } from './permission-set-content.ts'
import { createFindPermissionSet } from './permission-sets.ts'
import { send, startDeadline } from './send.ts'

type Kind = 'create' | 'remove'

/**
 * IAM Identity Center over the wire, with the bot's own credentials and never the member role. Where the catalogue has
 * no Identity Center every method throws `no_identity_center`.
 */
export function createAssignments({
  ssoAdmin,
  identityStore,
  identityCenter,
}: {
  ssoAdmin: SSOAdminClient
  identityStore: IdentitystoreClient
  identityCenter: Catalogue['aws']['identityCenter']
}): Assignments {
  const findPermissionSet = createFindPermissionSet(ssoAdmin)

  function begin() {
    if (!identityCenter) {
      const message = 'The catalogue names no Identity Center.'
      throw new Fault('no_identity_center', message, { retryable: false, answered: true })
    }
    const { instanceArn, identityStoreId } = identityCenter
    const deadline = startDeadline()
    return { InstanceArn: instanceArn, deadline, directory: { identityStore, identityStoreId, deadline } }
  }

  async function describe(kind: Kind, id: string, { InstanceArn, deadline } = begin()): Promise<Status> {
    if (kind === 'create') {
      const input = { InstanceArn, AccountAssignmentCreationRequestId: id }
      const answer = await send(ssoAdmin, new DescribeAccountAssignmentCreationStatusCommand(input), { deadline })
      return present(answer.AccountAssignmentCreationStatus, 'AccountAssignmentCreationStatus')
    }
    const input = { InstanceArn, AccountAssignmentDeletionRequestId: id }
    const answer = await send(ssoAdmin, new DescribeAccountAssignmentDeletionStatusCommand(input), { deadline })
    return present(answer.AccountAssignmentDeletionStatus, 'AccountAssignmentDeletionStatus')
  }

  /** Who has the set in the account: users and groups, page by page. */
  async function* assigned({ accountId, permissionSetArn }: Assignment, { InstanceArn, deadline }: Begun) {
    const where = { InstanceArn, AccountId: accountId, PermissionSetArn: permissionSetArn, MaxResults: 100 }
    const list = (NextToken: string | undefined) =>
      send(ssoAdmin, new ListAccountAssignmentsCommand({ ...where, NextToken }), { deadline })
    for await (const { AccountAssignments = [] } of pagesOf(list)) yield* AccountAssignments
  }

  /**
   * AWS deletes a set only once nobody has it. Trap: a set of another Identity Center than the catalogue's is not found
   * either, and may well be assigned there.
   */
  async function isSetDeleted(PermissionSetArn: string, { InstanceArn, deadline }: Begun): Promise<boolean> {
    if (instanceOf(PermissionSetArn) !== instanceOf(InstanceArn)) return false
    const command = new DescribePermissionSetCommand({ InstanceArn, PermissionSetArn })
    return (await send(ssoAdmin, command, { deadline }).catch(absent)) === undefined
  }

  type Begun = ReturnType<typeof begin>

  return {
    findUser: async by => findUser(begin().directory, by),

    async findPermissionSet(name) {
      const { InstanceArn, deadline } = begin()
      const set = await findPermissionSet(InstanceArn, name, deadline)
      if (!set) return undefined
      const { permissionSetArn, sessionMinutes } = set
      const arns = { InstanceArn, PermissionSetArn: permissionSetArn }
      return { ...set, content: await readSetContent(ssoAdmin, arns, sessionMinutes, deadline) }
    },

    async permissionSetContent(permissionSetArn) {
      const { InstanceArn, deadline } = begin()
      return findSetContent(ssoAdmin, { InstanceArn, PermissionSetArn: permissionSetArn }, deadline)
    },

    async held(assignment) {
      const begun = begin()
      const groupIds: string[] = []
      for await (const { PrincipalType, PrincipalId = '' } of assigned(assignment, begun)) {
        if (PrincipalType === 'USER' && PrincipalId === assignment.principalId) return 'direct'
        if (PrincipalType === 'GROUP') groupIds.push(PrincipalId)
      }
      return (await isInAnyGroup(begun.directory, assignment.principalId, groupIds)) ? 'group' : undefined
    },

    async listed(assignment) {
      const begun = begin()
      try {
        for await (const { PrincipalType, PrincipalId } of assigned(assignment, begun)) {
          if (PrincipalType === 'USER' && PrincipalId === assignment.principalId) return true
        }
        return false
      } catch (error) {
        if (asFault(error).code === 'not_found' && (await isSetDeleted(assignment.permissionSetArn, begun)))
          return false
        throw error
      }
    },

    async create(assignment, maySend) {
      const { InstanceArn, deadline } = begin()
      const command = new CreateAccountAssignmentCommand({ InstanceArn, ...tupleOf(assignment) })
      const answer = await send(ssoAdmin, command, { deadline, maySend })
      return operationOf(present(answer.AccountAssignmentCreationStatus, 'AccountAssignmentCreationStatus'))
    },

    async remove(assignment, maySend) {
      const { InstanceArn, deadline } = begin()
      const command = new DeleteAccountAssignmentCommand({ InstanceArn, ...tupleOf(assignment) })
      const answer = await send(ssoAdmin, command, { deadline, maySend }).catch(absent)
      // Whether AWS answers so or with a FAILED operation is not documented (platform: G4): the listing decides.
      if (!answer) return { id: '', state: 'succeeded', reason: 'AWS knows no such assignment.' }
      return operationOf(present(answer.AccountAssignmentDeletionStatus, 'AccountAssignmentDeletionStatus'))
    },

    operation: async (kind, id) => operationOf(await describe(kind, id)),

    async operationInProgress(assignment) {
      const begun = begin()
      const { InstanceArn, deadline } = begun
      const input = (NextToken: string | undefined) =>
        ({ InstanceArn, Filter: { Status: 'IN_PROGRESS' }, MaxResults: 100, NextToken }) as const
      const creations = pagesOf(async token => {
        const command = new ListAccountAssignmentCreationStatusCommand(input(token))
        const { AccountAssignmentsCreationStatus, NextToken } = await send(ssoAdmin, command, { deadline })
        return { listed: AccountAssignmentsCreationStatus, NextToken }
      })
      const deletions = pagesOf(async token => {
        const command = new ListAccountAssignmentDeletionStatusCommand(input(token))
        const { AccountAssignmentsDeletionStatus, NextToken } = await send(ssoAdmin, command, { deadline })
        return { listed: AccountAssignmentsDeletionStatus, NextToken }
      })
      for (const [kind, pages] of [['create', creations] as const, ['remove', deletions] as const]) {
        for await (const { listed = [] } of pages) {
          for (const { RequestId } of listed) {
            const id = present(RequestId, 'RequestId')
            // The listing does not say what an operation is about. One that ended meanwhile is still worth a look.
            const status = await describe(kind, id, begun)
            if (isAbout(status, assignment)) return { kind, id }
          }
        }
      }
      return undefined
    },
  }
}

type Status = AccountAssignmentOperationStatus

const states = { IN_PROGRESS: 'working', SUCCEEDED: 'succeeded', FAILED: 'failed' } as const

/** `ssoins-1` of `arn:aws:sso:::instance/ssoins-1` and of `arn:aws:sso:::permissionSet/ssoins-1/ps-1`. */
function instanceOf(arn: string): string | undefined {
  return arn.split('/')[1]
}

function operationOf({ Status, RequestId, FailureReason }: Status): Operation {
  return {
    id: present(RequestId, 'RequestId'),
    state: states[present(Status, 'Status')],
    ...(FailureReason === undefined ? {} : { reason: FailureReason }),
  }
}

function tupleOf({ accountId, permissionSetArn, principalId }: Assignment) {
  const principal = { PrincipalType: 'USER', PrincipalId: principalId } as const
  return { TargetType: 'AWS_ACCOUNT', TargetId: accountId, PermissionSetArn: permissionSetArn, ...principal } as const
}

function isAbout(status: Status, { accountId, permissionSetArn, principalId }: Assignment): boolean {
  return (
    status.TargetId === accountId &&
    status.PermissionSetArn === permissionSetArn &&
    status.PrincipalType === 'USER' &&
    status.PrincipalId === principalId
  )
}
