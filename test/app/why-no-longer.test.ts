import { beforeEach, describe, expect, it } from 'vitest'
import { type Bench, createBench } from '../support/bench.ts'
import { anId, at } from '../support/builders.ts'
import { anyNameTrust as anyName, type Fate } from '../support/fake-aws.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

const policyOnDev = '222222222222/role/Dev/curfew-req_00000000000000000001'
const policyOnAlice = '000000000000/alice/curfew-req_00000000000000000001'

/** Approved at 10:00, at once. */
async function approved(entitlementId: string) {
  await bench.submit({ entitlementId })
  await bench.run()
  await bench.click('approve', 'U0BOB')
}

async function active(entitlementId: string) {
  await approved(entitlementId)
  await bench.run()
  expect((await bench.request()).status).toBe('active')
}

function change(what: { roleId?: string; trust?: string }, name = '222222222222/Dev') {
  const role = bench.aws.roles.get(name)
  if (role) bench.aws.roles.set(name, { ...role, ...what })
}

function issuedFrom(policy: string) {
  return bench.aws.policies.get(policy)?.Statement[0]?.Condition['DateGreaterThanEquals']?.['aws:TokenIssueTime']
}

/** Until the trust policy was looked at again. */
async function lookAgain() {
  bench.clock.set(at('10:15'))
  await bench.run(1)
  return bench.request()
}

