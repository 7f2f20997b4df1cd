import { describe, expect, it } from 'vitest'
import type { AccessRequest, Status } from '../../src/core/access-request.ts'
import { announcementsOf, announcementsOwed } from '../../src/core/announcements.ts'
import { aRequest, aRoleRequest, delivered, statuses } from '../support/builders.ts'

const inWords = (request: AccessRequest) => announcementsOf(request).map(({ kind, shows }) => `${kind}: ${shows}`)

const owedBy = (request: AccessRequest) => announcementsOwed(request).map(({ announcement }) => announcement.key)

describe('the messages that stand', () => {
  it.each<[Status, string[]]>([
    ['checking', []],
    ['refused', ['over: refused']],
    ['pending', ['approvals: pending', 'asked: pending']],
    ['denied', ['approvals: denied', 'asked: denied', 'over: denied']],
    ['cancelled', ['approvals: cancelled', 'asked: cancelled']],
    ['lapsed', ['approvals: lapsed', 'asked: lapsed', 'over: lapsed']],
    ['granting', ['approvals: granting', 'asked: granting']],
    ['active', ['approvals: active', 'asked: active', 'active: active']],
    ['revoking', ['approvals: revoking', 'asked: revoking']],
    ['revoke_failed', ['approvals: revoke_failed', 'asked: revoke_failed', 'alert: revoke_failed']],
    ['expired', ['approvals: expired', 'asked: expired', 'over: expired']],
    ['revoked', ['approvals: revoked', 'asked: revoked', 'over: revoked']],
    ['grant_failed', ['approvals: grant_failed', 'asked: grant_failed', 'over: grant_failed']],
  ])('while the request is %s are %o', (status, messages) => {
    expect(inWords(aRequest(status))).toEqual(messages)
  })

  it('operators hear once of access that was there and was ended by Curfew before its time', () => {
    const activated = aRoleRequest('active').history
    const outcome = { status: 'grant_failed', code: 'trust_not_pinned' } as const
    expect(inWords(aRoleRequest('revoking', { outcome }))).toContain('cut: cut')
    expect(inWords(aRoleRequest('revoke_failed', { outcome }))).toContain('cut: cut')
    expect(inWords(aRoleRequest('grant_failed', { history: activated }))).toContain('cut: cut')
    expect(inWords(aRoleRequest('revoking'))).not.toContain('cut: cut')
    expect(inWords(aRoleRequest('grant_failed'))).not.toContain('cut: cut')
  })

  it('an alert that was sent says in the end that the access is gone', () => {
    const announced = { alert: { shows: 'revoke_failed', channel: 'C0ALERT', ts: '1.2' } }
    expect(inWords(aRequest('expired', { announced }))).toContain('alert: expired')
  })

  it('the word that access began is corrected when it is no longer so, if it was said', () => {
    const { announced } = delivered(aRequest('active'))
    expect(inWords(aRequest('revoking', { announced }))).toContain('active: ending')
    expect(inWords(aRequest('revoke_failed', { announced }))).toContain('active: ending')
    for (const status of ['expired', 'revoked', 'grant_failed'] as const) {
      expect(inWords(aRequest(status, { announced }))).toEqual([
        `approvals: ${status}`,
        `asked: ${status}`,
        'active: over',
        `over: ${status}`,
      ])
    }
  })

  it('a refusal after approvers were asked shows in the message that asked them', () => {
    const { announced } = delivered(aRequest('pending'))
    expect(inWords(aRequest('refused', { announced }))).toEqual([
      'approvals: refused',
      'asked: refused',
      'over: refused',
    ])
  })

  it('each clicker whose click did nothing is answered, in any status', () => {
    for (const status of statuses) {
      const replies = [
        { clickId: 'click-1', userId: 'U0ALICE', code: 'self_approval' as const },
        { clickId: 'click-2', userId: 'U0DAN', code: 'not_an_approver' as const },
      ]
      const [first, second] = announcementsOf({ ...aRequest(status), replies } as AccessRequest).slice(-2)
      expect(first).toEqual({ key: 'reply.click-1', kind: 'reply', shows: 'self_approval', reply: replies[0] })
      expect(second).toMatchObject({ key: 'reply.click-2', shows: 'not_an_approver' })
    }
  })
})

describe('the messages owed', () => {
  it('are none when each stands as it has to', () => {
    for (const status of statuses) expect(owedBy(delivered(aRequest(status)))).toEqual([])
  })

  it('include one whose post was begun and never heard of', () => {
    const announced = { ...delivered(aRequest('pending')).announced, asked: { shows: 'pending' } }
    expect(owedBy(aRequest('pending', { announced }))).toEqual(['asked'])
  })

  it('include one that still shows what was true before', () => {
    const { announced } = delivered(aRequest('pending'))
    expect(owedBy(aRequest('granting', { announced }))).toEqual(['approvals', 'asked'])
  })

  it('do not include the word that access began once it was said', () => {
    const { announced } = delivered(aRequest('active'))
    expect(owedBy(aRequest('active', { announced }))).toEqual([])
  })
})
