import { describe, expect, it } from 'vitest'
import type { AccessRequest } from '../../src/core/access-request.ts'
import type { Instant } from '../../src/core/instant.ts'
import type { PolicyPlace } from '../../src/core/policy-place.ts'
import {
  compareAssignments,
  comparePolicies,
  type Finding,
  isFresh,
  isReconcileOwed,
  type Listed,
  markOfStanding,
  mostPressingFirst,
  requestNamedBy,
} from '../../src/core/reconcile.ts'
import type { Member } from '../../src/core/roster.ts'
import { aMember, anId, aRequest, aRoster, aSetRequest, at, someId } from '../support/builders.ts'

const dev = '222222222222'
const hers = {
  accountId: dev,
  principal: 'user',
  name: 'alice',
  policyName: 'curfew-req_00000000000000000001',
} as const

describe('policies compared with requests', () => {
  const cases: [rule: string, listed: PolicyPlace[], requests: AccessRequest[], found: object[]][] = [
    ['an active request with its policy is in order', [hers], [aRequest('active')], []],
    ['one being granted may have its policy already', [hers], [aRequest('granting')], []],
    ['or not yet', [], [aRequest('granting')], []],
    ['one being ended may have it still', [hers], [aRequest('revoking')], []],
    ['or no longer', [], [aRequest('revoking')], []],
    ['a removal that keeps failing was paged already', [hers], [aRequest('revoke_failed')], []],
    ['an ended one must not have it', [hers], [aRequest('expired')], [{ kind: 'stray_policy', because: 'expired' }]],
    ['nor one that failed', [hers], [aRequest('grant_failed')], [{ kind: 'stray_policy', because: 'grant_failed' }]],
    ['nor one nobody approved', [hers], [aRequest('pending')], [{ kind: 'stray_policy', because: 'pending' }]],
    ['a policy named after no request is a stray', [hers], [], [{ kind: 'stray_policy', because: 'no_request' }]],
    [
      'on somebody else it is a stray, and missing where it belongs',
      [{ ...hers, name: 'bob' }],
      [aRequest('active')],
      [
        { kind: 'stray_policy', because: 'other_holder', name: 'bob' },
        { kind: 'missing_policy', requestId: someId, name: 'alice' },
      ],
    ],
    ['an active request without its policy lacks it', [], [aRequest('active')], [{ kind: 'missing_policy', ...hers }]],
    ['a permission set is no policy', [], [aSetRequest('active')], []],
    [
      'a policy with the name of a request for a permission set is a stray',
      [hers],
      [aSetRequest('active')],
      [{ kind: 'stray_policy', because: 'other_holder' }],
    ],
  ]
  it.each(cases)('%s', (_rule, listed, requests, found) => {
    const findings = comparePolicies(dev, listed, requests)
    expect(findings).toHaveLength(found.length)
    expect(findings).toMatchObject(found)
  })

  it('an active request of another account is none of this one', () => {
    expect(comparePolicies('000000000000', [], [aRequest('active')])).toEqual([])
  })

  it('a policy is named after its request, and other names after none', () => {
    expect(requestNamedBy(hers)).toBe(someId)
    expect(requestNamedBy({ ...hers, policyName: 'curfew-req_by-hand' })).toBeUndefined()
  })
})

