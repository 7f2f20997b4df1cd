import { describe, expect, it } from 'vitest'
import type { PolicyTarget } from '../../src/core/access-request.ts'
import { nextProofAt, proofDueAt, proofNote, proofWords, questionOf } from '../../src/core/proof.ts'
import { anId, aRequest, aSetRequest, at } from '../support/builders.ts'

describe('when AWS is asked after an end', () => {
  it('is one to three minutes after it, not for all at once', () => {
    expect(proofDueAt(aRequest('expired'))).toBe('2026-11-21T11:13:54Z')
    expect(proofDueAt(aSetRequest('revoked'))).toBe('2026-11-21T11:13:54Z')
    expect(proofDueAt(aRequest('expired', { id: anId(2) }))).toBe('2026-11-21T11:12:34Z')
  })

  it('is never for what did not end, never was, is kept by another request, is a stray, or is on file', () => {
    expect(proofDueAt(aRequest('revoking'))).toBeUndefined()
    expect(proofDueAt(aRequest('grant_failed'))).toBeUndefined()
    expect(proofDueAt(aRequest('expired', { keptUntil: at('12:00') }))).toBeUndefined()
    expect(proofDueAt(aRequest('revoked', { stray: { because: 'expired' } }))).toBeUndefined()
    expect(proofDueAt(aRequest('expired', { proof: { at: at('11:12'), answer: 'gone' } }))).toBeUndefined()
  })

  it('is later after each attempt, and over after five', () => {
    expect([1, 2, 3, 4, 5].map(attempts => nextProofAt(attempts, at('12:00')))).toEqual([
      '2026-11-21T12:01:00Z',
      '2026-11-21T12:02:00Z',
      '2026-11-21T12:04:00Z',
      '2026-11-21T12:08:00Z',
      undefined,
    ])
  })
})

describe('what AWS is asked', () => {
  const { target } = aRequest('expired')
  if (target.kind !== 'inlinePolicy') throw new Error('not a policy')
  const arn = 'arn:aws:iam::222222222222:user/alice'
  const now = { key: 'aws:CurrentTime', type: 'date', value: '2026-11-21T11:12:00Z' }

  it('is what the policy gave, at this time, where all its conditions but the time are met', () => {
    const statements = [
      { actions: ['s3:Get*'], resources: [`arn:aws:s3:::logs/\${aws:username}/*`, '*'] },
      { actions: ['s3:Get*', 'sqs:SendMessage'], resources: ['arn:aws:sqs:*:*:jobs-?'] },
    ]
    const limited = { ...target, statements, requireMfa: true, regions: ['eu-west-1', 'ap-northeast-1'] }
    expect(questionOf(limited, arn, at('11:12'))).toEqual({
      holder: { accountId: '222222222222', principal: 'user', name: 'alice', policyName: target.policyName },
      arn,
      actions: ['s3:Get*', 'sqs:SendMessage'],
      resources: ['arn:aws:s3:::logs/x/x', '*', 'arn:aws:sqs:eu-west-1:222222222222:jobs-x'],
      context: [
        now,
        { key: 'aws:MultiFactorAuthPresent', type: 'boolean', value: 'true' },
        { key: 'aws:RequestedRegion', type: 'string', value: 'eu-west-1' },
      ],
    })
  })

  it('of a policy on a role is asked for the sessions of one person', () => {
    const onRole: PolicyTarget = {
      ...target,
      ...{ kind: 'rolePolicy', roleName: 'Dev', roleId: 'AROADEV', roleArn: 'arn:aws:iam::222222222222:role/Dev' },
      ...{ userAccountId: '000000000000', boundFrom: at('10:00') },
    }
    const question = questionOf(onRole, onRole.roleArn, at('11:12'))
    expect(question.holder).toMatchObject({ principal: 'role', name: 'Dev' })
    expect(question.context).toEqual([
      now,
      { key: 'aws:TokenIssueTime', type: 'date', value: '2026-11-21T11:12:00Z' },
      { key: 'aws:userid', type: 'string', value: 'AROADEV:alice' },
    ])
  })

  it('of entering a role is asked of the user', () => {
    const entering: PolicyTarget = {
      ...{ kind: 'assume', accountId: '111111111111', roleName: 'Admin', roleId: 'AROAADMIN', sessionMinutes: 60 },
      leash: 'off',
      ...{ roleArn: 'arn:aws:iam::111111111111:role/Admin', userAccountId: '000000000000', userName: 'alice' },
      ...{ userId: 'AIDAALICE', policyName: 'curfew-1', requireMfa: true },
    }
    expect(questionOf(entering, 'arn:aws:iam::000000000000:user/alice', at('11:12'))).toEqual({
      holder: { accountId: '000000000000', principal: 'user', name: 'alice', policyName: 'curfew-1' },
      arn: 'arn:aws:iam::000000000000:user/alice',
      actions: ['sts:AssumeRole'],
      resources: ['arn:aws:iam::111111111111:role/Admin'],
      context: [
        now,
        { key: 'aws:MultiFactorAuthPresent', type: 'boolean', value: 'true' },
        { key: 'sts:RoleSessionName', type: 'string', value: 'alice' },
      ],
    })
  })
})

it.each([
  [aRequest('expired'), 'gone', 'Asked after the end: AWS refuses it.', '終了後の確認: AWS は拒否します。'],
  [
    aSetRequest('expired'),
    'gone',
    'Asked after the end: AWS lists no assignment.',
    '終了後の確認: AWS に割り当てはありません。',
  ],
  [
    aRequest('revoked'),
    'not_asked',
    'Asked after the end: AWS could not be asked.',
    '終了後の確認: AWS に確認できませんでした。',
  ],
] as const)('the answer in words', (request, answer, en, ja) => {
  expect(proofWords(request, { at: at('11:12'), answer })).toEqual({ en, ja })
  expect(proofNote(request, { at: at('11:12'), answer, note: 'why' })).toMatch(/^AWS .+ \(why\)$/)
})
