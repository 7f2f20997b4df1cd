import { describe, expect, it } from 'vitest'
import { ownStrays } from '../../src/app/own-strays.ts'
import { plusSeconds } from '../../src/core/instant.ts'
import { type Bench, createBench } from '../support/bench.ts'
import { anId, at } from '../support/builders.ts'
import { letsIn } from '../support/fake-leashes.ts'

const operator = '111111111111/Operator'
const key = { accountId: '111111111111', permissionSet: 'role/Operator' }
const inForce = ({ aws }: Bench) => aws.leashes.versions.get('111111111111/role/Operator')?.at(-1) ?? ''
const isIn = (bench: Bench) => letsIn(inForce(bench), 'AROAOPERATOR000000001:alice', bench.clock.now())

/** Alice may enter Operator from 10:00 to 10:30. */
async function entering(): Promise<Bench> {
  const bench = createBench()
  await bench.submit({ entitlementId: 'prod-operator', durationMinutes: 30 })
  await bench.run()
  await bench.click('approve', 'U0BOB')
  await bench.run(1)
  expect(await bench.request()).toMatchObject({ status: 'active' })
  return bench
}

describe('a role that people enter, under its leash', () => {
  it('keeps out whoever ended early until the last session has died that they could take before the policy went', async () => {
    const bench = await entering()
    bench.aws.fate = operation => (operation === 'delete' ? 'throttled' : 'done')
    await bench.click('end', 'U0ALICE')
    await bench.run(20)
    // The policy still stands: she enters once more, for the longest there is.
    const entered = bench.clock.now()
    bench.aws.fate = () => 'done'
    await bench.run(8)
    expect(await bench.request()).toMatchObject({ status: 'revoked' })
    bench.clock.set(plusSeconds(entered, 12 * 3600 - 60))
    await bench.run()
    expect(isIn(bench)).toBe(false)
  })

  it('keeps out sessions longer than the role allowed when it was asked for', async () => {
    const bench = await entering()
    const role = bench.aws.roles.get(operator)
    if (role) bench.aws.roles.set(operator, { ...role, sessionMinutes: 720 })
    await bench.run(35)
    expect(await bench.request()).toMatchObject({ status: 'expired' })
    bench.clock.set(at('22:29'))
    await bench.run()
    expect(isIn(bench)).toBe(false)
  })

  it('forgets them when no session can be left, and an outage as long raises no false alarm', async () => {
    const bench = await entering()
    bench.clock.set(at('23:30'))
    await bench.run(60)
    const request = await bench.request()
    expect(request).toMatchObject({ status: 'expired', proof: { answer: 'gone' } })
    expect(Object.keys((await bench.ports.table.roster(key))?.members ?? {})).toEqual([])
  })

  it('an operator ends a stray that lets somebody in, and they are kept out too', async () => {
    const bench = await entering()
    const [[name, document] = []] = bench.aws.policies
    await bench.run(40)
    bench.clock.set(at('23:40'))
    await bench.run(1)
    if (!name || !document) throw new Error('no policy')
    bench.aws.policies.set(name, document)
    const policyName = name.split('/').at(-1) ?? ''
    const stray = { kind: 'stray_policy', because: 'expired', accountId: '000000000000', principal: 'user' } as const
    const comparison = { unread: [], findings: [{ ...stray, name: 'alice', policyName }] }
    await ownStrays({ ...bench.ports, idOf: () => anId(77) }, bench.catalogue, comparison, '2026-11-22')
    await bench.click('end', 'U0CAROL', { request: anId(77) })
    await bench.run(20)
    expect(await bench.request(anId(77))).toMatchObject({ status: 'revoked' })
    expect(isIn(bench)).toBe(false)
  })
})

describe.each(['prod-leashed', 'prod-operator'])('%s, whose role has lost its leash at the end', entitlementId => {
  async function stuck() {
    const bench = createBench()
    await bench.submit({ entitlementId, durationMinutes: 30 })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    bench.aws.leashes.boundary = 'another'
    bench.clock.set(at('10:30'))
    await bench.run(30)
    expect(await bench.request()).toMatchObject({ status: 'revoke_failed' })
    return bench
  }

  it('is looked at less and less often, and AWS is told nothing twice', async () => {
    const bench = await stuck()
    const changes = bench.aws.changes.length
    let looks = 0
    const { role } = bench.ports.leashes
    bench.ports.leashes.role = leash => {
      looks++
      return role(leash)
    }
    await bench.run(30)
    expect(looks).toBeLessThan(20)
    expect(bench.aws.changes).toHaveLength(changes)
  })

  it('is over when the longest session must have died', async () => {
    const bench = await stuck()
    bench.clock.set(at('23:31'))
    await bench.run(6)
    expect(await bench.request()).toMatchObject({ status: 'expired' })
  })

  it('is settled on the word of an operator, and AWS is not said to have confirmed it', async () => {
    const bench = await stuck()
    await bench.click('removed', 'U0CAROL', { reason: 'The boundary is back' })
    await bench.run(5)
    expect(await bench.request()).toMatchObject({ status: 'expired', settledBy: { confirmed: false } })
  })
})
