import { describe, expect, it } from 'vitest'
import type { AfterEnd } from '../../src/core/after-end.ts'
import { whyPersistent } from '../../src/core/persistence.ts'
import { aSetContent } from '../support/builders.ts'

function aSet(afterEnd: Partial<AfterEnd>) {
  return { content: aSetContent({ afterEnd: { escapes: [], lasts: [], opens: [], unread: [], ...afterEnd } }) }
}

describe('a permission set in a sensitive account', () => {
  it.each([
    [{ escapes: ['iam:CreateAccessKey'] }, 'iam:CreateAccessKey'],
    [{ lasts: ['ecs:RunTask', 'events:PutRule'] }, 'ecs:RunTask, events:PutRule'],
    [{ unread: ['/team/deploy'] }, '/team/deploy'],
    [{ escapes: ['iam:*', 'ram:*'], lasts: ['ecs:*'], unread: ['/team/deploy'] }, 'iam:*, ram:*, ecs:*, …'],
  ])('is refused for %j', (afterEnd, note) => {
    expect(whyPersistent(aSet(afterEnd), { sensitive: true }, {})).toEqual({ code: 'leaves_something', note })
  })

  it('is refused too when its entitlement is gone', () => {
    expect(whyPersistent(aSet({ lasts: ['ecs:RunTask'] }), { sensitive: true }, undefined)?.code).toBe(
      'leaves_something',
    )
  })

  it('may be granted when nothing is left behind, or the entitlement allows it', () => {
    expect(whyPersistent(aSet({ opens: ['session_manager'] }), { sensitive: true }, {})).toBeUndefined()
    const allowed = { allowPersistence: true } as const
    expect(whyPersistent(aSet({ escapes: ['iam:*'] }), { sensitive: true }, allowed)).toBeUndefined()
  })
})

it('elsewhere it is for the approver to say', () => {
  expect(whyPersistent(aSet({ escapes: ['iam:*'], unread: ['/x'] }), { sensitive: false }, {})).toBeUndefined()
})
