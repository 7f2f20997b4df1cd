import { expect, test } from 'vitest'
import type { JournalEntry } from '../../../../src/playground/journal.ts'
import {
  leashedGrant,
  policyEnd,
  policyGrant,
  type StoryGrant,
  stepsOf,
} from '../../../../src/playground/page/browser/steps.ts'

const at = (time: string) => Date.parse(`2026-11-21T${time}Z`)
const entry = (time: string, source: JournalEntry['source'], type: string, data: unknown = {}): JournalEntry => ({
  seq: 1,
  at: `2026-11-21T${time}Z`,
  ...{ source, type, data },
})
const grant: StoryGrant = { id: 'curfew-req_1', grantedAt: at('10:00:00'), endsAt: at('11:00:00') }
const facts = {
  now: at('10:10:00'),
  grant,
  bot: 'ready' as const,
  switches: [entry('09:00:00', 'bot', 'started')],
  refusedAt: at('09:59:59') as number | undefined,
}

const policy = (until: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Condition: { DateLessThan: { 'aws:CurrentTime': until } } }],
})

const policyEntry = (time: string, type: string, policyName: string, until?: string) =>
  entry(time, 'aws', type, { policyName, ...(until === undefined ? {} : { document: JSON.stringify(policy(until)) }) })

test('before anything is granted, the request waits for its approval', () => {
  expect(stepsOf({ ...facts, grant: undefined })).toEqual({ done: [], current: 'approve', stopMissed: false })
})

test('the steps tick themselves off in the order of the story', () => {
  expect(stepsOf(facts)).toEqual({ done: ['approve'], current: 'stop', stopMissed: false })
  const switches = [...facts.switches, entry('10:05:00', 'bot', 'stopped')]
  const stopped = { ...facts, bot: 'stopped' as const, switches }
  expect(stepsOf(stopped)).toEqual({ done: ['approve', 'stop'], current: 'jump', stopMissed: false })
  const over = { ...stopped, now: at('11:00:00') }
  expect(stepsOf(over).current).toBe('refused')
  const refused = { ...over, now: at('11:00:01'), refusedAt: at('11:00:00') }
  expect(stepsOf(refused).current).toBe('cleanup')
  const removed = {
    ...refused,
    bot: 'ready' as const,
    switches: [...switches, entry('11:00:06', 'bot', 'started')],
    grant: { ...grant, removedAt: at('11:00:09') },
  }
  expect(stepsOf(removed)).toEqual({
    done: ['approve', 'stop', 'jump', 'refused', 'cleanup'],
    stopMissed: false,
  })
})

test('a bot that runs again before the end has not been stopped for it', () => {
  const switches = [...facts.switches, entry('10:05:00', 'bot', 'stopped'), entry('10:06:00', 'bot', 'started')]
  expect(stepsOf({ ...facts, switches }).current).toBe('stop')
})

test('a bot that is stopped between the end and the removal counts as stopped', () => {
  const switches = [...facts.switches, entry('11:00:01', 'bot', 'stopped')]
  const stopped = { ...facts, now: at('11:00:02'), bot: 'stopped' as const, switches, refusedAt: at('11:00:02') }
  expect(stepsOf(stopped).current).toBe('cleanup')
})

test('when the bot cleaned up because nobody stopped it, that is said', () => {
  const removed = { ...grant, removedAt: at('11:00:02') }
  const missed = { ...facts, now: at('11:00:05'), grant: removed, refusedAt: at('11:00:03') }
  const said = { done: ['approve', 'jump', 'refused', 'cleanup'], current: 'stop', stopMissed: true }
  expect(stepsOf(missed)).toEqual(said)
  const stoppedLater = [...facts.switches, entry('11:00:04', 'bot', 'stopped'), entry('11:00:05', 'bot', 'started')]
  expect(stepsOf({ ...missed, switches: stoppedLater })).toEqual(said)
})

test('a bot that was killed together with the playground was down, though nobody noted its end', () => {
  const switches = [...facts.switches, entry('11:00:30', 'bot', 'started')]
  const removed = { ...grant, removedAt: at('11:00:31') }
  const restarted = { ...facts, now: at('11:05:00'), grant: removed, switches, refusedAt: at('11:05:00') }
  expect(stepsOf(restarted)).toEqual({ done: ['approve', 'stop', 'jump', 'refused', 'cleanup'], stopMissed: false })
})

