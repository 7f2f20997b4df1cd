import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Parameter } from '../../src/core/entitlement.ts'
import { renderInlinePolicy } from '../../src/core/inline-policy.ts'
import { fillParameters, fillWords, isAllowedValue, placeholdersIn } from '../../src/core/parameters.ts'
import { at } from '../support/builders.ts'

function aParameter(pattern: string): Parameter {
  return { name: 'table', label: { en: 'Table', ja: 'テーブル' }, pattern }
}

const template = `arn:aws:dynamodb:ap-northeast-1:222222222222:table/\${table}/index/*`

describe('isAllowedValue', () => {
  it.each([
    ['^[a-z]{3,5}$', 'abc', true],
    ['[a-z]{3,5}', 'abc', true],
    ['[a-z]{3,5}', 'abcdef', false],
    ['[a-z]{3,5}', 'xabcx!', false],
    ['a|b', 'a', true],
    ['^a|b$', 'ab', false],
    ['^a|b$', 'axxb', false],
    ['[a-z]+', 'abc\n', false],
    ['[a-z]+', '', false],
  ])('a value is matched whole: %s against %j is %j', (pattern, value, expected) => {
    expect(isAllowedValue(aParameter(pattern), value)).toBe(expected)
  })

  it('a value of more than 128 characters is refused whatever the pattern says', () => {
    expect(isAllowedValue(aParameter('[a-z]+'), 'a'.repeat(128))).toBe(true)
    expect(isAllowedValue(aParameter('[a-z]+'), 'a'.repeat(129))).toBe(false)
  })

  it.each([
    '*',
    '?',
    '$',
    '"',
    "'",
    '`',
    '{',
    '}',
    '\\',
    ':',
    ' ',
    '\t',
    '\n',
    '\u00a0',
    '\u3000',
    '\u2028',
  ])('%j is refused whatever the pattern says', character => {
    expect(isAllowedValue(aParameter('[^]*'), `a${character}b`)).toBe(false)
    expect(isAllowedValue(aParameter('[^]*'), 'ab')).toBe(true)
  })
})

describe('fillParameters', () => {
  it('fills every place of a parameter, in resources only', () => {
    const statements = [
      { actions: ['dynamodb:GetItem'], resources: [`arn:aws:s3:::\${a}/\${b}/\${a}`, 'arn:aws:s3:::c'] },
      { actions: [`\${a}`], resources: ['*'] },
    ]
    expect(fillParameters(statements, { a: 'one', b: 'two' })).toEqual([
      { actions: ['dynamodb:GetItem'], resources: ['arn:aws:s3:::one/two/one', 'arn:aws:s3:::c'] },
      { actions: [`\${a}`], resources: ['*'] },
    ])
  })

  it('leaves the variables of AWS alone', () => {
    const statements = [{ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::b/\${aws:username}/\${*}`] }]
    expect(fillParameters(statements, { aws: 'x' })).toEqual(statements)
  })

  it('does not fill what a value brings along', () => {
    const statements = [{ actions: [], resources: [`\${a}`] }]
    expect(fillParameters(statements, { a: `\${b}$&`, b: 'two' })).toEqual([{ actions: [], resources: [`\${b}$&`] }])
  })

  it('throws rather than attach a policy with a hole', () => {
    expect(() => fillParameters([{ actions: [], resources: [`\${a}`] }], {})).toThrow('no value for the parameter a')
  })

  it('whatever text is entered, is it refused or does the rendered policy differ in its one place only', () => {
    const parameter = aParameter('[^]+')
    const statements = [
      { actions: ['dynamodb:Query'], resources: [template, 'arn:aws:s3:::fixed/*'] },
      { actions: ['s3:ListBucket'], resources: ['*'] },
    ]
    const rendered = (value: string) =>
      JSON.stringify(
        renderInlinePolicy({ statements: fillParameters(statements, { table: value }) }, at('10:00'), at('11:00')),
      )
    const [before = '', after = '', ...more] = rendered('PLACE').split('PLACE')
    expect(more).toEqual([])
    const value = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[\w*?$"'{}:,/. -]{0,12}$/),
      fc.constantFrom('orders', 'a:b', `\${x}`, '*', '../..', '%2a', 'a/b', '","arn:aws:s3:::x', '\u202e', '\0'),
    )
    let filled = 0
    fc.assert(
      fc.property(value, text => {
        if (!isAllowedValue(parameter, text)) return
        filled += 1
        const policy = rendered(text)
        expect(policy.startsWith(before) && policy.endsWith(after)).toBe(true)
        const entered = policy.slice(before.length, policy.length - after.length)
        // What stands there reads back as the value, and so nothing of it was structure.
        expect(JSON.parse(`"${entered}"`)).toBe(text)
        // And none of it means anything within an ARN.
        expect(entered).not.toMatch(/[*?:$]/)
      }),
      { numRuns: 1000 },
    )
    expect(filled).toBeGreaterThan(100)
  })
})

it('words name the values that were entered', () => {
  const words = {
    lines: [{ en: `Read table \${table}`, ja: `テーブル \${table} の読み取り` }],
    careful: { en: `\${table}.`, ja: `\${table}。` },
  }
  expect(fillWords(words, { table: 'orders' })).toEqual({
    lines: [{ en: 'Read table orders', ja: 'テーブル orders の読み取り' }],
    careful: { en: 'orders.', ja: 'orders。' },
  })
})

it('placeholdersIn names each parameter once', () => {
  const resources = [`a/\${table}/\${table}`, `\${other}`, `\${aws:username}`, `\${1}`]
  expect(placeholdersIn([{ actions: [`\${action}`], resources }])).toEqual(['table', 'other'])
})
