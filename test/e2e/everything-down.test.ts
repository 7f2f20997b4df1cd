import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb'
import { expect, it, vi } from 'vitest'
import type { World } from '../../src/playground/world.ts'
import {
  ask,
  assignments,
  aWorld,
  clickLatest,
  directMessages,
  minute,
  ordersTable,
  prodReadOnly,
  untilInTime,
  type Wish,
} from './support.ts'

vi.setConfig({ testTimeout: 60_000 })

const reason = 'Order 42 is there twice'
const devTable: Wish = { entitlement: 'dev-table', values: { 'parameter.table': 'trial', duration: '60', reason } }
const prodAdmin: Wish = { entitlement: 'prod-admin', values: { duration: '60', reason } }
const alice = { accountId: '000000000000', userName: 'alice' }
const production = { accountId: '111111111111', permissionSet: 'Curfew-ReadOnly', userName: 'alice' }
const Dev = 'arn:aws:iam::222222222222:role/Dev'
const Admin = 'arn:aws:iam::111111111111:role/Admin'

const looking = { action: 'ec2:DescribeInstances', resource: '*' }
const writing = { action: 'dynamodb:PutItem', resource: 'arn:aws:dynamodb:ap-northeast-1:222222222222:table/trial' }
const reading = {
  action: 'dynamodb:GetItem',
  resource: 'arn:aws:dynamodb:ap-northeast-1:000000000000:table/orders-eu',
}
const administering = { action: 's3:DeleteBucket', resource: 'arn:aws:s3:::example' }

async function granted(world: World, wish: Wish, approvers: string[]): Promise<void> {
  const told = () => directMessages(world).filter(text => text.includes('yours until')).length
  const before = told()
  await ask(world, wish)
  for (const approver of approvers) await clickLatest(world, approver, 'approve')
  await untilInTime(world, `${wish.entitlement} is active`, () => told() > before)
}

/** When each grant ends, by its entitlement, in milliseconds: as the bot has it in its table. */
async function endsOf({ table }: World): Promise<Map<string, number>> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint: table.url, region: 'local', credentials })
  const { Items = [] } = await client.send(new ScanCommand({ TableName: 'curfew', ConsistentRead: true }))
  client.destroy()
  const active = Items.filter(({ status }) => status?.S === 'active')
  return new Map(active.map(item => [item['entitlementId']?.S ?? '', Date.parse(item['expiresAt']?.S ?? '')]))
}

it('with the bot killed, the table and Slack gone, AWS refuses every kind of access from its end on', async test => {
  const world = await aWorld(test)
  const { aws, clock } = world
  await granted(world, ordersTable, ['U0BOB'])
  await granted(world, prodReadOnly, ['U0BOB'])
  await granted(world, devTable, ['U0BOB'])
  await granted(world, prodAdmin, ['U0BOB', 'U0CAROL'])
  const ends = await endsOf(world)
  expect([...ends.keys()].sort()).toEqual(['dev-table', 'orders-table', 'prod-admin', 'prod-read-only'])
  const keys = aws.userSession(alice)
  const portal = aws.portalSession(production)
  const onDev = aws.switchRole({ ...alice, roleArn: Dev })
  const inAdmin = aws.switchRole({ ...alice, roleArn: Admin })
  const proven = aws.mfaSession(alice)

  await world.bot.stop()
  await Promise.all([world.table.close(), world.slack.close()])

  const may = (as: { accessKeyId: string }, attempt: typeof looking) => aws.tryAction({ as, ...attempt }).allowed
  const enter = () => aws.assumeRole({ as: proven, roleArn: Admin, sessionName: 'alice' })
  const to = (entitlement: string, before: number) => clock.advance((ends.get(entitlement) ?? 0) - before - clock.now())

  to('orders-table', 1000)
  expect([may(keys, reading), may(portal, looking), may(onDev, writing), may(inAdmin, administering)]).toEqual([
    true,
    true,
    true,
    true,
  ])
  to('orders-table', 0)
  expect(may(keys, reading)).toBe(false)

  to('prod-read-only', 1000)
  expect(may(portal, looking)).toBe(true)
  to('prod-read-only', 0)
  expect(may(portal, looking)).toBe(false)
  // The assignment is still there, and the portal still offers it.
  expect(assignments(world)).toEqual(['111111111111 Curfew-ReadOnly alice'])
  const taken = aws.portalSession(production)
  expect(aws.tryAction({ as: taken, ...looking })).toEqual({
    allowed: false,
    message:
      'User: arn:aws:sts::111111111111:assumed-role/' +
      `${taken.arn.split('/')[1]}/alice is not authorized to perform: ec2:DescribeInstances on resource: * ` +
      'with an explicit deny in a permissions boundary',
  })

  to('dev-table', 1000)
  expect(may(onDev, writing)).toBe(true)
  to('dev-table', 0)
  expect([may(onDev, writing), may(aws.switchRole({ ...alice, roleArn: Dev }), writing)]).toEqual([false, false])

  to('prod-admin', 1000)
  expect([may(inAdmin, administering), may(enter(), administering)]).toEqual([true, true])
  to('prod-admin', 0)
  expect(may(inAdmin, administering)).toBe(false)
  expect(enter).toThrow('is not authorized to perform: sts:AssumeRole')

  clock.advance(600 * minute)
  expect(may(aws.portalSession(production), looking)).toBe(false)
})