describe('a policy on a shared role', () => {
  it('is attached to the role, for the sessions of one person since the trust policy was seen', async () => {
    await active('team-table')
    const policy = bench.aws.policies.get(policyOnDev)
    expect(policy?.Statement[0]?.Condition).toEqual({
      DateGreaterThanEquals: { 'aws:CurrentTime': at('10:00'), 'aws:TokenIssueTime': at('10:00') },
      DateLessThan: { 'aws:CurrentTime': at('11:00') },
      StringEquals: { 'aws:userid': 'AROADEV00000000000001:alice' },
    })
    expect([...bench.aws.policies.keys()]).toEqual([policyOnDev])
  })

  it('counts no session from before it is granted, whatever the trust policy was while it waited', async () => {
    await bench.submit({ entitlementId: 'team-table' })
    await bench.run()
    const pinned = bench.aws.roles.get('222222222222/Dev')?.trust ?? ''
    change({ trust: anyName })
    bench.clock.set(at('10:20'))
    change({ trust: pinned })
    bench.clock.set(at('10:30'))
    await bench.click('approve', 'U0BOB')
    await bench.run()
    expect(issuedFrom(policyOnDev)).toBe(at('10:30'))
  })

  it('is put again as it was when AWS was not heard the first time', async () => {
    const fates: Fate[] = ['unheard']
    bench.aws.fate = () => fates.shift() ?? 'done'
    await approved('team-table')
    await bench.run()
    expect(await bench.request()).toMatchObject({ status: 'granting' })
    bench.clock.set(at('10:00:30'))
    await bench.run()
    expect(await bench.request()).toMatchObject({ status: 'active' })
    expect(issuedFrom(policyOnDev)).toBe(at('10:00'))
  })

  it('that extends one stays good for the session that one is used in, while the role is still watched', async () => {
    await active('team-table')
    bench.clock.set(at('10:10'))
    const extend = async (n: number) => {
      const id = await bench.submit({ entitlementId: 'team-table', n })
      await bench.run()
      await bench.click('approve', 'U0BOB', { request: id })
      await bench.run()
    }
    await extend(2)
    expect(issuedFrom('222222222222/role/Dev/curfew-req_00000000000000000002')).toBe(at('10:00'))
    await bench.click('end', 'U0ALICE', { request: anId(1) })
    await bench.click('end', 'U0ALICE', { request: anId(2) })
    await bench.run()
    await extend(3)
    expect(issuedFrom('222222222222/role/Dev/curfew-req_00000000000000000003')).toBe(at('10:10'))
  })

  it('ends on time, and its role is left as it was', async () => {
    await active('team-table')
    bench.clock.set(at('11:00'))
    await bench.run(1)
    expect(await bench.request()).toMatchObject({ status: 'expired' })
    expect([...bench.aws.policies.keys()]).toEqual([])
  })

  it.each([
    ['the trust policy no longer pins names', () => change({ trust: anyName }), 'trust_not_pinned'],
    ['the role was made anew', () => change({ roleId: 'AROADEV00000000000002' }), 'target_changed'],
    ['the role is gone', () => void bench.aws.roles.delete('222222222222/Dev'), 'target_changed'],
    [
      'the user was made anew',
      () => void bench.aws.users.set('000000000000/alice', 'AIDANEW0000000000001'),
      'target_changed',
    ],
    [
      'the catalogue says that the role is never touched',
      () => void bench.catalogue.aws.neverTouch.push('*:role/Dev'),
      'never_touched',
    ],
  ])('is not put when %s since it was checked', async (_rule, happens, code) => {
    await approved('team-table')
    happens()
    await bench.run(1)
    expect(await bench.request()).toMatchObject({ status: 'grant_failed', code })
    expect(bench.aws.changes.filter(change => change.startsWith('put'))).toEqual([])
  })

  it.each([
    ['the trust policy no longer pins names', () => change({ trust: anyName }), 'trust_not_pinned'],
    ['the role was made anew', () => change({ roleId: 'AROADEV00000000000002' }), 'target_changed'],
    [
      'the user was made anew',
      () => void bench.aws.users.set('000000000000/alice', 'AIDANEW0000000000001'),
      'target_changed',
    ],
  ])('is taken away within fifteen minutes when %s, and operators are told', async (_rule, happens, code) => {
    await active('team-table')
    bench.clock.set(at('10:01'))
    happens()
    expect(await lookAgain()).toMatchObject({ status: 'grant_failed', code, endedAt: at('10:15') })
    expect([...bench.aws.policies.keys()]).toEqual([])
    expect(bench.slack.messages.map(({ name, shows }) => `${name}: ${shows.at(-1)}`)).toContain(
      'req_00000000000000000001 cut: cut',
    )
  })

  it('stays, and is looked at again and again, while nothing has changed', async () => {
    await active('team-table')
    expect(await bench.request()).toMatchObject({ lookAt: at('10:15') })
    expect(await lookAgain()).toMatchObject({ status: 'active', lookAt: at('10:30') })
    expect(bench.slack.messages.map(({ name }) => name)).not.toContain('req_00000000000000000001 cut')
  })

  it('stays while AWS cannot be asked, and is judged when it answers', async () => {
    await active('team-table')
    const { findRole } = bench.aws.inlinePolicies
    bench.aws.inlinePolicies.findRole = () => Promise.reject(new Error('no answer'))
    change({ trust: anyName })
    expect(await lookAgain()).toMatchObject({ status: 'active', retries: { work: { problem: 'no answer' } } })
    bench.aws.inlinePolicies.findRole = findRole
    await bench.run(6)
    expect(await bench.request()).toMatchObject({ status: 'grant_failed', code: 'trust_not_pinned' })
  })

  it('of one person leaves those of others on the role alone', async () => {
    bench.aws.users.set('000000000000/dai', 'AIDADAI00000000000002')
    await active('team-table')
    const id = await bench.submit({ entitlementId: 'team-table', n: 2, slackUserId: 'U0DAI' })
    await bench.run()
    await bench.click('approve', 'U0BOB', { request: id })
    await bench.run()
    expect(bench.aws.policies.size).toBe(2)
    await bench.click('end', 'U0ALICE')
    await bench.run(1)
    expect([...bench.aws.policies.keys()]).toEqual(['222222222222/role/Dev/curfew-req_00000000000000000002'])
    expect(await bench.request(id)).toMatchObject({ status: 'active' })
  })
})

describe('entering a role', () => {
  it('is one action on one role, under the own name, with MFA, on the user in the jump account', async () => {
    await active('prod-admin')
    expect(bench.aws.policies.get(policyOnAlice)?.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['sts:AssumeRole'],
        Resource: ['arn:aws:iam::111111111111:role/Admin'],
        Condition: {
          DateGreaterThanEquals: { 'aws:CurrentTime': at('10:00') },
          DateLessThan: { 'aws:CurrentTime': at('11:00') },
          Bool: { 'aws:MultiFactorAuthPresent': 'true' },
          StringEquals: { 'sts:RoleSessionName': 'alice' },
        },
      },
    ])
    expect([...bench.aws.policies.keys()]).toEqual([policyOnAlice])
  })

  it('is taken away when the role is another one under the same name', async () => {
    await active('prod-admin')
    change({ roleId: 'AROAADMIN000000000002' }, '111111111111/Admin')
    expect(await lookAgain()).toMatchObject({ status: 'grant_failed', code: 'target_changed', note: 'Admin' })
    expect([...bench.aws.policies.keys()]).toEqual([])
  })

  it('does not depend on how the role pins names', async () => {
    await active('prod-admin')
    change({ trust: anyName }, '111111111111/Admin')
    expect(await lookAgain()).toMatchObject({ status: 'active' })
  })
})
