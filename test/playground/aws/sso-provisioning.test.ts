import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  GetPolicyCommand,
  GetRoleCommand,
  paginateListRoles,
} from '@aws-sdk/client-iam'
import {
  CreateAccountAssignmentCommand,
  DeleteAccountAssignmentCommand,
  DeletePermissionsBoundaryFromPermissionSetCommand,
  DescribeAccountAssignmentCreationStatusCommand,
  DescribePermissionSetProvisioningStatusCommand,
  GetPermissionsBoundaryForPermissionSetCommand,
  type PermissionsBoundary,
  ProvisionPermissionSetCommand,
  PutPermissionsBoundaryToPermissionSetCommand,
} from '@aws-sdk/client-sso-admin'
import { describe, expect, it } from 'vitest'
import type { PolicyDocument } from '../../../src/playground/aws/policy.ts'
import { openJournal } from '../../../src/playground/journal.ts'
import { dev, directoryId, instanceArn, prod, refusal, seed, setArn, startTestAws, table } from './support.ts'

const InstanceArn = instanceArn
const leash = { CustomerManagedPolicyReference: { Path: '/curfew/', Name: 'leash-Curfew-ReadOnly' } }
const leashArn = (account: string) => `arn:aws:iam::${account}:policy/curfew/leash-Curfew-ReadOnly`
const closed: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: '*', Resource: '*' },
  ],
}
const openFor = (userId: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { StringNotEquals: { 'identitystore:UserId': userId } },
      },
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: {
          StringEquals: { 'identitystore:UserId': userId },
          DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-02T09:30:00Z' },
        },
      },
    ],
  })

/** The seed with a leashed Curfew-ReadOnly, its leash in Production only, and callers who may do everything. */
async function startLeashed({ leashed = true } = {}) {
  const from = structuredClone(seed)
  from.accounts.find(({ id }) => id === prod)!.managedPolicies = [
    { path: '/curfew/', name: 'leash-Curfew-ReadOnly', document: closed },
  ]
  if (leashed) from.permissionSets[0]!.boundary = '/curfew/leash-Curfew-ReadOnly'
  const anything: PolicyDocument = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
  }
  for (const { roles = [] } of from.accounts) for (const role of roles) role.inlinePolicies = { anything }
  const world = await startTestAws(openJournal(), from)
  const { sso } = world.clients()
  const PermissionSetArn = setArn(world.aws, 'Curfew-ReadOnly')
  const alice = directoryId(world.aws, 'alice')
  const target = (TargetId: string, PrincipalId: string) => ({
    ...{ InstanceArn, PermissionSetArn, TargetId, PrincipalId },
    TargetType: 'AWS_ACCOUNT' as const,
    PrincipalType: 'USER' as const,
  })
  return {
    ...world,
    ...{ sso, PermissionSetArn, alice },
    async assign(account = prod) {
      const answer = await sso.send(new CreateAccountAssignmentCommand(target(account, alice)))
      world.clock.advance(3000)
      const AccountAssignmentCreationRequestId = answer.AccountAssignmentCreationStatus!.RequestId!
      const status = new DescribeAccountAssignmentCreationStatusCommand({
        InstanceArn,
        AccountAssignmentCreationRequestId,
      })
      return (await sso.send(status)).AccountAssignmentCreationStatus!
    },
    async unassign(account = prod) {
      await sso.send(new DeleteAccountAssignmentCommand(target(account, alice)))
      world.clock.advance(3000)
    },
    async provision(account = prod) {
      const input = { InstanceArn, PermissionSetArn, TargetType: 'AWS_ACCOUNT' as const, TargetId: account }
      const answer = await sso.send(new ProvisionPermissionSetCommand(input))
      world.clock.advance(3000)
      const ProvisionPermissionSetRequestId = answer.PermissionSetProvisioningStatus!.RequestId!
      const status = new DescribePermissionSetProvisioningStatusCommand({
        InstanceArn,
        ProvisionPermissionSetRequestId,
      })
      return (await sso.send(status)).PermissionSetProvisioningStatus!
    },
    async role(account = prod) {
      const { iam } = await world.asMember(account)
      const PathPrefix = '/aws-reserved/sso.amazonaws.com/'
      // One a page: the role that is wanted need not be on the first.
      for await (const { Roles = [] } of paginateListRoles({ client: iam, pageSize: 1 }, { PathPrefix })) {
        expect(Roles.length).toBeLessThanOrEqual(1)
        const [{ RoleName, ...listed } = { RoleName: '' }] = Roles
        expect(listed).not.toHaveProperty('PermissionsBoundary')
        if (RoleName?.startsWith('AWSReservedSSO_Curfew-ReadOnly_'))
          return (await iam.send(new GetRoleCommand({ RoleName }))).Role
      }
      return undefined
    },
    put: (PermissionsBoundary: PermissionsBoundary) =>
      sso.send(
        new PutPermissionsBoundaryToPermissionSetCommand({ InstanceArn, PermissionSetArn, PermissionsBoundary }),
      ),
    get: async () =>
      (await sso.send(new GetPermissionsBoundaryForPermissionSetCommand({ InstanceArn, PermissionSetArn })))
        .PermissionsBoundary,
    async publish(PolicyDocument: string) {
      const { iam } = await world.asMember(prod)
      const PolicyArn = leashArn(prod)
      await iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }))
    },
  }
}

