import { expect, it } from 'vitest'
import { undelivered } from '../../src/app/undelivered.ts'
import type { AccessRequest } from '../../src/core/access-request.ts'
import type { Announcement } from '../../src/core/announcements.ts'
import { Fault } from '../../src/core/errors.ts'
import { type Instant, plusMinutes } from '../../src/core/instant.ts'
import { aRequest, at } from '../support/builders.ts'
import { aChannelGone } from '../support/fake-slack.ts'

const approvals: Announcement = { key: 'approvals', kind: 'approvals', shows: 'pending' }
const asked: Announcement = { key: 'asked', kind: 'asked', shows: 'pending' }
const silent = () => new Fault('slack_unreachable', 'timeout', { retryable: true, answered: false })
const deleted = () => new Fault('message_gone', 'deleted', { retryable: false, answered: true })

const fails = (request: AccessRequest, announcement: Announcement, fault: Fault, now: Instant) =>
  undelivered(request, { announcement, fault, unsent: fault.answered }, now)

function failsTimes(times: number, announcement: Announcement, fault: () => Fault): AccessRequest {
  let request: AccessRequest = aRequest('pending')
  for (let n = 0; n < times; n++) request = fails(request, announcement, fault(), at('10:02'))
  return request
}

it('puts off one message, each time for longer, and counts what Slack refused', () => {
  const { announced } = failsTimes(2, asked, aChannelGone)
  expect(Object.keys(announced)).toEqual(['asked'])
  expect(announced['asked']).toMatchObject({ unsent: true, retry: { attempts: 2, refusals: 2, since: at('10:02') } })
})

it('does not say of a post nobody heard the answer of that it was not sent', () => {
  expect(failsTimes(1, asked, silent).announced['asked']).not.toHaveProperty('unsent')
})

it('tells of a row of refusals once, and of an outage not at all: an item holds 400 KB', () => {
  const before = aRequest('pending').history.length
  expect(failsTimes(100, asked, silent).history).toHaveLength(before)
  expect(failsTimes(100, asked, aChannelGone).history).toHaveLength(before + 1)
})

it('goes elsewhere when the third attempt in the channel is refused, not when Slack is away', () => {
  expect(failsTimes(2, approvals, aChannelGone).announced['approvals']).not.toHaveProperty('elsewhere')
  expect(failsTimes(3, approvals, aChannelGone).announced['approvals']).toEqual({
    shows: '',
    begunAt: at('10:02'),
    unsent: true,
    elsewhere: 'Slack chat.postMessage: is_archived',
  })
  expect(failsTimes(50, approvals, silent).announced['approvals']).not.toHaveProperty('elsewhere')
})

it('begins a deleted message anew at once', () => {
  const announced = { asked: { shows: 'pending', channel: 'D0ALICE', ts: '1.2', begunAt: at('10:01') } }
  const request = fails(aRequest('denied', { announced }), asked, deleted(), at('10:10'))
  expect(request.announced['asked']).toEqual({ shows: '', begunAt: at('10:10'), unsent: true })
})

it('waits before it looks again for a message that Slack lists and will not update', () => {
  const announced = { asked: { shows: '', begunAt: at('10:01') } }
  const request = fails(aRequest('denied', { announced }), asked, deleted(), at('10:10'))
  expect(request.announced['asked']?.retry?.at && request.announced['asked'].retry.at > at('10:10')).toBe(true)
})

it.each([
  ['refused', aChannelGone, 24 * 60],
  ['unheard', silent, 7 * 24 * 60],
] as const)('gives up a message that is %s for too long, for what it should show now', (_, fault, minutes) => {
  const failing = failsTimes(3, asked, fault)
  const almost = fails(failing, asked, fault(), plusMinutes(at('10:02'), minutes - 1))
  expect(almost.announced['asked']).not.toHaveProperty('givenUp')
  const last = fails(failing, asked, fault(), plusMinutes(at('10:02'), minutes))
  expect(last.announced['asked']).toMatchObject({ givenUp: 'pending' })
  expect(last.history.at(-1)).toMatchObject({ event: 'announcement_given_up' })
})