test('the story is about the latest policy that Curfew attached', () => {
  const entries = [
    policyEntry('10:00:00', 'user-policy-put', 'curfew-req_1', '2026-11-21T11:00:00Z'),
    policyEntry('10:00:01', 'user-policy-put', 'by-hand', '2026-11-21T20:00:00Z'),
    policyEntry('10:00:02', 'user-policy-put', 'curfew-req_1', '2026-11-21T11:00:00Z'),
    policyEntry('11:00:09', 'user-policy-deleted', 'curfew-req_1'),
    policyEntry('11:00:10', 'assignment-operation-started', 'x'),
  ]
  expect(policyGrant(entries)).toEqual({ ...grant, removedAt: at('11:00:09') })
  expect(
    policyGrant([...entries, policyEntry('12:00:00', 'user-policy-put', 'curfew-req_2', '2026-11-21T13:00:00Z')]),
  ).toEqual({ id: 'curfew-req_2', grantedAt: at('12:00:00'), endsAt: at('13:00:00') })
})

test('a policy that lets somebody into a role is not what the steps are about', () => {
  const { Statement } = policy('2026-11-21T11:00:00Z')
  const document = JSON.stringify({ Statement: Statement.map(one => ({ ...one, Action: 'sts:AssumeRole' })) })
  const entries = [entry('10:00:00', 'aws', 'user-policy-put', { policyName: 'curfew-req_1', document })]
  expect(policyGrant(entries)).toBeUndefined()
})

const leashEntry = (time: string, people: Record<string, string>) =>
  entry(time, 'aws', 'policy-version-created', {
    arn: 'arn:aws:iam::111111111111:policy/curfew/leash-Curfew-ReadOnly',
    document: JSON.stringify({
      Statement: [
        { Effect: 'Allow' },
        { Effect: 'Deny', Condition: { StringNotEquals: { 'identitystore:UserId': Object.keys(people) } } },
        ...Object.entries(people).map(([id, end]) => ({
          Effect: 'Deny',
          Condition: {
            StringEquals: { 'identitystore:UserId': id },
            DateGreaterThanEquals: { 'aws:CurrentTime': end },
          },
        })),
      ],
    }),
  })

const assignmentEntry = (time: string, kind: string, accountId: string, principalId: string) =>
  entry(time, 'aws', 'assignment-operation-started', { kind, accountId, principalId })

test('with permission sets the story is about the latest assignment to somebody on a leash', () => {
  const prod = '111111111111'
  const alice = leashEntry('10:00:00', { 'id-alice': '2026-11-21T11:00:00Z' })
  const created = assignmentEntry('10:00:01', 'create', prod, 'id-alice')
  expect(leashedGrant([alice, created])).toMatchObject({
    id: 'id-alice',
    grantedAt: at('10:00:01'),
    endsAt: at('11:00:00'),
  })
  // Another account has its own leashes, and who is on none of them is not followed.
  const elsewhere = assignmentEntry('10:00:02', 'create', '222222222222', 'id-alice')
  expect(leashedGrant([alice, created, elsewhere])?.grantedAt).toBe(at('10:00:01'))
  const longer = leashEntry('10:30:00', { 'id-alice': '2026-11-21T12:00:00Z' })
  expect(leashedGrant([alice, created, longer])?.endsAt).toBe(at('12:00:00'))
  const over = [leashEntry('12:00:05', {}), assignmentEntry('12:00:06', 'delete', prod, 'id-alice')]
  expect(leashedGrant([alice, created, longer, ...over])).toMatchObject({
    endsAt: at('12:00:00'),
    removedAt: at('12:00:06'),
  })
})

test('a policy ends with its last statement, and not at all when one of them has no end', () => {
  expect(policyEnd(policy('2026-11-21T11:00:00Z'))).toBe(at('11:00:00'))
  expect(policyEnd({ Statement: { Effect: 'Allow' } })).toBeUndefined()
  const { Statement } = policy('2026-11-21T11:00:00Z')
  expect(policyEnd({ Statement: [...Statement, { Effect: 'Allow' }] })).toBeUndefined()
})
