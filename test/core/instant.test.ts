import { describe, expect, it } from 'vitest'
import {
  earliest,
  exactTime,
  hasCome,
  type Instant,
  instantOf,
  latest,
  latestMonths,
  localTime,
  millisecondsOf,
  parseInstant,
  plusMinutes,
  plusSeconds,
  secondsBetween,
} from '../../src/core/instant.ts'

/** Written out in the tests below, so known to be in the right form. */
const instant = (text: string) => text as Instant
const noon = instant('2026-11-21T12:00:00Z')

it.each([
  [0, '1970-01-01T00:00:00Z'],
  [1_795_262_400_000, '2026-11-21T12:00:00Z'],
  [1_795_262_400_999, '2026-11-21T12:00:00Z'],
])('%j milliseconds are %s: the fraction is dropped, not rounded', (milliseconds, expected) => {
  expect(instantOf(milliseconds)).toBe(expected)
})

it.each([
  ['2026-11-21T12:00:00Z', '2026-11-21T12:00:00Z'],
  ['2026-11-21T21:00:00+09:00', '2026-11-21T12:00:00Z'],
  ['2026-11-21T12:00:00.999Z', '2026-11-21T12:00:00Z'],
  ['2026-11-21T12:00', '2026-11-21T12:00:00Z'],
  ['2026-02-30T00:00:00Z', undefined],
  ['tomorrow', undefined],
  ['', undefined],
])('%j is read as %j', (text, expected) => {
  expect(parseInstant(text)).toBe(expected)
})

describe('arithmetic', () => {
  it('crosses midnight, the year and a leap day', () => {
    expect(plusMinutes(instant('2026-12-31T23:30:00Z'), 30)).toBe('2027-01-01T00:00:00Z')
    expect(plusSeconds(instant('2028-02-28T23:59:59Z'), 1)).toBe('2028-02-29T00:00:00Z')
    expect(plusSeconds(noon, -1)).toBe('2026-11-21T11:59:59Z')
  })

  it('an hour is an hour when clocks change somewhere', () => {
    expect(plusMinutes(instant('2026-10-25T00:30:00Z'), 60)).toBe('2026-10-25T01:30:00Z')
  })

  it('counts seconds forwards and backwards', () => {
    expect(secondsBetween(noon, instant('2026-11-21T12:01:30Z'))).toBe(90)
    expect(secondsBetween(instant('2026-11-21T12:01:30Z'), noon)).toBe(-90)
  })

  it('gives back the milliseconds it came from', () => {
    expect(millisecondsOf(noon)).toBe(1_795_262_400_000)
  })
})

it('a moment has come at exactly its second, not one before', () => {
  expect(hasCome(noon, instant('2026-11-21T11:59:59Z'))).toBe(false)
  expect(hasCome(noon, noon)).toBe(true)
  expect(hasCome(noon, instant('2026-11-21T12:00:01Z'))).toBe(true)
})

it('earliest and latest pass over what is not there', () => {
  const later = instant('2026-11-22T00:00:00Z')
  expect(earliest(later, undefined, noon)).toBe(noon)
  expect(latest(noon, undefined, later)).toBe(later)
  expect(earliest(undefined)).toBeUndefined()
  expect(latest()).toBeUndefined()
})

it('people read their own time, and always which time it is', () => {
  expect(localTime(noon, 'Asia/Tokyo', 'en')).toBe('Sat 21 Nov, 21:00 GMT+9')
  expect(localTime(noon, 'Asia/Tokyo', 'ja')).toBe('11月21日(土) 21:00 JST')
  expect(localTime(instant('2026-11-21T20:00:00Z'), 'Asia/Tokyo', 'en')).toBe('Sun 22 Nov, 05:00 GMT+9')
  expect(localTime(noon, 'Nowhere/Land', 'en')).toBe('Sat 21 Nov, 12:00 UTC')
})

it('a terminal shows the second, in its own zone and as it is stored', () => {
  expect(exactTime(noon, 'Asia/Tokyo')).toBe('2026-11-21 21:00:00 (2026-11-21T12:00:00Z)')
  expect(exactTime(noon, 'UTC')).toBe('2026-11-21T12:00:00Z')
  expect(exactTime(noon, 'Etc/UTC')).toBe('2026-11-21T12:00:00Z')
  expect(exactTime(noon, 'Nowhere/Land')).toBe('2026-11-21T12:00:00Z')
})

it('the month before January is December', () => {
  expect(latestMonths(noon)).toEqual(['2026-11', '2026-10'])
  expect(latestMonths(instant('2027-01-31T23:59:59Z'))).toEqual(['2027-01', '2026-12'])
})
