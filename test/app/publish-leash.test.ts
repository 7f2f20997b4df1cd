import { describe, expect, it } from 'vitest'
import { advanceRequest } from '../../src/app/advance-request.ts'
import { advanceRoster } from '../../src/app/advance-roster.ts'
import { sweep } from '../../src/app/sweep.ts'
import { type Instant, plusSeconds } from '../../src/core/instant.ts'
import { renderLeash } from '../../src/core/leash.ts'
import { type Bench, createBench } from '../support/bench.ts'
import { anId, at } from '../support/builders.ts'
import { finish } from '../support/crash.ts'
import { letsIn } from '../support/fake-leashes.ts'

const leash = {
  accountId: '111111111111',
  permissionSet: 'Curfew-Leashed',
  permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-2',
}

/** Alice, and whoever else, on the leashed set since 10:00, until 10:30. */
async function granted(...more: string[]) {
  const bench = createBench()
  for (const [index, slackUserId] of ['U0ALICE', ...more].entries()) await grant(bench, index + 1, slackUserId)
  return bench
}

async function grant(bench: Bench, n: number, slackUserId: string) {
  await bench.submit({ n, slackUserId, entitlementId: 'prod-leashed', durationMinutes: 30 })
  await sweep(bench.ports, bench.catalogue)
  await bench.click('approve', 'U0EVE', { request: anId(n), id: `approve-${n}` })
  await settle(bench)
}

/** Works until nothing is due within the next ten seconds. */
async function settle(bench: Bench) {
  await finish(bench, async () => {}, plusSeconds(bench.clock.now(), 10))
}

const inForce = ({ aws }: Bench) => aws.leashes.versions.get('111111111111/Curfew-Leashed')?.at(-1) ?? ''
const isIn = (bench: Bench, person: string, now: Instant = bench.clock.now()) =>
  letsIn(inForce(bench), `principal-${person}`, now)
const roster = ({ ports }: Bench) => ports.table.roster(leash)

