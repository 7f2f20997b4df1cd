import { describe, expect, it } from 'vitest'
import type { Click, Outcome } from '../../src/core/access-request.ts'
import {
  activate,
  answerClick,
  append,
  approve,
  beginEnding,
  cancel,
  deny,
  dropRepeat,
  end,
  endEarly,
  endStray,
  knowsClick,
  lapse,
  markFound,
  markRemovalFailing,
  refuse,
  settleByHand,
  watched,
} from '../../src/core/lifecycle.ts'
import { anEntryRequest, aRequest, aRoleRequest, at, statuses } from '../support/builders.ts'

const click: Click = { id: 'click-1', userId: 'U0BOB', teamId: 'T0001', action: 'approve', at: at('10:09') }
const denial: Click = { ...click, action: 'deny', reason: 'Use the read replica' }
const problem = { attempts: 3, at: at('10:20'), since: at('10:00'), problem: 'AWS is throttling' }
const { target } = aRequest('pending')

describe('each event moves the request on', () => {
  it('found: approvers are asked, and what was found is kept', () => {
    expect(markFound(aRequest('checking'), target, at('10:01'))).toEqual(aRequest('pending'))
  })

  it('refused at checking: with its code and, if there is one, a note', () => {
    expect(refuse(aRequest('checking'), 'no_aws_user', at('10:01'))).toEqual(aRequest('refused'))
    const noted = refuse(aRequest('checking'), 'could_not_check', at('10:05'), 'IAM did not answer')
    expect(noted).toMatchObject({ status: 'refused', code: 'could_not_check', note: 'IAM did not answer' })
    expect(noted.history.at(-1)).toEqual({
      at: at('10:05'),
      event: 'refused',
      note: 'could_not_check (IAM did not answer)',
    })
  })

  it('refused while approvers were asked: what was asked may no longer be asked', () => {
    expect(refuse(aRequest('pending'), 'catalogue_changed', at('10:30'))).toMatchObject({
      status: 'refused',
      code: 'catalogue_changed',
    })
  })

  it('approved: the window starts at the judgement, not at the click, and lasts the whole duration', () => {
    const granting = approve(aRequest('pending', { clicks: [click], durationMinutes: 60 }), click, at('10:10'))
    expect(granting).toEqual(aRequest('granting'))
    expect(granting.startsAt).toBe('2026-11-21T10:10:00Z')
    expect(granting.expiresAt).toBe('2026-11-21T11:10:00Z')
  })

  it('denied: by whom and why', () => {
    expect(deny(aRequest('pending', { clicks: [denial] }), denial, at('10:10'))).toEqual(aRequest('denied'))
  })

  it('cancelled: by the requester', () => {
    const cancelling: Click = { ...click, userId: 'U0ALICE', action: 'cancel' }
    expect(cancel(aRequest('pending', { clicks: [cancelling] }), cancelling, at('10:10'))).toEqual(
      aRequest('cancelled', { cancelledBy: 'U0ALICE' }),
    )
  })

  it('lapsed: nobody decided', () => {
    expect(lapse(aRequest('pending'), at('14:00'))).toEqual(aRequest('lapsed'))
  })

  it('refused: the record has no more of the note than its first line', () => {
    const note = 'No. 2 (Dev)\n{"Effect":"Allow"}'
    const refused = refuse(aRequest('checking'), 'trust_not_pinned', at('10:01'), note)
    expect(refused).toMatchObject({ status: 'refused', code: 'trust_not_pinned', note })
    expect(refused.history.at(-1)?.note).toBe('trust_not_pinned (No. 2 (Dev))')
  })

  it('activated: AWS confirmed it', () => {
    expect(activate(aRequest('granting'), at('10:11'))).toEqual(aRequest('active'))
  })

  it('activated: what a grant rests on that Curfew does not own is looked at again after fifteen minutes', () => {
    expect(activate(aRoleRequest('granting'), at('10:11'))).toEqual(aRoleRequest('active', { lookAt: at('10:26') }))
    expect(activate(anEntryRequest('granting'), at('10:11'))).toEqual(anEntryRequest('active', { lookAt: at('10:26') }))
    expect(watched(aRequest('active', { lookAt: at('10:20') }), at('10:20'))).toEqual(aRequest('active'))
  })

  it('ending: with the outcome it is to have, and the window left as it was', () => {
    expect(beginEnding(aRequest('active'), { status: 'expired' }, at('11:10'))).toEqual(aRequest('revoking'))
    const early = beginEnding(aRequest('active'), { status: 'revoked', by: 'U0ALICE' }, at('10:30'))
    expect(early).toMatchObject({ status: 'revoking', revokingSince: at('10:30'), expiresAt: at('11:10') })
  })

  it('ending early: at its requester’s click, which is in the record', () => {
    const done: Click = { ...click, id: 'click-2', userId: 'U0ALICE', action: 'end' }
    const ending = endEarly(aRequest('active', { clicks: [done] }), done, at('10:30'))
    expect(ending).toMatchObject({
      status: 'revoking',
      outcome: { status: 'revoked', by: 'U0ALICE' },
      revokingSince: at('10:30'),
      expiresAt: at('11:10'),
      clicks: [],
    })
    expect(ending.history.at(-1)).toEqual({
      at: at('10:30'),
      event: 'ending',
      by: 'U0ALICE',
      clickId: 'click-2',
      note: 'revoked',
    })
    expect(knowsClick(ending, 'click-2')).toBe(true)
  })

  it('ended: says until when another request keeps the access', () => {
    expect(end(aRequest('revoking'), at('11:11'), at('12:00'))).toMatchObject({
      status: 'expired',
      keptUntil: at('12:00'),
    })
    expect(end(aRequest('revoking'), at('11:11'))).not.toHaveProperty('keptUntil')
  })

  it('a grant that gave up goes through removal: a call that failed may have happened', () => {
    const outcome: Outcome = { status: 'grant_failed', code: 'gave_up', note: 'AWS did not answer' }
    const revoking = beginEnding(aRequest('granting'), outcome, at('10:25'))
    expect(revoking.status).toBe('revoking')
    expect(end(revoking, at('10:26'))).toMatchObject(aRequest('grant_failed'))
  })

  it.each<[Outcome, object]>([
    [{ status: 'expired' }, { status: 'expired', endedAt: at('11:11') }],
    [
      { status: 'revoked', by: 'U0ALICE' },
      { status: 'revoked', endedAt: at('11:11'), endedBy: 'U0ALICE' },
    ],
    [
      { status: 'grant_failed', code: 'too_late' },
      { status: 'grant_failed', endedAt: at('11:11'), code: 'too_late' },
    ],
  ])('ended: confirmed absence gives the outcome %o', (outcome, expected) => {
    expect(end(aRequest('revoking', { outcome }), at('11:11'))).toMatchObject(expected)
    expect(end(aRequest('revoke_failed', { outcome }), at('11:11'))).toMatchObject(expected)
  })

  it('a removal that keeps failing is paged, and its tries go on counting', () => {
    const failing = markRemovalFailing(aRequest('revoking', { retries: { work: problem } }), at('11:25'))
    expect(failing).toEqual(aRequest('revoke_failed', { retries: { work: problem } }))
  })

  it('starts the tries of the new work afresh, and leaves those of the messages alone', () => {
    const tried = aRequest('granting', { retries: { work: problem, judge: problem }, lookAt: at('10:12') })
    const active = activate(tried, at('10:13'))
    expect(active.retries).toEqual({ judge: problem })
    expect(active).not.toHaveProperty('lookAt')
  })

  it('leaves a live claim alone', () => {
    const claim = { token: 'worker-1', at: at('10:10'), until: at('10:11') }
    expect(activate(aRequest('granting', { claim }), at('10:11')).claim).toEqual(claim)
  })

  it('leaves quietAt alone: a lost call does not die of a change of status', () => {
    const quiet = aRequest('active', { quietAt: at('10:18') })
    expect(beginEnding(quiet, { status: 'revoked', by: 'U0BOB' }, at('10:15')).quietAt).toBe(at('10:18'))
  })
})

