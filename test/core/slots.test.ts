import { describe, expect, it } from 'vitest'
import { isAnyInFlight, newSlots, type Slots, withoutSlot, withSlot } from '../../src/core/slots.ts'
import { aMember, aRoster, at } from '../support/builders.ts'

const readOnly = { accountId: '111111111111', permissionSet: 'ReadOnly' }
const admin = { accountId: '111111111111', permissionSet: 'Admin' }

function taken(slots: Slots | undefined): Slots {
  if (!slots) throw new Error('not free')
  return slots
}

describe('the turns to change assignments', () => {
  it('one set at a time in an account, and the same one as often as it likes', () => {
    const slots = taken(withSlot(newSlots(), readOnly, at('10:00')))
    expect(slots.held).toEqual({ '111111111111': { permissionSet: 'ReadOnly', until: at('10:01') } })
    expect(withSlot(slots, admin, at('10:00:59'))).toBeUndefined()
    expect(withSlot(slots, readOnly, at('10:00:30'))?.held).toEqual({
      '111111111111': { permissionSet: 'ReadOnly', until: at('10:01:30') },
    })
  })

  it('eight accounts at a time', () => {
    let slots = newSlots()
    for (let n = 1; n <= 8; n++) slots = taken(withSlot(slots, { ...readOnly, accountId: `${n}` }, at('10:00')))
    expect(withSlot(slots, { ...readOnly, accountId: '9' }, at('10:00:59'))).toBeUndefined()
    expect(withSlot(slots, { ...readOnly, accountId: '9' }, at('10:01'))?.held).toEqual({
      '9': { permissionSet: 'ReadOnly', until: at('10:02') },
    })
  })

  it('a turn whose holder died is over after a minute', () => {
    const slots = taken(withSlot(newSlots(), readOnly, at('10:00')))
    expect(withSlot(slots, admin, at('10:01'))?.held).toEqual({
      '111111111111': { permissionSet: 'Admin', until: at('10:02') },
    })
  })

  it('a turn is given back by its holder alone', () => {
    const slots = taken(withSlot(newSlots(), readOnly, at('10:00')))
    expect(withoutSlot(slots, admin)).toBeUndefined()
    expect(withoutSlot(slots, readOnly)?.held).toEqual({})
    expect(withoutSlot(newSlots(), readOnly)).toBeUndefined()
  })

  it('a change counts as under way for a minute, and its own member does not wait for it', () => {
    const roster = aRoster([
      aMember({ state: 'creating', operation: { kind: 'create', id: 'op-1', begunAt: at('10:00') } }),
    ])
    expect(isAnyInFlight(roster, at('10:00:59'))).toBe(true)
    expect(isAnyInFlight(roster, at('10:01'))).toBe(false)
    expect(isAnyInFlight(roster, at('10:00:59'), 'principal-alice')).toBe(false)
    expect(isAnyInFlight(aRoster([aMember({ operation: { kind: 'create', id: 'op-1' } })]), at('10:00'))).toBe(false)
  })
})
