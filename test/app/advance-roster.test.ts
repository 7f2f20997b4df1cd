import { describe, expect, it } from 'vitest'
import { advanceRoster } from '../../src/app/advance-roster.ts'
import { Fault } from '../../src/core/errors.ts'
import { createBench } from '../support/bench.ts'
import { aMember, aRoster, aSetRequest, at } from '../support/builders.ts'

it('confirms no absence while a late creation is in progress behind a removal that has ended', async () => {
  const bench = createBench()
  const { accountId, permissionSetArn, permissionSet } = aRoster()
  const assignment = { accountId, permissionSetArn, principalId: 'principal-alice' }
  bench.aws.operationSeconds = 100
  bench.aws.assign(assignment)
  const removal = await bench.ports.assignments.remove(assignment, () => true)
  const member = aMember({ state: 'removing', heldBy: {}, operation: { kind: 'remove', id: removal.id } })
  await bench.ports.table.writeRoster(aRoster([member], { quietAt: at('10:05') }))
  bench.clock.set(at('10:04'))
  await bench.ports.assignments.create(assignment, () => true)

  bench.clock.set(at('10:05'))
  await advanceRoster(bench.ports, bench.catalogue, { accountId, permissionSet })
  expect((await bench.ports.table.roster({ accountId, permissionSet }))?.members).toHaveProperty('principal-alice')

  await bench.run(10)
  expect(bench.aws.assigned()).toEqual([])
  expect((await bench.ports.table.roster({ accountId, permissionSet }))?.members).toEqual({})
})

describe('one person whose removal AWS refuses', () => {
  const assignment = (principalId: string) => {
    const { accountId, permissionSetArn } = aRoster()
    return { accountId, permissionSetArn, principalId }
  }
  const going = (principalId: string) => aMember({ principalId, heldBy: {} })

  it('keeps nobody else waiting', async () => {
    const bench = createBench()
    for (const principalId of ['principal-alice', 'principal-bob', 'principal-carol'])
      bench.aws.assign(assignment(principalId))
    const { remove } = bench.ports.assignments
    bench.ports.assignments.remove = (target, maySend) =>
      target.principalId === 'principal-alice'
        ? Promise.reject(new Fault('access_denied', 'not authorized', { retryable: false, answered: true }))
        : remove(target, maySend)
    await bench.ports.table.writeRoster(
      aRoster([going('principal-alice'), going('principal-bob'), going('principal-carol')]),
    )
    await bench.run(1)
    expect(bench.aws.assigned().map(name => name.split('/').at(-1))).toEqual(['principal-alice'])
  })

  it('or is not done with for long, keeps nobody else waiting', async () => {
    const bench = createBench()
    for (const principalId of ['principal-alice', 'principal-bob']) bench.aws.assign(assignment(principalId))
    bench.aws.operationSeconds = 100_000
    await bench.ports.assignments.remove(assignment('principal-alice'), () => true)
    bench.aws.operationSeconds = 3
    await bench.ports.table.writeRoster(aRoster([going('principal-alice'), going('principal-bob')]))
    await bench.run(3)
    expect(bench.aws.assigned().map(name => name.split('/').at(-1))).toEqual(['principal-alice'])
  })
})

describe('a set that changes, or leaves the catalogue, between joining and creating', () => {
  it('is not assigned, and the request says why', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId: 'prod-read-only' })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    bench.aws.fate = operation => (operation === 'create' ? 'throttled' : 'done')
    await bench.run(1)
    bench.aws.setContent = { ...bench.aws.setContent, hash: 'another' }
    bench.aws.fate = () => 'done'
    await bench.run(10)
    expect(await bench.request()).toMatchObject({ status: 'grant_failed', code: 'permission_set_changed' })
    expect(bench.aws.changes).toEqual([])
  })
})

it('confirms a removal while Identity Center can look people up no more', async () => {
  const bench = createBench()
  const { accountId, permissionSetArn, permissionSet } = aRoster()
  bench.aws.assign({ accountId, permissionSetArn, principalId: 'principal-alice' })
  bench.ports.assignments.held = async () => {
    throw new Fault('aws_unavailable', 'ListGroupMembershipsForMember: no', { retryable: true, answered: false })
  }
  await bench.ports.table.writeRoster(aRoster([aMember({ state: 'removing', heldBy: {} })]))
  await bench.run(1)
  expect(bench.aws.assigned()).toEqual([])
  expect((await bench.ports.table.roster({ accountId, permissionSet }))?.members).toEqual({})
})

describe('an end that came while the bot was down', () => {
  it('is not followed by a grant that was on its way', async () => {
    const bench = createBench()
    await bench.submit({ entitlementId: 'prod-read-only' })
    await bench.run()
    await bench.click('approve', 'U0BOB')
    bench.aws.fate = operation => (operation === 'create' ? 'throttled' : 'done')
    await bench.run(1)
    bench.aws.fate = () => 'done'
    bench.clock.advanceSeconds(62 * 60)
    await bench.run(10)
    expect((await bench.request()).status).toBe('grant_failed')
    expect(bench.aws.changes).toEqual([])
  })

  it('is not followed by the return of what somebody took away meanwhile', async () => {
    const bench = createBench()
    const roster = aRoster([aMember()], { quietAt: at('10:20') })
    await bench.ports.table.writeRequest(aSetRequest('active'))
    await bench.ports.table.writeRoster(roster)
    bench.clock.set(at('12:10'))
    await advanceRoster(bench.ports, bench.catalogue, roster)
    await bench.run(10)
    expect(bench.aws.changes).toEqual([])
    expect((await bench.request()).status).toBe('expired')
  })
})
