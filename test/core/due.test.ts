import { describe, expect, it } from 'vitest'
import type { AccessRequest, Click } from '../../src/core/access-request.ts'
import { announcementsDue } from '../../src/core/announcements.ts'
import { backoffSeconds, dueAtOf, workDue } from '../../src/core/due.ts'
import { aRequest, aRoleRequest, at, delivered } from '../support/builders.ts'

const click: Click = { id: 'click-1', userId: 'U0BOB', teamId: 'T0001', action: 'approve', at: at('10:10') }
const proof = { at: at('11:12'), answer: 'gone' } as const
const trying = (time: string) => ({ attempts: 1, at: at(time), since: at('10:00'), problem: 'AWS is throttling' })

describe('when a request is looked at again', () => {
  it.each<[string, AccessRequest, string | undefined, string | undefined]>([
    ['checking is due from submission', aRequest('checking'), '2026-11-21T10:00:00Z', 'check'],
    ['pending, all said, is due at the lapse', delivered(aRequest('pending')), '2026-11-21T14:00:00Z', 'lapse'],
    ['granting is due from the approval', delivered(aRequest('granting')), '2026-11-21T10:10:00Z', 'grant'],
    ['active, all said, is due at its end', delivered(aRequest('active')), '2026-11-21T11:10:00Z', 'expire'],
    [
      'active while a lost call may still arrive is due when that has died',
      delivered(aRequest('active', { quietAt: at('10:18') })),
      '2026-11-21T10:18:00Z',
      'confirm',
    ],
    ['revoking is due from its beginning', delivered(aRequest('revoking')), '2026-11-21T11:10:00Z', 'remove'],
    ['a failing removal stays due', delivered(aRequest('revoke_failed')), '2026-11-21T11:10:00Z', 'remove'],
    ['refused and said is never due', delivered(aRequest('refused')), undefined, undefined],
    ['denied and said is never due', delivered(aRequest('denied')), undefined, undefined],
    ['cancelled and said is never due', delivered(aRequest('cancelled')), undefined, undefined],
    ['lapsed and said is never due', delivered(aRequest('lapsed')), undefined, undefined],
    ['expired and said is asked about later', delivered(aRequest('expired')), '2026-11-21T11:13:54Z', 'prove'],
    ['revoked and said too', delivered(aRequest('revoked')), '2026-11-21T11:13:54Z', 'prove'],
    ['expired and asked about is never due', delivered(aRequest('expired', { proof })), undefined, undefined],
    [
      'what another request keeps is not asked about',
      delivered(aRequest('expired', { keptUntil: at('12:00') })),
      undefined,
      undefined,
    ],
    ['a failed grant, said, is never due', delivered(aRequest('grant_failed')), undefined, undefined],
  ])('%s', (_, request, due, kind) => {
    const dueAt = dueAtOf(request)
    expect(dueAt).toBe(due)
    expect(workDue(request, dueAt ?? at('23:59'))?.kind).toBe(kind)
  })

  it('what may have been ended before it is there is judged before it is granted', () => {
    const end = { ...click, userId: 'U0CAROL', action: 'end' as const, at: at('10:11') }
    const request = delivered(aRequest('granting', { clicks: [end] }))
    expect(workDue(request, at('10:11'))).toEqual({ kind: 'judge', click: end })
    const undecided = { ...request, retries: { judge: trying('10:13') } }
    expect(workDue(undecided, at('10:12'))).toEqual({ kind: 'grant' })
  })

  it('giving up one’s own access does not wait behind somebody of whom Slack cannot tell', () => {
    const other = { ...click, userId: 'U0CAROL', action: 'end' as const }
    const own = { ...click, id: 'click-2', userId: 'U0ALICE', action: 'end' as const, at: at('10:12') }
    const request = delivered(aRequest('active', { clicks: [other, own], retries: { judge: trying('10:20') } }))
    expect(workDue(request, at('10:12'))).toEqual({ kind: 'judge', click: own })
  })

  it('work falls due at exactly its second, not before', () => {
    expect(workDue(delivered(aRequest('active')), at('11:09:59'))).toBeUndefined()
    expect(workDue(delivered(aRequest('active')), at('11:10'))).toEqual({ kind: 'expire' })
  })

  it('a claim hides no work: the time it is due is the same with it', () => {
    const claim = { token: 'worker-1', at: at('11:10'), until: at('11:11') }
    expect(dueAtOf(delivered(aRequest('active', { claim })))).toBe('2026-11-21T11:10:00Z')
  })

  it('work that failed waits for its next try', () => {
    const request = delivered(aRequest('revoking', { retries: { work: trying('11:14') } }))
    expect(dueAtOf(request)).toBe('2026-11-21T11:14:00Z')
    expect(workDue(request, at('11:13:59'))).toBeUndefined()
    expect(workDue(request, at('11:14'))).toEqual({ kind: 'remove' })
  })

  it('what AWS is still doing is looked at when the last pass said so', () => {
    expect(dueAtOf(delivered(aRequest('granting', { lookAt: at('10:12') })))).toBe('2026-11-21T10:12:00Z')
  })

  it('an active request is confirmed again when the last pass said so', () => {
    const request = delivered(aRequest('active', { lookAt: at('10:20') }))
    expect(dueAtOf(request)).toBe('2026-11-21T10:20:00Z')
    expect(workDue(request, at('10:20'))).toEqual({ kind: 'confirm' })
  })

  it('an active request that is looked at now and then is confirmed earlier when a lost call demands it', () => {
    const request = delivered(aRoleRequest('active', { lookAt: at('10:26'), quietAt: at('10:18') }))
    expect(dueAtOf(request)).toBe(at('10:18'))
    expect(workDue(request, at('10:18'))).toEqual({ kind: 'confirm' })
    const failing = { work: { attempts: 1, at: at('10:30'), since: at('10:18'), problem: '' } }
    expect(dueAtOf({ ...request, retries: failing })).toBe(at('10:30'))
  })

  it('an active request ends on time although its confirmation keeps failing', () => {
    const request = delivered(aRequest('active', { quietAt: at('10:18'), retries: { work: trying('11:13') } }))
    expect(dueAtOf(request)).toBe('2026-11-21T11:10:00Z')
    expect(workDue(request, at('11:10'))).toEqual({ kind: 'expire' })
  })
})

