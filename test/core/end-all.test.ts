import { describe, expect, it } from 'vitest'
import type { Click } from '../../src/core/access-request.ts'
import {
  clickOwed,
  type EndAll,
  endAllDueAt,
  endAllIdOf,
  endAllShows,
  isEndAllId,
  isListingOwed,
  isOver,
} from '../../src/core/end-all.ts'
import { anEndAll, aRequest, at, someId, statuses } from '../support/builders.ts'

const judged = (overrides: Partial<EndAll> = {}) => anEndAll({ status: 'judged', ...overrides })

describe('the id', () => {
  it('is that of the submission under another name, and is told from other text', () => {
    expect(endAllIdOf(someId)).toBe('end_00000000000000000001')
    expect(isEndAllId('end_00000000000000000001')).toBe(true)
    expect(isEndAllId(someId)).toBe(false)
    expect(isEndAllId('end_0000000000000000000U')).toBe(false)
  })
})

describe('when it is looked at again', () => {
  it('from the moment it is recorded, and never once it is closed', () => {
    expect(endAllDueAt(anEndAll())).toBe(at('10:30'))
    expect(endAllDueAt(judged({ closedAt: at('10:32') }))).toBeUndefined()
  })

  it('not before the last pass said, nor before a failed one is to be tried again', () => {
    const retry = { attempts: 1, at: at('10:33'), since: at('10:31'), problem: 'Slack did not answer' }
    expect(endAllDueAt(judged({ lookAt: at('10:31') }))).toBe(at('10:31'))
    expect(endAllDueAt(judged({ lookAt: at('10:31'), retry }))).toBe(at('10:33'))
  })
})

describe('the requests of the person', () => {
  it('are listed at once, and again a minute later, since the index lags', () => {
    expect(isListingOwed(judged(), at('10:30'))).toBe(true)
    expect(isListingOwed(judged({ listedAt: at('10:30') }), at('10:30:59'))).toBe(false)
    expect(isListingOwed(judged({ listedAt: at('10:30') }), at('10:31'))).toBe(true)
    expect(isListingOwed(judged({ listedAt: at('10:31') }), at('11:00'))).toBe(false)
  })

  it('have ended when none is live after the second listing; what cannot be removed is given a day', () => {
    const gone = [aRequest('revoked'), aRequest('cancelled')]
    expect(isOver(judged({ listedAt: at('10:30') }), gone, at('10:30:30'))).toBe(false)
    expect(isOver(judged({ listedAt: at('10:31') }), gone, at('10:31'))).toBe(true)
    const stuck = [aRequest('revoke_failed')]
    expect(isOver(judged({ listedAt: at('10:31') }), stuck, at('23:00'))).toBe(false)
    expect(isOver(anEndAll({ status: 'judged', at: '2026-11-20T10:30:00Z' as Click['at'] }), stuck, at('10:30'))).toBe(
      true,
    )
  })

  it('have nothing to do with a wish that was refused', () => {
    expect(isOver(anEndAll({ status: 'refused', code: 'not_an_operator' }), [], at('10:30'))).toBe(true)
  })
})

describe('the click on a request', () => {
  const id = 'end_00000000000000000009'

  it.each(['checking', 'pending', 'granting', 'active'] as const)('is owed while it is %s', status => {
    expect(clickOwed(judged(), aRequest(status))).toEqual({
      id: `${id}.0`,
      userId: 'U0CAROL',
      teamId: 'T0001',
      action: 'end_all',
      reason: 'Dai leaves today',
    })
  })

  it.each(
    statuses.filter(status => !['checking', 'pending', 'granting', 'active'].includes(status)),
  )('is not owed when it is %s', status => {
    expect(clickOwed(judged(), aRequest(status))).toBeUndefined()
  })

  it('is not owed twice: while one waits there, or when it got a no', () => {
    const click: Click = { id: `${id}.0`, userId: 'U0CAROL', teamId: 'T0001', action: 'end_all', at: at('10:30') }
    expect(clickOwed(judged(), aRequest('active', { clicks: [click] }))).toBeUndefined()
    const refused = aRequest('active')
    refused.history.push({ at: at('10:31'), event: 'end_all_refused', clickId: `${id}.0`, note: 'not_an_operator' })
    expect(clickOwed(judged(), refused)).toBeUndefined()
  })

  it('is owed anew, as another, when Slack could not tell', () => {
    const unclear = aRequest('active')
    unclear.history.push({ at: at('10:33'), event: 'end_all_refused', clickId: `${id}.0`, note: 'could_not_tell' })
    expect(clickOwed(judged(), unclear)?.id).toBe(`${id}.1`)
  })
})

it('the message shows another thing when a request has moved on', () => {
  expect(endAllShows(judged(), [aRequest('active')])).not.toBe(endAllShows(judged(), [aRequest('revoking')]))
})
