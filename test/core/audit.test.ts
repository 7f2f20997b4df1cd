import { describe, expect, it } from 'vitest'
import type { AccessRequest } from '../../src/core/access-request.ts'
import { auditOf, withAudited } from '../../src/core/audit.ts'
import {
  answerClick,
  append,
  approve,
  end,
  endEarly,
  markFound,
  refuse,
  settleByHand,
} from '../../src/core/lifecycle.ts'
import { aRequest, at } from '../support/builders.ts'

const audited = <R extends AccessRequest>(request: R) => withAudited(request, request.history.length)
const sentences = (request: AccessRequest) => auditOf(request).map(({ sentence }) => sentence)

describe('the audit trail', () => {
  it('opens with who asked for what, and why', () => {
    expect(auditOf(aRequest('checking'))).toEqual([
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
    const checking = audited(aRequest('checking'))
    const pending = markFound(checking, aRequest('pending').target, at('10:01'))
    expect(sentences(pending)).toEqual([
      'AWS was checked for Alice (U0ALICE); approvers are asked for One DynamoDB table in Development in Development (222222222222).',
    ])
    expect(sentences({ ...audited(pending), clicks: [] })).toEqual([])
  })

  it('says who ended it early, and when another request keeps the access', () => {
    const click = { id: 'c', userId: 'U0ALICE', teamId: 'T0001', action: 'end' as const, at: at('10:30') }
    const ending = endEarly(audited(aRequest('active')), click, at('10:30'))
    expect(sentences(ending)).toEqual([
      'U0ALICE ended One DynamoDB table in Development in Development (222222222222) for Alice (U0ALICE) early; it is being taken away.',
    ])
    expect(sentences(end(audited(ending), at('10:31'), at('12:00')))).toEqual([
      'This request of Alice (U0ALICE) for One DynamoDB table in Development in Development (222222222222) is over; another keeps it until 2026-11-21T12:00:00Z.',
    ])
  })

  it('says who removed it by hand, what they did, and whether AWS could confirm it', () => {
    const failing = audited(aRequest('revoke_failed'))
    const click = { id: 'c', userId: 'U0CAROL', teamId: 'T0001', action: 'removed' as const, at: at('12:00') }
    const word = { ...click, reason: 'Deleted in the console' }
    expect(sentences(settleByHand(failing, word, { confirmed: false }, at('12:00')))).toEqual([
      'U0CAROL settled that One DynamoDB table in Development in Development (222222222222) for Alice (U0ALICE) was removed by hand: Deleted in the console. AWS could not confirm that it is gone.',
    ])
    expect(sentences(settleByHand(failing, word, { confirmed: true }, at('12:00'))).join()).toMatch(
      /AWS confirmed that it is gone\.$/,
    )
    const stray = { ...failing, stray: { because: 'no_request' } } as typeof failing
    expect(sentences(settleByHand(stray, word, { confirmed: false }, at('12:00')))).toEqual([
      'U0CAROL settled that curfew-req_00000000000000000001 on the IAM user alice in 222222222222 was removed by hand: Deleted in the console. AWS could not confirm that it is gone.',
    ])
  })

  it('says who approved until when, and why something was refused', () => {
    const pending = audited(aRequest('pending'))
    const click = { id: 'c', userId: 'U0BOB', teamId: 'T0001', action: 'approve' as const, at: at('10:10') }
    expect(sentences(approve(pending, click, at('10:10')))).toEqual([
      'U0BOB approved One DynamoDB table in Development in Development (222222222222) for Alice (U0ALICE) until 2026-11-21T11:10:00Z.',
    ])
    expect(sentences(refuse(audited(aRequest('checking')), 'no_aws_user', at('10:01'), 'alice'))).toEqual([
      'The request of Alice (U0ALICE) for One DynamoDB table in Development in Development (222222222222) was refused: no_aws_user (alice).',
    ])
    expect(sentences(answerClick(pending, click, 'not_an_approver', at('10:10')))).toEqual([
      'approve refused by U0BOB: not_an_approver (One DynamoDB table in Development in Development (222222222222) for Alice (U0ALICE))',
    ])
  })

  it('has one line for attempts that fail alike, and none for a second click of the one who decided', () => {
    const failed = { event: 'work_failed', note: 'AWS is throttling' }
    const once = { ...audited(aRequest('granting')) }
    once.history = append(once, { ...failed, at: at('10:12') })
    expect(auditOf(once)).toMatchObject([{ event: 'work_failed', at: at('10:12') }])
    const twice = { ...audited(once), history: append(audited(once), { ...failed, at: at('10:13') }) }
    expect(auditOf(twice)).toEqual([])
    const repeated = { at: at('10:14'), event: 'approve_repeated', by: 'U0BOB', clickId: 'click-2' }
    expect(auditOf({ ...twice, history: append(twice, repeated) })).toEqual([])
  })
})
