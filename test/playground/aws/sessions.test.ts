import { PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { CreateAccountAssignmentCommand, DeleteAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { dev, directoryId, hub, instanceArn, prod, setArn, startTestAws, table } from './support.ts'

const getItem = { action: 'dynamodb:GetItem', resource: table }

async function startPortal() {
  const world = await startTestAws()
  const { sso } = world.clients()
  const target = {
    InstanceArn: instanceArn,
    TargetId: prod,
    TargetType: 'AWS_ACCOUNT' as const,
    PermissionSetArn: setArn(world.aws, 'Curfew-ReadOnly'),
    PrincipalType: 'USER' as const,
    PrincipalId: directoryId(world.aws, 'alice'),
  }
  const assign = async () => {
    await sso.send(new CreateAccountAssignmentCommand(target))
    world.clock.advance(3000)
  }
  const unassign = async () => {
    await sso.send(new DeleteAccountAssignmentCommand(target))
    world.clock.advance(3000)
  }
  const enter = (userName = 'alice', permissionSet = 'Curfew-ReadOnly') =>
    world.aws.portalSession({ accountId: prod, permissionSet, userName })
  return { ...world, assign, unassign, enter }
}

describe('a portal session', () => {
  it('needs an assignment in effect', async () => {
    const { assign, unassign, enter } = await startPortal()
    expect(() => enter()).toThrow('The portal offers alice no Curfew-ReadOnly in 111111111111')
    await assign()
    expect(enter().arn).toMatch(
      /^arn:aws:sts::111111111111:assumed-role\/AWSReservedSSO_Curfew-ReadOnly_[0-9a-f]{16}\/alice$/,
    )
    await unassign()
    expect(() => enter()).toThrow('The portal offers')
  })

  it('is offered through a group, but not to a disabled user', async () => {
    const { enter } = await startPortal()
    expect(enter('bob', 'Operator').arn).toMatch(/\/bob$/)
    expect(() => enter('dora', 'Operator')).toThrow('The portal offers dora')
  })

  it('goes on after the assignment is deleted and ends by the duration of the set', async () => {
    const { aws, clock, assign, unassign, enter } = await startPortal()
    await assign()
    const session = enter()
    expect(session.expiresAt).toBe('2026-11-02T10:00:03Z')
    await unassign()
    expect(aws.tryAction({ as: session, ...getItem })).toEqual({ allowed: true })
    clock.advance(3_596_000)
    expect(aws.tryAction({ as: session, ...getItem })).toEqual({ allowed: true })
    clock.advance(1000)
    expect(aws.tryAction({ as: session, ...getItem })).toEqual({
      allowed: false,
      message: 'The security token included in the request is expired',
    })
  })

  it('is known on the wire and carries the verified user id', async () => {
    const { aws, clients, enter } = await startPortal()
    const session = enter('bob', 'Operator')
    const { Arn } = await clients({ sessionToken: '', ...session }).sts.send(new GetCallerIdentityCommand({}))
    expect(Arn).toBe(session.arn)
    expect(aws.snapshot().sessions).toMatchObject([{ kind: 'portal', permissionSet: 'Operator', userName: 'bob' }])
  })

  it('may do only what the set allows, in its own account', async () => {
    const { aws, assign, enter } = await startPortal()
    await assign()
    const session = enter()
    const put = aws.tryAction({ as: session, action: 'dynamodb:PutItem', resource: table })
    expect(put).toEqual({
      allowed: false,
      message: `User: ${session.arn} is not authorized to perform: dynamodb:PutItem on resource: ${table} because no identity-based policy allows the dynamodb:PutItem action`,
    })
    const elsewhere = aws.tryAction({ as: session, ...getItem, resource: table.replace(prod, dev) })
    expect(elsewhere).toMatchObject({ message: expect.stringContaining('because no resource-based policy allows') })
  })
})

describe('an IAM user', () => {
  it('is refused in the words of AWS, allowed while a time-boxed policy holds, and refused at its end', async () => {
    const { aws, clock, asMember } = await startTestAws()
    const alice = aws.userSession({ accountId: hub, userName: 'alice' })
    const resource = `arn:aws:dynamodb:ap-northeast-1:${hub}:table/orders`
    const attempt = { as: alice, action: 'dynamodb:GetItem', resource }
    const no = {
      allowed: false,
      message: `User: arn:aws:iam::${hub}:user/alice is not authorized to perform: dynamodb:GetItem on resource: ${resource} because no identity-based policy allows the dynamodb:GetItem action`,
    }
    expect(aws.tryAction(attempt)).toEqual(no)
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Action: 'dynamodb:GetItem',
        Resource: resource,
        Condition: {
          DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-02T09:00:00Z' },
          DateLessThan: { 'aws:CurrentTime': '2026-11-02T10:00:00Z' },
        },
      },
    })
    const { iam } = await asMember(hub)
    await iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'curfew-1', PolicyDocument }))
    expect(aws.tryAction(attempt)).toEqual({ allowed: true })
    clock.advance(3_599_999)
    expect(aws.tryAction(attempt)).toEqual({ allowed: true })
    clock.advance(1)
    expect(aws.tryAction(attempt)).toEqual(no)
    expect(aws.evaluate(attempt)).toEqual({ allowed: false, reason: 'implicit deny', by: 'identity-based' })
  })

  it('has the same keys at every sign-in', async () => {
    const { aws } = await startTestAws()
    const at = { accountId: hub, userName: 'alice' }
    expect(aws.userSession(at)).toEqual(aws.userSession(at))
    expect(() => aws.userSession({ accountId: prod, userName: 'alice' })).toThrow('There is no IAM user alice')
  })
})
