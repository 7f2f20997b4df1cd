import { describe, expect, it } from 'vitest'
import { auditOf } from '../../src/core/audit.ts'
import { answerClick, approve, markFound, refuse } from '../../src/core/lifecycle.ts'
import { aRequest, at } from '../support/builders.ts'

const sentences = (...args: Parameters<typeof auditOf>) => auditOf(...args).map(({ sentence }) => sentence)

describe('the audit trail', () => {
  it('opens with who asked for what, and why', () => {
    expect(auditOf(undefined, aRequest('checking'))).toEqual([
      {
        at: at('10:00'),
        subject: 'req_00000000000000000001',
        event: 'submitted',
        by: 'U0ALICE',
        sentence:
          'Alice (U0ALICE) asked for One DynamoDB table in Development in Development (222222222222) for 60 minutes: Look at order 42 for the customer',
      },
    ])
  })

  it('has one line for each event, and none for a write that added none', () => {
    const checking = aRequest('checking')
    const pending = markFound(checking, aRequest('pending').target, at('10:01'))
    expect(sentences(checking, pending)).toEqual([
      'AWS was checked for Alice (U0ALICE); approvers are asked for One DynamoDB table in Development in Development (222222222222).',
    ])
    expect(sentences(pending, { ...pending, clicks: [] })).toEqual([])
  })

  it('says who approved until when, and why something was refused', () => {
    const pending = aRequest('pending')
    const click = { id: 'c', userId: 'U0BOB', teamId: 'T0001', action: 'approve' as const, at: at('10:10') }
    expect(sentences(pending, approve(pending, click, at('10:10')))).toEqual([
      'U0BOB approved One DynamoDB table in Development in Development (222222222222) for Alice (U0ALICE) until 2026-11-21T11:10:00Z.',
    ])
    expect(sentences(aRequest('checking'), refuse(aRequest('checking'), 'no_aws_user', at('10:01'), 'alice'))).toEqual([
      'The request of Alice (U0ALICE) for One DynamoDB table in Development in Development (222222222222) was refused: no_aws_user (alice).',
    ])
    expect(sentences(pending, answerClick(pending, click, 'not_an_approver', at('10:10')))).toEqual([
      'approve refused by U0BOB: not_an_approver (One DynamoDB table in Development in Development (222222222222) for Alice (U0ALICE))',
    ])
  })
})
