import { describe, expect, it } from 'vitest'
import type { AccessRequest } from '../../src/core/access-request.ts'
import { type Bench, createBench } from '../support/bench.ts'
import { anId, aSetContent, at, someId } from '../support/builders.ts'

const entitlements = ['dev-table', 'prod-read-only'] as const

/** Whose clicks changed nothing, and why. */
function refusals({ history }: AccessRequest): string[] {
  return history.flatMap(({ event, by, note }) => (event.endsWith('_refused') ? [`${by} ${note}`] : []))
}

describe.each(entitlements)('a request for %s, by the sweep alone', entitlementId => {
  const isSet = entitlementId === 'prod-read-only'
  const inAws = (bench: ReturnType<typeof createBench>) =>
    isSet ? bench.aws.assigned() : [...bench.aws.policies.keys()]

  it('is asked, approved, active until the end, and gone after it', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId })
    await bench.run()
    expect(await bench.request()).toMatchObject({ status: 'pending', lapsesAt: at('14:00') })
    expect(inAws(bench)).toEqual([])

    bench.clock.set(at('10:10'))
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    expect(await bench.request()).toMatchObject({
      status: 'active',
      decidedBy: 'U0BOB',
      startsAt: at('10:10'),
      expiresAt: at('11:10'),
    })
    expect(inAws(bench)).toHaveLength(1)

    bench.clock.set(at('11:09:59'))
    await bench.run()
    expect((await bench.request()).status).toBe('active')
    bench.clock.set(at('11:10'))
    await bench.run(1)
    expect((await bench.request()).status).toBe('expired')
    expect(inAws(bench)).toEqual([])
    await bench.run(3)
    expect(await bench.ports.table.due(at('23:00'))).toEqual([])
    expect(bench.slack.messages.map(({ name, shows }) => `${name.split(' ')[1]} ${shows.at(-1)}`)).toEqual([
      'approvals expired',
      'asked expired',
      'active over',
      'over expired gone',
    ])
  })

  it('is denied with a reason', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId })
    await bench.run()
    await bench.click('deny', 'U0BOB', { reason: 'Use the read replica' })
    await bench.run(1)
    expect(await bench.request()).toMatchObject({ status: 'denied', denialReason: 'Use the read replica' })
    expect(inAws(bench)).toEqual([])
    expect(await bench.ports.table.due(at('23:00'))).toEqual([])
  })

  it('lapses when nobody decides', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId })
    await bench.run()
    bench.clock.set(at('14:00'))
    await bench.run()
    expect((await bench.request()).status).toBe('lapsed')
    await bench.click('approve', 'U0BOB')
    await bench.run()
    expect((await bench.request()).status).toBe('lapsed')
    expect(refusals(await bench.request())).toEqual(['U0BOB already_decided'])
    expect(inAws(bench)).toEqual([])
  })

  it('is approved by a click from before the lapse that is judged after it', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId })
    await bench.run()
    bench.clock.set(at('13:59:59'))
    await bench.click('approve', 'U0BOB')
    bench.clock.set(at('14:00:30'))
    await bench.run(1)
    expect(await bench.request()).toMatchObject({ status: 'active', startsAt: at('14:00:30') })
  })

  it('is granted once when two approvers click at once', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId })
    await bench.run()
    await Promise.all([bench.click('approve', 'U0BOB'), bench.click('approve', 'U0EVE')])
    await bench.run(1)
    const request = await bench.request()
    expect(request.status).toBe('active')
    expect(request.history.filter(({ event }) => event === 'approved')).toHaveLength(1)
    expect(refusals(request)).toHaveLength(1)
    expect(bench.aws.changes).toHaveLength(1)
  })

  it('is not approved by its requester, by people outside the group, by guests, or from another workspace', async () => {
    const bench = createBench()
    bench.slack.groups['S0PLATFORM'] = ['U0BOB', 'U0ALICE', 'U0GUEST']
    bench.slack.standing['U0GUEST'] = 'guest'
    await bench.submit({ entitlementId })
    await bench.run()
    await bench.click('approve', 'U0ALICE')
    await bench.click('approve', 'U0DAI')
    await bench.click('approve', 'U0GUEST')
    await bench.click('approve', 'U0BOB', { teamId: 'T0OTHER' })
    await bench.run()
    const request = await bench.request()
    expect(request.status).toBe('pending')
    expect(refusals(request)).toEqual([
      'U0ALICE self_approval',
      'U0DAI not_an_approver',
      'U0GUEST not_a_member',
      'U0BOB not_a_member',
    ])
  })

  it('is refused before anyone is asked when the same is open already', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId })
    const second = await bench.submit({ entitlementId, n: 2 })
    await bench.run()
    const statuses = [(await bench.request()).status, (await bench.request(second)).status].sort()
    expect(statuses).toEqual(['pending', 'refused'].sort())
  })

  it('waits with judging while Slack is down, and tells the clicker when it could not tell for two minutes', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    bench.slack.state = 'down'
    await bench.run(1)
    expect((await bench.request()).status).toBe('pending')
    bench.slack.state = 'up'
    await bench.run(1)
    expect((await bench.request()).status).toBe('active')
  })

  it('ends with grant_failed and nothing in AWS when AWS refuses', async () => {
    const bench = createBench()
    bench.aws.fate = () => 'denied'
    await bench.submit({ entitlementId })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    bench.aws.fate = () => 'done'
    await bench.run(15)
    expect(await bench.request()).toMatchObject({ status: 'grant_failed', code: 'aws_refused' })
    expect(inAws(bench)).toEqual([])
  })

  it('gives up granting after fifteen minutes of throttling, and goes on removing until it is gone', async () => {
    const bench = createBench()
    bench.aws.fate = () => 'throttled'
    await bench.submit({ entitlementId })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(20)
    const status = (await bench.request()).status
    expect(['revoking', 'grant_failed']).toContain(status)
    bench.aws.fate = () => 'done'
    await bench.run(10)
    expect(await bench.request()).toMatchObject({ status: 'grant_failed', code: 'gave_up' })
  })

  it('is active after a grant whose answer was lost, and says ended only when no lost call can arrive', async () => {
    const bench = createBench()
    const fates = ['unheard' as const]
    bench.aws.fate = () => fates.shift() ?? 'done'
    await bench.submit({ entitlementId })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(8)
    expect((await bench.request()).status).toBe('active')
    expect(inAws(bench)).toHaveLength(1)
    expect(bench.aws.changes).toHaveLength(isSet ? 1 : 2)
  })

  it('is pulled back when a lost call arrives after the removal', async () => {
    const bench = createBench()
    let first = true
    bench.aws.fate = operation => {
      if (!first || (operation !== 'put' && operation !== 'create'))
        return operation === 'put' || operation === 'create' ? 'denied' : 'done'
      first = false
      return 'late'
    }
    await bench.submit({ entitlementId })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(2)
    expect((await bench.request()).status).toBe('revoking')
    bench.aws.arrive()
    expect(bench.aws.changes.length + bench.aws.assigned().length).toBeGreaterThanOrEqual(isSet ? 0 : 1)
    await bench.run(10)
    expect((await bench.request()).status).toBe('grant_failed')
    expect(inAws(bench)).toEqual([])
  })

  it('pages when removal keeps failing, and ends all the same', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    bench.aws.fate = () => 'throttled'
    await bench.run(60 + 20)
    expect((await bench.request()).status).toBe('revoke_failed')
    expect(bench.slack.messages.map(({ name }) => name)).toContain(`${someId} alert`)
    bench.aws.fate = () => 'done'
    await bench.run(10)
    expect((await bench.request()).status).toBe('expired')
    expect(inAws(bench)).toEqual([])
  })

  it('is too late for what would leave less than five minutes', async () => {
    const bench = createBench()
    bench.aws.fate = () => 'throttled'
    await bench.submit({ entitlementId, durationMinutes: 30 })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(0)
    bench.clock.advanceSeconds(26 * 60)
    bench.aws.fate = () => 'done'
    await bench.run(1)
    expect(await bench.request()).toMatchObject({ status: 'grant_failed', code: 'too_late' })
  })
})

