import { describe, expect, it } from 'vitest'
import { fieldProblemText, patternText } from '../../../src/adapters/slack/field-problems.ts'
import type { Field, FieldProblem } from '../../../src/core/entitled.ts'
import { aCatalogue } from '../../support/builders.ts'

const table = aCatalogue().entitlements['dev-table']

describe('a field problem', () => {
  it.each<[FieldProblem, Field, string, string]>([
    [
      'duration_not_offered',
      'duration',
      'At most 4 h. Choose one of: 30 min, 1 h, 4 h.',
      '最長4時間です。次から選んでください: 30分、1時間、4時間',
    ],
    [
      'bad_parameter',
      'parameter.table',
      'This does not fit. 3 to 128 of these characters: A–Z a–z 0–9 _ . -',
      '形式が合いません。使える文字（3～128 文字）: A–Z a–z 0–9 _ . -',
    ],
    ['required', 'reason', 'Fill this in: it is needed.', '入力してください。この項目は必須です。'],
    [
      'too_long',
      'reason',
      'At most 500 characters. Shorten it, and put the details in the ticket.',
      '500 文字以内で入力してください。詳細はチケットに書いてください。',
    ],
    [
      'not_a_requester',
      'entitlement',
      'You are not in a group that may ask for this. Choose another, or ask to be added to the group.',
      'これを申請できるグループに入っていません。別のものを選ぶか、グループへの追加を依頼してください。',
    ],
  ])('%s at %s says what to do', (problem, field, en, ja) => {
    expect(fieldProblemText(problem, field, table, 'en')).toBe(en)
    expect(fieldProblemText(problem, field, table, 'ja')).toBe(ja)
  })

  it('has a sentence also when the entitlement is unknown', () => {
    const all: FieldProblem[] = ['unknown_entitlement', 'could_not_tell', 'account_not_offered', 'duration_not_offered']
    for (const problem of all) expect(fieldProblemText(problem, 'entitlement', undefined, 'en')).toMatch(/\.$/)
  })
})

describe('a pattern', () => {
  it('of one run of characters is said in words', () => {
    expect(patternText('[a-z]+', 'en')).toBe('One or more of these characters: a–z')
  })

  it('of another shape is shown as it is', () => {
    expect(patternText('^prod-(a|b)$', 'en')).toBe('Matches ^prod-(a|b)$; never spaces, quotes or * ? $ { } : \\.')
  })
})
