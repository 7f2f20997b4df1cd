import { describe, expect, it } from 'vitest'
import type { AccessRequest } from '../../src/core/access-request.ts'
import { placeOf } from '../../src/core/policy-place.ts'
import type { ForeignAssignment, StrayPolicy } from '../../src/core/reconcile.ts'
import { isEndableStray, lastGiven, nameOfStray, newStray, nobody } from '../../src/core/stray.ts'
import { anId, aRequest, aSetRequest, at } from '../support/builders.ts'

const stray: StrayPolicy = {
  kind: 'stray_policy',
  because: 'expired',
  accountId: '222222222222',
  principal: 'user',
  name: 'alice',
  policyName: 'curfew-req_00000000000000000001',
}
const dev = { key: 'dev', id: '222222222222', name: 'Development', sensitive: false }
const owned = (finding: StrayPolicy, named?: AccessRequest) => newStray(anId(9), finding, named, dev, at('12:00'))
const placeIn = ({ target }: ReturnType<typeof newStray>) => target.kind !== 'permissionSet' && placeOf(target)
const { kind: _kind, because: _because, ...place } = stray

describe('what operators may end', () => {
  it('bears our name, and nothing makes it rightful again', () => {
    for (const because of ['no_request', 'other_holder', 'expired', 'revoked', 'cancelled', 'lapsed'] as const)
      expect(isEndableStray({ ...stray, because })).toBe(true)
  })

  it('is not what may still be granted to whom it is named after', () => {
    for (const because of ['checking', 'pending'] as const) expect(isEndableStray({ ...stray, because })).toBe(false)
  })

  it('is never what was made elsewhere', () => {
    const set = { accountId: '111111111111', permissionSet: 'Curfew-ReadOnly', permissionSetArn: 'arn' }
    expect(
      isEndableStray({ kind: 'foreign_assignment', ...set, principalType: 'USER', principalId: 'principal-frank' }),
    ).toBe(false)
  })
})

it('the name of a stray is the same all day, and another for each day, account, holder and policy', () => {
  const names = [
    nameOfStray(stray, '2026-11-22'),
    nameOfStray({ ...stray }, '2026-11-22'),
    nameOfStray(stray, '2026-11-23'),
    nameOfStray({ ...stray, principal: 'role' }, '2026-11-22'),
    nameOfStray({ ...stray, policyName: 'curfew-req_00000000000000000002' }, '2026-11-22'),
  ]
  expect(new Set(names).size).toBe(4)
  expect(names[0]).toBe('stray/2026-11-22/222222222222/user/alice/curfew-req_00000000000000000001')
})

describe('the item that owns a stray', () => {
  it('bears the words of the request it is named after, and another id', () => {
    const named = aRequest('expired')
    const item = owned(stray, named)
    expect(item).toMatchObject({ id: anId(9), version: 0, status: 'stray', stray: { because: 'expired' } })
    expect(item.requester.slackUserId).toBe('U0ALICE')
    expect(item.target).toEqual(named.target)
    expect(item.history).toEqual([{ at: at('12:00'), event: 'stray_found', note: 'expired' }])
  })

  it('is where the policy was found, not where its request was for', () => {
    const elsewhere = { ...stray, because: 'other_holder', name: 'mallory' } as const
    expect(placeIn(owned(elsewhere, aRequest('active')))).toEqual({ ...place, name: 'mallory' })
  })

  it('needs no request: of a user as of a role', () => {
    const item = owned({ ...stray, because: 'no_request' })
    expect(placeIn(item)).toEqual(place)
    expect(item.requester.slackUserId).toBe(nobody)
    expect(placeIn(owned({ ...stray, because: 'no_request', principal: 'role', name: 'Dev' }))).toEqual({
      ...place,
      principal: 'role',
      name: 'Dev',
    })
  })
})

describe('an assignment that our record remembers', () => {
  const found: ForeignAssignment = {
    kind: 'foreign_assignment',
    accountId: '111111111111',
    permissionSet: 'Curfew-ReadOnly',
    permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
    principalType: 'USER',
    principalId: 'principal-alice',
  }

  it('is one that the person had through a request that has ended', () => {
    const given = aSetRequest('expired')
    expect(lastGiven([aRequest('expired'), given], found)).toBe(given)
    expect(lastGiven([given], { ...found, principalId: 'principal-frank' })).toBeUndefined()
    expect(lastGiven([given], { ...found, accountId: '222222222222' })).toBeUndefined()
  })

  it('is not one that was there already when they last asked, nor one that is live', () => {
    const later = aSetRequest('grant_failed', { code: 'already_held', submittedAt: at('13:00') })
    expect(lastGiven([aSetRequest('expired'), later], found)).toBeUndefined()
    expect(lastGiven([aSetRequest('active')], found)).toBeUndefined()
  })

  it('is found behind the stray that an earlier day recorded of it', () => {
    const given = aSetRequest('expired')
    const ofYesterday = newStray(anId(9), { ...found, lastGivenBy: given.id }, given, dev, at('13:00'))
    expect(lastGiven([given, ofYesterday], found)).toBe(given)
  })

  it('may be ended by operators, with the target that the request had', () => {
    const stray = { ...found, lastGivenBy: anId(1) }
    expect(isEndableStray(stray)).toBe(true)
    const given = aSetRequest('revoked')
    const item = newStray(anId(9), stray, given, { ...dev, id: '111111111111' }, at('12:00'))
    expect(item).toMatchObject({ status: 'stray', stray: { because: 'revoked' }, target: given.target })
    expect(item.asked).toEqual(given.asked)
  })
})
