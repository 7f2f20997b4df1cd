import { describe, expect, it } from 'vitest'
import {
  adopt,
  holdsPresent,
  isGone,
  join,
  keptUntil,
  leave,
  type Member,
  membersDue,
  newRoster,
  rosterDueAt,
  stepOwed,
  withMember,
  withoutMember,
} from '../../src/core/roster.ts'
import { aMember, anId, aRoster, at, someId } from '../support/builders.ts'

const alice = { principalId: 'principal-alice', userName: 'alice@example.com', leash: 'off', arn: 'arn:set' } as const
const dan: Partial<Member> = {
  principalId: 'principal-dan',
  userName: 'dan@example.com',
  heldBy: { [anId(2)]: at('12:30') },
}
const failure = { code: 'already_held', message: 'through the group developers' } as const

describe('joining', () => {
  it('lists a request with its end; the person is absent until AWS says otherwise', () => {
    const roster = newRoster({ accountId: '111111111111', permissionSet: 'Curfew-ReadOnly' }, 'arn:set')
    expect(join(roster, alice, someId, at('11:10'))).toEqual({
      accountId: '111111111111',
      permissionSet: 'Curfew-ReadOnly',
      permissionSetArn: 'arn:set',
      version: 0,
      writeId: '',
      members: {
        'principal-alice': {
          principalId: 'principal-alice',
          userName: 'alice@example.com',
          state: 'absent',
          heldBy: { [someId]: at('11:10') },
        },
      },
    })
  })

  it('twice changes nothing more', () => {
    const once = join(aRoster(), alice, someId, at('11:10'))
    expect(join(once, alice, someId, at('11:10'))).toEqual(once)
  })

  it('a set that another request of the same person holds looks at AWS again, and creates nothing anew', () => {
    const roster = join(aRoster([aMember()]), alice, anId(2), at('12:10'))
    const member = roster.members['principal-alice']!
    expect(member).toEqual(aMember({ state: 'creating', heldBy: { [someId]: at('11:10'), [anId(2)]: at('12:10') } }))
    expect(stepOwed(member)).toBe('await-create')
    expect(rosterDueAt(roster, at('10:30'))).toBe(at('10:30'))
  })

  it('is open to another person', () => {
    const person = { principalId: 'principal-dan', userName: 'dan@example.com', leash: 'off', arn: 'arn:set' } as const
    const joined = join(aRoster([aMember()]), person, anId(2), at('12:10'))
    expect(joined.members).toMatchObject({
      'principal-alice': { state: 'present', heldBy: { [someId]: at('11:10') } },
      'principal-dan': { state: 'absent', heldBy: { [anId(2)]: at('12:10') } },
    })
  })

  it('while the person is being removed waits for their confirmed absence', () => {
    const roster = join(aRoster([aMember({ state: 'removing', heldBy: {} })]), alice, anId(2), at('12:10'))
    const member = roster.members['principal-alice']!
    expect(member).toMatchObject({ state: 'removing', heldBy: { [anId(2)]: at('12:10') } })
    expect(stepOwed(member)).toBe('await-remove')
  })

  it('drops why AWS would not have the person before', () => {
    const roster = join(aRoster([aMember({ state: 'absent', heldBy: {}, failure })]), alice, anId(2), at('12:10'))
    expect(roster.members['principal-alice']).not.toHaveProperty('failure')
  })

  it('leaves the claim and quietAt alone and makes the roster due at once', () => {
    const claim = { token: 'worker-1', at: at('10:00'), until: at('10:01') }
    const roster = join(
      aRoster([aMember({ state: 'absent', heldBy: {}, lookAt: at('10:05') })], { claim, quietAt: at('10:06') }),
      alice,
      someId,
      at('11:10'),
    )
    expect(roster).toMatchObject({ claim, quietAt: at('10:06') })
    expect(rosterDueAt(roster, at('10:00:30'))).toBe(at('10:00:30'))
  })
})

describe('leaving', () => {
  it('strikes the request off; the person stays until their absence is confirmed', () => {
    const left = leave(aRoster([aMember()]), 'principal-alice', someId, at('10:30'))
    expect(left.members['principal-alice']).toEqual(aMember({ heldBy: {} }))
  })

  it('leaves other requests and other people alone', () => {
    const roster = aRoster([aMember({ heldBy: { [someId]: at('11:10'), [anId(3)]: at('12:00') } }), aMember(dan)])
    expect(leave(roster, 'principal-alice', someId, at('10:30')).members).toEqual({
      'principal-alice': aMember({ heldBy: { [anId(3)]: at('12:00') } }),
      'principal-dan': aMember(dan),
    })
  })

  it('of a request or a person not listed changes no member', () => {
    const roster = aRoster([aMember()])
    expect(leave(roster, 'principal-alice', anId(9), at('10:30')).members).toEqual(roster.members)
    expect(leave(roster, 'principal-dan', anId(9), at('10:30')).members).toEqual(roster.members)
  })

  it('makes the roster due at once', () => {
    const left = leave(aRoster([aMember({ lookAt: at('12:00') })]), 'principal-alice', someId, at('10:30'))
    expect(rosterDueAt(left, at('11:10'))).toBe(at('11:10'))
  })
})

