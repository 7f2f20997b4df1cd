import { afterEach, beforeEach, expect, it } from 'vitest'
import { createSlackClients } from '../../../src/adapters/slack/clients.ts'
import { askSlack } from '../../../src/adapters/slack/faults.ts'
import { Fault } from '../../../src/core/errors.ts'
import { type SlackStub, startSlackStub } from './slack-stub.ts'

let slack: SlackStub
beforeEach(async () => {
  slack = await startSlackStub()
})
afterEach(() => slack.stop())

async function faultFor(answer: SlackStub['answers'][string]): Promise<Fault> {
  slack.answers['chat.update'] = answer
  const { worker } = createSlackClients('xoxb-1', slack.url)
  const call = () => worker.chat.update({ channel: 'C1', ts: '1.1', text: 'x' })
  const error = await askSlack('chat.update', call).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof Fault) return error
  throw new Error('no fault')
}

it.each([
  ['a deleted message', { error: 'message_not_found' }, 'message_gone', false, true],
  ['a no', { error: 'msg_too_long' }, 'slack_refused', false, true],
  ['a deleted channel', { error: 'channel_not_found' }, 'channel_gone', false, true],
  ['an archived channel', { error: 'is_archived' }, 'channel_gone', false, true],
  ['a channel without the bot', { error: 'not_in_channel' }, 'channel_gone', false, true],
  ['a channel where only some may post', { error: 'restricted_action' }, 'channel_gone', false, true],
  ['somebody deactivated', { error: 'user_disabled' }, 'channel_gone', false, true],
  ['somebody outside the channel', { error: 'user_not_in_channel' }, 'not_in_channel', false, true],
  ['a rate limit', { http: 429, headers: { 'retry-after': '30' } }, 'rate_limited', true, true],
  ['a rate limit in words', { error: 'ratelimited' }, 'rate_limited', true, true],
  ['trouble in Slack, which may have happened', { error: 'fatal_error' }, 'slack_unavailable', true, false],
  ['a 5xx', { http: 503 }, 'slack_unavailable', true, false],
  ['a 4xx', { http: 403 }, 'slack_refused', false, true],
  ['a page that is not Slack’s', { http: 200, body: '<html>sign in</html>' }, 'slack_unavailable', true, false],
  ['a reset connection', 'hang up' as const, 'slack_unreachable', true, false],
])('%s', async (_, answer, code, retryable, answered) => {
  const fault = await faultFor(answer)
  expect(fault).toMatchObject({ code, retryable, answered })
  expect(fault.message).toMatch(/^Slack chat\.update: /)
  expect(slack.calls).toHaveLength(1)
})

it('a rate limit says how long to stay away', async () => {
  const limited = { http: 429, headers: { 'retry-after': '30' } }
  expect((await faultFor(limited)).retryAfterSeconds).toBe(30)
})
