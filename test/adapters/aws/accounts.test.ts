import type { OrganizationsClient } from '@aws-sdk/client-organizations'
import { expect, test } from 'vitest'
import { createAccounts } from '../../../src/adapters/aws/accounts.ts'
import { at } from '../../support/builders.ts'
import { closed, doubleOf, faultIn, prod, startAws } from './support.ts'

test('an active account may be used, a closed one may not', async () => {
  const { accounts } = await startAws()
  expect(await accounts.find(prod)).toEqual({ active: true, state: 'ACTIVE' })
  expect(await accounts.find(closed)).toEqual({ active: false, state: 'CLOSED' })
})

test('an account outside the organisation is not found', async () => {
  const { accounts } = await startAws()
  expect(await accounts.find('444444444444')).toBeUndefined()
})

test('an account is asked about once a minute at most', async () => {
  const { accounts, clock, world, newCalls } = await startAws()
  await accounts.find(prod)
  world.advance(59_000)
  await clock.measure()
  await accounts.find(prod)
  expect(newCalls()).toEqual(['DescribeAccount', 'GetCallerIdentity'])
  world.advance(2000)
  await clock.measure()
  await accounts.find(prod)
  expect(newCalls()).toEqual(['GetCallerIdentity', 'DescribeAccount'])
})

test('an account that was not found is looked for again', async () => {
  const { accounts, newCalls } = await startAws()
  await accounts.find('444444444444')
  await accounts.find('444444444444')
  expect(newCalls()).toEqual(['DescribeAccount', 'DescribeAccount'])
})

test('a throttled or forbidden look-up is a fault, not an unknown account', async () => {
  const { aws, accounts } = await startAws()
  aws.faults.add({ match: 'DescribeAccount', kind: 'throttle', times: 1 })
  expect(await faultIn(accounts.find(prod))).toMatchObject({ code: 'throttled', retryable: true })
  const alice = await startAws({ accessKeyId: 'AKIAALICE' })
  expect(await faultIn(alice.accounts.find(prod))).toMatchObject({ code: 'access_denied', retryable: false })
})

test('where AWS sends no State yet, Status says the same', async () => {
  const organizations = doubleOf<OrganizationsClient>(() => ({ Account: { Status: 'SUSPENDED' } }))
  const accounts = createAccounts({ organizations, clock: { now: () => at('10:00') } })
  expect(await accounts.find(prod)).toEqual({ active: false, state: 'SUSPENDED' })
})