describe('access under a leash', () => {
  it('is listed on it before it is assigned, and ends at the second with nobody there to end it', async () => {
    const bench = createBench()
    const order: string[] = []
    bench.aws.fate = operation => {
      order.push(operation)
      return 'done'
    }
    await grant(bench, 1, 'U0ALICE')
    expect(order).toEqual(['publish', 'create'])
    const request = await bench.request(anId(1))
    expect(request).toMatchObject({ status: 'active', expiresAt: at('10:30') })
    expect([at('10:29:59'), at('10:30'), at('18:00')].map(now => isIn(bench, 'alice', now))).toEqual([
      true,
      false,
      false,
    ])
    expect(isIn(bench, 'bob')).toBe(false)
  })

  it('is not said to be there before AWS shows the leash', async () => {
    const bench = createBench()
    const { read } = bench.ports.leashes
    const installed = JSON.stringify(renderLeash([], 0))
    await bench.submit({ entitlementId: 'prod-leashed', durationMinutes: 30 })
    await sweep(bench.ports, bench.catalogue)
    await bench.click('approve', 'U0EVE')
    bench.ports.leashes.read = async () => installed
    await settle(bench)
    expect(bench.aws.assigned()).toEqual([])
    expect(await bench.request()).toMatchObject({ status: 'granting' })
    bench.ports.leashes.read = read
    await bench.run(6)
    expect(await bench.request()).toMatchObject({ status: 'active' })
  })

  it('ended early is off the leash before the assignment goes', async () => {
    const bench = await granted()
    const order: string[] = []
    bench.aws.fate = operation => {
      order.push(`${operation} ${isIn(bench, 'alice') ? 'in' : 'out'}`)
      return 'done'
    }
    await bench.click('end', 'U0ALICE', { request: anId(1) })
    await settle(bench)
    expect(order).toEqual(['publish in', 'remove out'])
    expect(await bench.request(anId(1))).toMatchObject({ status: 'revoked' })
  })

  it('ended early is taken away also while the leash cannot be published, and people are told', async () => {
    const bench = await granted()
    bench.aws.fate = operation => (operation === 'publish' ? 'throttled' : 'done')
    await bench.click('end', 'U0ALICE', { request: anId(1) })
    await settle(bench)
    expect(bench.aws.assigned()).toEqual([])
    expect(await bench.request(anId(1))).toMatchObject({ status: 'revoking' })
    await bench.run(20)
    expect(await bench.request(anId(1))).toMatchObject({ status: 'revoke_failed' })
    bench.aws.fate = () => 'done'
    await bench.run(10)
    expect(await bench.request(anId(1))).toMatchObject({ status: 'revoked' })
    expect(isIn(bench, 'alice')).toBe(false)
  })

  it('of one person ended early leaves another in', async () => {
    const bench = await granted('U0DAI')
    await bench.click('end', 'U0ALICE', { request: anId(1) })
    await settle(bench)
    expect([isIn(bench, 'alice'), isIn(bench, 'dai')]).toEqual([false, true])
  })

  it('asked for again lasts until the later end, and an early end of the first leaves the second', async () => {
    const bench = await granted()
    bench.clock.set(at('10:20'))
    await grant(bench, 2, 'U0ALICE')
    expect(isIn(bench, 'alice', at('10:40'))).toBe(true)
    await bench.click('end', 'U0ALICE', { request: anId(1) })
    await settle(bench)
    expect(await bench.request(anId(1))).toMatchObject({ status: 'revoked', keptUntil: at('10:50') })
    expect([at('10:49:59'), at('10:50')].map(now => isIn(bench, 'alice', now))).toEqual([true, false])
  })

  it('ended early leaves another set in the account, and the same set in another account, as they are', async () => {
    const bench = createBench()
    const leashed = bench.catalogue.entitlements['prod-leashed']
    if (!leashed) throw new Error('no such entitlement')
    const other = { permissionSet: 'Curfew-Other', leash: 'required', kind: 'permissionSet' } as const
    Object.assign(bench.catalogue.entitlements, {
      elsewhere: { ...leashed, id: 'elsewhere', accounts: ['dev'] },
      other: { ...leashed, id: 'other', grants: other },
    })
    const { findPermissionSet } = bench.ports.assignments
    bench.ports.assignments.findPermissionSet = async name => {
      const found = await findPermissionSet('Curfew-Leashed')
      const boundary = `/curfew/leash-${name}`
      const permissionSetArn = leash.permissionSetArn.replace('ps-2', name === 'Curfew-Other' ? 'ps-3' : 'ps-2')
      return found && { ...found, permissionSetArn, content: { ...found.content, boundary } }
    }
    for (const [index, entitlementId] of ['prod-leashed', 'elsewhere', 'other'].entries()) {
      const n = index + 1
      await bench.submit({ n, entitlementId, durationMinutes: 30 })
      await sweep(bench.ports, bench.catalogue)
      await bench.click('approve', 'U0EVE', { request: anId(n), id: `approve-${n}` })
      await settle(bench)
      expect(await bench.request(anId(n))).toMatchObject({ status: 'active' })
    }
    await bench.click('end', 'U0ALICE', { request: anId(1) })
    await settle(bench)
    expect(await bench.request(anId(1))).toMatchObject({ status: 'revoked' })
    const stillIn = [...bench.aws.leashes.versions].map(([place, versions]) => [
      place,
      letsIn(versions.at(-1) ?? '', 'principal-alice', bench.clock.now()),
    ])
    expect(Object.fromEntries(stillIn)).toEqual({
      '111111111111/Curfew-Leashed': false,
      '222222222222/Curfew-Leashed': true,
      '111111111111/Curfew-Other': true,
    })
    expect(await bench.request(anId(2))).toMatchObject({ status: 'active' })
    expect(await bench.request(anId(3))).toMatchObject({ status: 'active' })
  })

  it('three people who come at once are put on it in one version', async () => {
    const bench = createBench()
    const people = ['U0ALICE', 'U0BOB', 'U0DAI']
    for (const [n, slackUserId] of people.entries())
      await bench.submit({ n: n + 1, slackUserId, entitlementId: 'prod-leashed', durationMinutes: 30 })
    await sweep(bench.ports, bench.catalogue)
    for (const n of people.keys()) {
      await bench.click('approve', 'U0EVE', { request: anId(n + 1), id: `approve-${n}` })
      // Joined; the roster is not worked on yet.
      await advanceRequest(bench.ports, bench.catalogue, anId(n + 1))
    }
    const order: string[] = []
    bench.aws.fate = operation => {
      order.push(operation)
      return 'done'
    }
    await settle(bench)
    const active = await Promise.all(people.map(async (_, n) => (await bench.request(anId(n + 1))).status))
    expect(active).toEqual(['active', 'active', 'active'])
    expect(order).toEqual(['publish', 'create', 'create', 'create'])
  })
})

