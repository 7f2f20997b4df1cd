import { beforeEach, describe, expect, it } from 'vitest'
import { createAnnouncer } from '../../../src/adapters/slack/announcer.ts'
import { createSlackClients } from '../../../src/adapters/slack/clients.ts'
import { createPace } from '../../../src/adapters/slack/pace.ts'
import { sweep } from '../../../src/app/sweep.ts'
import { type Instant, millisecondsOf } from '../../../src/core/instant.ts'
import type { SimulatedSlack } from '../../../src/playground/slack/simulated-slack.ts'
import { seed } from '../../playground/slack/seed.ts'
import { clientOf, startSlack } from '../../playground/slack/support.ts'
import { type Bench, createBench } from '../../support/bench.ts'
import { anId, aRequest, at } from '../../support/builders.ts'
import { finish } from '../../support/crash.ts'

// The whole application with the real announcer, against a Slack that limits, archives, deletes and goes silent; all on one clock.

const alerts = { id: 'C0ALERT', name: 'alerts', members: ['U0BOB', 'U0BOT'] }

let slack: SimulatedSlack
let bench: Bench
beforeEach(async () => {
  const plain = createBench()
  const now = () => millisecondsOf(plain.clock.now())
  slack = await startSlack({
    seed: { ...seed, channels: [...seed.channels, alerts] },
    clock: { now, advance: () => undefined },
    real: { now, after: () => () => undefined },
  })
  const { worker } = createSlackClients(seed.app.botToken, slack.url)
  bench = plain.through({
    ...plain.ports,
    announcer: createAnnouncer(worker, { catalogue: plain.catalogue, pace: createPace(now) }),
  })
})

const messagesIn = (channelId: string) =>
  slack
    .snapshot()
    .channels.find(({ id }) => id === channelId)
    ?.messages.map(({ text }) => text) ?? []
const directMessages = () =>
  slack
    .snapshot()
    .directMessages.find(({ userId }) => userId === 'U0ALICE')
    ?.messages.map(({ text }) => text) ?? []
const callsTo = (channel: string, method = 'chat.postMessage') =>
  slack.calls.list().filter(call => call.method === method && call.summary.startsWith(channel))
const until = (time: Instant) => finish(bench, async () => undefined, time)

async function ask(n: number): Promise<void> {
  const written = await bench.ports.table.writeRequest(aRequest('pending', { id: anId(n) }))
  expect(written).toHaveProperty('stored')
}

describe('a rate limit', () => {
  it('is kept to by every message to the channel: no call before Retry-After, then each once', async () => {
    slack.faults.add({ method: 'chat.postMessage', kind: 'rate_limit', retryAfterSeconds: 40 })
    bench.clock.set(at('10:01'))
    await ask(1)
    await until(at('10:01:05'))
    await ask(2)
    await until(at('10:01:39'))
    expect(callsTo('C0APPROVE').map(({ outcome }) => outcome)).toEqual(['rate_limit'])
    expect(directMessages()).toHaveLength(2)
    await until(at('10:02'))
    expect(messagesIn('C0APPROVE')).toHaveLength(2)
    expect(callsTo('C0APPROVE').map(call => call.at.slice(11, 19) >= '10:01:40')).toEqual([false, true, true])
  })

  it('is not run into by thirty requests at once, which are all asked within minutes', async () => {
    bench.clock.set(at('10:01'))
    for (let n = 1; n <= 30; n++) await ask(n)
    await until(at('10:03'))
    expect(messagesIn('C0APPROVE')).toHaveLength(30)
    expect(directMessages()).toHaveLength(30)
    expect(slack.calls.list().filter(({ outcome }) => outcome !== 'ok')).toEqual([])
    expect(slack.violations.list()).toEqual([])
  })
})