describe.each(entitlements)('asking for more of %s while it is active', entitlementId => {
  const isSet = entitlementId === 'prod-read-only'
  const inAws = (bench: Bench) => (isSet ? bench.aws.assigned() : [...bench.aws.policies.keys()])
  const second = anId(2)

  /** Alice has it from 10:00 to 11:00, asks for an hour more at 10:30 and gets it at 10:50, until 11:50. */
  const extended = async () => {
    const bench = createBench()
    await bench.submit({ entitlementId })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    expect(await bench.request()).toMatchObject({ status: 'active', expiresAt: at('11:00') })
    bench.clock.set(at('10:30'))
    await bench.submit({ entitlementId, n: 2 })
    await bench.run()
    expect(await bench.request(second)).toMatchObject({ status: 'pending', heldUntil: at('11:00') })
    bench.clock.set(at('10:50'))
    await bench.click('approve', 'U0EVE', { request: second })
    await bench.run(1)
    expect(await bench.request(second)).toMatchObject({ status: 'active', expiresAt: at('11:50') })
    return bench
  }

  it('leaves no moment without access, and assigns nobody twice', async () => {
    const bench = await extended()
    while (bench.clock.now() < at('11:50')) {
      expect(inAws(bench).length).toBeGreaterThanOrEqual(1)
      bench.clock.advanceSeconds(30)
      if (bench.clock.now() < at('11:50')) await bench.run()
    }
    expect((await bench.request()).status).toBe('expired')
    expect(await bench.request()).toMatchObject({ keptUntil: at('11:50') })
    expect((await bench.request(second)).status).toBe('active')
    const added = bench.aws.changes.filter(change => /^(put|created)/.test(change))
    const removed = bench.aws.changes.filter(change => /^(delete|removed)/.test(change))
    expect([added.length, removed.length]).toEqual(isSet ? [1, 0] : [2, 1])
    await bench.run(1)
    expect((await bench.request(second)).status).toBe('expired')
    expect(await bench.request(second)).not.toHaveProperty('keptUntil')
    expect(inAws(bench)).toEqual([])
    await bench.run(3)
    expect(await bench.ports.table.due(at('23:00'))).toEqual([])
  })

  it.each([
    ['the first', someId, second],
    ['the second', second, someId],
  ])('and ending %s early leaves the other', async (_, ended, other) => {
    const bench = await extended()
    await bench.click('end', 'U0ALICE', { request: ended })
    await bench.run(1)
    const stays = { status: 'active' }
    expect(await bench.request(ended)).toMatchObject({ status: 'revoked', endedBy: 'U0ALICE' })
    expect(await bench.request(other)).toMatchObject(stays)
    expect(inAws(bench)).toHaveLength(1)
    expect(bench.aws.changes.filter(change => change.startsWith('removed'))).toEqual([])
    await bench.click('end', 'U0ALICE', { request: other })
    await bench.run(1)
    expect(await bench.request(other)).toMatchObject({ status: 'revoked' })
    expect(inAws(bench)).toEqual([])
  })

  it('after an outage over both ends calls neither gone before AWS has confirmed it', async () => {
    const bench = await extended()
    bench.clock.set(at('12:30'))
    bench.aws.fate = () => 'throttled'
    await bench.run(1)
    expect([(await bench.request()).status, (await bench.request(second)).status]).toEqual(['revoking', 'revoking'])
    bench.aws.fate = () => 'done'
    await bench.run(3)
    for (const id of [someId, second]) {
      expect((await bench.request(id)).status).toBe('expired')
      expect(await bench.request(id)).not.toHaveProperty('keptUntil')
    }
    expect(inAws(bench)).toEqual([])
  })

  it('is refused while the same waits for approval, and open again when that is decided', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId })
    await bench.run()
    await bench.submit({ entitlementId, n: 2 })
    await bench.run()
    expect(await bench.request(second)).toMatchObject({ status: 'refused', code: 'already_asked', note: 'pending' })
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    await bench.submit({ entitlementId, n: 3 })
    await bench.run()
    expect((await bench.request(anId(3))).status).toBe('pending')
  })

  it('after somebody took the access away by hand brings it back before "active" is said', async () => {
    const bench = await extended()
    await bench.click('end', 'U0ALICE', { request: second })
    await bench.run(1)
    if (isSet) bench.aws.unassign('principal-alice')
    else bench.aws.policies.clear()
    await bench.submit({ entitlementId, n: 3 })
    await bench.run()
    await bench.click('approve', 'U0BOB', { request: anId(3) })
    await bench.run(1)
    expect((await bench.request(anId(3))).status).toBe('active')
    expect(inAws(bench)).toHaveLength(1)
  })
})