describe('settling by hand', () => {
  const word: Click = { ...click, userId: 'U0CAROL', action: 'removed', reason: 'The account is closed' }
  const confirmed = false

  it('ends the request as it was to end, with who says so, why, and that AWS could not confirm it', () => {
    const failing = aRequest('revoke_failed', { clicks: [word], retries: { work: problem } })
    const settled = settleByHand(failing, word, { confirmed }, at('12:00'))
    expect(settled).toMatchObject({ status: 'expired', endedAt: at('12:00'), clicks: [], retries: {} })
    expect(settled.settledBy).toEqual({ userId: 'U0CAROL', reason: 'The account is closed', confirmed: false })
    expect(settled.history.at(-1)).toEqual({
      at: at('12:00'),
      event: 'settled_by_hand',
      by: 'U0CAROL',
      clickId: 'click-1',
      note: 'The account is closed',
    })
  })

  it('keeps who ended it early, or why it was never granted', () => {
    const early = aRequest('revoke_failed', { outcome: { status: 'revoked', by: 'U0ALICE' } })
    expect(settleByHand(early, word, { confirmed }, at('12:00'))).toMatchObject({
      status: 'revoked',
      endedBy: 'U0ALICE',
    })
    const never = aRequest('revoke_failed', { outcome: { status: 'grant_failed', code: 'gave_up' } })
    expect(settleByHand(never, word, { confirmed }, at('12:00'))).toMatchObject({
      status: 'grant_failed',
      code: 'gave_up',
    })
  })
})

