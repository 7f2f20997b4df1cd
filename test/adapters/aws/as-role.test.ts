import { expect, it } from 'vitest'
import { aCatalogue } from '../../support/builders.ts'
import { hub, startAws } from './support.ts'

const role = `arn:aws:iam::${hub}:role/identity-center-admin`

it('Identity Center is asked as the role that the catalogue names, and again after its session has ended', async () => {
  const catalogue = aCatalogue()
  const identityCenter = { ...catalogue.aws.identityCenter!, assumeRole: role }
  const { aws, world, assignments, clock } = await startAws({
    catalogue: { ...catalogue, aws: { ...catalogue.aws, identityCenter } },
  })
  await assignments.findUser({ email: 'alice@example.com' })
  await assignments.findUser({ email: 'alice@example.com' })
  world.advance(2 * 3_600_000)
  await clock.measure()
  await assignments.findUser({ email: 'alice@example.com' })
  const calls = aws.calls()
  const asked = calls.filter(({ service }) => service === 'identitystore')
  expect(asked.length).toBeGreaterThan(0)
  expect(new Set(asked.map(({ caller, outcome }) => `${outcome} ${caller}`))).toEqual(
    new Set([`ok arn:aws:sts::${hub}:assumed-role/identity-center-admin/curfew`]),
  )
  expect(calls.filter(({ operation }) => operation === 'AssumeRole')).toHaveLength(2)
})
