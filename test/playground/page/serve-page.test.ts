import { request } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startSimulatedAws } from '../../../src/playground/aws/simulated-aws.ts'
import { openJournal } from '../../../src/playground/journal.ts'
import type { PageState, PageUpdate } from '../../../src/playground/page/page-state.ts'
import type { BotSwitch, Probe } from '../../../src/playground/page/page-world.ts'
import { servePage } from '../../../src/playground/page/serve-page.ts'
import type { Preset } from '../../../src/playground/presets.ts'
import { startSimulatedSlack } from '../../../src/playground/slack/simulated-slack.ts'
import { createWorldClock } from '../../../src/playground/world-clock.ts'
import { seed as awsSeed, dev, hub, prod } from '../aws/support.ts'
import { seed as slackSeed } from '../slack/seed.ts'
import { clientOf, startBot } from '../slack/support.ts'

const start = Date.parse('2026-11-02T09:00:00Z')
const people = [
  { id: 'U0ALICE', name: 'Alice', iamUser: { accountId: hub, userName: 'alice' }, identityCenterUser: 'alice' },
  { id: 'U0BOB', name: 'Bob', identityCenterUser: 'bob' },
]
const probe = (id: string, accountId: string, action: string, resource: string, as: string): Probe => ({
  id,
  label: { en: id, ja: id },
  accountId,
  action,
  resource,
  terminal: { command: `aws ${id}`, as },
})
const probes = [
  probe('own', hub, 'iam:GetUser', `arn:aws:iam::${hub}:user/alice`, 'U0ALICE'),
  probe('table', prod, 'dynamodb:GetItem', `arn:aws:dynamodb:ap-northeast-1:${prod}:table/orders`, 'U0BOB'),
  probe('trial', dev, 'dynamodb:PutItem', `arn:aws:dynamodb:ap-northeast-1:${dev}:table/trial`, 'U0ALICE'),
]

function createSwitch(): BotSwitch {
  let state: 'stopped' | 'ready' = 'ready'
  const listeners = new Set<() => void>()
  const become = async (next: typeof state) => {
    state = next
    for (const listener of listeners) listener()
  }
  return {
    state: () => state,
    start: () => become('ready'),
    stop: () => become('stopped'),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    lastLine: () => 'said last',
  }
}

