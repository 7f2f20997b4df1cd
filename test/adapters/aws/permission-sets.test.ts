import type { SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { expect, test } from 'vitest'
import { createFindPermissionSet, sessionMinutesOf } from '../../../src/adapters/aws/permission-sets.ts'
import { startDeadline } from '../../../src/adapters/aws/send.ts'
import { doubleOf, startAws } from './support.ts'

const instance = 'arn:aws:sso:::instance/ssoins-1'

test('a permission set is found by its name', async () => {
  const { aws, assignments } = await startAws()
  const { arn } = aws.snapshot().permissionSets.find(({ name }) => name === 'Curfew-ReadOnly')!
  expect(await assignments.findPermissionSet('Curfew-ReadOnly')).toMatchObject({
    permissionSetArn: arn,
    sessionMinutes: 90,
    content: { sessionMinutes: 90, managed: [] },
  })
  expect(await assignments.findPermissionSet('Curfew')).toBeUndefined()
})

test('a name seen once costs one look from then on, beside its content', async () => {
  const { assignments, newCalls } = await startAws()
  await assignments.findPermissionSet('Operator')
  newCalls()
  expect((await assignments.findPermissionSet('Operator'))?.sessionMinutes).toBe(240)
  expect(newCalls()).toEqual([
    'ListPermissionSets',
    'DescribePermissionSet',
    'ListManagedPoliciesInPermissionSet',
    'ListCustomerManagedPolicyReferencesInPermissionSet',
    'GetInlinePolicyForPermissionSet',
    'GetPermissionsBoundaryForPermissionSet',
  ])
})

test('a search that was cut short goes on where it stopped', async () => {
  const described: unknown[] = []
  let throttled = true
  const ssoAdmin = doubleOf<SSOAdminClient>(({ operation, input }) => {
    if (operation === 'ListPermissionSets') {
      return input['NextToken'] === 'more'
        ? { PermissionSets: ['c'] }
        : { PermissionSets: ['a', 'b'], NextToken: 'more' }
    }
    const arn = input['PermissionSetArn']
    if (arn === 'c' && throttled) throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })
    described.push(arn)
    return { PermissionSet: { Name: `set ${arn}` } }
  })
  const find = createFindPermissionSet(ssoAdmin)
  await expect(find(instance, 'set c', startDeadline())).rejects.toMatchObject({ code: 'throttled' })
  throttled = false
  expect(await find(instance, 'set c', startDeadline())).toEqual({ permissionSetArn: 'c', sessionMinutes: 60 })
  expect(described).toEqual(['a', 'b', 'c'])
})

test.each([
  [undefined, 60],
  ['PT1H', 60],
  ['PT12H', 720],
  ['PT1H30M', 90],
  ['PT45M', 45],
  ['PT3600S', 60],
  ['PT90S', 2],
  ['P1D', 720],
  ['an hour', 720],
  ['PT', 720],
])('a session duration of %s is %i minutes', (SessionDuration, minutes) => {
  expect(sessionMinutesOf({ SessionDuration })).toBe(minutes)
})