describe('an event in another status is a fault of ours', () => {
  it.each([
    ['found', ['checking'], request => markFound(request, target, at('12:00'))],
    ['refused', ['checking', 'pending'], request => refuse(request, 'no_aws_user', at('12:00'))],
    ['approved', ['pending'], request => approve(request, click, at('12:00'))],
    ['denied', ['pending'], request => deny(request, denial, at('12:00'))],
    ['cancelled', ['pending'], request => cancel(request, click, at('12:00'))],
    ['lapsed', ['pending'], request => lapse(request, at('12:00'))],
    ['activated', ['granting'], request => activate(request, at('12:00'))],
    ['ending', ['granting', 'active'], request => beginEnding(request, { status: 'expired' }, at('12:00'))],
    ['stray_ending', ['stray'], request => endStray(request, click, at('12:00'))],
    ['ended', ['revoking', 'revoke_failed'], request => end(request, at('12:00'))],
    ['settled_by_hand', ['revoke_failed'], request => settleByHand(request, click, { confirmed: true }, at('12:00'))],
  ] as [string, string[], (request: never) => unknown][])('%s happens only to %o', (_, from, event) => {
    for (const status of statuses) {
      const happen = () => event(aRequest(status) as never)
      if (from.includes(status)) expect(happen, status).not.toThrow()
      else expect(happen, status).toThrow(`cannot happen to a request that is ${status}`)
    }
  })
})

describe('clicks', () => {
  it('a click that changed nothing is noted, no longer waiting, and its clicker is told why', () => {
    const other: Click = { ...click, id: 'click-2' }
    const request = aRequest('pending', { clicks: [click, other], retries: { judge: problem } })
    const answered = answerClick(request, click, 'not_an_approver', at('10:10'))
    expect(answered).toMatchObject({ status: 'pending', clicks: [other], retries: {} })
    expect(answered.retries).not.toHaveProperty('judge')
    expect(answered.replies).toEqual([{ clickId: 'click-1', userId: 'U0BOB', code: 'not_an_approver' }])
    expect(answered.history.at(-1)).toEqual({
      at: at('10:10'),
      event: 'approve_refused',
      by: 'U0BOB',
      clickId: 'click-1',
      note: 'not_an_approver',
    })
  })

  it('a redelivered click is known while it waits, after it decided and after it was answered', () => {
    const waiting = aRequest('pending', { clicks: [click] })
    expect(knowsClick(waiting, 'click-1')).toBe(true)
    expect(knowsClick(approve(waiting, click, at('10:10')), 'click-1')).toBe(true)
    expect(knowsClick(deny(waiting, click, at('10:10')), 'click-1')).toBe(true)
    expect(knowsClick(cancel(waiting, click, at('10:10')), 'click-1')).toBe(true)
    expect(knowsClick(answerClick(waiting, click, 'self_approval', at('10:10')), 'click-1')).toBe(true)
    expect(knowsClick(waiting, 'click-2')).toBe(false)
  })

  it('the decision leaves other waiting clicks to be answered', () => {
    const late: Click = { ...click, id: 'click-2', userId: 'U0CAROL' }
    expect(approve(aRequest('pending', { clicks: [click, late] }), click, at('10:10')).clicks).toEqual([late])
  })
})

it('a second click of the one who decided is noted, and not worth a word', () => {
  const again: Click = { ...click, id: 'click-2' }
  const request = aRequest('granting', { clicks: [again] })
  const dropped = dropRepeat(request, again, at('10:11'))
  expect(dropped).toMatchObject({ status: 'granting', clicks: [], replies: [] })
  expect(dropped.history.at(-1)).toEqual({
    at: at('10:11'),
    event: 'approve_repeated',
    by: 'U0BOB',
    clickId: 'click-2',
  })
  expect(knowsClick(dropped, 'click-2')).toBe(true)
})

