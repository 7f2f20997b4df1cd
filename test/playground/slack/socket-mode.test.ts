import type { ModalView } from '@slack/types'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { SimulatedSlack } from '../../../src/playground/slack/simulated-slack.ts'
import { seed } from './seed.ts'
import { clientOf, codeOf, createHandTime, startBot, startSlack } from './support.ts'

const command = { userId: 'U0ALICE', channelId: 'C0APPROVE', command: '/request-access' }
const noResponse = '/request-access failed because the app did not respond'

type Envelope = {
  type: string
  envelope_id: string
  accepts_response_payload: boolean
  payload: Record<string, unknown> & { trigger_id: string; response_url: string; view: { id: string } }
}

/** A bare connection, to see the envelopes themselves and to answer them by hand. */
async function connect(slack: SimulatedSlack) {
  const { url } = await clientOf(slack, seed.app.appToken).apps.connections.open()
  const socket = new WebSocket(url!)
  const heard: Envelope[] = []
  const waiting: ((envelope: Envelope) => void)[] = []
  await new Promise<void>(resolve =>
    socket.on('message', data => {
      const message = JSON.parse(String(data)) as Envelope
      if (message.type === 'hello') return resolve()
      const next = waiting.shift()
      if (next) next(message)
      else heard.push(message)
    }),
  )
  return {
    socket,
    next: () => new Promise<Envelope>(resolve => (heard[0] ? resolve(heard.shift()!) : waiting.push(resolve))),
    ack: (envelope: Envelope, payload?: unknown) =>
      socket.send(JSON.stringify({ envelope_id: envelope.envelope_id, payload })),
  }
}

const lastWords = (slack: SimulatedSlack) => {
  const message = slack.snapshot().channels[0]?.messages.at(-1)
  return message && [message.user, message.text, message.ephemeralFor]
}

test('with no bot connected, the person sees the failure of Slack', async () => {
  const slack = await startSlack()
  expect(await slack.command(command)).toEqual({ ok: false, error: 'dispatch_failed', message: noResponse })
  expect(lastWords(slack)).toEqual(['USLACKBOT', noResponse, 'U0ALICE'])
  expect(slack.violations.list()).toEqual([])
})

test('a command that is not acknowledged for three seconds has failed, and the late acknowledgement says nothing', async () => {
  const real = createHandTime()
  const slack = await startSlack({ real })
  const bot = await connect(slack)
  const outcome = slack.command(command)
  const envelope = await bot.next()
  real.pass(2999)
  expect(slack.violations.list()).toEqual([])
  real.pass(1)
  expect(await outcome).toEqual({ ok: false, error: 'operation_timeout', message: noResponse })
  expect(slack.violations.list().map(violation => violation.code)).toEqual(['operation_timeout'])
  bot.ack(envelope, { text: 'Too late' })
  const second = slack.command(command)
  bot.ack(await bot.next())
  expect(await second).toEqual({ ok: true })
  expect(lastWords(slack)).toEqual(['USLACKBOT', noResponse, 'U0ALICE'])
})

test('when the bot dies before it acknowledged, the person sees the failure of Slack', async () => {
  const slack = await startSlack()
  const bot = await connect(slack)
  const outcome = slack.command(command)
  await bot.next()
  bot.socket.terminate()
  expect(await outcome).toMatchObject({ ok: false, error: 'dispatch_failed' })
  expect(slack.snapshot().app.connections).toBe(0)
})

test('a command carries what Slack sends, and its answer is seen by that person only', async () => {
  const slack = await startSlack()
  const bot = await connect(slack)
  const outcome = slack.command({ ...command, text: 'prod' })
  const envelope = await bot.next()
  expect(envelope.type).toBe('slash_commands')
  expect(envelope.accepts_response_payload).toBe(true)
  expect(envelope.payload).toMatchObject({
    team_id: 'T0001',
    team_domain: 'example',
    channel_id: 'C0APPROVE',
    channel_name: 'approvals',
    user_id: 'U0ALICE',
    user_name: 'alice',
    command: '/request-access',
    text: 'prod',
    api_app_id: 'A0CURFEW',
    trigger_id: expect.any(String),
    response_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/response\//),
  })
  bot.ack(envelope, { text: 'One moment' })
  expect(await outcome).toEqual({ ok: true, text: 'One moment' })
  expect(lastWords(slack)).toEqual(['U0BOT', 'One moment', 'U0ALICE'])
})

test.each([
  ['an unknown command', { ...command, command: '/other' }, '/other is not a valid command.'],
  ['an outsider', { ...command, userId: 'U0OUT' }, '/request-access is not a valid command.'],
])('%s is not a valid command', async (_who, act, message) => {
  const slack = await startSlack()
  expect(await slack.command(act)).toEqual({ ok: false, error: 'invalid_command', message })
})

test.each([
  ['somebody unknown', { ...command, userId: 'U0NOBODY' }],
  ['a deactivated person', { ...command, userId: 'U0GONE' }],
  ['a bot', { ...command, userId: 'U0ROBOT' }],
  ['somebody who is not in the channel', { ...command, userId: 'U0GUEST' }],
])('%s cannot act', async (_who, act) => {
  const slack = await startSlack()
  await expect(slack.command(act)).rejects.toThrow()
})

