import { WebAPIRateLimitedError } from '@slack/web-api'
import { beforeEach, expect, it } from 'vitest'
import { createPace, type Pace } from '../../../src/adapters/slack/pace.ts'
import { asFault, Fault } from '../../../src/core/errors.ts'

let now: number
let made: string[]
let pace: Pace
beforeEach(() => {
  now = 0
  made = []
  pace = createPace(() => now)
})

/** Makes a call that does as told, and tells what it came to. */
async function call(
  method: string,
  channel: string | undefined,
  act: () => unknown = () => undefined,
): Promise<string> {
  const attempt = async () => {
    made.push(`${method} ${channel}`)
    return act()
  }
  try {
    await pace(method, channel, attempt)
    return 'ok'
  } catch (error) {
    const { code, retryAfterSeconds } = asFault(error)
    return retryAfterSeconds === undefined ? code : `${code} ${retryAfterSeconds}`
  }
}

const post = (channel: string, act?: () => unknown) => call('chat.postMessage', channel, act)
const limit = (seconds: number) => () => {
  throw new WebAPIRateLimitedError(seconds)
}
const hang = () => {
  now += 10_000
  throw new Fault('slack_unreachable', 'timeout', { retryable: true, answered: false })
}

it('posts to one channel about once a second, and to another at the same time', async () => {
  expect(await post('C1')).toBe('ok')
  expect(await post('C2')).toBe('ok')
  expect(await post('C1')).toBe('rate_limited 2')
  now = 1100
  expect(await post('C1')).toBe('ok')
  expect(made).toEqual(['chat.postMessage C1', 'chat.postMessage C2', 'chat.postMessage C1'])
})

it('gives everyone of a burst a turn of their own', async () => {
  const burst = []
  for (let n = 0; n < 6; n++) burst.push(await post('C1'))
  expect(burst).toEqual([
    'ok',
    'rate_limited 2',
    'rate_limited 3',
    'rate_limited 4',
    'rate_limited 5',
    'rate_limited 6',
  ])
  expect(made).toHaveLength(1)
})

it('does not keep updates waiting for posts', async () => {
  expect(await post('C1')).toBe('ok')
  expect(await call('chat.update', 'C1')).toBe('ok')
  expect(await call('chat.update', 'C1')).toBe('ok')
})

it('keeps away from a channel for as long as Slack said, with every kind of message', async () => {
  expect(await post('C1', limit(30))).toBe('rate_limited 30')
  now = 29_999
  expect(await post('C1')).toBe('rate_limited 1')
  expect(await call('chat.update', 'C1')).toBe('rate_limited 1')
  expect(await post('C2')).toBe('ok')
  now = 30_000
  expect(await post('C1')).toBe('ok')
  expect(made).toHaveLength(3)
})

it('takes the limit of any other method as one for the whole workspace', async () => {
  expect(await call('chat.update', 'C1', limit(5))).toBe('rate_limited 5')
  expect(await call('chat.update', 'C2')).toBe('rate_limited 5')
  expect(await post('C1')).toBe('ok')
  now = 5000
  expect(await call('chat.update', 'C2')).toBe('ok')
})

it('after a call that hung lets one at a time try whether Slack is back, and the others go on with their work', async () => {
  expect(await post('C1', hang)).toBe('slack_unreachable')
  expect(await post('C2')).toBe('slack_unreachable')
  now += 10_000
  let beside = ''
  const failsAgain = async () => {
    beside = await post('C3')
    hang()
  }
  expect(await post('C2', failsAgain)).toBe('slack_unreachable')
  expect(beside).toBe('slack_unreachable')
  expect(made).toEqual(['chat.postMessage C1', 'chat.postMessage C2'])
  now += 10_000
  expect(await post('C1')).toBe('ok')
  expect(await post('C3')).toBe('ok')
})

it('does not mind a call that failed at once', async () => {
  const reset = () => {
    throw new Fault('slack_unreachable', 'reset', { retryable: true, answered: false })
  }
  expect(await post('C1', reset)).toBe('slack_unreachable')
  expect(await post('C2')).toBe('ok')
})