describe('within one sweep the leash is again what the roster says', () => {
  const due = (bench: Bench) => advanceRoster(bench.ports, bench.catalogue, leash)

  it('when somebody put it back as it was installed: found within a quarter of an hour', async () => {
    const bench = await granted()
    bench.aws.leashes.reset(leash)
    expect(isIn(bench, 'alice')).toBe(false)
    bench.clock.advanceSeconds(15 * 60)
    await sweep(bench.ports, bench.catalogue)
    expect(isIn(bench, 'alice')).toBe(true)
  })

  it('when the answer to a publication was lost, whether or not it had worked', async () => {
    for (const fate of ['unheard', 'lost'] as const) {
      const bench = await granted()
      bench.aws.fate = operation => (operation === 'publish' ? fate : 'done')
      await bench.click('end', 'U0ALICE', { request: anId(1) })
      await settle(bench)
      bench.aws.fate = () => 'done'
      await bench.run(0.5)
      expect([fate, isIn(bench, 'alice')]).toEqual([fate, false])
      await bench.run(10)
      expect(await bench.request(anId(1))).toMatchObject({ status: 'revoked' })
    }
  })

  it('when a late publication of a dead worker overwrites it', async () => {
    const bench = await granted('U0DAI')
    bench.aws.fate = operation => (operation === 'publish' ? 'late' : 'done')
    await bench.click('end', 'U0ALICE', { request: anId(1) })
    await settle(bench)
    bench.aws.fate = () => 'done'
    bench.clock.advanceSeconds(5)
    await bench.click('end', 'U0DAI', { request: anId(2) })
    await settle(bench)
    expect([isIn(bench, 'alice'), isIn(bench, 'dai')]).toEqual([false, false])
    // It lists Dai, who has ended since.
    bench.aws.arrive()
    expect(isIn(bench, 'dai')).toBe(true)
    expect(await bench.request(anId(2))).toMatchObject({ status: 'revoking' })
    bench.clock.set((await roster(bench))?.quietAt ?? at('23:00'))
    await sweep(bench.ports, bench.catalogue)
    expect(isIn(bench, 'dai')).toBe(false)
    await settle(bench)
    expect(await bench.request(anId(2))).toMatchObject({ status: 'revoked' })
  })

  it('when a worker paused for minutes between reading and publishing: it sends nothing', async () => {
    const bench = await granted('U0DAI')
    const { read } = bench.ports.leashes
    let goOn = () => {}
    const paused = new Promise<void>(resolve => {
      goOn = resolve
    })
    let first = true
    bench.ports.leashes.read = async key => {
      const standing = await read(key)
      if (first) {
        first = false
        await paused
      }
      return standing
    }
    await bench.click('end', 'U0ALICE', { request: anId(1) })
    await sweep({ ...bench.ports, leashes: { ...bench.ports.leashes, read } }, bench.catalogue)
    const slow = due(bench)
    bench.clock.advanceSeconds(400)
    await bench.click('end', 'U0DAI', { request: anId(2) })
    await settle(bench)
    const published = inForce(bench)
    goOn()
    await slow
    expect(inForce(bench)).toBe(published)
    expect([isIn(bench, 'alice'), isIn(bench, 'dai')]).toEqual([false, false])
  })

  it('when a look was cut short before it could mend it: nothing counts as seen', async () => {
    const bench = createBench()
    const ask = async (n: number, durationMinutes: number) => {
      await bench.submit({ n, slackUserId: 'U0DAI', entitlementId: 'prod-leashed', durationMinutes })
      await sweep(bench.ports, bench.catalogue)
      await bench.click('approve', 'U0EVE', { request: anId(n), id: `approve-${n}` })
    }
    await ask(1, 30)
    await settle(bench)
    let isFirst = true
    bench.aws.fate = operation => {
      const fate = operation === 'publish' && isFirst ? 'late' : 'done'
      if (operation === 'publish') isFirst = false
      return fate
    }
    await ask(2, 60)
    await settle(bench)
    bench.clock.advanceSeconds(5)
    await bench.click('end', 'U0CAROL', { request: anId(2) })
    await settle(bench)
    bench.aws.arrive()
    expect(inForce(bench)).toContain('T11:00')
    bench.clock.set((await roster(bench))?.quietAt ?? at('23:00'))
    // The worker stalls over its first look until its claim has run out, and nobody takes over.
    const { read } = bench.ports.leashes
    let stalls = true
    const stalling: typeof read = async key => {
      const standing = await read(key)
      if (stalls) bench.clock.advanceSeconds(61)
      stalls = false
      return standing
    }
    await advanceRoster({ ...bench.ports, leashes: { ...bench.ports.leashes, read: stalling } }, bench.catalogue, leash)
    expect((await roster(bench))?.quietAt).toBeDefined()
    await bench.run(1)
    expect(inForce(bench)).not.toContain('T11:00')
  })

  it('when five versions exist', async () => {
    const bench = await granted()
    for (let n = 2; n <= 9; n++) {
      await bench.submit({ n, slackUserId: 'U0DAI', entitlementId: 'prod-leashed', durationMinutes: 30 })
      await sweep(bench.ports, bench.catalogue)
      await bench.click('approve', 'U0EVE', { request: anId(n), id: `approve-${n}` })
      await settle(bench)
      await bench.click('end', 'U0DAI', { request: anId(n), id: `end-${n}` })
      await settle(bench)
    }
    expect([isIn(bench, 'alice'), isIn(bench, 'dai')]).toEqual([true, false])
    expect(bench.aws.leashes.versions.get('111111111111/Curfew-Leashed')).toHaveLength(5)
  })
})

