import { expect, it } from 'vitest'
import { advanceRoster } from '../../src/app/advance-roster.ts'
import { createBench } from '../support/bench.ts'
import { aMember, aRoster, at } from '../support/builders.ts'

it('confirms no absence while a late creation is in progress behind a removal that has ended', async () => {
  const bench = createBench()
  const { accountId, permissionSetArn, permissionSet } = aRoster()
  const assignment = { accountId, permissionSetArn, principalId: 'principal-alice' }
  bench.aws.operationSeconds = 100
  bench.aws.assign(assignment)
  const removal = await bench.ports.assignments.remove(assignment, () => true)
  const member = aMember({ state: 'removing', heldBy: {}, operation: { kind: 'remove', id: removal.id } })
  await bench.ports.table.writeRoster(aRoster([member], { quietAt: at('10:05') }))
  bench.clock.set(at('10:04'))
  await bench.ports.assignments.create(assignment, () => true)

  bench.clock.set(at('10:05'))
  await advanceRoster(bench.ports, { accountId, permissionSet })
  expect((await bench.ports.table.roster({ accountId, permissionSet }))?.members).toHaveProperty('principal-alice')

  await bench.run(10)
  expect(bench.aws.assigned()).toEqual([])
  expect((await bench.ports.table.roster({ accountId, permissionSet }))?.members).toEqual({})
})
