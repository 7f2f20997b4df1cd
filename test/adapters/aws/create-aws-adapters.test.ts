import { expect, test } from 'vitest'
import { faultIn, startAws } from './support.ts'

test('the bot can say who it is', async () => {
  const { identity } = await startAws()
  expect(await identity()).toBe('arn:aws:sts::000000000000:assumed-role/curfew-bot/workload')
})

test('credentials that AWS does not know are said to be so', async () => {
  const fault = await faultIn(startAws({ accessKeyId: 'AKIANOBODY' }))
  expect(fault).toMatchObject({ code: 'bad_credentials', retryable: true, answered: true })
})
