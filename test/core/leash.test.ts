import { describe, expect, it } from 'vitest'
import {
  hasRoom,
  type Leashed,
  leashArn,
  leashDueAt,
  leashOf,
  onLeash,
  renderLeash,
  renderRoleLeash,
} from '../../src/core/leash.ts'
import { holdsPresent, isGone, join, leave, newRoster, type Roster } from '../../src/core/roster.ts'
import { aMember, anId, aRoster, at, someId } from '../support/builders.ts'

const leashed = (overrides: Partial<Roster> = {}) =>
  aRoster([aMember()], { leash: { generation: 4, verified: { generation: 4, at: at('10:11') } }, ...overrides })
const dan = { principalId: 'principal-dan', userName: 'dan@example.com', leash: 'required', arn: 'arn:set' } as const

describe('the policy', () => {
  it('denies whoever is not listed, and each who is from their end on', () => {
    const people: Leashed[] = [
      { principalId: 'user-dan', until: at('12:00') },
      { principalId: 'user-alice', until: at('11:10') },
      { principalId: 'user-bob', until: at('12:00') },
    ]
    expect(renderLeash(people, 7)).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'Generation7', Effect: 'Allow', Action: '*', Resource: '*' },
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { StringNotEquals: { 'identitystore:UserId': ['user-alice', 'user-bob', 'user-dan'] } },
        },
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: {
            StringEquals: { 'identitystore:UserId': 'user-alice' },
            DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-21T11:10:00Z' },
          },
        },
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-21T12:00:00Z' } },
        },
      ],
    })
  })

  it('names those who stay where they are fewer than those who go', () => {
    const people: Leashed[] = [
      ...['user-alice', 'user-bob'].map(principalId => ({ principalId, until: at('11:10') })),
      { principalId: 'user-dan', until: at('12:00') },
    ]
    expect(renderLeash(people, 1).Statement[2]?.Condition).toEqual({
      StringNotEquals: { 'identitystore:UserId': 'user-dan' },
      DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-21T11:10:00Z' },
    })
  })

  it('with nobody on it denies everybody', () => {
    expect(renderLeash([], 0).Statement).toEqual([
      { Sid: 'Generation0', Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: '*', Resource: '*' },
    ])
  })

  it('is named after the set, in the account and the partition of the set', () => {
    const key = { accountId: '111111111111', permissionSet: 'ReadOnly' }
    expect(leashArn({ ...key, permissionSetArn: 'arn:aws-cn:sso:::permissionSet/ssoins-1/ps-1' })).toBe(
      'arn:aws-cn:iam::111111111111:policy/curfew/leash-ReadOnly',
    )
  })
})

describe('who is on it', () => {
  it('whoever AWS lists or is about to, until the last of their requests ends', () => {
    const heldBy = { [someId]: at('11:10'), [anId(2)]: at('12:10') }
    expect(onLeash(aRoster([aMember({ heldBy })]))).toEqual([{ principalId: 'principal-alice', until: at('12:10') }])
    expect(onLeash(aRoster([aMember({ state: 'creating' })]))).toHaveLength(1)
  })

  it.each([
    ['nobody who was not seen absent yet', { state: 'absent' }],
    ['nobody who is being removed, though they are to come back', { state: 'removing' }],
    ['nobody whom no request holds any more', { heldBy: {} }],
    ['nobody whom AWS will not have', { state: 'creating', failure: { code: 'aws_refused', message: 'no' } }],
  ] as const)('%s', (_, member) => {
    expect(onLeash(aRoster([aMember(member)]))).toEqual([])
  })
})

describe('its generation', () => {
  it('is raised by whoever leaves and by a later end, and not by what changes nothing', () => {
    expect(leave(leashed(), 'principal-alice', someId, at('10:30')).leash?.generation).toBe(5)
    expect(leave(leashed(), 'principal-alice', anId(9), at('10:30')).leash?.generation).toBe(4)
    const alice = {
      principalId: 'principal-alice',
      userName: 'alice@example.com',
      leash: 'required',
      arn: 'arn:set',
    } as const
    expect(join(leashed(), alice, anId(2), at('12:10')).leash?.generation).toBe(5)
    expect(join(leashed(), alice, anId(2), at('10:40')).leash?.generation).toBe(4)
    // Dan comes on it when he was seen to have nothing yet.
    expect(join(leashed(), dan, anId(2), at('12:10')).leash?.generation).toBe(4)
  })

  it('begins with the first who joins under a leash, and goes when nobody is left and the catalogue wants none', () => {
    const empty = newRoster({ accountId: '111111111111', permissionSet: 'Curfew-ReadOnly' }, 'arn:set')
    expect(join(empty, dan, someId, at('11:10')).leash).toEqual({ generation: 1 })
    expect(join(empty, { ...dan, leash: 'off' }, someId, at('11:10'))).not.toHaveProperty('leash')
    expect(join(leashed(), { ...dan, leash: 'off' }, anId(2), at('11:10')).leash).toMatchObject({ generation: 4 })
    const left = leashed({ members: {} })
    expect(join(left, { ...dan, leash: 'off' }, anId(2), at('11:10'))).not.toHaveProperty('leash')
  })
})