test('the click of an outsider arrives with their own team, and a link button sends one too', async () => {
  const slack = await startSlack()
  const bot = await connect(slack)
  const text = { type: 'plain_text' as const, text: 'Open' }
  const url = 'https://example.com/'
  const posted = await clientOf(slack).chat.postMessage({
    channel: 'C0APPROVE',
    text: 'Link',
    blocks: [{ type: 'actions', block_id: 'b', elements: [{ type: 'button', action_id: 'open', text, url }] }],
  })
  const outcome = slack.click({ userId: 'U0OUT', channelId: 'C0APPROVE', ts: posted.ts!, actionId: 'open' })
  const envelope = await bot.next()
  expect(envelope.type).toBe('interactive')
  expect(envelope.payload).toMatchObject({
    type: 'block_actions',
    user: { id: 'U0OUT', username: 'out', name: 'out', team_id: 'T0OTHER' },
    team: { id: 'T0001', domain: 'example' },
    channel: { id: 'C0APPROVE', name: 'approvals' },
    container: { type: 'message', message_ts: posted.ts, channel_id: 'C0APPROVE', is_ephemeral: false },
    message: { user: 'U0BOT', text: 'Link', ts: posted.ts },
    state: { values: {} },
    actions: [{ action_id: 'open', block_id: 'b', type: 'button', text, url }],
  })
  bot.ack(envelope, { text: 'not wanted' })
  expect(await outcome).toEqual({ ok: true })
  expect(slack.violations.list().map(violation => violation.code)).toEqual(['unexpected_response_payload'])
})

test('a connection ticket works once, and only the app token gets one', async () => {
  const slack = await startSlack()
  expect(await codeOf(clientOf(slack).apps.connections.open())).toBe('not_allowed_token_type')
  const { url } = await clientOf(slack, seed.app.appToken).apps.connections.open()
  const close = () =>
    new Promise(resolve => {
      const socket = new WebSocket(url!)
      socket.on('error', error => resolve(error.message))
      socket.on('message', () => {
        resolve('welcome')
        socket.terminate()
      })
    })
  expect(await close()).toBe('welcome')
  expect(await close()).toBe('Unexpected server response: 401')
})

const view = (blockId: string): ModalView => ({
  type: 'modal',
  callback_id: 'c',
  notify_on_close: true,
  title: { type: 'plain_text', text: 'Title' },
  submit: { type: 'plain_text', text: 'Go' },
  blocks: [
    {
      type: 'input',
      block_id: blockId,
      optional: true,
      label: { type: 'plain_text', text: 'L' },
      element: { type: 'plain_text_input', action_id: 'a' },
    },
  ],
})

/** Opens a modal for Alice by hand. */
async function withModal() {
  const real = createHandTime()
  const slack = await startSlack({ real })
  const bot = await connect(slack)
  const typed = slack.command(command)
  const envelope = await bot.next()
  await clientOf(slack).views.open({ trigger_id: envelope.payload.trigger_id, view: view('one') })
  bot.ack(envelope)
  await typed
  const stack = () => slack.snapshot().views['U0ALICE'] ?? []
  const submit = async (answer: unknown) => {
    const outcome = slack.submitView({ userId: 'U0ALICE', viewId: stack().at(-1)!.id })
    bot.ack(await bot.next(), answer)
    return outcome
  }
  return { real, slack, bot, stack, submit }
}

test('an acknowledged submission closes the view, updates it, pushes onto it or clears the stack', async () => {
  const { stack, submit, slack } = await withModal()
  const first = stack()[0]!.id
  expect(await submit({ response_action: 'update', view: view('two') })).toEqual({
    ok: true,
    outcome: 'updated',
    viewId: first,
  })
  expect(stack()[0]?.values).toEqual({ two: { a: { type: 'plain_text_input', value: null } } })
  expect(await submit({ response_action: 'push', view: view('three') })).toMatchObject({ outcome: 'pushed' })
  expect(stack()[1]).toMatchObject({ rootViewId: first, previousViewId: first })
  expect(await submit(undefined)).toEqual({ ok: true, outcome: 'closed' })
  expect(stack().map(open => open.id)).toEqual([first])
  await submit({ response_action: 'push', view: view('three') })
  expect(await submit({ response_action: 'clear' })).toEqual({ ok: true, outcome: 'closed' })
  expect(stack()).toEqual([])
  expect(slack.violations.list()).toEqual([])
})

test.each([
  ['invalid_error_block_id', { response_action: 'errors', errors: { nowhere: 'No' } }],
  ['invalid_errors', { response_action: 'errors' }],
  ['invalid_response_action', { response_action: 'explode' }],
  ['invalid_arguments', { response_action: 'update', view: { type: 'modal' } }],
])('a submission acknowledged with %s is a violation, and the person sees trouble', async (code, answer) => {
  const { slack, stack, submit } = await withModal()
  expect(await submit(answer)).toEqual({
    ok: false,
    error: 'dispatch_failed',
    message: 'We had some trouble connecting. Try again?',
  })
  expect(stack()[0]?.notice).toBe('We had some trouble connecting. Try again?')
  expect(slack.violations.list().map(violation => violation.code)).toEqual([code])
})

