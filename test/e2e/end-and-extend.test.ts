import { describe, expect, it, vi } from 'vitest'
import type { World } from '../../src/playground/world.ts'
import {
  approvals,
  ask,
  assignments,
  aWorld,
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
  whispers,
} from './support.ts'

// Each has its own world and waits most of the time; more at once would starve the bots on two cores.
vi.setConfig({ maxConcurrency: 3, testTimeout: 60_000 })

/** Clicks a button of Alice's latest message that has it. */
async function clickOwn(world: World, actionId: 'end' | 'extend'): Promise<void> {
  const im = world.slack.snapshot().directMessages.find(({ userId }) => userId === 'U0ALICE')
  const message = im?.messages.findLast(candidate => shown(candidate).includes(`"${actionId}"`))
  const at = { channelId: im?.id ?? '', ts: message?.ts ?? '' }
  const clicked = await world.slack.click({ userId: 'U0ALICE', ...at, actionId })
  if (!clicked.ok) throw new Error(clicked.message)
}

const holds = (world: World) => policies(world).length + assignments(world).length

describe.each(modes)('with Slack over %s,', { concurrent: true }, mode => {
  it.for([
    ['an inline policy', ordersTable, 'AWS refuses it'],
    ['a permission set', prodReadOnly, 'AWS lists no assignment, and the leash keeps them out'],
  ] as const)('%s is ended early by its requester, which is said when AWS has confirmed it, and AWS is asked later', async ([
    ,
    wish,
    answer,
  ], test) => {
    const world = await aWorld(test, { mode })
    await ask(world, wish)
    await clickLatest(world, 'U0BOB', 'approve')
    await untilInTime(world, 'active', () => isActive(world))
    await clickOwn(world, 'end')
    await untilInTime(world, 'Alice is told', () => {
      const told = directMessages(world).some(text => text.endsWith(': ended early'))
      if (told) expect(holds(world)).toBe(0)
      return told
    })
    await until('no button is left', () => !/"(end|extend)"/.test(ownMessages(world)))
    expect(isActive(world)).toBe(false)
    world.clock.advance(4 * minute)
    await untilInTime(world, 'AWS was asked', () => ownMessages(world).includes(`Asked after the end: ${answer}.`))
    expect(world.slack.violations.list()).toEqual([])
  })

  it('an operator ends what somebody else has, from the approvals channel; others are told that they cannot', async test => {
    const world = await aWorld(test, { mode })
    await ask(world, ordersTable)
    await clickLatest(world, 'U0BOB', 'approve')
    await untilInTime(world, 'active', () => isActive(world))
    const button = () => approvals(world).findLast(message => shown(message).includes('"end"'))
    const { ts } = await until('the button is there', button)
    const clicks = (userId: string) => world.slack.click({ userId, channelId: 'C0APPROVE', ts, actionId: 'end' })
    expect(await clicks('U0BOB')).toMatchObject({ ok: true })
    await until('Bob is told', () => whispers(world, 'U0BOB').some(text => text.includes('only operators')))
    expect(policies(world)).toHaveLength(1)
    expect(await clicks('U0CAROL')).toMatchObject({ ok: true })
    await untilInTime(world, 'Alice is told by whom', () =>
      ownMessages(world).includes('<@U0CAROL> ended it, and AWS confirmed'),
    )
    expect(policies(world)).toEqual([])
    expect(world.slack.violations.list()).toEqual([])
  })

  it('more time is asked for and approved like any request, without a gap and without a second assignment', async test => {
    const world = await aWorld(test, { mode })
    await ask(world, prodReadOnly)
    await clickLatest(world, 'U0BOB', 'approve')
    await untilInTime(world, 'active', () => isActive(world))
    await clickOwn(world, 'extend')
    const form = await until('the form is open', () => world.slack.snapshot().views['U0ALICE']?.at(-1))
    const values = { duration: '240', reason: 'The queue is not empty yet', ticket: 'OPS-42' }
    expect(await world.slack.submitView({ userId: 'U0ALICE', viewId: form.id, values })).toMatchObject({ ok: true })
    await clickLatest(world, 'U0BOB', 'approve')
    const yours = () => directMessages(world).filter(text => text.includes('yours until'))
    await untilInTime(world, 'active again', () => yours().length === 2)
    world.clock.advance(hour)
    await untilInTime(world, 'the first ends', () => {
      expect(assignments(world)).toEqual(['111111111111 Curfew-ReadOnly alice'])
      return ownMessages(world).includes('You keep the access through another request')
    })
    const created = world.aws.calls().filter(({ operation }) => operation === 'CreateAccountAssignment')
    expect(created).toHaveLength(1)
    world.clock.advance(3 * hour)
    await untilInTime(world, 'the second ends', () =>
      ownMessages(world).includes('AWS confirmed that the access is gone'),
    )
    expect(assignments(world)).toEqual([])
    expect(world.slack.violations.list()).toEqual([])
  })
})

/** Everything in Alice's direct messages. */
function ownMessages(world: World): string {
  const im = world.slack.snapshot().directMessages.find(({ userId }) => userId === 'U0ALICE')
  return JSON.stringify(im?.messages.map(({ blocks }) => blocks))
}