describe('a permission set that changed between two approvals of one person', () => {
  it('is assigned anew for the approval that still stands', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId: 'prod-read-only' })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    bench.aws.setContent = aSetContent({ hash: 'fedcba9876543210' })
    await bench.submit({ entitlementId: 'prod-read-only', n: 2 })
    await bench.run()
    bench.aws.unassign('principal-alice')
    await bench.click('approve', 'U0BOB', { request: anId(2) })
    await bench.run(1)
    expect((await bench.request(anId(2))).status).toBe('active')
    expect(bench.aws.assigned()).toHaveLength(1)
  })
})

describe('a permission set that was made anew under its name', () => {
  const madeAnew = 'arn:aws:sso:::permissionSet/ssoins-1/ps-9'
  const make = (bench: Bench) => {
    const { assignments } = bench.ports
    const { findPermissionSet } = assignments
    assignments.findPermissionSet = async name => {
      const found = await findPermissionSet(name)
      return found && { ...found, permissionSetArn: madeAnew }
    }
  }

  it('is granted once nobody is on the roster of the old one', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId: 'prod-read-only' })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(2)
    bench.clock.set(at('11:00'))
    await bench.run(2)
    expect((await bench.request()).status).toBe('expired')
    make(bench)
    await bench.submit({ n: 2, entitlementId: 'prod-read-only' })
    await bench.run()
    await bench.click('approve', 'U0BOB', { request: anId(2) })
    await bench.run(2)
    expect((await bench.request(anId(2))).status).toBe('active')
    expect(bench.aws.assigned()).toEqual([`111111111111/${madeAnew}/principal-alice`])
  })

  it('is refused while somebody is on the roster of the old one, whom it must not lose', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId: 'prod-read-only' })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(2)
    make(bench)
    await bench.submit({ n: 2, entitlementId: 'prod-read-only', slackUserId: 'U0DAI' })
    await bench.run()
    await bench.click('approve', 'U0BOB', { request: anId(2) })
    await bench.run(2)
    expect(await bench.request(anId(2))).toMatchObject({ status: 'grant_failed', outcome: { code: 'target_changed' } })
    expect((await bench.request()).status).toBe('active')
  })
})

