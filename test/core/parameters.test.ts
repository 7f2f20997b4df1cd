import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Parameter } from '../../src/core/entitlement.ts'
import { fillParameters, isAllowedValue, placeholdersIn } from '../../src/core/parameters.ts'

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

  it('changes nothing outside the place of the parameter, for every value that is allowed', () => {
    const parameter = aParameter('[^]+')
    const value = fc
      .oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constantFrom('a:b', `\${x}`, '*', '../..', '%2a', 'a/b'))
      .filter(text => isAllowedValue(parameter, text))
    fc.assert(
      fc.property(value, text => {
        const [filled] = fillParameters([{ actions: ['dynamodb:Query'], resources: [template] }], { table: text })
        expect(filled?.actions).toEqual(['dynamodb:Query'])
        const parts = filled?.resources[0]?.split(':') ?? []
        expect(parts.slice(0, 5)).toEqual(['arn', 'aws', 'dynamodb', 'ap-northeast-1', '222222222222'])
        expect(parts.slice(5)).toEqual([`table/${text}/index/*`])
        // The only wildcard is the author's.
        expect(filled?.resources[0]?.match(/[*?]/g)).toEqual(['*'])
      }),
    )
  })
})

it('placeholdersIn names each parameter once', () => {
  const resources = [`a/\${table}/\${table}`, `\${other}`, `\${aws:username}`, `\${1}`]
  expect(placeholdersIn([{ actions: [`\${action}`], resources }])).toEqual(['table', 'other'])
})
