import { describe, expect, it } from 'vitest'
import { compareIdentity, newIdentity } from '../../src/core/known-identity.ts'

const alice = { name: 'alice', id: 'AIDAALICE' }
const other = { name: 'alice', id: 'AIDASOMEBODYELSE' }
const known = { ...newIdentity('U0ALICE'), version: 1, places: { '222222222222': alice } }

describe('the AWS identity of a Slack person', () => {
  it('is remembered the first time, place by place', () => {
    expect(compareIdentity(newIdentity('U0ALICE'), '222222222222', alice, false)).toEqual({
      remember: { slackUserId: 'U0ALICE', version: 0, writeId: '', places: { '222222222222': alice } },
    })
    expect(compareIdentity(known, 'identity-center', other, false)).toMatchObject({
      remember: { places: { '222222222222': alice, 'identity-center': other } },
    })
  })

  it('is the same while its id is, whatever its name', () => {
    expect(compareIdentity(known, '222222222222', { name: 'Alice', id: 'AIDAALICE' }, false)).toEqual({ same: true })
  })

  it('is not taken over by somebody recreated under the same name', () => {
    expect(compareIdentity(known, '222222222222', other, false)).toEqual({ before: alice })
  })

  it('changes when an operator has written an override', () => {
    expect(compareIdentity(known, '222222222222', other, true)).toMatchObject({
      remember: { places: { '222222222222': other } },
    })
  })
})