describe('two entitlements that give the same permission set', () => {
  it('are one assignment, which ends with the last of them', async () => {
    const bench = createBench()
    const readOnly = bench.catalogue.entitlements['prod-read-only']!
    bench.catalogue.entitlements['prod-on-call'] = { ...readOnly, id: 'prod-on-call' }
    await bench.submit({ entitlementId: 'prod-read-only', durationMinutes: 60 })
    await bench.submit({ entitlementId: 'prod-on-call', durationMinutes: 30, n: 2 })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.click('approve', 'U0BOB', { request: anId(2) })
    await bench.run(1)
    expect((await bench.request()).status).toBe('active')
    expect((await bench.request(anId(2))).status).toBe('active')
    bench.clock.set(at('10:30'))
    await bench.run(1)
    expect(await bench.request(anId(2))).toMatchObject({ status: 'expired', keptUntil: at('11:00') })
    expect((await bench.request()).status).toBe('active')
    expect(bench.aws.assigned()).toHaveLength(1)
    bench.clock.set(at('11:00'))
    await bench.run(1)
    expect((await bench.request()).status).toBe('expired')
    expect(bench.aws.changes.map(change => change.split(' ')[0])).toEqual(['created', 'removed'])
  })
})

describe.each(entitlements)('ending %s early', entitlementId => {
  const isSet = entitlementId === 'prod-read-only'
  const inAws = (bench: Bench) => (isSet ? bench.aws.assigned() : [...bench.aws.policies.keys()])

  const active = async () => {
    const bench = createBench()
    await bench.submit({ entitlementId })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    expect((await bench.request()).status).toBe('active')
    return bench
  }

  it('takes it away, and says so only when AWS has confirmed it', async () => {
    const bench = await active()
    bench.clock.set(at('10:20'))
    bench.aws.fate = () => 'throttled'
    await bench.click('end', 'U0ALICE')
    await bench.run(1)
    expect(await bench.request()).toMatchObject({
      status: 'revoking',
      outcome: { status: 'revoked', by: 'U0ALICE' },
      revokingSince: at('10:20'),
    })
    const shown = () => bench.slack.messages.map(({ name, shows }) => `${name.split(' ')[1]} ${shows.at(-1)}`)
    expect(shown()).toEqual(['approvals revoking', 'asked revoking', 'active ending'])
    bench.aws.fate = () => 'done'
    await bench.run(2)
    expect(await bench.request()).toMatchObject({ status: 'revoked', endedBy: 'U0ALICE' })
    expect(inAws(bench)).toEqual([])
    expect(shown()).toEqual(['approvals revoked', 'asked revoked', 'active over', 'over revoked'])
    await bench.run(3)
    expect(shown()).toEqual(['approvals revoked', 'asked revoked', 'active over', 'over revoked gone'])
    expect(await bench.ports.table.due(at('23:00'))).toEqual([])
  })

  it('works while Slack is down', async () => {
    const bench = await active()
    await bench.click('end', 'U0ALICE')
    bench.slack.state = 'down'
    await bench.run(1)
    expect((await bench.request()).status).toBe('revoked')
    expect(inAws(bench)).toEqual([])
  })

  it('twice at once, or again afterwards, is once', async () => {
    const bench = await active()
    await Promise.all([bench.click('end', 'U0ALICE', { id: 'one' }), bench.click('end', 'U0ALICE', { id: 'two' })])
    await bench.run(1)
    await bench.click('end', 'U0ALICE', { id: 'one' })
    await bench.click('end', 'U0ALICE', { id: 'three' })
    await bench.run()
    const request = await bench.request()
    expect(request.status).toBe('revoked')
    expect(refusals(await bench.request())).toEqual([])
    expect(request.history.filter(({ event }) => event === 'ending')).toHaveLength(1)
  })

  it('is not for approvers, nor for anybody from another workspace', async () => {
    const bench = await active()
    await bench.click('end', 'U0BOB')
    await bench.click('end', 'U0ALICE', { teamId: 'T0OTHER' })
    await bench.run()
    expect((await bench.request()).status).toBe('active')
    expect(refusals(await bench.request())).toEqual(['U0ALICE not_a_member', 'U0BOB not_an_operator'])
  })

  it('is not kept back by clicks without effect', async () => {
    const bench = await active()
    for (let n = 0; n < 6; n++) await bench.click('approve', 'U0ALICE')
    await bench.click('end', 'U0ALICE')
    await bench.run(1)
    expect((await bench.request()).status).toBe('revoked')
  })

  it('after it has ended on time is answered with that', async () => {
    const bench = await active()
    bench.clock.set(at('11:00'))
    await bench.run(1)
    await bench.click('end', 'U0ALICE')
    await bench.run()
    expect((await bench.request()).status).toBe('expired')
    expect(refusals(await bench.request())).toEqual(['U0ALICE not_active'])
  })
})

