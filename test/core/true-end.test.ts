import { describe, expect, it } from 'vitest'
import { trueEndOf } from '../../src/core/true-end.ts'
import { anEntryRequest, aRequest, aRoleRequest, aSetContent, aSetRequest } from '../support/builders.ts'

const nothing = { escapes: [], lasts: [], opens: [], unread: [] }
const off = { kind: 'permissionSet', permissionSet: 'Curfew-ReadOnly', leash: 'off' } as const
const required = { ...off, leash: 'required' } as const

function leashed(afterEnd: Partial<typeof nothing> | { escapes: string[] } | { unread: string[] }) {
  const request = aSetRequest('pending', { asked: required })
  if (request.target.kind === 'permissionSet') {
    request.target.content = aSetContent({ afterEnd: { ...nothing, ...afterEnd } })
  }
  return trueEndOf(request).by
}

describe('the true end', () => {
  it('of an inline policy is enforced by AWS', () => {
    expect(trueEndOf(aRequest('active'))).toEqual({ by: 'aws', afterEnd: nothing })
    expect(trueEndOf(aRequest('checking'))).toEqual({ by: 'aws', afterEnd: nothing })
  })

  it('of a set without a leash comes by removal, and open sessions go on for their length and an hour', () => {
    expect(trueEndOf(aSetRequest('active'))).toEqual({ by: 'removal', lateMinutes: 120, afterEnd: nothing })
  })

  it('of a policy on a shared role is enforced by AWS', () => {
    expect(trueEndOf(aRoleRequest('active'))).toEqual({ by: 'aws', afterEnd: nothing })
  })

  it('of entering a role is that nobody is let in; who is in stays for the longest session, and does what is not read', () => {
    const afterEnd = { ...nothing, unread: ['Admin'] }
    expect(trueEndOf(anEntryRequest('active'))).toEqual({ by: 'entry', lateMinutes: 120, afterEnd })
    expect(trueEndOf(anEntryRequest('checking'))).toEqual({ by: 'entry', afterEnd })
  })

  it('of entering a role on a leash is enforced by AWS in open sessions too, unless its holder gets around it', () => {
    const request = anEntryRequest('active')
    if (request.target.kind === 'assume') request.target.leash = 'required'
    expect(trueEndOf(request)).toEqual({ by: 'unless_escaped', afterEnd: { ...nothing, unread: ['Admin'] } })
  })

  it('of a set that was not looked at yet has no measure', () => {
    expect(trueEndOf({ asked: off })).toEqual({ by: 'removal', afterEnd: nothing })
  })

  it('of a leashed set is enforced by AWS, unless its holder can get around it or nobody knows', () => {
    expect(leashed({})).toBe('aws')
    expect(leashed({ escapes: ['iam:*'] })).toBe('unless_escaped')
    expect(leashed({ unread: ['/team/deploy'] })).toBe('unless_escaped')
  })

  it('knows from the statements that are attached what goes on', () => {
    const request = aRequest('active')
    if (request.target.kind === 'inlinePolicy') {
      request.target.statements = [{ actions: ['ssm:StartSession', 'ecs:RunTask'], resources: ['*'] }]
    }
    expect(trueEndOf(request).afterEnd).toEqual({
      escapes: [],
      lasts: ['ecs:RunTask'],
      opens: ['session_manager'],
      unread: [],
    })
  })
})