describe('the boundary of a permission set', () => {
  it('is put, told and taken away', async () => {
    const { sso, put, get, PermissionSetArn } = await startLeashed({ leashed: false })
    expect(await refusal(get())).toMatchObject({ name: 'ResourceNotFoundException' })
    await put(leash)
    expect(await get()).toEqual(leash)
    const taken = new DeletePermissionsBoundaryFromPermissionSetCommand({ InstanceArn, PermissionSetArn })
    await sso.send(taken)
    expect(await refusal(get())).toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it.each<[string, PermissionsBoundary]>([
    ['none at all', {}],
    ['two at once', { ...leash, ManagedPolicyArn: 'arn:aws:iam::aws:policy/ViewOnlyAccess' }],
    ['a path without its end', { CustomerManagedPolicyReference: { Path: '/curfew', Name: 'leash' } }],
    ['an ARN of an account', { ManagedPolicyArn: leashArn(prod) }],
  ])('refuses %s', async (_, boundary) => {
    const { put } = await startLeashed()
    expect(await refusal(put(boundary))).toMatchObject({ name: 'ValidationException' })
  })

  it('reaches the role in an account when the set is provisioned there, not before', async () => {
    const { put, provision, role } = await startLeashed({ leashed: false })
    await put(leash)
    expect((await role())?.PermissionsBoundary).toBeUndefined()
    expect(await provision()).toMatchObject({ Status: 'SUCCEEDED', AccountId: prod })
    expect((await role())?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(leashArn(prod))
  })

  it('must exist in every account: an assignment elsewhere is accepted and fails later', async () => {
    const { assign, role, asMember } = await startLeashed()
    expect(await assign(dev)).toMatchObject({
      Status: 'FAILED',
      FailureReason: `Received a 404 status error: Not supported policy ${leashArn(dev)}.`,
    })
    expect(await role(dev)).toBeUndefined()
    const { iam } = await asMember(dev)
    const PolicyDocument = JSON.stringify(closed)
    await iam.send(new CreatePolicyCommand({ Path: '/curfew/', PolicyName: 'leash-Curfew-ReadOnly', PolicyDocument }))
    expect((await assign(dev)).Status).toBe('SUCCEEDED')
    expect((await role(dev))?.PermissionsBoundary?.PermissionsBoundaryArn).toBe(leashArn(dev))
  })

  it('cannot be provisioned where it is missing, nor where the set is not assigned', async () => {
    const { put, provision } = await startLeashed({ leashed: false })
    await put({ CustomerManagedPolicyReference: { Path: '/', Name: 'other' } })
    expect(await provision()).toMatchObject({
      Status: 'FAILED',
      FailureReason: `Received a 404 status error: Not supported policy arn:aws:iam::${prod}:policy/other.`,
    })
    expect(await refusal(provision(dev))).toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

describe('the role of a leashed set', () => {
  it('stays while the empty anchor group is assigned, and keeps its boundary', async () => {
    const { assign, unassign, role, asMember } = await startLeashed()
    const before = await role()
    const { iam } = await asMember(prod)
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: leashArn(prod) }))
    expect(Policy?.PermissionsBoundaryUsageCount).toBe(1)
    expect(before).toMatchObject({ PermissionsBoundary: { PermissionsBoundaryArn: leashArn(prod) } })
    await assign()
    await unassign()
    expect(await role()).toEqual(before)
  })

  it('limits sessions that are open already, from the moment its policy changes', async () => {
    const { aws, clock, assign, alice, publish } = await startLeashed()
    await assign()
    const session = aws.portalSession({ accountId: prod, permissionSet: 'Curfew-ReadOnly', userName: 'alice' })
    const attempt = () => aws.tryAction({ as: session, action: 'dynamodb:GetItem', resource: table })
    expect(attempt()).toEqual({
      allowed: false,
      message: `User: ${session.arn} is not authorized to perform: dynamodb:GetItem on resource: ${table} with an explicit deny in a permissions boundary`,
    })
    await publish(openFor(alice))
    expect(attempt()).toEqual({ allowed: true })
    clock.advance(Date.parse('2026-11-02T09:29:59Z') - clock.now())
    expect(attempt()).toEqual({ allowed: true })
    clock.advance(1000)
    expect(attempt()).toMatchObject({ message: expect.stringContaining('explicit deny in a permissions boundary') })
  })

  it('limits sessions also when the role has gone', async () => {
    const { aws, assign, unassign, asMember } = await startLeashed()
    const { iam } = await asMember(dev)
    const PolicyDocument = JSON.stringify(closed)
    await iam.send(new CreatePolicyCommand({ Path: '/curfew/', PolicyName: 'leash-Curfew-ReadOnly', PolicyDocument }))
    await assign(dev)
    const session = aws.portalSession({ accountId: dev, permissionSet: 'Curfew-ReadOnly', userName: 'alice' })
    await unassign(dev)
    const attempt = { as: session, action: 'dynamodb:GetItem', resource: table.replace(prod, dev) }
    expect(aws.evaluate(attempt)).toEqual({ allowed: false, reason: 'explicit deny', by: 'boundary' })
  })
})
