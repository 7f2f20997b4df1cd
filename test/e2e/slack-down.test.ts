import { expect, it, vi } from 'vitest'
import {
  approvals,
  ask,
  aWorld,
  awaitsDecision,
  clickLatest,
  directMessages,
  hour,
  minute,
  ordersTable,
  policies,
  shown,
  until,
  untilInTime,
} from './support.ts'

// A call that hangs does so for ten seconds, and then Slack is left alone for ten.
vi.setConfig({ testTimeout: 90_000 })

it.concurrent.for([
  'hang',
  'fail',
  'rate_limit',
] as const)('access begins and ends on time while every message to Slack meets a %s, and all is told afterwards', async (kind, test) => {
  const world = await aWorld(test)
  await ask(world, ordersTable)
  await awaitsDecision(world)
  world.slack.faults.add({
    method: /^(chat|conversations)\./,
    kind,
    times: Number.POSITIVE_INFINITY,
    retryAfterSeconds: 2,
  })
  await clickLatest(world, 'U0BOB', 'approve')
  await until('AWS has it', () => policies(world).length === 1)
  const before = approvals(world).map(shown)
  world.clock.advance(hour)
  await untilInTime(world, 'AWS no longer has it', () => policies(world).length === 0)
  expect(approvals(world).map(shown)).toEqual(before)
  world.slack.faults.clear()
  world.clock.advance(6 * minute)
  await untilInTime(world, 'the approvers read the end', () => shown(approvals(world)[0]).includes('Ended on time'))
  await untilInTime(
    world,
    'the requester reads it, in both messages',
    () => directMessages(world).filter(text => text.includes('nded on time')).length === 2,
  )
  expect(approvals(world)).toHaveLength(1)
  // Nobody is told afterwards that access begins.
  expect(directMessages(world)).toHaveLength(2)
  expect(world.slack.violations.list()).toEqual([])
})