describe('the record', () => {
  const failed = { at: at('10:12'), event: 'grant_retry', note: 'AWS is throttling' }

  it('counts equal attempts in a row in one line, with the time of the last', () => {
    const once = { ...aRequest('granting'), history: append(aRequest('granting'), failed) }
    const twice = { ...once, history: append(once, { ...failed, at: at('10:13') }) }
    const thrice = append(twice, { ...failed, at: at('10:14') })
    expect(thrice).toHaveLength(4)
    expect(thrice.at(-1)).toEqual({ ...failed, at: at('10:14'), count: 3 })
  })

  it('starts a new line when the attempt differs', () => {
    const once = { ...aRequest('granting'), history: append(aRequest('granting'), failed) }
    expect(append(once, { ...failed, note: 'AWS did not answer' })).toHaveLength(5)
    expect(append(once, { ...failed, event: 'removal_retry' })).toHaveLength(5)
  })

  it('begins a new row of attempts once something has happened to the request', () => {
    const trying = { at: at('10:12'), event: 'work_failed', note: 'throttled' }
    const granting = { ...aRequest('granting'), history: append(aRequest('granting'), trying) }
    const ending = beginEnding(granting, { status: 'grant_failed', code: 'gave_up' }, at('10:25'))
    expect(append(ending, { ...trying, at: at('10:26') }).slice(-3)).toEqual([
      trying,
      { at: at('10:25'), event: 'ending', note: 'gave_up' },
      { ...trying, at: at('10:26') },
    ])
  })

  it('counts attempts of two kinds that fail in turns in one line each, with the newest reason', () => {
    let request = aRequest('revoking')
    for (const [minute, event, note] of [
      ['11:11', 'work_failed', 'throttled'],
      ['11:12', 'judge_failed', 'Slack is down'],
      ['11:13', 'work_failed', 'no answer'],
    ] as const) {
      request = { ...request, history: append(request, { at: at(minute), event, note }) }
    }
    expect(request.history.slice(-2)).toEqual([
      { at: at('11:13'), event: 'work_failed', note: 'no answer', count: 2 },
      { at: at('11:12'), event: 'judge_failed', note: 'Slack is down' },
    ])
  })

  it('never outgrows its item: 3,000 failures in turns leave it under 60 KB, and every transition in it', () => {
    let request = aRequest('revoking')
    const transitions = request.history
    const long = 'AWS did not answer. '.repeat(1000)
    for (let n = 0; n < 3000; n++) {
      const event = ['work_failed', 'judge_failed', 'announce_failed'][n % 3] ?? ''
      request = { ...request, history: append(request, { at: at('11:11'), event, note: `${n} ${long}` }) }
    }
    expect(JSON.stringify(request).length).toBeLessThan(60_000)
    expect(request.history.slice(0, transitions.length)).toEqual(transitions)
  })

  it('lets go of the oldest refused clicks beyond 200 lines, never of a decision', () => {
    let request = aRequest('granting')
    const transitions = request.history
    for (let n = 0; n < 300; n++) {
      const clicked = { event: 'approve_refused', by: 'U0BOB', clickId: `click-${n}`, note: 'already_decided' }
      request = { ...request, history: append(request, { at: at('10:20'), ...clicked }) }
    }
    expect(request.history).toHaveLength(200)
    expect(request.history.slice(0, transitions.length)).toEqual(transitions)
    expect(request.history.at(-1)?.clickId).toBe('click-299')
  })

  it('cuts what a fault says of itself, not what people typed', () => {
    const note = 'x'.repeat(1000)
    expect(append(aRequest('granting'), { at: at('10:12'), event: 'work_failed', note }).at(-1)?.note).toHaveLength(300)
    const typed = deny(aRequest('pending', { clicks: [denial] }), { ...denial, reason: note }, at('10:10'))
    expect(typed.history.at(-1)?.note).toBe(note)
  })

  it('keeps every click as a line of its own', () => {
    const refused = { at: at('10:12'), event: 'approve_refused', by: 'U0BOB', note: 'not_an_approver' }
    const once = aRequest('pending', { history: [{ ...refused, clickId: 'click-1' }] })
    expect(append(once, { ...refused, clickId: 'click-2' })).toHaveLength(2)
  })
})