describe('taking on whom AWS lists though no request holds them', () => {
  it('is to take them off, and asks to be written though nobody is listed', () => {
    const adopted = adopt(aRoster(), alice, at('11:00'))
    const { principalId, userName } = alice
    expect(adopted.members).toEqual({ 'principal-alice': { principalId, userName, state: 'removing', heldBy: {} } })
    expect(isGone(adopted, 'principal-alice', someId, at('12:00'))).toBe(false)
    expect(rosterDueAt(adopted, at('12:00'))).toBe(at('12:00'))
  })

  it('does not touch whom a live request holds', () => {
    const held = aRoster([aMember()])
    expect(adopt(held, alice, at('11:00'))).toBe(held)
  })

  it('also takes off whoever was refused because they were there', () => {
    const refused = aMember({ state: 'absent', failure: { code: 'already_held', message: 'direct' } })
    const member = adopt(aRoster([refused]), alice, at('11:00')).members['principal-alice']
    expect(member).toMatchObject({ state: 'removing', heldBy: refused.heldBy })
    expect(member).not.toHaveProperty('failure')
  })
})

describe('the step owed for a person', () => {
  const wanted = { [someId]: at('11:10') }
  it.each<[Partial<Member>, string | undefined]>([
    [{ state: 'absent', heldBy: wanted }, 'create'],
    [{ state: 'absent', heldBy: wanted, failure }, undefined],
    [{ state: 'absent', heldBy: {} }, 'drop'],
    [{ state: 'creating', heldBy: wanted }, 'await-create'],
    [{ state: 'creating', heldBy: wanted, failure }, undefined],
    [{ state: 'creating', heldBy: {} }, 'remove'],
    [{ state: 'creating', heldBy: {}, failure }, 'remove'],
    [{ state: 'present', heldBy: wanted }, undefined],
    [{ state: 'present', heldBy: {} }, 'remove'],
    [{ state: 'removing', heldBy: {} }, 'await-remove'],
    [{ state: 'removing', heldBy: wanted }, 'await-remove'],
  ])('%o owes %s', (member, step) => {
    expect(stepOwed(aMember(member))).toBe(step)
  })
})

describe('when a roster is looked at again', () => {
  it('never, while everything agrees', () => {
    expect(rosterDueAt(aRoster(), at('10:30'))).toBeUndefined()
    expect(rosterDueAt(aRoster([aMember()]), at('10:30'))).toBeUndefined()
  })

  it('now, when a step is owed', () => {
    expect(rosterDueAt(aRoster([aMember({ state: 'absent' })]), at('10:30'))).toBe(at('10:30'))
  })

  it('not before the last pass said', () => {
    const roster = aRoster([aMember({ state: 'creating', lookAt: at('10:35') })])
    expect(rosterDueAt(roster, at('10:30'))).toBe(at('10:35'))
  })

  it('now for one person, though another has to wait', () => {
    const waiting = aMember({ state: 'creating', lookAt: at('10:35') })
    const going = aMember({ ...dan, heldBy: {} })
    expect(rosterDueAt(aRoster([waiting, going]), at('10:30'))).toBe(at('10:30'))
    expect(membersDue(aRoster([waiting, going]), at('10:30'))).toEqual([going])
  })

  it('when the last lost call has died, though nothing else is owed', () => {
    expect(rosterDueAt(aRoster([], { quietAt: at('10:36') }), at('10:30'))).toBe(at('10:36'))
    expect(rosterDueAt(aRoster([aMember()], { quietAt: at('10:36') }), at('10:30'))).toBe(at('10:36'))
  })

  it('after quietAt, but not before a failed look is to be tried again', () => {
    const roster = aRoster([aMember()], {
      quietAt: at('10:36'),
      retry: { attempts: 1, at: at('10:40'), since: at('10:36'), problem: 'throttled' },
    })
    expect(rosterDueAt(roster, at('10:30'))).toBe(at('10:40'))
    expect(rosterDueAt(roster, at('10:37'))).toBe(at('10:40'))
  })

  it('after quietAt when the step that still fails is tried again: until then a pass lifts nothing', () => {
    const going = aMember({ state: 'removing', heldBy: {}, lookAt: at('10:41') })
    const roster = aRoster([going], { quietAt: at('10:36') })
    expect(rosterDueAt(roster, at('10:35'))).toBe(at('10:36'))
    expect(rosterDueAt(roster, at('10:36'))).toBe(at('10:41'))
  })

  it('removals come before everything else', () => {
    const coming = aMember({ state: 'absent' })
    const going = aMember({ ...dan, heldBy: {} })
    const roster = aRoster([coming, aMember({ principalId: 'principal-erin' }), going])
    expect(membersDue(roster, at('10:30'))).toEqual([going, coming])
  })

  it('who was tried and failed comes after who was not', () => {
    const failed = aMember({ heldBy: {}, lookAt: at('10:29') })
    const fresh = aMember({ ...dan, heldBy: {} })
    expect(membersDue(aRoster([failed, fresh]), at('10:30'))).toEqual([fresh, failed])
  })
})

