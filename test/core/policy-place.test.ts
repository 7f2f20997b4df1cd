import { expect, it } from 'vitest'
import { holderWords, placeOf } from '../../src/core/policy-place.ts'
import { anEntryRequest, aRequest, aRoleRequest } from '../support/builders.ts'

const policyTargetOf = ({ target }: ReturnType<typeof aRequest<'pending'>>) => {
  if (target.kind === 'permissionSet') throw new Error('not a policy')
  return target
}
const policyName = 'curfew-req_00000000000000000001'

it('a policy is on the user, on the shared role, or on the user in the jump account who enters a role', () => {
  expect([aRequest, aRoleRequest, anEntryRequest].map(make => placeOf(policyTargetOf(make('pending'))))).toEqual([
    { accountId: '222222222222', principal: 'user', name: 'alice', policyName },
    { accountId: '222222222222', principal: 'role', name: 'Dev', policyName },
    { accountId: '000000000000', principal: 'user', name: 'alice', policyName },
  ])
})

it('its holder is named in words', () => {
  expect(holderWords(placeOf(policyTargetOf(aRoleRequest('pending'))))).toBe('the IAM role Dev in 222222222222')
})
