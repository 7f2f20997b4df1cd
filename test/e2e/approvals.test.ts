import { describe, expect, it, vi } from 'vitest'
import { slackSeed } from '../../src/playground/story-slack.ts'
import {
  approvals,
  ask,
  assignments,
  aWorld,
  awaitsDecision,
  clickLatest,
  directMessages,
  isActive,
  modes,
  ordersTable,
  policies,
  shown,
  until,
  type Wish,
  whispers,
} from './support.ts'

vi.setConfig({ maxConcurrency: 3, testTimeout: 60_000 })

/** The story's workspace with these people in platform as well. */
function withApprovers(ids: string[]): typeof slackSeed {
  const { users, channels, userGroups } = slackSeed
  const [alice] = users
  const more = ids.map(id => ({ ...alice!, id, name: id.toLowerCase(), email: `${id.toLowerCase()}@example.com` }))
  return {
    ...slackSeed,
    users: [...users, ...more],
    channels: channels.map(channel => ({ ...channel, members: [...channel.members, ...ids] })),
    userGroups: userGroups.map(group => (group.id === 'S0PLATFORM' ? { ...group, users: ids } : group)),
  }
}

/** Needs one of platform and one of security. */
const devPowerUser: Wish = { entitlement: 'dev-power-user', values: { duration: '60', reason: 'Trial of a queue' } }

describe.each(modes)('with Slack over %s,', { concurrent: true }, mode => {
  it('two rules need two people, and the message says who has approved so far', async test => {
    const world = await aWorld(test, { mode })
    world.slack.setUserGroup('S0PLATFORM', ['U0BOB', 'U0CAROL'])
    await ask(world, devPowerUser)
    // Carol is in both groups and counts for one.
    await clickLatest(world, 'U0CAROL', 'approve')
    await until('the message names her', () => shown(approvals(world)[0]).includes('so far by <@U0CAROL>'))
    expect(assignments(world)).toEqual([])
    await clickLatest(world, 'U0BOB', 'approve')
    await until('active', () => isActive(world))
    expect(assignments(world)).toEqual(['222222222222 Curfew-PowerUser alice'])
    expect(shown(approvals(world)[0])).toContain('Approved by <@U0CAROL> and <@U0BOB>')
    expect(world.slack.violations.list()).toEqual([])
  })

  it('an approver removed from the group between the two clicks no longer counts', async test => {
    const world = await aWorld(test, { mode })
    await ask(world, devPowerUser)
    await clickLatest(world, 'U0BOB', 'approve')
    await until('his approval stands', () => shown(approvals(world)[0]).includes('so far by <@U0BOB>'))
    world.slack.setUserGroup('S0PLATFORM', ['U0DAI'])
    await clickLatest(world, 'U0CAROL', 'approve')
    await until('only hers stands', () => shown(approvals(world)[0]).includes('so far by <@U0CAROL>'))
    expect(shown(approvals(world)[0])).not.toContain('<@U0BOB>')
    expect(assignments(world)).toEqual([])
  })

  it('a requester who was deactivated while it waited gets nothing, and the approver is told', async test => {
    const world = await aWorld(test, { mode })
    await ask(world, ordersTable)
    await awaitsDecision(world)
    world.slack.setUser('U0ALICE', { deleted: true })
    await clickLatest(world, 'U0BOB', 'approve')
    await until('Bob is told', () => whispers(world, 'U0BOB').length === 1)
    await until('the buttons are gone', () => !shown(approvals(world)[0]).includes('"approve"'))
    expect(policies(world)).toEqual([])
  })

  it('fifty clicks by ten approvers at once are one decision and one grant, and everyone else is told', async test => {
    const approvers = Array.from({ length: 10 }, (_, n) => `U0PLAT${n}`)
    const world = await aWorld(test, { mode, seed: withApprovers(approvers) })
    await ask(world, ordersTable)
    await awaitsDecision(world)
    const clicks = approvers.flatMap(userId => Array.from({ length: 5 }, () => clickLatest(world, userId, 'approve')))
    await Promise.allSettled(clicks)
    await until('active', () => isActive(world))
    await until('the other nine are told', () => approvers.filter(id => whispers(world, id).length > 0).length === 9)
    expect(world.aws.calls().filter(({ operation }) => operation === 'PutUserPolicy')).toHaveLength(1)
    expect(policies(world)).toHaveLength(1)
    expect(directMessages(world).filter(text => text.includes('yours until'))).toHaveLength(1)
  })
})
