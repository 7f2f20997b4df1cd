import { describe, expect, it } from 'vitest'
import { parsePolicy } from '../../../src/playground/aws/policy.ts'

const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: statement })
const fine = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }

describe('the policy grammar', () => {
  it('takes one statement or several, and every simulated kind of operator', () => {
    const Condition = {
      StringLike: { 'aws:userid': ['a', 'b'] },
      'ForAnyValue:StringEqualsIfExists': { 'aws:TagKeys': 'x' },
      DateLessThan: { 'aws:CurrentTime': '2026-11-02T12:00:00Z' },
      Null: { 'aws:userid': false },
    }
    expect(parsePolicy(document(fine)).Statement).toEqual(fine)
    expect(() => parsePolicy(document([fine, { ...fine, Sid: 'Two', Condition }]))).not.toThrow()
  })

  it.each<[string, string, RegExp]>([
    ['what is not JSON', '{', /invalid Json/],
    ['JSON that is not a policy', '[]', /Syntax errors/],
    ['no statement', '{"Version":"2012-10-17","Statement":[]}', /Syntax errors/],
    ['another version', JSON.stringify({ Version: '2020-01-01', Statement: fine }), /version 2012-10-17/],
    ['an unknown element', document({ ...fine, Actions: 'x' }), /unknown element Actions/],
    ['no effect', document({ Action: 's3:*', Resource: '*' }), /Missing required field Effect/],
    ['an effect in another case', document({ ...fine, Effect: 'allow' }), /Invalid effect/],
    ['no action', document({ Effect: 'Allow', Resource: '*' }), /Missing required field Action/],
    ['action and its negation', document({ ...fine, NotAction: 's3:*' }), /Syntax errors/],
    ['an action without service', document({ ...fine, Action: 'GetObject' }), /prefaced by a vendor/],
    ['no resource', document({ Effect: 'Allow', Action: 's3:*' }), /Missing required field Resource/],
    ['a resource that is no ARN', document({ ...fine, Resource: 'bucket' }), /must be in ARN format/],
    ['a principal', document({ ...fine, Principal: '*' }), /should not specify a principal/],
    ['a Sid with a dash', document({ ...fine, Sid: 'a-b' }), /alpha-numeric/],
    [
      'the same Sid twice',
      document([
        { ...fine, Sid: 'A' },
        { ...fine, Sid: 'A' },
      ]),
      /must be unique/,
    ],
    ['a misspelt operator', document({ ...fine, Condition: { DateLessThann: {} } }), /Invalid Condition type/],
    [
      'an operator that is not simulated',
      document({ ...fine, Condition: { IpAddress: {} } }),
      /Invalid Condition type/,
    ],
    [
      'a date that is none',
      document({ ...fine, Condition: { DateLessThan: { 'aws:CurrentTime': 'soon' } } }),
      /Invalid date/,
    ],
    [
      'a number that is none',
      document({ ...fine, Condition: { NumericEquals: { 'aws:x': 'one' } } }),
      /Invalid number/,
    ],
    ['a boolean that is none', document({ ...fine, Condition: { Bool: { 'aws:x': 'yes' } } }), /Invalid boolean/],
    ['a key without prefix', document({ ...fine, Condition: { Bool: { x: 'true' } } }), /vendor prefix/],
  ])('refuses %s', (_, text, message) => {
    expect(() => parsePolicy(text)).toThrow(message)
  })
})
