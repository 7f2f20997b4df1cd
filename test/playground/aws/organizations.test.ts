import { DescribeAccountCommand } from '@aws-sdk/client-organizations'
import { expect, it } from 'vitest'
import { closed, prod, refusal, startTestAws } from './support.ts'

it('DescribeAccount gives the state, and the retired status beside it', async () => {
  const { organizations } = (await startTestAws()).clients()
  const describe = (AccountId: string) => organizations.send(new DescribeAccountCommand({ AccountId }))
  expect((await describe(prod)).Account).toMatchObject({ Name: 'Production', State: 'ACTIVE', Status: 'ACTIVE' })
  expect((await describe(closed)).Account).toMatchObject({ State: 'CLOSED', Status: 'SUSPENDED' })
})

it('an account outside the organization is AccountNotFound, a malformed id an invalid input', async () => {
  const { organizations } = (await startTestAws()).clients()
  const describe = (AccountId: string) => organizations.send(new DescribeAccountCommand({ AccountId }))
  expect(await refusal(describe('444444444444'))).toMatchObject({ name: 'AccountNotFoundException' })
  expect(await refusal(describe('prod'))).toMatchObject({ name: 'InvalidInputException' })
})