describe('a person who holds the permission set already', () => {
  it.each(['direct', 'group'] as const)('%s is told so, and what they hold is left alone', async through => {
    const bench = createBench()
    const assignment = {
      accountId: '111111111111',
      permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
      principalId: 'principal-alice',
    }
    bench.aws.assign(assignment, through)
    await bench.submit({ entitlementId: 'prod-read-only' })
    await bench.run()
    expect(await bench.request()).toMatchObject({ status: 'refused', code: 'already_held' })
    expect(bench.aws.changes).toEqual([])
  })
})

describe('two rules with distinct people', () => {
  const twoRules = () => {
    const bench = createBench()
    const entitlement = bench.catalogue.entitlements['dev-table']!
    entitlement.approvals = [
      { from: ['platform'], count: 1 },
      { from: ['security'], count: 1 },
    ]
    return bench
  }

  it('grant when both are met, and say who is still missing before', async () => {
    const bench = twoRules()
    await bench.submit()
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run()
    expect(await bench.request()).toMatchObject({ status: 'pending', approvals: [{ userId: 'U0BOB' }] })
    expect(bench.slack.messages[0]?.shows.at(-1)).toBe('pending U0BOB')
    await bench.click('approve', 'U0BOB')
    await bench.run()
    expect(refusals(await bench.request())).toEqual([])
    await bench.click('approve', 'U0CAROL')
    await bench.run()
    expect(await bench.request()).toMatchObject({
      status: 'active',
      approvals: [{ userId: 'U0BOB' }, { userId: 'U0CAROL' }],
    })
  })

  it('do not count an approver who was removed from the group between the two clicks', async () => {
    const bench = twoRules()
    await bench.submit()
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run()
    bench.slack.groups['S0PLATFORM'] = ['U0EVE']
    await bench.click('approve', 'U0CAROL')
    await bench.run()
    expect(await bench.request()).toMatchObject({ status: 'pending', approvals: [{ userId: 'U0CAROL' }] })
    await bench.click('approve', 'U0EVE')
    await bench.run()
    expect((await bench.request()).status).toBe('active')
  })

  it('refuse the request when its requester was deactivated while it waited', async () => {
    const bench = twoRules()
    await bench.submit()
    await bench.run()
    bench.slack.standing['U0ALICE'] = 'deleted'
    await bench.click('approve', 'U0BOB')
    await bench.run()
    expect(await bench.request()).toMatchObject({ status: 'refused', code: 'requester_not_allowed' })
    expect(bench.aws.changes).toEqual([])
  })
})

