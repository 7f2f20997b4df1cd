import { describe, expect, it, vi } from 'vitest'
import {
  aliceReadsOrders,
  approvals,
  ask,
  assignments,
  aWorld,
  awaitsDecision,
  clickLatest,
  denialReason,
  directMessages,
  hour,
  isActive,
  isHanging,
  isOver,
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

describe.each(modes)('with Slack over %s,', { concurrent: true }, mode => {
  describe('an inline policy on the requester’s IAM user', () => {
    it('is asked, approved, usable until the end, and gone after it', async test => {
      const world = await aWorld(test, { mode })
      await ask(world, ordersTable)
      await clickLatest(world, 'U0BOB', 'approve')
      await until('the requester is told', () => isActive(world))
      expect(policies(world)).toHaveLength(1)
      expect(aliceReadsOrders(world)).toEqual({ allowed: true })
      world.clock.advance(hour)
      expect(aliceReadsOrders(world)).toMatchObject({ allowed: false })
      await untilInTime(world, 'the requester is told of the end', () => isOver(world))
      expect(policies(world)).toEqual([])
      expect(approvals(world)).toHaveLength(1)
      expect(shown(approvals(world)[0])).not.toContain('"approve"')
      expect(world.slack.violations.list()).toEqual([])
    })

    it('is refused by AWS at expiresAt with the bot stopped, and cleaned up when it is back', async test => {
      const world = await aWorld(test, { mode })
      await ask(world, ordersTable)
      await clickLatest(world, 'U0BOB', 'approve')
      await untilInTime(world, 'active', () => isActive(world))
      await world.bot.stop()
      const end = await world.table.nextEnd()
      world.clock.advance((end ?? 0) - world.clock.now() - 1000)
      expect(aliceReadsOrders(world)).toEqual({ allowed: true })
      world.clock.advance(1000)
      expect(aliceReadsOrders(world)).toMatchObject({
        allowed: false,
        message: expect.stringContaining('is not authorized to perform: dynamodb:GetItem'),
      })
      expect(policies(world)).toHaveLength(1)
      await world.bot.start()
      await until('the policy is gone', () => policies(world).length === 0)
      await until('the message says so', () => isOver(world))
    })
  })

  describe('a permission set', () => {
    it('exists in AWS only between approval and the end, for that account, set and person', async test => {
      const world = await aWorld(test, { mode })
      await ask(world, prodReadOnly)
      await awaitsDecision(world)
      expect(assignments(world)).toEqual([])
      await clickLatest(world, 'U0BOB', 'approve')
      await untilInTime(world, 'active', () => {
        const told = isActive(world)
        // Said only after AWS lists it.
        if (told) expect(assignments(world)).toEqual(['111111111111 Curfew-ReadOnly alice'])
        return told
      })
      world.aws.portalSession({ accountId: '111111111111', permissionSet: 'Curfew-ReadOnly', userName: 'alice' })
      world.clock.advance(hour)
      await untilInTime(world, 'the requester is told of the end', () => isOver(world))
      expect(assignments(world)).toEqual([])
      expect(world.slack.violations.list()).toEqual([])
    })

    it('that is held already, through a group, is refused before anyone is asked', async test => {
      const world = await aWorld(test, { mode })
      const held = { entitlement: 'dev-power-user', values: { duration: '60', reason: 'Try the new index' } }
      await ask(world, { ...held, userId: 'U0BOB' })
      await until('Bob is told', () => directMessages(world, 'U0BOB').length > 0)
      expect(approvals(world)).toEqual([])
      expect(assignments(world)).toEqual([])
    })
  })

  describe('a request that is not granted', () => {
    it('is denied with the reason that was given', async test => {
      const world = await aWorld(test, { mode })
      await ask(world, ordersTable)
      await clickLatest(world, 'U0BOB', 'deny')
      const viewId = world.slack.snapshot().views['U0BOB']?.at(-1)?.id ?? ''
      const sent = await world.slack.submitView({ userId: 'U0BOB', viewId, values: { reason: denialReason } })
      expect(sent).toMatchObject({ ok: true })
      await until('Alice reads why', () => directMessages(world).some(text => text.includes('denied')))
      const channel = approvals(world)
      expect(shown(channel[0])).toContain(denialReason)
      expect(policies(world)).toEqual([])
    })

    it('lapses when nobody decides', async test => {
      const world = await aWorld(test, { mode })
      await ask(world, ordersTable)
      await awaitsDecision(world)
      world.clock.advance(8 * hour)
      await until('the buttons are gone', () => !shown(approvals(world)[0]).includes('"approve"'))
      await until('Alice is told', () => directMessages(world).some(text => text.includes('lapsed')))
      expect(policies(world)).toEqual([])
    })

    it('cannot be approved by the requester', async test => {
      const world = await aWorld(test, { mode })
      world.slack.setUserGroup('S0PLATFORM', ['U0BOB', 'U0ALICE'])
      await ask(world, ordersTable)
      await clickLatest(world, 'U0ALICE', 'approve')
      await until('Alice is told why', () => whispers(world, 'U0ALICE').length > 0)
      expect(shown(approvals(world)[0])).toContain('"approve"')
      expect(policies(world)).toEqual([])
    })

    it('is withdrawn by the requester', async test => {
      const world = await aWorld(test, { mode })
      await ask(world, ordersTable)
      await awaitsDecision(world)
      const im = await until('the button is there', () =>
        world.slack.snapshot().directMessages.find(({ messages }) => shown(messages[0]).includes('"cancel"')),
      )
      await world.slack.click({ userId: 'U0ALICE', channelId: im.id, ts: im.messages[0]?.ts ?? '', actionId: 'cancel' })
      await until('the buttons are gone', () => !shown(approvals(world)[0]).includes('"approve"'))
    })
  })

  describe('two clicks at once', () => {
    it('give one grant, and the second approver is told', async test => {
      const world = await aWorld(test, { mode })
      world.slack.setUserGroup('S0PLATFORM', ['U0BOB', 'U0CAROL'])
      await ask(world, ordersTable)
      await awaitsDecision(world)
      await Promise.all([clickLatest(world, 'U0BOB', 'approve'), clickLatest(world, 'U0CAROL', 'approve')])
      await untilInTime(world, 'active', () => isActive(world))
      await until('the second is told', () => whispers(world, 'U0BOB').length + whispers(world, 'U0CAROL').length === 1)
      const puts = world.aws.calls().filter(({ operation }) => operation === 'PutUserPolicy')
      expect(puts).toHaveLength(1)
    })
  })

  describe('the bot killed in the middle', () => {
    it.for([
      ['an inline policy', ordersTable, 'PutUserPolicy'],
      ['a permission set', prodReadOnly, 'CreateAccountAssignment'],
    ] as const)('between approval and activation of %s: access comes all the same', async ([
      ,
      wish,
      operation,
    ], test) => {
      const world = await aWorld(test, { mode })
      await ask(world, wish)
      await awaitsDecision(world)
      // AWS takes the call and never answers; the process dies waiting.
      world.aws.faults.add({ match: operation, kind: 'hang', times: 1 })
      await clickLatest(world, 'U0BOB', 'approve')
      await until('the call is under way', () => isHanging(world, operation))
      await world.bot.stop()
      await world.bot.start()
      expect(isActive(world)).toBe(false)
      world.clock.advance(2 * minute)
      await untilInTime(world, 'AWS has it', () => policies(world).length + assignments(world).length === 1)
      world.clock.advance(7 * minute)
      await untilInTime(world, 'active', () => isActive(world))
      expect(directMessages(world).filter(text => text.includes('yours until'))).toHaveLength(1)
    })

    it.for([
      ['an inline policy', ordersTable, 'DeleteUserPolicy'],
      ['a permission set', prodReadOnly, 'DeleteAccountAssignment'],
    ] as const)('between the end and the removal of %s: it is removed all the same', async ([
      ,
      wish,
      operation,
    ], test) => {
      const world = await aWorld(test, { mode })
      await ask(world, wish)
      await clickLatest(world, 'U0BOB', 'approve')
      await untilInTime(world, 'active', () => isActive(world))
      world.aws.faults.add({ match: operation, kind: 'hang', times: 1 })
      world.clock.advance(hour)
      await until('the call is under way', () => isHanging(world, operation))
      await world.bot.stop()
      expect(policies(world).length + assignments(world).length).toBe(1)
      await world.bot.start()
      world.clock.advance(2 * minute)
      await untilInTime(world, 'AWS no longer has it', () => policies(world).length + assignments(world).length === 0)
      world.clock.advance(7 * minute)
      await untilInTime(world, 'the end is said', () => isOver(world))
    })
  })
})
