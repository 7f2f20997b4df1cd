import { describe, expect, it } from 'vitest'
import { reserveRoom } from '../../src/app/reserve-room.ts'
import { sweep } from '../../src/app/sweep.ts'
import { plusSeconds } from '../../src/core/instant.ts'
import type { Roster } from '../../src/core/roster.ts'
import { createBench } from '../support/bench.ts'
import { aMember, anId, aRequest, aRoster, at } from '../support/builders.ts'

const key = { accountId: '111111111111', permissionSet: 'Curfew-Leashed' }
const arn = 'arn:aws:sso:::permissionSet/ssoins-1/ps-2'
const userId = (n: number) => `9067${String(n).padStart(6, '0')}-0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0`
const seatOf = (n: number) =>
  ({ key, arn, principalId: userId(n), userName: `person-${n}`, leash: 'required' }) as const

/** So many people on the leash, each with an end of their own. */
function crowd(count: number): Roster {
  const members = Array.from({ length: count }, (_, n) =>
    aMember({ principalId: userId(n), heldBy: { [anId(100 + n)]: plusSeconds(at('18:00'), n) } }),
  )
  const leash = { generation: 7, verified: { generation: 7, at: at('10:00') } }
  return { ...aRoster(members), ...key, permissionSetArn: arn, leash }
}

describe('room on a leash', () => {
  it('that is full is said before anybody is asked, and nothing that was granted is touched', async () => {
    const bench = createBench()
    await bench.ports.table.writeRoster(crowd(23))
    const before = await bench.ports.table.roster(key)
    await bench.submit({ entitlementId: 'prod-leashed' })
    await sweep(bench.ports, bench.catalogue)
    expect(await bench.request()).toMatchObject({ status: 'refused', code: 'leash_full' })
    expect(bench.slack.messages.map(({ name }) => name)).not.toContain(`${anId(1)} approvals`)
    expect((await bench.ports.table.roster(key))?.members).toEqual(before?.members)
    expect(bench.aws.leashes.versions.size).toBe(0)
  })

  it('is kept once for a request, however often it is checked', async () => {
    const { table } = createBench().ports
    const request = aRequest('checking')
    expect(await reserveRoom({ table }, seatOf(1), request)).toBe(true)
    expect(await reserveRoom({ table }, seatOf(1), request)).toBe(true)
    expect((await table.roster(key))?.reserved).toEqual({ [request.id]: userId(1) })
  })

  it('of requests that came to nothing is given to the next, and of those that wait it is not', async () => {
    const { table } = createBench().ports
    for (let n = 1; n <= 60; n++) {
      const request = aRequest(n % 2 === 0 ? 'denied' : 'pending', { id: anId(n) })
      await table.writeRequest(request)
      if (!(await reserveRoom({ table }, seatOf(n), request))) break
    }
    const kept = Object.keys((await table.roster(key))?.reserved ?? {})
    const waiting = kept.filter(id => Number(id.slice(-4)) % 2 === 1)
    expect(waiting.length).toBeGreaterThanOrEqual(20)
    expect(await reserveRoom({ table }, seatOf(99), aRequest('checking', { id: anId(99) }))).toBe(false)
  })
})
