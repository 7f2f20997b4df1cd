import { describe, expect, it } from 'vitest'
import { heldThrough, isSameAsk } from '../../src/core/same-ask.ts'
import { anId, aRequest, aSetRequest, at } from '../support/builders.ts'

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
