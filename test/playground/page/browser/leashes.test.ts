import { expect, test } from 'vitest'
import { instantOf } from '../../../../src/core/instant.ts'
import { renderLeash, renderRoleLeash } from '../../../../src/core/leash.ts'
import { startSimulatedAws } from '../../../../src/playground/aws/simulated-aws.ts'
import { openJournal } from '../../../../src/playground/journal.ts'
import { leashesIn, readLeash } from '../../../../src/playground/page/browser/leashes.ts'
import { awsSeed } from '../../../../src/playground/story-aws.ts'
import { createWorldClock } from '../../../../src/playground/world-clock.ts'

const at = (time: string) => Date.parse(`2026-11-21T${time}Z`)
const person = (principalId: string, time: string) => ({ principalId, until: instantOf(at(time)) })

test('who is on a leash, until when, is read from any form that Curfew writes it in', () => {
  expect(readLeash(renderLeash([], 0))).toEqual({ generation: 0, people: [] })
  expect(readLeash(renderLeash([person('alice', '11:00:00')], 3))).toEqual({
    generation: 3,
    people: [{ id: 'alice', until: at('11:00:00') }],
  })
  const three = [person('alice', '12:00:00'), person('bob', '11:00:00'), person('carol', '11:00:00')]
  expect(readLeash(renderLeash(three, 7)).people).toEqual([
    { id: 'alice', until: at('12:00:00') },
    { id: 'bob', until: at('11:00:00') },
    { id: 'carol', until: at('11:00:00') },
  ])
})

test('a role has one too, of sessions', () => {
  expect(readLeash(renderRoleLeash([], 4))).toEqual({ generation: 4, people: [] })
  expect(readLeash(renderRoleLeash([person('AROA1:alice', '11:00:00')], 5))).toEqual({
    generation: 5,
    people: [{ id: 'AROA1:alice', until: at('11:00:00') }],
  })
})

test('the leashes of the story are on their set and role, and nobody is on them', async () => {
  const journal = openJournal()
  const aws = await startSimulatedAws({ journal, clock: createWorldClock(journal), seed: awsSeed })
  const leashes = leashesIn(aws.snapshot(), '111111111111')
  await aws.close()
  expect(leashes).toMatchObject([
    { of: 'set', name: 'Curfew-ReadOnly', people: [], onSet: true, onRole: true },
    { of: 'role', name: 'Admin', people: [], onSet: true, onRole: true },
  ])
  expect(leashesIn(aws.snapshot(), '222222222222')).toEqual([])
})
