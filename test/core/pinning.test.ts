import { expect, it } from 'vitest'
import { type Entry, entrantsOf } from '../../src/core/pinning.ts'
import { at } from '../support/builders.ts'

const provider = 'arn:aws:iam::222222222222:saml-provider/example'
const aws = { hubAccount: '000000000000', federation: [provider] }
const names = new Map([
  ['AIDAALICE', 'alice'],
  ['AROACI', 'ci'],
])

let count = 0
function entry(by: Entry['by'], sessionName: string): Entry {
  count += 1
  return { id: String(count), at: at('12:00'), sessionName, by }
}

const judged = (...entries: Entry[]) =>
  entrantsOf(entries, names, aws).map(({ who, times, mark, advice }) => [who, times, mark, advice])

it.each<[Entry['by'], string, string, string]>([
  [{ type: 'AWSAccount', principalId: 'AIDAALICE', accountId: '000000000000' }, 'alice', 'user alice', 'fine'],
  [{ type: 'AWSAccount', principalId: 'AIDAALICE', accountId: '000000000000' }, 'x', 'user alice', 'must_name'],
  // AWS compares names with their case.
  [{ type: 'AWSAccount', principalId: 'AIDAALICE', accountId: '000000000000' }, 'Alice', 'user alice', 'must_name'],
  [
    { type: 'AWSAccount', principalId: 'AIDAGONE', accountId: '000000000000' },
    'x',
    'user AIDAGONE of 000000000000',
    'must_name',
  ],
  [
    { type: 'AWSAccount', principalId: 'AIDAFAR', accountId: '333333333333' },
    'x',
    'user AIDAFAR of 333333333333',
    'locked_out',
  ],
  [
    { type: 'AWSAccount', principalId: 'AROACI:build', accountId: '000000000000' },
    'x',
    'role ci of 000000000000',
    'locked_out',
  ],
  [{ type: 'AWSService', name: 'lambda.amazonaws.com' }, 'x', 'AWSService lambda.amazonaws.com', 'locked_out'],
  [{ type: 'SAMLUser', principalId: 'hash:alice', name: provider }, 'alice', `people of ${provider}`, 'fine'],
  [{ type: 'SAMLUser', principalId: 'hash:alice', name: 'other' }, 'alice', 'SAMLUser other', 'locked_out'],
  [
    { type: 'Root', principalId: '000000000000', accountId: '000000000000' },
    'x',
    'Root 000000000000 of 000000000000',
    'locked_out',
  ],
])('%j under the name %s is %s: %s', (by, sessionName, who, mark) => {
  expect(judged(entry(by, sessionName))).toEqual([[who, 1, mark, expect.any(String)]])
})

it('sessions of one role are one entrant, and whoever would be locked out comes first', () => {
  const alice = { type: 'AWSAccount', principalId: 'AIDAALICE', accountId: '000000000000' }
  const ci = (name: string) => ({ type: 'AWSAccount', principalId: `AROACI:${name}`, accountId: '000000000000' })
  expect(judged(entry(alice, 'alice'), entry(ci('1'), 'a'), entry(ci('2'), 'b'), entry(alice, 'alice'))).toEqual([
    ['role ci of 000000000000', 2, 'locked_out', 'cannot enter by such a statement: not an IAM user'],
    ['user alice', 2, 'fine', 'nothing to do'],
  ])
})