describe('an IAM user recreated under the same name between approval and grant', () => {
  it('gets nothing', async () => {
    const bench = createBench()
    await bench.submit()
    await bench.run()
    bench.aws.users.set('222222222222/alice', 'AIDASOMEBODYELSE0001')
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    expect(await bench.request()).toMatchObject({ status: 'grant_failed', code: 'target_changed' })
    expect(bench.aws.changes.filter(change => change.startsWith('put'))).toEqual([])
  })
})

describe('a requester who is somebody else in AWS than the last time', () => {
  it('is refused until an operator has written an override', async () => {
    const bench = createBench()
    await bench.submit()
    await bench.run()
    await bench.click('cancel', 'U0ALICE')
    await bench.run()
    bench.aws.users.set('222222222222/alice', 'AIDASOMEBODYELSE0001')
    const second = await bench.submit({ n: 2 })
    await bench.run()
    expect(await bench.request(second)).toMatchObject({ status: 'refused', code: 'identity_changed', note: 'alice' })
    bench.catalogue.people.overrides['U0ALICE'] = { iamUser: 'alice' }
    const third = await bench.submit({ n: 3 })
    await bench.run()
    expect((await bench.request(third)).status).toBe('pending')
  })
})

describe.each(entitlements)('with granting switched off, a request for %s', entitlementId => {
  it('is not taken, one that waits is not granted, and what was granted still ends', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    const other = entitlementId === 'dev-table' ? 'prod-read-only' : 'dev-table'
    const waiting = await bench.submit({ entitlementId: other, n: 2 })
    await bench.run()
    bench.ports.grantsOn = false
    await bench.click('approve', 'U0BOB', { request: waiting })
    await bench.run(1)
    expect(await bench.request(waiting)).toMatchObject({ status: 'grant_failed', code: 'grants_off' })
    await expect(bench.submit({ entitlementId, n: 3 })).rejects.toThrow('grants_off')
    await bench.run(61)
    expect((await bench.request()).status).toBe('expired')
    expect([...bench.aws.policies.keys(), ...bench.aws.assigned()]).toEqual([])
  })
})