async function startPage(end?: number) {
  const journal = openJournal()
  const clock = createWorldClock(journal, () => start)
  const [slack, aws] = await Promise.all([
    startSimulatedSlack({ journal, clock, seed: slackSeed }),
    startSimulatedAws({ journal, clock, seed: { ...awsSeed, people } }),
  ])
  const bot = createSwitch()
  const begun: Preset[] = []
  const begin = async (preset: Preset) => {
    begun.push(preset)
  }
  const story = { preset: 'both' as const, begin }
  const world = { journal, clock, slack, aws, bot, probes, people, nextEnd: async () => end, story }
  const page = await servePage(world, 0)
  onTestFinished(() => Promise.all([page.close(), slack.close(), aws.close()]).then(() => {}))
  const act = async (body: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${page.url}/api/act`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return { status: answer.status, body: await answer.json() }
  }
  const state = async () => (await (await fetch(`${page.url}/api/state`)).json()) as PageState
  return { ...world, world, page, act, state, begun }
}

/** The status of a plain request: fetch does not let a test choose the Host. */
function statusOf(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { host } }, response => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on('error', reject).end()
  })
}

/** Reads the updates of the event stream. */
async function* updates(url: string): AsyncGenerator<PageUpdate> {
  const leaving = new AbortController()
  onTestFinished(() => leaving.abort())
  const { body } = await fetch(`${url}/api/events`, { signal: leaving.signal })
  let rest = ''
  for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
    const events = (rest + chunk).split('\n\n')
    rest = events.pop() ?? ''
    for (const event of events) if (event.startsWith('data: ')) yield JSON.parse(event.slice(6)) as PageUpdate
  }
}

async function firstWith<Part extends keyof PageState>(
  stream: AsyncGenerator<PageUpdate>,
  part: Part,
  holds: (value: PageState[Part]) => boolean,
): Promise<PageState[Part]> {
  for (;;) {
    const { value, done } = await stream.next()
    if (done) throw new Error('The stream ended.')
    const found = (value as Partial<PageState>)[part] as PageState[Part] | undefined
    if (found !== undefined && holds(found)) return found
  }
}

describe('who may come in', () => {
  test('a request by another name than the loopback address is refused', async () => {
    const { page } = await startPage()
    const { port } = new URL(page.url)
    expect(await statusOf(`${page.url}/api/state`, 'evil.example')).toBe(403)
    expect(await statusOf(`${page.url}/api/state`, `evil.example:${port}`)).toBe(403)
    expect(await statusOf(`${page.url}/api/state`, `localhost:${port}`)).toBe(200)
  })

  test('another site cannot act, nor can a form', async () => {
    const { act, bot, page } = await startPage()
    const stop = { type: 'bot', run: false }
    expect((await act(stop, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await act(stop, { origin: 'null' })).status).toBe(403)
    expect((await act(stop, { 'content-type': 'text/plain' })).status).toBe(415)
    expect(bot.state()).toBe('ready')
    expect((await act(stop, { origin: page.url })).status).toBe(200)
    expect(bot.state()).toBe('stopped')
  })

  test('what is no act is refused with what is wrong', async () => {
    const { act } = await startPage()
    expect(await act({ type: 'destroy' })).toEqual({
      status: 400,
      body: { ok: false, message: 'There is no such act.' },
    })
    expect((await act({ type: 'advance', milliseconds: -1 })).status).toBe(400)
    expect((await act([])).status).toBe(400)
  })
})

describe('the files of the page', () => {
  test('the page and its modules are served, the modules without their types', async () => {
    const { page } = await startPage()
    const html = await fetch(page.url)
    expect(html.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(html.headers.get('content-security-policy')).toContain("default-src 'self'")
    const module = await fetch(`${page.url}/assets/main.ts`)
    expect(module.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(await module.text()).not.toContain('import type')
  })

  test('nothing else can be read', async () => {
    const { page } = await startPage()
    expect((await fetch(`${page.url}/assets/..%2fserve-page.ts`)).status).toBe(404)
    expect((await fetch(`${page.url}/assets/none.ts`)).status).toBe(404)
    expect((await fetch(`${page.url}/etc/passwd`)).status).toBe(404)
  })
})

describe('what the page sees', () => {
  test('another story begins when the page says so, by its name alone', async () => {
    const { act, begun } = await startPage()
    expect(await act({ type: 'story', preset: 'identityCenter' })).toEqual({ status: 200, body: { ok: true } })
    expect((await act({ type: 'story', preset: 'another' })).status).toBe(400)
    expect(begun).toEqual(['identityCenter'])
  })

  test('another world is shown at the same address, to those who were there too', async () => {
    const { page, world } = await startPage()
    const stream = updates(page.url)
    await stream.next()
    page.show({ ...world, story: { ...world.story, preset: 'jumpAccount' } })
    // The stream ends, and browsers come back.
    for await (const _ of stream);
    const { value } = await updates(page.url).next()
    expect((value as PageState).preset).toBe('jumpAccount')
  })

  test('the first event holds everything, the next ones what changed', async () => {
    const { page, slack } = await startPage()
    const stream = updates(page.url)
    const first = (await stream.next()).value as PageState
    expect(Object.keys(first).sort()).toEqual(
      [
        'aws',
        'bot',
        'calls',
        'clock',
        'faults',
        'matrix',
        'people',
        'preset',
        'probes',
        'slack',
        'steps',
        'terminals',
      ].sort(),
    )
    await clientOf(slack).chat.postMessage({ channel: 'C0APPROVE', text: 'Hello' })
    const changed = await firstWith(stream, 'slack', ({ channels }) => channels[0]!.messages.length > 0)
    expect(changed.channels[0]!.messages[0]!.text).toBe('Hello')
  })

  test('the terminals repeat their calls in AWS words, with a portal session once it is opened', async () => {
    const { state, act } = await startPage()
    const before = await state()
    expect(before.terminals.map(({ runs, wayIn }) => [runs.at(-1)?.outcome, wayIn])).toEqual([
      ['allowed', null],
      ['noSession', { kind: 'portal', permissionSet: 'Operator' }],
      ['noSession', null],
    ])
    expect(await act({ type: 'openSession', probeId: 'table' })).toEqual({ status: 200, body: { ok: true } })
    expect((await state()).aws.sessions.map(({ userName, permissionSet }) => [userName, permissionSet])).toEqual([
      ['bob', 'Operator'],
    ])
    expect((await act({ type: 'openSession', probeId: 'trial' })).status).toBe(409)
  })
})

describe('acts', () => {
  test('a command with no bot behind it says what Slack says', async () => {
    const { act } = await startPage()
    const typed = { type: 'command', userId: 'U0ALICE', channelId: 'C0APPROVE', text: '/request-access now' }
    expect(await act(typed)).toEqual({
      status: 200,
      body: { ok: false, message: '/request-access failed because the app did not respond' },
    })
  })

  test('a form is opened, filled in and submitted, with the sentence of a refused input in the view', async () => {
    const { act, slack, state } = await startPage()
    const heard: unknown[] = []
    await startBot(slack, app => {
      app.command('/request-access', async ({ ack, client, body }) => {
        const element = { type: 'plain_text_input' as const, action_id: 'reason' }
        const label = { type: 'plain_text' as const, text: 'Why' }
        await client.views.open({
          trigger_id: body.trigger_id,
          view: {
            type: 'modal',
            callback_id: 'ask',
            title: { type: 'plain_text', text: 'Ask' },
            submit: { type: 'plain_text', text: 'Send' },
            blocks: [{ type: 'input', block_id: 'reason', label, element }],
          },
        })
        await ack()
      })
      app.view('ask', async ({ ack, view }) => {
        heard.push(view.state.values['reason']?.['reason']?.value)
        await ack()
      })
    })
    await act({ type: 'command', userId: 'U0ALICE', channelId: 'C0APPROVE', text: '/request-access' })
    const viewId = (await state()).slack.views['U0ALICE']![0]!.id
    const submit = (values: Record<string, unknown>) => act({ type: 'submit', userId: 'U0ALICE', viewId, values })
    expect((await submit({ reason: null })).body.ok).toBe(false)
    expect((await state()).slack.views['U0ALICE']![0]!.errors).toEqual({
      reason: 'Please complete this required field.',
    })
    expect((await submit({ reason: 'a trial' })).body).toEqual({ ok: true })
    expect(heard).toEqual(['a trial'])
    expect((await submit({})).status).toBe(409)
  })

  test('a person reads Slack in the language that was chosen for them', async () => {
    const { act, state } = await startPage()
    const localeOfAlice = async () => (await state()).slack.users.find(({ id }) => id === 'U0ALICE')?.locale
    expect(await localeOfAlice()).toBe('en-US')
    expect((await act({ type: 'slackLanguage', userId: 'U0ALICE', language: 'ja' })).body).toEqual({ ok: true })
    expect(await localeOfAlice()).toBe('ja-JP')
    expect((await act({ type: 'slackLanguage', userId: 'U0ALICE', language: 'fr' })).status).toBe(400)
  })

  test('AWS and Slack are broken and set back; the state says at once what is broken', async () => {
    const { act, aws, slack, page, state } = await startPage()
    expect((await state()).faults).toEqual({ aws: 'none', slack: 'none' })
    const seen = updates(page.url)
    expect((await act({ type: 'fault', service: 'aws', kind: 'throttle' })).body).toEqual({ ok: true })
    expect((await act({ type: 'fault', service: 'slack', kind: 'rate_limit' })).body).toEqual({ ok: true })
    const faults = await firstWith(seen, 'faults', found => found.slack !== 'none')
    expect(faults).toEqual({ aws: 'throttle', slack: 'rate_limit' })
    expect((await act({ type: 'fault', service: 'aws', kind: 'none' })).body).toEqual({ ok: true })
    expect((await state()).faults).toEqual({ aws: 'none', slack: 'rate_limit' })
    expect([aws.faults.list().length, slack.faults.list().length]).toEqual([0, 1])
  })

  test('a fault that cannot be set is refused', async () => {
    const { act, aws, slack } = await startPage()
    for (const wrong of [
      { service: 'aws', kind: 'rate_limit' },
      { service: 'slack', kind: 'throttle' },
      { service: 'aws', kind: 'late' },
      { service: 'dynamodb', kind: 'fail' },
      { service: 'aws' },
    ]) {
      const { status, body } = await act({ type: 'fault', ...wrong })
      expect([status, body.message]).toEqual([400, 'service and kind are not a fault that can be set.'])
    }
    expect([aws.faults.list(), slack.faults.list()]).toEqual([[], []])
  })

  test('the clock moves by hand and to the next end', async () => {
    const { act, clock } = await startPage(start + 3_600_000)
    await act({ type: 'advance', milliseconds: 300_000 })
    expect(clock.now()).toBe(start + 300_000)
    expect((await act({ type: 'advanceToNextEnd' })).body).toEqual({ ok: true })
    expect(clock.now()).toBe(start + 3_600_000)
    expect((await act({ type: 'advanceToNextEnd' })).body).toEqual({ ok: false })
  })
})
