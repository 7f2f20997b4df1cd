import { expect, it, vi } from 'vitest'
import type { SlackMessage } from '../../src/playground/slack/state.ts'
import type { World } from '../../src/playground/world.ts'
import {
  approvals,
  ask,
  assignments,
  aWorld,
  awaitsDecision,
  clickLatest,
  directMessages,
  hour,
  isActive,
  minute,
  modes,
  ordersTable,
  policies,
  prodReadOnly,
  shown,
  until,
  untilInTime,
} from './support.ts'

vi.setConfig({ maxConcurrency: 4, testTimeout: 60_000 })

/** The messages of the alerts channel, oldest first, with what only single people see there. */
function alerts({ slack }: World): SlackMessage[] {
  return slack.snapshot().channels.find(({ id }) => id === 'C0ALERT')?.messages ?? []
}

/** Clicks a button of the latest alert that has it. */
async function clickAlert(world: World, userId: string, actionId: string): Promise<void> {
  const ts = alerts(world).findLast(message => shown(message).includes(`"${actionId}"`))?.ts ?? ''
  const clicked = await world.slack.click({ userId, channelId: 'C0ALERT', ts, actionId })
  if (!clicked.ok) throw new Error(clicked.message)
}

it.concurrent.for(
  modes,
)('an operator settles by hand, over %s, what AWS will not let go, but not what AWS still lists', async (mode, test) => {
  const world = await aWorld(test, { mode })
  await ask(world, ordersTable)
  await clickLatest(world, 'U0BOB', 'approve')
  await untilInTime(world, 'active', () => isActive(world))
  world.aws.faults.add({ match: 'DeleteUserPolicy', kind: 'throttle' })
  world.clock.advance(hour + 10 * minute)
  await until('the removal is tried', () => world.aws.calls().some(({ operation }) => operation === 'DeleteUserPolicy'))
  world.clock.advance(30 * minute)
  await untilInTime(world, 'operators are alerted', () =>
    alerts(world).some(message => shown(message).includes('"removed"')),
  )

  const say = async (reason: string) => {
    await clickAlert(world, 'U0CAROL', 'removed')
    const form = await until('the form is open', () => world.slack.snapshot().views['U0CAROL']?.at(-1))
    expect(await world.slack.submitView({ userId: 'U0CAROL', viewId: form.id, values: { reason } })).toMatchObject({
      ok: true,
    })
  }
  await say('Order 42 is there twice')
  await untilInTime(world, 'Carol is told that it is still there', () =>
    alerts(world).some(({ ephemeralFor, text }) => ephemeralFor === 'U0CAROL' && text.includes('AWS still lists it')),
  )
  expect(policies(world)).toHaveLength(1)

  world.aws.faults.add({ match: 'GetUserPolicy', kind: 'throttle' })
  await say('Order 42 is there twice')
  await untilInTime(world, 'it is settled by her word', () =>
    alerts(world).some(message => shown(message).includes('Settled by hand, not confirmed by AWS')),
  )
  await untilInTime(world, 'Alice is told by whom', () =>
    directMessages(world).some(text => text.endsWith(': ended on time')),
  )
  expect(shown(alerts(world).findLast(message => shown(message).includes('Settled')))).not.toContain('"removed"')

  // She was wrong. The daily comparison finds it, and she ends it there.
  world.aws.faults.clear()
  world.clock.advance(24 * hour)
  await until('it is found', () => alerts(world).some(message => shown(message).includes('"end"')))
  expect(policies(world)).toHaveLength(1)
  await clickAlert(world, 'U0BOB', 'end')
  await until('Bob is told that he cannot', () =>
    alerts(world).some(({ ephemeralFor, text }) => ephemeralFor === 'U0BOB' && text.includes('only operators')),
  )
  await clickAlert(world, 'U0CAROL', 'end')
  await untilInTime(world, 'it is gone', () =>
    alerts(world).some(message => shown(message).includes('The stray is gone')),
  )
  expect(policies(world)).toEqual([])
  expect(world.slack.violations.list()).toEqual([])
})

it.concurrent.for(
  modes,
)('an operator ends everything of a person, over %s, and reads how it goes', async (mode, test) => {
  const world = await aWorld(test, { mode })
  for (const [n, wish] of [ordersTable, prodReadOnly].entries()) {
    await ask(world, wish)
    await clickLatest(world, 'U0BOB', 'approve')
    await untilInTime(world, 'active', () => policies(world).length + assignments(world).length === n + 1)
    await until(
      'nobody is asked any more',
      () => !approvals(world).some(message => shown(message).includes('"approve"')),
    )
  }
  await ask(world, { ...ordersTable, values: { ...ordersTable.values, 'parameter.table': 'us' } })
  await awaitsDecision(world)

  const command = { userId: 'U0CAROL', channelId: 'C0GENERAL', command: '/request-access', text: 'end' }
  expect(await world.slack.command(command)).toMatchObject({ ok: true })
  const form = await until('the form is open', () => world.slack.snapshot().views['U0CAROL']?.at(-1))
  const whom = { userId: 'U0CAROL', viewId: form.id, blockId: 'person', actionId: 'person', value: 'U0ALICE' }
  expect(await world.slack.changeInput(whom)).toMatchObject({ ok: true })
  await until('the form shows what Alice has', () =>
    JSON.stringify(world.slack.snapshot().views['U0CAROL']?.at(-1)).includes('What they have or wait for now'),
  )
  const sent = await world.slack.submitView({
    userId: 'U0CAROL',
    viewId: form.id,
    values: { reason: 'Look at the queue' },
  })
  expect(sent).toMatchObject({ ok: true })
  await untilInTime(world, 'Carol reads that all has gone', () =>
    directMessages(world, 'U0CAROL').some(text => text.endsWith('gone (3 of 3)')),
  )
  expect([...policies(world), ...assignments(world)]).toEqual([])
  expect(directMessages(world, 'U0CAROL')).toHaveLength(1)
  await until('the request that waited is withdrawn', () =>
    approvals(world).some(message => shown(message).includes('Withdrawn by an operator')),
  )
  expect(world.slack.violations.list()).toEqual([])
})