describe('what may be said', () => {
  it('nobody is called present, and nobody gone, before AWS was seen to have the leash as it is now', () => {
    expect(holdsPresent(leashed(), 'principal-alice', someId)).toBe(true)
    const behind = leashed({ leash: { generation: 5, verified: { generation: 4, at: at('10:11') } } })
    expect(holdsPresent(behind, 'principal-alice', someId)).toBe(false)
    const gone = leashed({ members: {} })
    expect(isGone(gone, 'principal-alice', someId, at('11:11'))).toBe(true)
    expect(isGone({ ...behind, members: {} }, 'principal-alice', someId, at('11:11'))).toBe(false)
  })
})

describe('when it is looked at', () => {
  it('at once until AWS was seen to have it', () => {
    expect(leashDueAt(leashed({ leash: { generation: 1 } }), at('10:30'))).toBe(at('10:30'))
  })

  it('after that every quarter of an hour, and once more five minutes before each end', () => {
    const seen = (time: string) => leashed({ leash: { generation: 4, verified: { generation: 4, at: at(time) } } })
    expect(leashDueAt(seen('10:11'), at('10:12'))).toBe(at('10:26'))
    expect(leashDueAt(seen('10:56'), at('10:57'))).toBe(at('11:05'))
    expect(leashDueAt(seen('11:05'), at('11:05'))).toBe(at('11:20'))
  })

  it('not before a failed attempt is to be tried again', () => {
    const retry = { attempts: 3, at: at('10:40'), since: at('10:30'), problem: 'throttled' }
    expect(leashDueAt(leashed({ leash: { generation: 5, retry } }), at('10:31'))).toBe(at('10:40'))
  })

  it('never with nobody on it', () => {
    const leash = { generation: 4, verified: { generation: 4, at: at('10:11') } }
    expect(leashDueAt(leashed({ members: {}, leash }), at('12:00'))).toBeUndefined()
  })
})

describe('its room', () => {
  const set = { permissionSet: 'Curfew-ReadOnly' }

  /** User ids of Identity Center have 47 characters where the directory was made first in one region. */
  const userId = (n: number) => `9067${String(n).padStart(6, '0')}-0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0`

  /** People come one after the other, each with one of so many ends, until there is no room for the next. */
  function fill(ends: number): number {
    let roster = newRoster({ accountId: '111111111111', permissionSet: 'Curfew-ReadOnly' }, 'arn:set')
    for (let n = 0; ; n++) {
      const person = { principalId: userId(n), userName: `person-${n}`, leash: 'required', arn: 'arn:set' } as const
      if (!hasRoom(roster, person.principalId)) return n
      roster = join(roster, person, anId(n + 1), at(`12:${String(n % ends).padStart(2, '0')}`))
    }
  }

  it('is enough for 22 people with different ends, or 39 with twelve', () => {
    expect(userId(7)).toHaveLength(47)
    const [different, twelve] = [fill(60), fill(12)]
    console.info(`a leash has room for ${different} people with different ends, ${twelve} with twelve ends`)
    expect(different).toBeGreaterThanOrEqual(22)
    expect(twelve).toBeGreaterThanOrEqual(39)
  })

  it('is kept for those who were checked and have not come yet, each with an end of their own', () => {
    const reserved = Object.fromEntries(Array.from({ length: fill(60) }, (_, n) => [anId(n + 1), userId(n)]))
    expect(hasRoom({ ...set, members: {}, reserved }, userId(0))).toBe(true)
    expect(hasRoom({ ...set, members: {}, reserved }, userId(99))).toBe(false)
  })

  it('is kept for the ends that people of several requests may fall back to', () => {
    let members: Roster['members'] = {}
    let n = 0
    for (; hasRoom({ ...set, members }, userId(n)); n++) {
      const heldBy = { [anId(2 * n)]: at(`11:${String(n).padStart(2, '0')}`), [anId(2 * n + 1)]: at('18:00') }
      members = { ...members, [userId(n)]: aMember({ principalId: userId(n), heldBy }) }
    }
    // Each ends the later one early.
    const apart = Object.entries(members).map(([id, member], index) => {
      const heldBy = { [anId(2 * index)]: at(`11:${String(index).padStart(2, '0')}`) }
      return [id, { ...member, heldBy }] as const
    })
    expect(n).toBeGreaterThanOrEqual(22)
    expect(JSON.stringify(leashOf({ ...set, members: Object.fromEntries(apart) }, 1)).length).toBeLessThanOrEqual(6144)
  })

  it('is not needed twice by one who is on it already', () => {
    const members = Object.fromEntries(
      Array.from({ length: fill(60) }, (_, n) => {
        const heldBy = { [anId(n + 1)]: at(`12:${String(n).padStart(2, '0')}`) }
        return [userId(n), aMember({ principalId: userId(n), heldBy })]
      }),
    )
    expect(hasRoom({ ...set, members }, userId(3))).toBe(true)
    expect(hasRoom({ ...set, members }, userId(99))).toBe(false)
  })
})