describe('access that another request is said to keep', () => {
  const other = { [anId(2)]: at('12:00') }
  it.each([
    ['present', aMember({ heldBy: other }), '2026-11-21T12:00:00Z'],
    ['being created again, after it was ours', aMember({ state: 'creating', heldBy: other }), '2026-11-21T12:00:00Z'],
    ['refused by AWS', aMember({ state: 'creating', heldBy: other, failure }), undefined],
    ['being removed', aMember({ state: 'removing', heldBy: other }), undefined],
    ['absent', aMember({ state: 'absent', heldBy: other }), undefined],
  ])('is kept when the person is %s: %o', (_, member, until) => {
    expect(keptUntil(aRoster([member]), 'principal-alice', at('11:10'))).toBe(until)
  })

  it('is gone for the first request once absence was confirmed, and not while it is being removed', () => {
    const roster = (state: Member['state']) => aRoster([aMember({ state, heldBy: other })])
    expect(isGone(roster('absent'), 'principal-alice', someId, at('11:10'))).toBe(true)
    expect(isGone(roster('removing'), 'principal-alice', someId, at('11:10'))).toBe(false)
  })
})

describe('a request may be called active', () => {
  it('when it is listed, the person present and no lost call under way', () => {
    expect(holdsPresent(aRoster([aMember()]), 'principal-alice', someId)).toBe(true)
  })

  it.each([
    ['there is no roster', undefined],
    ['the person is not listed', aRoster()],
    ['another request holds them', aRoster([aMember({ heldBy: { [anId(2)]: at('12:00') } })])],
    ['they are only being created', aRoster([aMember({ state: 'creating' })])],
    ['they are being removed', aRoster([aMember({ state: 'removing' })])],
    ['a lost call may still arrive', aRoster([aMember()], { quietAt: at('10:36') })],
  ])('not when %s', (_, roster) => {
    expect(holdsPresent(roster, 'principal-alice', someId)).toBe(false)
  })
})

describe('a request may be called ended', () => {
  it.each([
    ['there never was a roster', undefined],
    ['the person is gone', aRoster()],
    ['another request holds them', aRoster([aMember({ heldBy: { [anId(2)]: at('12:00') } })])],
  ])('when %s', (_, roster) => {
    expect(isGone(roster, 'principal-alice', someId, at('11:10'))).toBe(true)
  })

  it('the person stays until the latest end of those that hold them', () => {
    const roster = aRoster([aMember({ heldBy: { [anId(2)]: at('12:00'), [anId(3)]: at('11:30') } })])
    expect(keptUntil(roster, 'principal-alice', at('11:10'))).toBe(at('12:00'))
    expect(keptUntil(roster, 'principal-alice', at('12:00'))).toBeUndefined()
    expect(keptUntil(aRoster([aMember({ heldBy: {} })]), 'principal-alice', at('11:10'))).toBeUndefined()
    expect(keptUntil(undefined, 'principal-alice', at('11:10'))).toBeUndefined()
  })

  it.each([
    ['it is still listed', aRoster([aMember()])],
    ['the other that holds the person is past its end too', aRoster([aMember({ heldBy: { [anId(2)]: at('11:10') } })])],
    ['nobody holds the person and they are still there', aRoster([aMember({ heldBy: {} })])],
    ['nobody holds the person and they are being removed', aRoster([aMember({ state: 'removing', heldBy: {} })])],
    ['the person is gone and a lost call may still arrive', aRoster([], { quietAt: at('11:18') })],
    [
      'another request holds the person and a lost call may still arrive',
      aRoster([aMember({ heldBy: { [anId(2)]: at('12:00') } })], { quietAt: at('11:18') }),
    ],
  ])('not when %s', (_, roster) => {
    expect(isGone(roster, 'principal-alice', someId, at('11:10'))).toBe(false)
  })
})

it('members are replaced and taken off one at a time', () => {
  const roster = aRoster([aMember(), aMember(dan)])
  expect(withMember(roster, aMember({ state: 'removing' })).members).toEqual({
    'principal-alice': aMember({ state: 'removing' }),
    'principal-dan': aMember(dan),
  })
  expect(withoutMember(roster, 'principal-alice').members).toEqual({ 'principal-dan': aMember(dan) })
})
