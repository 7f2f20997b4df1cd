import { App } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { beginInteraction, type Listening } from '../../../src/adapters/slack/listening.ts'
import { registerListeners } from '../../../src/adapters/slack/register.ts'
import type { Ports } from '../../../src/app/ports.ts'
import { aCatalogue, aRequest, someId } from '../../support/builders.ts'
import { createFakeClock } from '../../support/fake-clock.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const never = () => new Promise<never>(() => undefined)

/** Takes so many milliseconds for its answer. */
const slowly =
  <T>(milliseconds: number, answer: T) =>
  () =>
    new Promise<T>(resolve => setTimeout(() => resolve(answer), milliseconds))

/** A table and a Slack as slow as they are told. */
function slow({ read = never, view = never }: { read?: () => Promise<unknown>; view?: () => Promise<unknown> } = {}) {
  const ports = {
    table: { request: read, writeRequest: never },
    directory: { person: never, groupMembers: never },
    clock: createFakeClock(),
    log: () => undefined,
    grantsOn: true,
  } as unknown as Ports
  const client = { views: { open: view, update: view } } as unknown as WebClient
  return { ports, client, catalogue: aCatalogue() } satisfies Listening
}

const who = { team: { id: 'T0001', domain: 'x' }, user: { id: 'U0ALICE', username: 'alice', team_id: 'T0001' } }
const chosen = { entitlement: { entitlement: { type: 'static_select', selected_option: { value: 'dev-table' } } } }
const button = (action_id: string) => ({
  ...who,
  ...{ type: 'block_actions', trigger_id: 'trigger-1' },
  actions: [{ type: 'button', block_id: 'b', action_id, value: someId, action_ts: '1' }],
  view: { id: 'V1', state: { values: chosen } },
})
const form = (callback_id: string, private_metadata: string, values: object) => ({
  ...who,
  type: 'view_submission',
  view: { id: 'V1', type: 'modal', callback_id, private_metadata, blocks: [], state: { values } },
})
const filled = {
  ...chosen,
  account: { 'account.dev-table': { type: 'static_select', selected_option: { value: 'dev' } } },
  'parameter.table': { 'parameter.table': { type: 'plain_text_input', value: 'orders' } },
  duration: { 'duration.dev-table': { type: 'static_select', selected_option: { value: '60' } } },
  reason: { reason: { type: 'plain_text_input', value: 'Order 42' } },
}
const payloads: Record<string, Record<string, unknown>> = {
  command: { command: '/request-access', text: '', user_id: 'U0ALICE', team_id: 'T0001', trigger_id: 'trigger-1' },
  'choice of an entitlement': button('entitlement'),
  'request form': form('request-access', 'dev-table', filled),
  'request form drawn for another choice': form('request-access', 'prod-read-only', filled),
  denial: form('deny-request', someId, { reason: { reason: { type: 'plain_text_input', value: 'No' } } }),
  ...Object.fromEntries(['approve', 'cancel', 'end', 'extend', 'deny', 'show-policy'].map(id => [id, button(id)])),
}

/** How many milliseconds a payload waits for its acknowledgement. */
async function acknowledgedAfter(listening: Listening, body: Record<string, unknown>): Promise<number> {
  const app = new App({
    authorize: async () => ({ botToken: 'xoxb-1' }),
    receiver: { init: () => {}, start: async () => {}, stop: async () => {} },
  })
  registerListeners(app, listening)
  const begunAt = performance.now()
  let waited = Number.POSITIVE_INFINITY
  void app.processEvent({
    body,
    ack: async () => {
      waited = performance.now() - begunAt
    },
  })
  await vi.advanceTimersByTimeAsync(10_000)
  return waited
}

describe.each(Object.keys(payloads))('a %s', name => {
  const body = payloads[name] ?? {}

  it('is acknowledged in time when neither Slack nor the table answers', async () => {
    expect(await acknowledgedAfter(slow(), body)).toBeLessThanOrEqual(2510)
  })

  it('is acknowledged in time when each of them answers just in time, one after another', async () => {
    const pending = aRequest('pending')
    const listening = slow({ read: slowly(1700, pending), view: slowly(2400, {}) })
    expect(await acknowledgedAfter(listening, body)).toBeLessThanOrEqual(2510)
  })
})

it('all calls of an interaction share its time, and what is known already is answered even after it', async () => {
  const { inTime } = beginInteraction(slow())
  const first = inTime(never, 800).catch(({ code }) => code)
  await vi.advanceTimersByTimeAsync(800)
  expect(await first).toBe('too_slow')
  const second = inTime(never).catch(({ code }) => code)
  await vi.advanceTimersByTimeAsync(1699)
  const third = inTime(never, 800).catch(({ code }) => code)
  await vi.advanceTimersByTimeAsync(1)
  expect([await second, await third]).toEqual(['too_slow', 'too_slow'])
  expect(await inTime(async () => 'known')).toBe('known')
})
