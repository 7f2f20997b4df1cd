import { expect, it } from 'vitest'
import { isAllowedValue } from '../../src/core/parameters.ts'
import { whyTooSlow } from '../../src/entry/catalogue-pattern.ts'

it.each([
  '^[A-Za-z0-9_.-]{3,255}$',
  '[a-z]+',
  '^(dev|prod)-[a-z0-9-]{1,40}$',
  '^(?:dev|staging|prod)$',
  '^[a-z]+-[a-z]+-[a-z]+$',
  '^[a-z0-9]+(?:[._-][a-z0-9]+)?$',
  '^(?:[a-z]{3}-)*[0-9]{4}$',
  '^\\d{4}-\\d{2}-\\d{2}$',
  '^\\p{L}[\\]\\w]+\\.\\(x\\)$',
  'a|b|c+',
  '[^]+',
])('the pattern %s is taken', pattern => {
  expect(new RegExp(pattern, 'u')).toBeDefined()
  expect(whyTooSlow(pattern)).toBeUndefined()
})

it.each([
  ['^([a-z0-9]+-?)+$', 'The pattern repeats a group that repeats or chooses: …)+.'],
  ['^(?:[a-z0-9]+-)*$', 'The pattern repeats a group that repeats or chooses: …)*.'],
  ['^(a|a)*$', 'The pattern repeats a group that repeats or chooses: …)*.'],
  ['^(a?){40}$', 'The pattern repeats a group that repeats or chooses: …){40}.'],
  ['^(a|a){2,}?$', 'The pattern repeats a group that repeats or chooses: …){2,}?.'],
  ['^((a+))+$', 'The pattern has a group within a group.'],
  ['^(a)\\1$', 'The pattern looks back with \\1.'],
  ['^(?<one>a)$', 'The pattern has (?<.'],
  ['^(?=a+)a$', 'The pattern has (?=.'],
  ['^(?!a+)b$', 'The pattern has (?!.'],
  ['^b(?<!a+)$', 'The pattern has (?<.'],
  ['^(?i:a)+$', 'The pattern has (?i.'],
  ['^[a-z]*[a-z]*[a-z]*[a-z]*$', 'The pattern has too many pieces of open length.'],
  [`^${'a?'.repeat(30)}a$`, 'The pattern has too many pieces of open length.'],
  [`^${'(?:a|a)'.repeat(30)}$`, 'The pattern has too many pieces of open length.'],
  [`^(?:${'a?'.repeat(30)})?$`, 'The pattern has too many pieces of open length.'],
])('the pattern %s is refused', (pattern, problem) => {
  expect(new RegExp(pattern, 'u')).toBeDefined()
  expect(whyTooSlow(pattern)?.problem).toBe(problem)
})

it('no value freezes the bot with the slowest patterns that are taken', () => {
  const value = `${'a'.repeat(127)}!`
  const label = { en: '', ja: '' }
  for (const pattern of ['^[a-z]*[a-z]*[a-z]*$', '^[a-z]+(?:a|[a-z]+)?[a-z]{0,120}$', `^${'a?'.repeat(21)}[b]$`]) {
    expect(whyTooSlow(pattern)).toBeUndefined()
    const start = performance.now()
    expect(isAllowedValue({ name: 'x', label, pattern }, value)).toBe(false)
    expect(performance.now() - start).toBeLessThan(1000)
  }
})