test('a view submitted twice at once closes once, and the view below stays', async () => {
  const { slack, bot, stack, submit } = await withModal()
  await submit({ response_action: 'push', view: view('two') })
  const act = { userId: 'U0ALICE', viewId: stack()[1]!.id }
  const outcomes = Promise.all([slack.submitView(act), slack.submitView(act)])
  bot.ack(await bot.next())
  bot.ack(await bot.next())
  expect(await outcomes).toEqual([
    { ok: true, outcome: 'closed' },
    { ok: true, outcome: 'closed' },
  ])
  expect(stack()).toHaveLength(1)
})

test('closing a view that clears closes the whole stack', async () => {
  const { slack, bot, stack, submit } = await withModal()
  const { notify_on_close: _quiet, ...quiet } = view('two')
  await submit({ response_action: 'push', view: { ...quiet, clear_on_close: true } })
  const closing = slack.closeView({ userId: 'U0ALICE', viewId: stack()[1]!.id })
  const envelope = await bot.next()
  expect(envelope.payload).toMatchObject({ type: 'view_closed', is_cleared: true, view: { previous_view_id: null } })
  bot.ack(envelope)
  await closing
  expect(stack()).toEqual([])
})

test('a submission nobody acknowledges leaves the view open, with the words of Slack', async () => {
  const { real, slack, bot, stack } = await withModal()
  const outcome = slack.submitView({ userId: 'U0ALICE', viewId: stack()[0]!.id, values: { one: 'kept' } })
  await bot.next()
  real.pass(3000)
  expect(await outcome).toMatchObject({ ok: false, error: 'operation_timeout' })
  expect(stack()[0]).toMatchObject({
    notice: 'We had some trouble connecting. Try again?',
    values: { one: { a: { value: 'kept' } } },
  })
})

test('the app hears of a closed view only if the view asked for that', async () => {
  const { slack, bot, stack } = await withModal()
  const closing = slack.closeView({ userId: 'U0ALICE', viewId: stack()[0]!.id })
  const envelope = await bot.next()
  expect(envelope.payload).toMatchObject({ type: 'view_closed', is_cleared: false, view: { callback_id: 'c' } })
  bot.ack(envelope)
  await closing
  expect(stack()).toEqual([])
  const typed = slack.command(command)
  const again = await bot.next()
  const { notify_on_close: _quiet, ...quiet } = view('one')
  await clientOf(slack).views.open({ trigger_id: again.payload.trigger_id, view: quiet })
  bot.ack(again)
  await typed
  await slack.closeView({ userId: 'U0ALICE', viewId: stack()[0]!.id })
  expect(stack()).toEqual([])
})

test('views.update keeps what was entered where the input stays, and refuses an old hash', async () => {
  const { slack, stack } = await withModal()
  const { id, hash } = stack()[0]!
  const change = { userId: 'U0ALICE', viewId: id, blockId: 'one', actionId: 'a', value: 'typed' }
  expect(await slack.changeInput(change)).toEqual({ ok: true })
  const longer = { ...view('one'), blocks: [...view('one').blocks, ...view('two').blocks] }
  await clientOf(slack).views.update({ view_id: id, hash, view: longer })
  expect(stack()[0]?.values).toEqual({
    one: { a: { type: 'plain_text_input', value: 'typed' } },
    two: { a: { type: 'plain_text_input', value: null } },
  })
  expect(await codeOf(clientOf(slack).views.update({ view_id: id, hash, view: longer }))).toBe('hash_conflict')
})

test('an input in a modal reaches a listener of Bolt when its block asks for it, and so does a button', async () => {
  const slack = await startSlack()
  const heard: unknown[] = []
  await startBot(slack, app => {
    app.command('/request-access', async ({ ack, body, client }) => {
      const [input] = view('one').blocks
      const text = { type: 'plain_text' as const, text: 'More' }
      const blocks = [
        { ...input!, dispatch_action: true },
        { type: 'actions', block_id: 'x', elements: [{ type: 'button', action_id: 'more', text }] },
      ]
      await client.views.open({ trigger_id: body.trigger_id, view: { ...view('one'), blocks } as ModalView })
      await ack()
    })
    app.action(/a|more/, async ({ ack, action, body }) => {
      heard.push([action.type, 'value' in action ? action.value : undefined, 'container' in body && body.container])
      await ack()
    })
  })
  await slack.command(command)
  const { id } = slack.snapshot().views['U0ALICE']![0]!
  await slack.changeInput({ userId: 'U0ALICE', viewId: id, blockId: 'one', actionId: 'a', value: 'hi' })
  await slack.click({ userId: 'U0ALICE', viewId: id, actionId: 'more' })
  expect(heard).toEqual([
    ['plain_text_input', 'hi', { type: 'view', view_id: id }],
    ['button', undefined, { type: 'view', view_id: id }],
  ])
  expect(slack.violations.list()).toEqual([])
})
