import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { isRequestId, policyNameOf, requestIdFrom, spread } from '../../src/core/ids.ts'

it('writes the first hundred bits of a digest in Crockford base32', () => {
  expect(requestIdFrom(new Uint8Array(32))).toBe('req_00000000000000000000')
  expect(requestIdFrom(new Uint8Array(32).fill(255))).toBe('req_ZZZZZZZZZZZZZZZZZZZZ')
  // 00001 00010 00011 … by hand: 0x08 0x86 is 00001 00010 00011 0.
  expect(requestIdFrom(new Uint8Array([0x08, 0x86, ...new Array(11).fill(0)]))).toBe('req_12300000000000000000')
})

it('leaves out the last four of the 104 bits, and everything after', () => {
  const zeros = new Array(12).fill(0)
  expect(requestIdFrom(new Uint8Array([...zeros, 0x0f, 0xff]))).toBe('req_00000000000000000000')
  expect(requestIdFrom(new Uint8Array([...zeros, 0x10]))).toBe('req_00000000000000000001')
})

it('is the same for the same submission, and another for another', () => {
  const idOf = (text: string) => requestIdFrom(createHash('sha256').update(text).digest())
  expect(idOf('T0001/V1')).toBe(idOf('T0001/V1'))
  expect(idOf('T0001/V1')).not.toBe(idOf('T0001/V2'))
  expect(isRequestId(idOf('T0001/V1'))).toBe(true)
})

it.each([
  ['req_0123456789ABCDEFGHJK', true],
  ['req_MNPQRSTVWXYZ01234567', true],
  ['req_0123456789ABCDEFGHJ', false],
  ['req_0123456789ABCDEFGHJKM', false],
  ['req_0123456789ABCDEFGHIK', false],
  ['req_0123456789ABCDEFGHLK', false],
  ['req_0123456789ABCDEFGHOK', false],
  ['req_0123456789ABCDEFGHUK', false],
  ['req_0123456789abcdefghjk', false],
  ['REQ_0123456789ABCDEFGHJK', false],
  ['req_0123456789ABCDEFGHJK\n', false],
  ['', false],
])('%j is a request id: %j', (text, expected) => {
  expect(isRequestId(text)).toBe(expected)
})

it('names the policy of a request after it, in characters IAM takes', () => {
  expect(policyNameOf('req_0123456789ABCDEFGHJK')).toBe('curfew-req_0123456789ABCDEFGHJK')
})

it('spreads texts over [0, 1), each always to the same place', () => {
  const values = Array.from({ length: 1000 }, (_, index) => spread(`req_${index}:1`))
  expect(spread('req_7:1')).toBe(values[7])
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...values)).toBeLessThan(1)
  const tenths = new Set(values.map(value => Math.floor(value * 10)))
  expect(tenths.size).toBe(10)
})
