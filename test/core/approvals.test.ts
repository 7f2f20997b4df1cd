import { describe, expect, it } from 'vitest'
import { approvalState } from '../../src/core/approvals.ts'

const platform = { from: ['platform'], count: 1 }
const security = { from: ['security'], count: 1 }
const groups = { platform: ['bob', 'eve', 'carol'], security: ['carol', 'sam'] }

describe('the approval rules', () => {
  it('are met when every rule has its people', () => {
    expect(approvalState([platform, security], ['bob', 'sam'], groups)).toEqual({ state: 'met' })
  })

  it('count one person for one rule', () => {
    expect(approvalState([platform, security], ['carol'], groups)).toEqual({ state: 'missing', rules: [security] })
  })

  it('count a person of two groups where it helps, whoever came first', () => {
    expect(approvalState([platform, security], ['carol', 'bob'], groups)).toEqual({ state: 'met' })
    expect(approvalState([platform, security], ['bob', 'carol'], groups)).toEqual({ state: 'met' })
  })

  it('count the same person once, however often they say yes', () => {
    const two = { from: ['platform'], count: 2 }
    expect(approvalState([two], ['bob', 'bob'], groups)).toEqual({
      state: 'missing',
      rules: [{ from: ['platform'], count: 1 }],
    })
    expect(approvalState([two], ['bob', 'eve'], groups)).toEqual({ state: 'met' })
  })

  it('count two Slack accounts of one person in AWS once', () => {
    const two = { from: ['platform'], count: 2 }
    const missingOne = { state: 'missing', rules: [{ from: ['platform'], count: 1 }] }
    const names: Record<string, string[]> = { bob: ['iam:bob'], eve: ['iam:eve', 'email:bob@x'], carol: ['iam:carol'] }
    const namesOf =
      (extra: Record<string, string[]> = {}) =>
      (userId: string) =>
        extra[userId] ?? names[userId] ?? []
    expect(approvalState([two], ['bob', 'eve'], groups, namesOf())).toEqual({ state: 'met' })
    const same = namesOf({ bob: ['iam:bob', 'email:bob@x'] })
    expect(approvalState([two], ['bob', 'eve'], groups, same)).toEqual(missingOne)
    expect(approvalState([two], ['bob', 'eve', 'carol'], groups, same)).toEqual({ state: 'met' })
    // Carol links the two, who share nothing with each other.
    const linked = namesOf({ carol: ['iam:bob', 'iam:eve'] })
    expect(approvalState([two], ['bob', 'eve', 'carol'], groups, linked)).toEqual(missingOne)
  })

  it('count a person for the groups of each of their accounts, one at a time', () => {
    const namesOf = (userId: string) => (userId === 'bob' || userId === 'sam' ? ['iam:bob'] : [userId])
    expect(approvalState([platform, security], ['bob', 'sam'], groups, namesOf)).toEqual({
      state: 'missing',
      rules: [security],
    })
    expect(approvalState([platform, security], ['bob', 'sam', 'eve'], groups, namesOf)).toEqual({ state: 'met' })
  })

  it('do not count who is in none of the groups any more', () => {
    expect(approvalState([platform], ['mallory'], groups)).toEqual({ state: 'missing', rules: [platform] })
  })

  it('cannot be told when a group that is still missing somebody could not be read', () => {
    const unreadable = { ...groups, security: { problem: 'Slack did not answer' } }
    expect(approvalState([platform, security], ['bob', 'sam'], unreadable)).toEqual({
      state: 'unknown',
      problem: 'Slack did not answer',
    })
  })

  it('can be told when the group that could not be read makes no difference', () => {
    const either = { from: ['platform', 'security'], count: 1 }
    const unreadable = { ...groups, security: { problem: 'Slack did not answer' } }
    expect(approvalState([either], ['bob'], unreadable)).toEqual({ state: 'met' })
  })
})
