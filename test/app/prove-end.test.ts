import { beforeEach, describe, expect, it } from 'vitest'
import { Fault } from '../../src/core/errors.ts'
import { type Bench, createBench } from '../support/bench.ts'
import { anId } from '../support/builders.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

/** Alice has it from 10:00 to 10:30, and so many minutes pass. */
async function untilTheEnd(
  entitlementId: 'dev-table' | 'prod-read-only' | 'prod-leashed' | 'prod-operator',
  minutes = 31,
) {
  await bench.submit({ entitlementId, durationMinutes: 30 })
  await bench.run()
  await bench.click('approve', 'U0BOB')
  await bench.run(minutes)
}

async function proof() {
  const request = await bench.request()
  return 'proof' in request ? request.proof : undefined
}

async function record() {
  const { history } = await bench.request()
  return history.filter(({ event }) => event.startsWith('pro')).map(({ event, note, count }) => [event, note, count])
}

const shownTo = (key: string) => bench.slack.messages.find(({ name }) => name === `${anId(1)} ${key}`)?.shows

const assignment = {
  accountId: '111111111111',
  permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
  principalId: 'principal-alice',
}

describe('some minutes after the end', () => {
  it.each(['dev-table', 'prod-read-only'] as const)('AWS is asked, and the answer is on file: %s', async kind => {
    await untilTheEnd(kind, 30.5)
    expect(await bench.request()).toMatchObject({ status: 'expired' })
    expect(await proof()).toBeUndefined()
    expect(shownTo('over')).toEqual(['expired'])
    await bench.run(3)
    expect(await proof()).toMatchObject({ answer: 'gone' })
    expect(shownTo('over')).toEqual(['expired', 'expired gone'])
    expect(shownTo('still_allowed')).toBeUndefined()
    const note = kind === 'dev-table' ? 'AWS refuses it' : 'AWS lists no assignment'
    expect(await record()).toEqual([['proven', note, undefined]])
  })

  it.each([
    ['prod-leashed', 'AWS lists no assignment, and the leash keeps them out'],
    ['prod-operator', 'AWS refuses it'],
  ] as const)('under a leash it is asked for that too: %s', async (kind, note) => {
    await untilTheEnd(kind, 34)
    expect(await record()).toEqual([['proven', note, undefined]])
  })

  it.each([
    'prod-leashed',
    'prod-operator',
  ] as const)('a role that has lost its leash counts as still allowing it: %s', async kind => {
    await untilTheEnd(kind, 30.5)
    expect(await bench.request()).toMatchObject({ status: 'expired' })
    bench.aws.leashes.boundary = 'another'
    await bench.run(60)
    expect(await proof()).toMatchObject({ answer: 'still', note: 'the leash' })
    expect(shownTo('still_allowed')).toEqual(['still'])
  })

  it('what other policies allow is told from what Curfew gave', async () => {
    bench.aws.simulator.allowedBy = async () => ['AdministratorAccess']
    await untilTheEnd('dev-table', 34)
    expect(await proof()).toMatchObject({ answer: 'otherwise', note: 'AdministratorAccess' })
    expect(shownTo('still_allowed')).toBeUndefined()
    expect(await record()).toEqual([['proven', 'something else still gives the same (AdministratorAccess)', undefined]])
  })

  it('what others of the requests keep is not asked about', async () => {
    await bench.submit({ durationMinutes: 30 })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(10)
    await bench.submit({ n: 2, durationMinutes: 60 })
    await bench.run()
    await bench.click('approve', 'U0BOB', { request: anId(2) })
    await bench.run(30)
    expect(await bench.request()).toMatchObject({ status: 'expired', keptUntil: expect.any(String) })
    expect(await proof()).toBeUndefined()
  })

  it('an assignment that a later request brought back is not wrong', async () => {
    await untilTheEnd('prod-read-only', 30.2)
    await bench.submit({ n: 2, entitlementId: 'prod-read-only', durationMinutes: 60 })
    await bench.run()
    await bench.click('approve', 'U0BOB', { request: anId(2) })
    await bench.run(4)
    expect(await bench.request(anId(2))).toMatchObject({ status: 'active' })
    expect(await proof()).toMatchObject({ answer: 'otherwise', note: 'another request' })
  })
})

describe('what AWS still allows', () => {
  it('alarms operators, and only after several answers', async () => {
    await untilTheEnd('dev-table', 30.5)
    bench.aws.simulator.allowedBy = async () => [`user_alice_curfew-${anId(1)}`]
    await bench.run(10)
    expect(await proof()).toBeUndefined()
    expect(shownTo('still_allowed')).toBeUndefined()
    await bench.run(12)
    expect(await proof()).toMatchObject({ answer: 'still', note: `curfew-${anId(1)}` })
    expect(shownTo('still_allowed')).toEqual(['still'])
    expect(shownTo('over')).toEqual(['expired', 'expired still'])
    expect(await record()).toEqual([
      ['proof_failed', 'AWS still allows it', 5],
      ['proven', `AWS still allows it; operators are told (curfew-${anId(1)})`, undefined],
    ])
  })

  it('was only slow to be taken away', async () => {
    await untilTheEnd('dev-table', 30.5)
    const { allowedBy } = bench.aws.simulator
    bench.aws.simulator.allowedBy = async () => [`user_alice_curfew-${anId(1)}`]
    await bench.run(3)
    bench.aws.simulator.allowedBy = allowedBy
    await bench.run(10)
    expect(await proof()).toMatchObject({ answer: 'gone' })
    expect(await bench.request()).toMatchObject({ retries: {} })
  })

  it('is an assignment that somebody put back', async () => {
    await untilTheEnd('prod-read-only', 30.5)
    bench.aws.assign(assignment)
    await bench.run(20)
    expect(await proof()).toMatchObject({ answer: 'still', note: 'the assignment' })
    expect(shownTo('still_allowed')).toEqual(['still'])
  })
})

describe('AWS that cannot be asked', () => {
  it('is asked a handful of times, and then that is on file', async () => {
    let calls = 0
    bench.aws.simulator.allowedBy = async () => {
      calls++
      throw new Fault('throttled', 'Rate exceeded', { retryable: true, answered: true })
    }
    await untilTheEnd('dev-table', 120)
    expect(calls).toBe(5)
    expect(await proof()).toMatchObject({ answer: 'not_asked', note: 'Rate exceeded' })
    expect(shownTo('over')).toEqual(['expired', 'expired not_asked'])
    expect(shownTo('still_allowed')).toBeUndefined()
  })

  it('is not asked again where it will not answer', async () => {
    bench.aws.simulator.allowedBy = async () => {
      throw new Fault('access_denied', 'not authorized to SimulatePrincipalPolicy', {
        retryable: false,
        answered: true,
      })
    }
    await untilTheEnd('dev-table', 34)
    expect(await record()).toEqual([
      ['proven', 'AWS could not be asked (not authorized to SimulatePrincipalPolicy)', undefined],
    ])
  })

  it('never keeps the end waiting', async () => {
    bench.aws.simulator.allowedBy = () => new Promise(() => {})
    await untilTheEnd('dev-table', 30.2)
    expect(await bench.request()).toMatchObject({ status: 'expired' })
    expect(bench.aws.policies.size).toBe(0)
    expect(shownTo('over')).toEqual(['expired'])
  })
})
