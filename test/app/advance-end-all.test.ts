import { beforeEach, describe, expect, it } from 'vitest'
import { recordEndAll } from '../../src/app/record-end-all.ts'
import type { AuditRecord } from '../../src/core/audit.ts'
import { type Bench, createBench } from '../support/bench.ts'
import { anEndAll, anId } from '../support/builders.ts'

let bench: Bench

beforeEach(() => {
  bench = createBench()
})

const { id, personId, reason } = anEndAll()

const wish = (userId = 'U0CAROL', teamId = 'T0001') =>
  recordEndAll(bench.ports, { id, by: { userId, teamId, language: 'en' }, personId, reason })

const endAll = async () => {
  const found = await bench.ports.table.endAll(id)
  if (!found) throw new Error('not recorded')
  return found
}
const statusOf = async (n: number) => (await bench.request(anId(n))).status
const inAws = () => [...bench.aws.policies.keys(), ...bench.aws.assigned()]
const told = () => bench.slack.messages.filter(({ name }) => name === id)

/** Dai has a permission set and a policy, and waits for another; Alice has a policy. */
async function dayOfDai() {
  bench.aws.users.set('222222222222/dai', 'AIDADAI000000000001')
  await bench.submit({ n: 1, slackUserId: 'U0DAI', entitlementId: 'prod-read-only' })
  await bench.submit({ n: 2, slackUserId: 'U0DAI' })
  await bench.submit({ n: 3, slackUserId: 'U0DAI', parameters: { table: 'customers' } })
  await bench.submit({ n: 4 })
  await bench.run()
  for (const n of [1, 2, 4]) await bench.click('approve', 'U0BOB', { request: anId(n) })
  await bench.run(1)
  expect(await Promise.all([1, 2, 3, 4].map(statusOf))).toEqual(['active', 'active', 'pending', 'active'])
}

describe('ending everything of a person', () => {
  it('ends what they have in every account, withdraws what waits, and leaves everybody else alone', async () => {
    await dayOfDai()
    await wish()
    await bench.run(3)
    expect(await Promise.all([1, 2, 3, 4].map(statusOf))).toEqual(['revoked', 'revoked', 'cancelled', 'active'])
    expect(inAws()).toEqual(['222222222222/alice/curfew-req_00000000000000000004'])
    expect(await bench.request(anId(1))).toMatchObject({ endedBy: 'U0CAROL' })
    expect(await bench.request(anId(3))).toMatchObject({ cancelledBy: 'U0CAROL' })
    const { history } = await bench.request(anId(2))
    expect(history.find(({ event }) => event === 'ending')).toMatchObject({ by: 'U0CAROL', note: 'Dai leaves today' })
  })

  it('tells the operator how it goes in one message, and is closed when all has gone', async () => {
    await dayOfDai()
    await wish()
    await bench.run(3)
    expect(told()).toHaveLength(1)
    expect(told()[0]?.shows.at(-1)).toBe(
      'judged req_00000000000000000001 revoked req_00000000000000000002 revoked req_00000000000000000003 cancelled',
    )
    expect(await endAll()).toHaveProperty('closedAt')
  })

  it('sent again finds itself, and ends nothing twice', async () => {
    await dayOfDai()
    await wish()
    await wish()
    await bench.run(3)
    await wish()
    await bench.run(3)
    const { history } = await bench.request(anId(1))
    expect(history.filter(({ event }) => event === 'ending')).toHaveLength(1)
  })

  it('finds what was asked for a moment before and the index did not show yet', async () => {
    await dayOfDai()
    const { byRequester } = bench.ports.table
    bench.ports.table.byRequester = async () => []
    await wish()
    await bench.run()
    expect((await endAll()).requests).toEqual([])
    bench.ports.table.byRequester = byRequester
    await bench.run(4)
    expect(inAws()).toHaveLength(1)
    expect(await endAll()).toHaveProperty('closedAt')
  })

  it('withdraws what is still being checked before approvers can give it', async () => {
    await bench.submit({ slackUserId: 'U0DAI', entitlementId: 'prod-read-only' })
    await wish()
    await bench.run(3)
    expect(await statusOf(1)).toBe('cancelled')
  })

  it('goes on when Slack cannot tell for a while who wishes it, and until it can tell the operator', async () => {
    await dayOfDai()
    await wish()
    bench.slack.state = 'down'
    await bench.run(1)
    expect(inAws()).toHaveLength(3)
    bench.slack.state = 'up'
    await bench.run(2)
    expect(inAws()).toHaveLength(1)
    bench.slack.state = 'down'
    await bench.run(10)
    bench.slack.state = 'up'
    await bench.run(10)
    expect(told()[0]?.shows.at(-1)).not.toContain('active')
  })

  it('is for operators: whoever is none is told so, and nothing ends', async () => {
    await dayOfDai()
    await wish('U0BOB')
    await bench.run(3)
    expect(inAws()).toHaveLength(3)
    expect(await endAll()).toMatchObject({ status: 'refused', code: 'not_an_operator', requests: [] })
    expect(told()[0]?.shows).toEqual(['refused not_an_operator'])
  })

  it('is not for people of other organisations, whatever group lists them', async () => {
    await dayOfDai()
    await wish('U0CAROL', 'T0OTHER')
    await bench.run(3)
    expect(await endAll()).toMatchObject({ status: 'refused', code: 'not_a_member' })
    expect(inAws()).toHaveLength(3)
  })

  it('is refused when nobody could tell for two minutes, and that is said when it can be', async () => {
    await dayOfDai()
    await wish()
    bench.slack.state = 'down'
    await bench.run(6)
    bench.slack.state = 'up'
    await bench.run(6)
    expect(await endAll()).toMatchObject({ status: 'refused', code: 'could_not_tell' })
    expect(told()[0]?.shows).toEqual(['refused could_not_tell'])
  })

  it('is in the audit trail with who and why', async () => {
    const trail: AuditRecord[] = []
    bench.ports.audit = record => trail.push(record)
    await wish()
    await bench.run()
    expect(trail).toMatchObject([
      {
        subject: id,
        event: 'end_all',
        by: 'U0CAROL',
        sentence: 'U0CAROL ends everything of U0DAI, in every account: Dai leaves today',
      },
    ])
  })
})
