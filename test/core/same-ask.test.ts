import { describe, expect, it } from 'vitest'
import { earlierBound, heldThrough, isSameAsk } from '../../src/core/same-ask.ts'
import { anId, aRequest, aRoleRequest, aSetRequest, at } from '../support/builders.ts'

describe('two requests ask for the same', () => {
  it('whatever their durations and reasons', () => {
    expect(isSameAsk(aRequest('active'), aRequest('checking', { durationMinutes: 30, reason: 'Again' }))).toBe(true)
  })

  it('not with another entitlement, account or parameter', () => {
    const { account } = aSetRequest('checking')
    expect(isSameAsk(aRequest('active'), aSetRequest('checking'))).toBe(false)
    expect(isSameAsk(aRequest('active'), aRequest('checking', { account }))).toBe(false)
    expect(isSameAsk(aRequest('active'), aRequest('checking', { parameters: { table: 'items' } }))).toBe(false)
  })
})

describe('what a person has already', () => {
  const request = aRequest('checking', { id: anId(3) })

  it('lasts until the latest end of the active requests for the same', () => {
    const others = [aRequest('active', { id: anId(2), expiresAt: at('11:30') }), aRequest('active')]
    expect(heldThrough(others, request, at('11:00'))).toBe(at('11:30'))
    expect(heldThrough(others, request, at('11:30'))).toBeUndefined()
  })

  it('is nothing through requests that are not active, ask for something else, or through itself', () => {
    const others = [aRequest('granting'), aRequest('expired'), aSetRequest('active')]
    expect(heldThrough(others, request, at('11:00'))).toBeUndefined()
    expect(heldThrough([aRequest('active', { id: anId(3) })], request, at('11:00'))).toBeUndefined()
  })
})

describe('since when sessions on a role can be told apart', () => {
  const [dev, alice] = ['AROADEV00000000000001', 'AIDAALICE00000000002']
  const watched = aRoleRequest('active', { lookAt: at('10:45') })

  it('is what an active grant of the same person on the same role found', () => {
    expect(earlierBound([watched], dev, alice, at('10:40'))).toBe(at('10:10:20'))
    const later = aRoleRequest('active', { id: anId(2), lookAt: at('10:45') })
    if (later.target.kind === 'rolePolicy') later.target.boundFrom = at('10:20')
    expect(earlierBound([later, watched], dev, alice, at('10:40'))).toBe(at('10:10:20'))
  })

  it('is not known from a grant whose trust policy was not looked at in time, or that is at its end', () => {
    expect(earlierBound([watched], dev, alice, at('10:45'))).toBeUndefined()
    expect(earlierBound([aRoleRequest('active')], dev, alice, at('10:40'))).toBeUndefined()
    const ended = aRoleRequest('active', { lookAt: at('11:30') })
    expect(earlierBound([ended], dev, alice, at('11:10'))).toBeUndefined()
  })

  it('is not known from grants that are not active, or on another role or user', () => {
    expect(earlierBound([aRoleRequest('granting', { lookAt: at('10:45') })], dev, alice, at('10:40'))).toBeUndefined()
    expect(earlierBound([watched], 'AROADEV00000000000002', alice, at('10:40'))).toBeUndefined()
    expect(earlierBound([watched], dev, 'AIDAALICE00000000003', at('10:40'))).toBeUndefined()
    expect(earlierBound([aRequest('active', { lookAt: at('10:45') })], dev, alice, at('10:40'))).toBeUndefined()
  })
})