describe('a recorded click', () => {
  it('is due at once', () => {
    const request = delivered(aRequest('pending', { clicks: [click] }))
    expect(dueAtOf(request)).toBe('2026-11-21T10:10:00Z')
    expect(workDue(request, at('10:10'))).toEqual({ kind: 'judge', click })
  })

  it('beats a lapse when it was recorded before it, however late it is judged', () => {
    const inTime = { ...click, at: at('13:59:59') }
    const request = delivered(aRequest('pending', { clicks: [inTime], retries: { judge: trying('14:05') } }))
    expect(workDue(request, at('14:04:59'))).toBeUndefined()
    expect(workDue(request, at('14:05'))).toEqual({ kind: 'judge', click: inTime })
  })

  it('at the second of the lapse is too late: the lapse comes first', () => {
    const request = delivered(aRequest('pending', { clicks: [{ ...click, at: at('14:00') }] }))
    expect(dueAtOf(request)).toBe('2026-11-21T14:00:00Z')
    expect(workDue(request, at('14:01'))).toEqual({ kind: 'lapse' })
  })

  it('on a request that has lapsed is still due, to be answered', () => {
    const late = { ...click, at: at('14:00') }
    expect(workDue(delivered(aRequest('lapsed', { clicks: [late] })), at('14:01'))).toEqual({
      kind: 'judge',
      click: late,
    })
  })

  it('waits while the request is still checked', () => {
    const request = aRequest('checking', { clicks: [click], retries: { work: trying('10:20') } })
    expect(dueAtOf(request)).toBe('2026-11-21T10:20:00Z')
    expect(workDue(request, at('10:15'))).toBeUndefined()
  })

  it('never delays the removal of access', () => {
    const request = aRequest('active', { clicks: [{ ...click, action: 'cancel', at: at('11:09') }] })
    expect(workDue(request, at('11:10'))).toEqual({ kind: 'expire' })
    expect(workDue(request, at('11:09'))).toMatchObject({ kind: 'judge' })
  })

  it('is judged in the order of recording', () => {
    const second = { ...click, id: 'click-2', at: at('10:11') }
    expect(workDue(delivered(aRequest('pending', { clicks: [click, second] })), at('10:12'))).toEqual({
      kind: 'judge',
      click,
    })
  })
})

describe('an unsent message', () => {
  it('keeps the request due since the last thing that happened', () => {
    expect(dueAtOf(aRequest('pending'))).toBe('2026-11-21T10:01:00Z')
    expect(workDue(aRequest('expired'), at('11:11'))).toEqual({ kind: 'announce' })
  })

  it('that failed waits for its next try, and holds up nothing else', () => {
    const later = (times: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(times).map(([key, time]) => [key, { shows: '', retry: { ...trying(time), refusals: 0 } }]),
      )
    const active = aRequest('active', { announced: later({ approvals: '11:30', asked: '11:30', active: '11:30' }) })
    expect(dueAtOf(active)).toBe('2026-11-21T11:10:00Z')
    const expired = aRequest('expired', {
      proof,
      announced: later({ approvals: '11:40', asked: '11:30', over: '11:50' }),
    })
    expect(dueAtOf(expired)).toBe('2026-11-21T11:30:00Z')
    expect(announcementsDue(expired, at('11:29:59'))).toEqual([])
    expect(announcementsDue(expired, at('11:40')).map(({ key }) => key)).toEqual(['approvals', 'asked'])
  })

  it('that was given up is owed again only when it has to show something else', () => {
    const { announced } = delivered(aRequest('expired', { proof }))
    const gaveUp = (givenUp: string) =>
      aRequest('expired', { proof, announced: { ...announced, over: { shows: '', givenUp } } })
    expect(dueAtOf(gaveUp('expired gone'))).toBeUndefined()
    expect(workDue(gaveUp('expired'), at('11:30'))).toEqual({ kind: 'announce' })
  })

  it('comes after the work on AWS', () => {
    expect(workDue(aRequest('revoking'), at('11:10'))).toEqual({ kind: 'remove' })
  })
})

describe('the wait before the next try', () => {
  it.each([
    [1, 1, 2],
    [2, 3, 4],
    [4, 12, 16],
    [8, 204, 256],
    [9, 240, 300],
    [50, 240, 300],
  ])('after %i attempts is between %i and %i seconds', (attempts, least, most) => {
    for (const item of ['req_00000000000000000001', 'req_00000000000000000002', '111111111111/Curfew-ReadOnly']) {
      const seconds = backoffSeconds(item, attempts)
      expect(seconds).toBeGreaterThanOrEqual(least)
      expect(seconds).toBeLessThanOrEqual(most)
    }
  })

  it('is the same whoever computes it, and differs between items', () => {
    expect(backoffSeconds('a', 9)).toBe(backoffSeconds('a', 9))
    const waits = ['a', 'b', 'c', 'd', 'e', 'f'].map(item => backoffSeconds(item, 9))
    expect(new Set(waits).size).toBeGreaterThan(1)
  })
})