describe('assignments compared with a roster', () => {
  const place = {
    accountId: '111111111111',
    permissionSet: 'Curfew-ReadOnly',
    permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
  }
  const alice: Listed = { principalType: 'USER', principalId: 'principal-alice', name: 'alice' }
  const group: Listed = { principalType: 'GROUP', principalId: 'group-platform', name: 'platform' }
  const foreign = { kind: 'foreign_assignment', ...place, ...alice }
  const cases: [rule: string, listed: Listed[], members: Member[], found: object[]][] = [
    ['somebody present and listed is in order', [alice], [aMember()], []],
    ['somebody coming may be listed', [alice], [aMember({ state: 'creating' })], []],
    ['or not yet', [], [aMember({ state: 'creating' })], []],
    ['somebody going may be listed', [alice], [aMember({ state: 'removing', heldBy: {} })], []],
    ['or no longer', [], [aMember({ state: 'removing', heldBy: {} })], []],
    ['nobody on the roster and nobody listed is in order', [], [], []],
    ['who is on no roster was not assigned through Curfew', [alice], [], [foreign]],
    [
      'nor was who was refused as holding it already',
      [alice],
      [aMember({ state: 'absent', failure: { code: 'already_held', message: 'direct' } })],
      [foreign],
    ],
    ['a group is standing access', [group], [], [{ kind: 'group_assignment', ...place, ...group }]],
    [
      'a group is no member, whatever its id',
      [{ ...group, principalId: 'principal-alice' }],
      [aMember()],
      [{ kind: 'group_assignment' }, { kind: 'missing_assignment' }],
    ],
    [
      'who is present and not listed is missing, for the requests that hold them',
      [],
      [aMember()],
      [{ kind: 'missing_assignment', ...place, userName: 'alice@example.com', requestIds: [someId] }],
    ],
  ]
  it.each(cases)('%s', (_rule, listed, members, found) => {
    const findings = compareAssignments(place, listed, aRoster(members))
    expect(findings).toHaveLength(found.length)
    expect(findings).toMatchObject(found)
  })

  it('a set that never had a roster has only what others made', () => {
    expect(compareAssignments(place, [alice], undefined)).toEqual([foreign])
  })
})

describe('one comparison a day', () => {
  const last = { version: 1, writeId: '', day: '2026-11-21', aliveAt: at('00:00:30'), done: true, standing: '' }
  const next = (time: string) => `2026-11-22T${time}Z` as Instant

  it('is owed from midnight in UTC on', () => {
    expect(isReconcileOwed(last, at('23:59:59'))).toBe(false)
    expect(isReconcileOwed(last, next('00:00:00'))).toBe(true)
  })

  it('that was begun and not heard of for half an hour is taken up', () => {
    expect(isReconcileOwed({ ...last, done: false }, at('00:30:29'))).toBe(false)
    expect(isReconcileOwed({ ...last, done: false }, at('00:30:30'))).toBe(true)
  })

  it('that is resumed keeps what it saw less than six hours ago, on the same day', () => {
    const look = { place: '222222222222', version: 1, writeId: '', at: at('02:00:00'), findings: [] }
    expect(isFresh(look, at('07:59:59'))).toBe(true)
    expect(isFresh(look, at('08:00:00'))).toBe(false)
    expect(isFresh({ ...look, at: at('23:59:59') }, next('00:00:00'))).toBe(false)
    const set = { accountId: '111111111111', permissionSet: 'Curfew-ReadOnly', permissionSetArn: 'arn:set' }
    const group = { kind: 'group_assignment', principalType: 'GROUP', principalId: 'g-1', ...set } as const
    expect(isFresh({ ...look, findings: [group] }, at('03:00'))).toBe(true)
    const missing = { kind: 'missing_policy', requestId: someId, ...hers } as const
    expect(isFresh({ ...look, findings: [missing] }, at('03:00'))).toBe(false)
  })
})

describe('standing access', () => {
  const place = { accountId: '111111111111', permissionSet: 'ReadOnly', permissionSetArn: 'arn' }
  const one: Finding = { kind: 'foreign_assignment', ...place, principalType: 'USER', principalId: 'u-1' }
  const other: Finding = { kind: 'group_assignment', ...place, principalType: 'GROUP', principalId: 'g-1' }
  const stray: Finding = { kind: 'stray_policy', ...hers, because: 'no_request' }

  it('has the same mark in whatever order, and another when somebody comes or goes', () => {
    expect(markOfStanding([one, other])).toBe(markOfStanding([other, one]))
    expect(markOfStanding([one])).not.toBe(markOfStanding([one, other]))
    expect(markOfStanding([one, stray])).toBe(markOfStanding([one]))
    expect(markOfStanding([stray])).toBe('')
  })

  it('is shown after what AWS and the table disagree on', () => {
    const missing: Finding = { kind: 'missing_policy', requestId: anId(2), ...hers }
    expect(mostPressingFirst([other, one, missing, stray])).toEqual([stray, missing, one, other])
  })
})
