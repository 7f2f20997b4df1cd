import { PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { expect, it } from 'vitest'
import { hub, prod, startTestAws, table } from './support.ts'

const readOrders = { label: 'Read orders', action: 'dynamodb:GetItem', resource: table, accountId: prod }
const readBucket = { label: 'Read bucket', action: 's3:GetObject', resource: 'arn:aws:s3:::logs/a', accountId: hub }

it('shows for each person and action whether it is allowed and by which route', async () => {
  const { aws } = await startTestAws()
  const rows = aws.whoCan({ actions: [readOrders, readBucket] })
  expect(rows.map(({ personId, cells }) => [personId, ...cells.map(({ allowed }) => allowed)])).toEqual([
    ['alice', false, false],
    ['bob', true, false],
    ['dora', false, false],
  ])
  expect(rows[1]!.cells[0]!.routes).toEqual([{ kind: 'portal', permissionSet: 'Operator' }])
})

it('an open session is a route of its own, until it expires', async () => {
  const { aws, clock } = await startTestAws()
  const { accessKeyId } = aws.portalSession({ accountId: prod, permissionSet: 'Operator', userName: 'bob' })
  const routes = () => aws.whoCan({ actions: [readOrders] })[1]!.cells[0]!.routes
  const session = { kind: 'session', permissionSet: 'Operator', accessKeyId, until: '2026-11-02T13:00:00Z' }
  expect(routes()).toContainEqual(session)
  clock.advance(4 * 3_600_000)
  expect(routes()).toEqual([{ kind: 'portal', permissionSet: 'Operator' }])
})

it('names the end that is written in a policy', async () => {
  const { aws, asMember } = await startTestAws()
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: '*',
      Condition: { DateLessThan: { 'aws:CurrentTime': '2026-11-02T09:30:00Z' } },
    },
  })
  const { iam } = await asMember(hub)
  await iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'curfew-1', PolicyDocument }))
  const [alice] = aws.whoCan({ actions: [readBucket, { ...readBucket, accountId: prod }] })
  const route = { kind: 'iamUser', arn: `arn:aws:iam::${hub}:user/alice`, until: '2026-11-02T09:30:00Z' }
  expect(alice!.cells[0]!.routes).toEqual([route])
  expect(alice!.cells[1]!.allowed).toBe(false)
})
