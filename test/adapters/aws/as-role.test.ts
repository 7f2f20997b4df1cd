import { expect, it } from 'vitest'
import { aCatalogue } from '../../support/builders.ts'
import { faultIn, hub, startAws } from './support.ts'

const role = `arn:aws:iam::${hub}:role/identity-center-admin`

async function startAsRole() {
  const catalogue = aCatalogue()
  const identityCenter = { ...catalogue.aws.identityCenter!, assumeRole: role }
  return startAws({ catalogue: { ...catalogue, aws: { ...catalogue.aws, identityCenter } } })
}

it('a session that AWS refuses before its time costs one call: the next one enters the role afresh', async () => {
  const { aws, world, assignments } = await startAsRole()
  await assignments.findUser({ email: 'alice@example.com' })
  // The session has ended for AWS, and nobody here knows the time yet.
  world.advance(2 * 3_600_000)
  const refused = await faultIn(assignments.findUser({ email: 'alice@example.com' }))
  expect(refused).toMatchObject({ code: 'bad_credentials', retryable: true, answered: true })
  expect(await assignments.findUser({ email: 'alice@example.com' })).toMatchObject({ userName: 'alice' })
  expect(aws.calls().filter(({ operation }) => operation === 'AssumeRole')).toHaveLength(2)
})

it('Identity Center is asked as the role that the catalogue names, and again after its session has ended', async () => {
  const { aws, world, assignments, clock } = await startAsRole()
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