describe('the leash of a role that people enter', () => {
  const operator = { accountId: '111111111111', permissionSet: 'role/Operator' }
  const alice = {
    principalId: 'AROAOPERATOR:alice',
    userName: 'alice',
    leash: 'required',
    arn: 'arn:aws:iam::111111111111:role/Operator',
  } as const
  const empty = newRoster(operator, 'arn:aws:iam::111111111111:role/Operator')
  const entered = join(empty, alice, someId, at('11:10'))

  it('keeps out those whose time is over, and nobody else', () => {
    const people = [
      { principalId: 'AROAOPERATOR:dan', until: at('11:10') },
      { principalId: 'AROAOPERATOR:alice', until: at('11:10') },
    ]
    expect(renderRoleLeash(people, 3)).toEqual({
      Version: '2012-10-17',
      Statement: [
        { Sid: 'Generation3', Effect: 'Allow', Action: '*', Resource: '*' },
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: {
            StringEquals: { 'aws:userid': ['AROAOPERATOR:alice', 'AROAOPERATOR:dan'] },
            DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-21T11:10:00Z' },
          },
        },
      ],
    })
    expect(renderRoleLeash([], 0).Statement).toHaveLength(1)
  })

  it('has the name of the role', () => {
    expect(leashArn({ ...operator, permissionSetArn: empty.permissionSetArn })).toBe(
      'arn:aws:iam::111111111111:policy/curfew/leash-Operator',
    )
  })

  it('lists who enters at once: there is nothing to be seen absent first', () => {
    expect(entered.leash).toEqual({ generation: 2 })
    expect(onLeash(entered)).toEqual([{ principalId: 'AROAOPERATOR:alice', until: at('11:10') }])
  })

  it('keeps out whoever ended early from then on, until the last of their sessions has died', () => {
    const left = leave(entered, alice.principalId, someId, at('10:30'))
    expect(onLeash(left)).toEqual([{ principalId: 'AROAOPERATOR:alice', until: at('10:30') }])
    expect(left.members[alice.principalId]?.over).toEqual({ since: at('10:30'), until: at('23:10') })
    expect(left.leash?.generation).toBe(3)
  })

  it('counts the end that was promised where the leaving came late', () => {
    const left = leave(entered, alice.principalId, someId, at('11:30'))
    expect(left.members[alice.principalId]?.over).toEqual({ since: at('11:10'), until: at('23:10') })
    expect(left.leash?.generation).toBe(2)
  })

  it('lets in again whoever comes back before that', () => {
    const back = join(leave(entered, alice.principalId, someId, at('10:30')), alice, anId(2), at('12:00'))
    expect(onLeash(back)).toEqual([{ principalId: 'AROAOPERATOR:alice', until: at('12:00') }])
  })

  it('an early end of one request leaves another of the same person', () => {
    const two = join(entered, alice, anId(2), at('12:00'))
    const left = leave(two, alice.principalId, someId, at('10:30'))
    expect(onLeash(left)).toEqual([{ principalId: 'AROAOPERATOR:alice', until: at('12:00') }])
  })
})
