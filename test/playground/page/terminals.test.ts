import { expect, test } from 'vitest'
import { commandLineError, createTerminals } from '../../../src/playground/page/terminals.ts'
import { probes } from '../../../src/playground/probes.ts'
import { awsSeed } from '../../../src/playground/story-aws.ts'
import { startTestAws } from '../aws/support.ts'

const prod = '111111111111'

test('equal answers are one line with a count, and the end of a session is a line of its own', async () => {
  const { aws, clock } = await startTestAws()
  const probe = {
    id: 'table',
    label: { en: 'Table', ja: 'テーブル' },
    accountId: prod,
    action: 'dynamodb:GetItem',
    resource: `arn:aws:dynamodb:ap-northeast-1:${prod}:table/orders`,
    terminal: { command: 'aws dynamodb get-item', as: 'U0BOB' },
  }
  const people = [{ id: 'U0BOB', name: 'Bob', identityCenterUser: 'bob' }]
  const terminals = createTerminals({ aws, clock, probes: [probe], people, nextEnd: async () => undefined })
  const tick = () => terminals.tick([])
  tick()
  aws.portalSession({ accountId: prod, permissionSet: 'Operator', userName: 'bob' })
  tick()
  clock.advance(1000)
  tick()
  clock.advance(4 * 3_600_000)
  tick()
  expect(terminals.list()[0]?.runs.map(({ outcome, count, text }) => [outcome, count, text])).toEqual([
    ['noSession', 1, ''],
    ['allowed', 2, ''],
    [
      'refused',
      1,
      'An error occurred (ExpiredToken) when calling the GetItem operation: The security token included in the request is expired',
    ],
  ])
})

test('with a permission set that is refused by now, a session is offered and tried all the same', async () => {
  const { aws, clock } = await startTestAws()
  const probe = {
    id: 'table',
    label: { en: 'Table', ja: 'テーブル' },
    accountId: prod,
    action: 'iam:ListUsers',
    resource: '*',
    terminal: { command: 'aws iam list-users', as: 'U0BOB' },
  }
  const people = [{ id: 'U0BOB', name: 'Bob', identityCenterUser: 'bob' }]
  const terminals = createTerminals({ aws, clock, probes: [probe], people, nextEnd: async () => undefined })
  terminals.tick([])
  expect(terminals.list()[0]?.wayIn).toEqual({ kind: 'portal', permissionSet: 'Operator' })
  const [first, second] = [clock.now(), clock.now() + 60_000]
  aws.portalSession({ accountId: prod, permissionSet: 'Operator', userName: 'bob' })
  terminals.tick([])
  clock.advance(60_000)
  aws.portalSession({ accountId: prod, permissionSet: 'Operator', userName: 'bob' })
  terminals.tick([])
  const seconds = (at: number | undefined) => Math.floor((at ?? 0) / 1000)
  expect(terminals.list()[0]?.runs.map(({ outcome, session }) => [outcome, seconds(session)])).toEqual([
    ['noSession', 0],
    ['refused', seconds(first)],
    ['refused', seconds(second)],
  ])
})

test('a role that may be entered is offered, and its newest session is what the command runs in', async () => {
  const { aws, clock } = await startTestAws(undefined, awsSeed)
  const probe = probes.find(({ id }) => id === 'dev-write')
  if (!probe) throw new Error('There is a probe of Development')
  const { people } = awsSeed
  const terminals = createTerminals({ aws, clock, probes: [probe], people, nextEnd: async () => undefined })
  terminals.tick([])
  const roleArn = 'arn:aws:iam::222222222222:role/Dev'
  expect(terminals.list()[0]?.wayIn).toEqual({ kind: 'role', role: 'Dev', roleArn })
  aws.switchRole({ accountId: '000000000000', userName: 'bob', roleArn })
  terminals.tick([])
  aws.switchRole({ accountId: '000000000000', userName: 'alice', roleArn })
  terminals.tick([])
  expect(terminals.list()[0]?.runs.map(({ outcome, count }) => [outcome, count])).toEqual([
    ['noSession', 2],
    ['refused', 1],
  ])
  expect(terminals.list()[0]?.runs.at(-1)?.text).toContain('assumed-role/Dev/alice is not authorized')
})

test('a refusal has the code that the service gives it', () => {
  expect(commandLineError('ec2:DescribeInstances', 'No.')).toBe(
    'An error occurred (UnauthorizedOperation) when calling the DescribeInstances operation: No.',
  )
  expect(commandLineError('dynamodb:GetItem', 'No.')).toBe(
    'An error occurred (AccessDeniedException) when calling the GetItem operation: No.',
  )
})
