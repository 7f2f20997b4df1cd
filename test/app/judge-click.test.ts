import { beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '../../src/core/errors.ts'
import { type Bench, createBench } from '../support/bench.ts'
import { at } from '../support/builders.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

/** A request of Alice that waits for approval. */
async function asked(entitlementId = 'dev-table') {
  await bench.submit({ entitlementId })
  await bench.run()
}

/** Why the clicks did nothing, as the record of the request has it. */
async function refusals() {
  const { history } = await bench.request()
  return history.flatMap(({ event, by, note }) => (event.endsWith('_refused') ? [`${by} ${note}`] : []))
}

describe('two Slack accounts of one person in AWS', () => {
  it('are one approver where two are needed', async () => {
    bench.catalogue.entitlements['dev-table']!.approvals = [{ from: ['platform'], count: 2 }]
    bench.catalogue.people.overrides['U0EVE'] = { iamUser: 'bob' }
    bench.slack.groups['S0PLATFORM'] = ['U0BOB', 'U0EVE', 'U0FAY']
    await asked()
    await bench.click('approve', 'U0BOB')
    await bench.click('approve', 'U0EVE')
    await bench.run()
    expect(await bench.request()).toMatchObject({ status: 'pending' })
    await bench.click('approve', 'U0FAY')
    await bench.run()
    expect((await bench.request()).status).toBe('active')
  })

  it('are one approver also where only AWS knows it', async () => {
    bench.catalogue.entitlements['dev-table']!.approvals = [{ from: ['platform'], count: 2 }]
    const places = { '222222222222': { name: 'bob', id: 'AIDABOB' } }
    for (const slackUserId of ['U0BOB', 'U0EVE']) {
      await bench.ports.table.writeIdentity({ slackUserId, version: 0, writeId: '', places })
    }
    await asked()
    await bench.click('approve', 'U0BOB')
    await bench.click('approve', 'U0EVE')
    await bench.run()
    expect(await bench.request()).toMatchObject({ status: 'pending' })
  })
})

describe('nobody approves for whom they are in AWS', () => {
  it('by the IAM user that was found, though the requester is mapped to another by now', async () => {
    bench.catalogue.people.overrides['U0BOB'] = { iamUser: 'ALICE' }
    await asked()
    bench.catalogue.people.overrides['U0ALICE'] = { iamUser: 'alice-new' }
    const { person } = bench.slack.directory
    bench.slack.directory.person = async (userId, after) => {
      const profile = await person(userId, after)
      return userId === 'U0ALICE' ? { ...profile, email: 'alice.new@example.com' } : profile
    }
    await bench.click('approve', 'U0BOB')
    await bench.run()
    expect(await refusals()).toEqual(['U0BOB same_identity'])
  })

  it('by the user name that was found in Identity Center by an address', async () => {
    const { findUser } = bench.aws.assignments
    bench.aws.assignments.findUser = async by => ({ ...(await findUser(by))!, userName: 'a.liddell' })
    bench.catalogue.people.overrides['U0BOB'] = { identityCenterUser: 'A.Liddell' }
    await asked('prod-read-only')
    await bench.click('approve', 'U0BOB')
    await bench.run()
    expect(await refusals()).toEqual(['U0BOB same_identity'])
  })

  it('by the address of the requester at submission, though Slack shows another by now', async () => {
    await asked('prod-read-only')
    const { person } = bench.slack.directory
    bench.slack.directory.person = async (userId, after) => {
      const email = { U0ALICE: 'new@example.com', U0BOB: 'alice@example.com' }[userId]
      return { ...(await person(userId, after)), ...(email && { email }) }
    }
    await bench.click('approve', 'U0BOB')
    await bench.run()
    expect(await refusals()).toEqual(['U0BOB same_identity'])
  })

  it('by the id that was found for the approver when they asked themselves', async () => {
    const places = { 'identity-center': { name: 'bob', id: 'principal-alice' } }
    await bench.ports.table.writeIdentity({ slackUserId: 'U0BOB', version: 0, writeId: '', places })
    await asked('prod-read-only')
    await bench.click('approve', 'U0BOB')
    await bench.run()
    expect(await refusals()).toEqual(['U0BOB same_identity'])
  })

  it('but an approver who is nobody in AWS may', async () => {
    const { person } = bench.slack.directory
    bench.slack.directory.person = async (userId, after) => {
      const profile = await person(userId, after)
      return userId === 'U0BOB' ? { ...profile, email: '' } : profile
    }
    await asked()
    await bench.click('approve', 'U0BOB')
    await bench.run()
    expect((await bench.request()).status).toBe('active')
  })
})

it('an approval of a duration that is no longer offered refuses the request', async () => {
  await asked()
  bench.catalogue.entitlements['dev-table']!.durationsMinutes = [30]
  await bench.click('approve', 'U0BOB')
  await bench.run()
  expect(await bench.request()).toMatchObject({ status: 'refused', code: 'catalogue_changed' })
})

it('what has become untouchable while people were asked is not assigned', async () => {
  await asked('prod-read-only')
  bench.catalogue.aws.managementAccount = '111111111111'
  await bench.click('approve', 'U0BOB')
  await bench.run(1)
  expect(await bench.request()).toMatchObject({ status: 'grant_failed', code: 'management_account' })
  expect(bench.aws.changes).toEqual([])
})

describe.each(['dev-table', 'prod-read-only'])('an operator ends %s of somebody else', entitlementId => {
  const inAws = () => [...bench.aws.policies.keys(), ...bench.aws.assigned()]

  async function active() {
    await asked(entitlementId)
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    expect((await bench.request()).status).toBe('active')
  }

  it('and it is gone from AWS, with who ended it in the record', async () => {
    await active()
    await bench.click('end', 'U0CAROL')
    await bench.run(1)
    const request = await bench.request()
    expect(request).toMatchObject({ status: 'revoked', endedBy: 'U0CAROL' })
    expect(request.history.find(({ event }) => event === 'ending')).toMatchObject({ by: 'U0CAROL', note: 'revoked' })
    expect(inAws()).toEqual([])
  })

  it('before it is there, and nothing is added to AWS any more', async () => {
    await asked(entitlementId)
    await bench.click('approve', 'U0BOB')
    await bench.click('end', 'U0CAROL')
    await bench.run(1)
    expect(await bench.request()).toMatchObject({ status: 'revoked', endedBy: 'U0CAROL' })
    expect(bench.aws.changes.filter(change => /^(put|create)/.test(change))).toEqual([])
  })

  it('only as an operator at the click: whoever left the group ends nothing', async () => {
    await active()
    bench.catalogue.groups['security'] = { slackUserGroup: 'S0SEC' }
    bench.slack.groups['S0SEC'] = []
    await bench.click('end', 'U0CAROL')
    await bench.run(1)
    expect((await bench.request()).status).toBe('active')
    expect(await refusals()).toEqual(['U0CAROL not_an_operator'])
  })

  it('when Slack can tell again, and is told when it could not for two minutes', async () => {
    await active()
    await bench.click('end', 'U0CAROL')
    bench.slack.state = 'down'
    await bench.run(1)
    expect((await bench.request()).status).toBe('active')
    bench.slack.state = 'up'
    await bench.run(1)
    expect((await bench.request()).status).toBe('revoked')
  })

  it('but not while it waits for approvers', async () => {
    await asked(entitlementId)
    await bench.click('end', 'U0CAROL')
    await bench.run(1)
    expect((await bench.request()).status).toBe('pending')
    expect(await refusals()).toEqual(['U0CAROL not_active'])
  })
})

describe.each(['dev-table', 'prod-read-only'])('a removal of %s that keeps failing', entitlementId => {
  const word = 'Deleted in the console'
  const denied = new Fault('access_denied', 'not authorized', { retryable: false, answered: true })
  const throttled = new Fault('throttled', 'Rate exceeded', { retryable: true, answered: true })

  async function failing() {
    await asked(entitlementId)
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    bench.aws.fate = () => 'denied'
    bench.clock.set(at('11:00:30'))
    await bench.run(30)
    expect((await bench.request()).status).toBe('revoke_failed')
  }
  function removeByHand() {
    bench.aws.policies.clear()
    bench.aws.unassign('principal-alice')
  }
  function blind(fault: Fault) {
    const unheard = () => Promise.reject(fault)
    bench.aws.inlinePolicies.read = unheard
    bench.aws.assignments.listed = unheard
  }

  it('is settled by the word of an operator when AWS agrees that it is gone', async () => {
    await failing()
    removeByHand()
    await bench.click('removed', 'U0CAROL', { reason: word })
    await bench.run(10)
    const request = await bench.request()
    expect(request.status).toBe('expired')
    if (entitlementId === 'dev-table') {
      expect(request).toMatchObject({ settledBy: { userId: 'U0CAROL', reason: word, confirmed: true } })
    }
  })

  it('is not settled while AWS lists it, and the operator is told so', async () => {
    await failing()
    await bench.click('removed', 'U0CAROL', { reason: word })
    await bench.run(1)
    expect((await bench.request()).status).toBe('revoke_failed')
    expect(await refusals()).toEqual(['U0CAROL still_listed'])
  })

  it('is settled by their word alone when AWS cannot be asked, and the record says that it did not confirm', async () => {
    await failing()
    blind(denied)
    await bench.click('removed', 'U0CAROL', { reason: word })
    await bench.run(1)
    const request = await bench.request()
    expect(request).toMatchObject({
      status: 'expired',
      settledBy: { userId: 'U0CAROL', reason: word, confirmed: false },
    })
    expect(request.history.at(-1)).toMatchObject({ event: 'settled_by_hand', by: 'U0CAROL', note: word })
  })

  it('is asked about again for two minutes before their word alone settles it', async () => {
    await failing()
    blind(throttled)
    await bench.click('removed', 'U0CAROL', { reason: word })
    await bench.run(1)
    expect((await bench.request()).status).toBe('revoke_failed')
    await bench.run(3)
    expect(await bench.request()).toMatchObject({ status: 'expired', settledBy: { confirmed: false } })
  })

  it('is not settled by anybody else, nor by its requester', async () => {
    await failing()
    removeByHand()
    blind(denied)
    bench.catalogue.groups['security'] = { slackUsers: ['U0CAROL', 'U0ALICE', 'U0EVE'] }
    bench.catalogue.people.overrides['U0EVE'] = { iamUser: 'alice', identityCenterUser: 'alice@example.com' }
    await bench.click('removed', 'U0BOB', { reason: word })
    await bench.click('removed', 'U0ALICE', { reason: word })
    await bench.click('removed', 'U0EVE', { reason: word })
    await bench.run(1)
    expect((await bench.request()).status).toBe('revoke_failed')
    expect((await refusals()).sort()).toEqual(['U0ALICE own_removal', 'U0BOB not_an_operator', 'U0EVE same_identity'])
  })
})

it('whom an operator says they took off stays on the roster until AWS has confirmed it', async () => {
  await asked('prod-read-only')
  await bench.click('approve', 'U0BOB')
  await bench.run(1)
  bench.aws.fate = () => 'denied'
  const { listed } = bench.aws.assignments
  bench.aws.assignments.listed = () =>
    Promise.reject(new Fault('access_denied', 'not authorized', { retryable: false, answered: true }))
  bench.clock.set(at('11:00:30'))
  await bench.run(30)
  await bench.click('removed', 'U0CAROL', { reason: 'Taken off by hand' })
  await bench.run(1)
  expect((await bench.request()).status).toBe('expired')
  const roster = () => bench.ports.table.roster({ accountId: '111111111111', permissionSet: 'Curfew-ReadOnly' })
  expect((await roster())?.members['principal-alice']).toMatchObject({ state: 'removing', heldBy: {} })
  expect(bench.aws.assigned()).toHaveLength(1)
  // The operator was wrong; when AWS can be asked again, it is taken away.
  bench.aws.assignments.listed = listed
  bench.aws.fate = () => 'done'
  await bench.run(20)
  expect(bench.aws.assigned()).toEqual([])
  expect((await roster())?.members).toEqual({})
})
