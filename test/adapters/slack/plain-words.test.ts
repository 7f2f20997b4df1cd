import { expect, it } from 'vitest'
import { wordLines } from '../../../src/adapters/slack/plain-words.ts'

it('says what a policy gives, its limits, and what to be careful about', () => {
  const words = { lines: [{ en: 'Read orders (DynamoDB)', ja: 'orders の読み取り（DynamoDB）' }] }
  expect(wordLines(words, { requireMfa: true, regions: ['eu-west-1'] }, 'en')).toEqual([
    '• Read orders (DynamoDB)',
    '• Only when signed in with MFA. Only in eu-west-1',
  ])
  expect(wordLines({ ...words, careful: { en: 'Deletes.', ja: '削除。' } }, {}, 'ja')).toEqual([
    '• orders の読み取り（DynamoDB）',
    ':warning: *注意:* 削除。',
  ])
})

it.each(['&', '*a ', 'x'])('takes 2,800 characters at most, whatever escaping makes of %j', piece => {
  const long = { en: piece.repeat(500), ja: piece.repeat(500) }
  const lines = wordLines({ lines: [long, long, long, long], careful: long }, { regions: [long.en] }, 'en')
  expect(lines.join('\n').length).toBeLessThanOrEqual(2800)
  expect(lines).toHaveLength(5)
  expect(lines.join('\n').replaceAll('&amp;', '')).not.toContain('&')
})