describe('without a leash that holds nobody is let in', () => {
  it.each([
    [
      'the account has no such policy',
      (bench: Bench) => bench.aws.leashes.remove(leash),
      /create-policy --path \/curfew\//,
    ],
    [
      'the set has another boundary',
      ({ aws }: Bench) => {
        aws.setContent = { ...aws.setContent, boundary: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }
      },
      /put-permissions-boundary-to-permission-set .*Name=leash-Curfew-Leashed,Path=\/curfew\//,
    ],
    [
      'the set has no role in the account',
      ({ aws }: Bench) => {
        aws.leashes.boundary = 'none'
      },
      /create-account-assignment .*EMPTY_GROUP_ID/,
    ],
    [
      'the role does not carry it',
      ({ aws }: Bench) => {
        aws.leashes.boundary = 'another'
      },
      /provision-permission-set .*--target-id 111111111111/,
    ],
  ])('%s: refused before anybody is asked, with the command that mends it', async (_, breakIt, fix) => {
    const bench = createBench()
    breakIt(bench)
    await bench.submit({ entitlementId: 'prod-leashed', durationMinutes: 30 })
    await sweep(bench.ports, bench.catalogue)
    expect(await bench.request()).toMatchObject({
      status: 'refused',
      code: 'not_leashed',
      note: expect.stringMatching(fix),
    })
  })

  it('the role loses it after the approval: nothing is assigned, and the request says why', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId: 'prod-leashed', durationMinutes: 30 })
    await sweep(bench.ports, bench.catalogue)
    bench.aws.leashes.boundary = 'another'
    await bench.click('approve', 'U0EVE')
    await bench.run(10)
    expect(await bench.request()).toMatchObject({ status: 'grant_failed', code: 'not_leashed' })
    expect(bench.aws.changes.filter(change => change.startsWith('create'))).toEqual([])
  })

  it.each([
    'another',
    'none',
  ] as const)('the role loses it (%s) while somebody is active: ended, and operators are told', async boundary => {
    const bench = await granted()
    bench.aws.leashes.boundary = boundary
    await bench.run(16)
    expect(bench.aws.assigned()).toEqual([])
    // Where the role stands without it, open sessions go on: that is no end.
    const isThere = boundary === 'another'
    expect((await bench.request(anId(1))).status).toBe(isThere ? 'revoking' : 'grant_failed')
    bench.aws.leashes.boundary = 'leash'
    await bench.run(6)
    expect(await bench.request(anId(1))).toMatchObject({ status: 'grant_failed', code: 'not_leashed' })
    expect(bench.slack.messages.map(({ name }) => name)).toContain(`${anId(1)} cut`)
  })

  it('the role has lost it before the end: the end is not said to have come, and people are told why', async () => {
    const bench = await granted()
    bench.clock.set(at('10:29'))
    bench.aws.leashes.boundary = 'another'
    bench.clock.set(at('10:30'))
    await bench.run(20)
    expect(await bench.request(anId(1))).toMatchObject({
      status: 'revoke_failed',
      retries: { work: { problem: expect.stringContaining('provision-permission-set') } },
    })
    bench.aws.leashes.boundary = 'leash'
    await bench.run(10)
    expect(await bench.request(anId(1))).toMatchObject({ status: 'expired' })
  })
})