describe('a message', () => {
  it('that somebody deleted is posted anew with what is true now', async () => {
    bench.clock.set(at('10:01'))
    await ask(1)
    await until(at('10:02'))
    const [{ ts } = { ts: '' }] = slack.snapshot().channels.find(({ id }) => id === 'C0APPROVE')?.messages ?? []
    await clientOf(slack).chat.delete({ channel: 'C0APPROVE', ts })
    await bench.click('deny', 'U0BOB', { request: anId(1), reason: 'Use the read replica' })
    await until(at('10:03'))
    expect(messagesIn('C0APPROVE')).toEqual([expect.stringContaining('Denied.')])
  })

  it('whose posting was not heard is found, however much was written since', async () => {
    slack.faults.add({ method: 'chat.postMessage', kind: 'unheard' })
    bench.clock.set(at('10:01'))
    await ask(1)
    // Nobody looks for it until hundreds of other messages stand after it.
    const other = clientOf(slack)
    await sweep(bench.ports, bench.catalogue)
    for (let n = 0; n < 450; n++) {
      bench.clock.advanceSeconds(2)
      await other.chat.postMessage({ channel: 'C0APPROVE', text: `Something else ${n}` })
    }
    await until(at('10:30'))
    expect(messagesIn('C0APPROVE').filter(text => text.startsWith('Access request'))).toHaveLength(1)
    expect((await bench.request(anId(1))).announced).toMatchObject({
      approvals: { shows: 'pending', channel: 'C0APPROVE' },
    })
    expect(slack.calls.list().filter(({ method }) => method === 'conversations.history')).toHaveLength(3)
  })
})

describe('an approvals channel', () => {
  const warning = 'It is here because <#C0APPROVE> cannot be posted to: `Slack chat.'

  it.each([
    ['that was archived', { isArchived: true }, 'is_archived'],
    ['that the bot was removed from', { members: ['U0ALICE', 'U0BOB'] }, 'not_in_channel'],
    ['that is hidden from the bot', { members: ['U0ALICE'], isPrivate: true }, 'channel_not_found'],
  ])('%s is made up for by the alerts channel, with what to do about it', async (_, patch, error) => {
    await slack.setChannel('C0APPROVE', patch)
    bench.clock.set(at('10:01'))
    await ask(1)
    await until(at('10:02'))
    expect(directMessages()).toHaveLength(1)
    expect(messagesIn('C0ALERT')).toHaveLength(1)
    const [message] = slack.snapshot().channels.find(({ id }) => id === 'C0ALERT')?.messages ?? []
    expect(JSON.stringify(message?.blocks)).toContain(`${warning}postMessage: ${error}\``)
    expect(JSON.stringify(message?.blocks)).toContain('"approve"')
    await bench.click('approve', 'U0BOB', { request: anId(1) })
    await until(at('10:03'))
    expect(messagesIn('C0ALERT')).toEqual([expect.stringContaining('Approved and active.')])
  })

  it('archived after the message was posted has what becomes of it in the alerts channel', async () => {
    bench.clock.set(at('10:01'))
    await ask(1)
    await until(at('10:02'))
    await slack.setChannel('C0APPROVE', { isArchived: true })
    await bench.click('approve', 'U0BOB', { request: anId(1) })
    await until(at('10:03'))
    expect(messagesIn('C0ALERT')).toEqual([expect.stringContaining('Approved and active.')])
  })
})

it('somebody who was deactivated gets no message, and the approvers still read what happened', async () => {
  bench.clock.set(at('10:01'))
  await ask(1)
  await until(at('10:02'))
  await slack.setUser('U0ALICE', { deleted: true })
  await bench.click('deny', 'U0BOB', { request: anId(1), reason: 'Use the read replica' })
  await until(at('10:03'))
  expect(messagesIn('C0APPROVE')).toEqual([expect.stringContaining('Denied.')])
  await finish(bench, async () => undefined)
  expect(await bench.ports.table.due('2027-01-01T00:00:00Z' as Instant)).toEqual([])
})
