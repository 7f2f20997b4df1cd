import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { App, HTTPReceiver, LogLevel } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { expect, onTestFinished, test } from 'vitest'
import type { SimulatedSlack } from '../../../src/playground/slack/simulated-slack.ts'
import { seed } from './seed.ts'
import { clientOf, createHandTime, startBot, startSlack } from './support.ts'

const command = { userId: 'U0ALICE', channelId: 'C0APPROVE', command: '/request-access' }
const noResponse = '/request-access failed because the app did not respond'

type Posted = { headers: IncomingHttpHeaders; body: string }
type Answer = { status?: number; body?: string } | 'never' | 'break off'

/** Simulated Slack with a request URL where every post is recorded and answered as told. */
async function withRequestUrl(answer: Answer, options: Parameters<typeof startSlack>[0] = {}) {
  const slack = await startSlack(options)
  const posted: Posted[] = []
  let heard = () => {}
  const arrived = new Promise<void>(resolve => {
    heard = resolve
  })
  const server = createServer(async (request, response) => {
    posted.push({ headers: request.headers, body: await text(request) })
    heard()
    if (answer === 'break off') return response.destroy()
    if (answer !== 'never') response.writeHead(answer.status ?? 200).end(answer.body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  slack.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`)
  return { slack, posted, arrived }
}

const codes = (slack: SimulatedSlack) => slack.violations.list().map(({ code }) => code)

/** A message with one button, posted by the bot. */
async function aButton(slack: SimulatedSlack) {
  const elements = [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } } as const]
  const blocks = [{ type: 'actions', elements } as const]
  const { ts } = await clientOf(slack).chat.postMessage({ channel: 'C0APPROVE', text: 'Go?', blocks })
  return { userId: 'U0BOB', channelId: 'C0APPROVE', ts: ts!, actionId: 'go' }
}

test('a command is posted as a plain signed form', async () => {
  const real = createHandTime()
  const { slack, posted } = await withRequestUrl({}, { real })
  expect(await slack.command({ ...command, text: 'prod & dev' })).toEqual({ ok: true })
  const [{ headers, body }] = posted as [Posted]
  expect(headers['content-type']).toBe('application/x-www-form-urlencoded')
  expect(headers['x-slack-request-timestamp']).toBe('1795251600')
  expect(headers['x-slack-signature']).toMatch(/^v0=[0-9a-f]{64}$/)
  expect(Object.fromEntries(new URLSearchParams(body))).toMatchObject({
    command: '/request-access',
    text: 'prod & dev',
    user_id: 'U0ALICE',
    team_id: 'T0001',
    trigger_id: expect.any(String),
  })
})

test('a click is posted as JSON in the one field of a form', async () => {
  const { slack, posted } = await withRequestUrl({})
  expect(await slack.click(await aButton(slack))).toEqual({ ok: true })
  const fields = [...new URLSearchParams(posted[0]?.body)]
  expect(fields.map(([name]) => name)).toEqual(['payload'])
  expect(JSON.parse(fields[0]?.[1] ?? '')).toMatchObject({
    type: 'block_actions',
    user: { id: 'U0BOB', team_id: 'T0001' },
    actions: [{ action_id: 'go' }],
  })
})

test.each([
  ['JSON', { body: '{"text":"One moment"}' }],
  ['plain words', { body: 'One moment' }],
])('a command may be answered with %s', async (_what, answer) => {
  const { slack } = await withRequestUrl(answer)
  expect(await slack.command(command)).toEqual({ ok: true, text: 'One moment' })
  expect(codes(slack)).toEqual([])
})

test.each([
  ['an error', { status: 500 }, ['http_service_error']],
  ['a refusal of the signature', { status: 401 }, ['http_service_error']],
  ['a redirection', { status: 302 }, ['http_service_error']],
  ['a broken connection', 'break off', []],
] as [
  string,
  Answer,
  string[],
][])('with %s the person sees the failure of Slack', async (_what, answer, violations) => {
  const { slack } = await withRequestUrl(answer)
  expect(await slack.command(command)).toEqual({ ok: false, error: 'dispatch_failed', message: noResponse })
  expect(codes(slack)).toEqual(violations)
})

test('with nobody at the request URL the person sees the failure of Slack, whatever sockets are open', async () => {
  const { slack } = await withRequestUrl({})
  await startBot(slack, app => app.command('/request-access', ({ ack }) => ack('Over a socket')))
  slack.setRequestUrl('http://127.0.0.1:9/slack/events')
  expect(await slack.command(command)).toMatchObject({ ok: false, error: 'dispatch_failed' })
  slack.setRequestUrl(undefined)
  expect(await slack.command(command)).toEqual({ ok: true, text: 'Over a socket' })
})

test('what is not answered for three seconds has failed', async () => {
  const real = createHandTime()
  const { slack, arrived } = await withRequestUrl('never', { real })
  const outcome = slack.command(command)
  await arrived
  real.pass(2999)
  expect(codes(slack)).toEqual([])
  real.pass(1)
  expect(await outcome).toEqual({ ok: false, error: 'operation_timeout', message: noResponse })
  expect(codes(slack)).toEqual(['operation_timeout'])
})

test('a click takes no answer in its acknowledgement', async () => {
  const { slack } = await withRequestUrl({ body: '{"text":"Thanks"}' })
  expect(await slack.click(await aButton(slack))).toEqual({ ok: true })
  expect(codes(slack)).toEqual(['unexpected_response_payload'])
})

test('a real Bolt app takes the signature, opens a form and answers it', async () => {
  const slack = await startSlack()
  const receiver = new HTTPReceiver({ signingSecret: seed.app.signingSecret, logLevel: LogLevel.ERROR })
  const app = new App({ token: seed.app.botToken, receiver, clientOptions: { slackApiUrl: slack.url } })
  const label = { type: 'plain_text', text: 'Why' } as const
  const view: ModalView = {
    type: 'modal',
    callback_id: 'why',
    title: label,
    submit: label,
    blocks: [{ type: 'input', block_id: 'why', label, element: { type: 'plain_text_input', action_id: 'why' } }],
  }
  app.command('/request-access', async ({ ack, client, command: { trigger_id } }) => {
    await client.views.open({ trigger_id, view })
    await ack()
  })
  app.view('why', ({ ack }) => ack({ response_action: 'errors', errors: { why: 'Say more: 理由' } }))
  const server = createServer(receiver.requestListener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  slack.setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`)
  expect(await slack.command(command)).toEqual({ ok: true })
  const viewId = slack.snapshot().views['U0ALICE']?.[0]?.id ?? ''
  const sent = await slack.submitView({ userId: 'U0ALICE', viewId, values: { why: 'So' } })
  expect(sent).toEqual({ ok: false, error: 'app', errors: { why: 'Say more: 理由' } })
  expect(codes(slack)).toEqual([])
})
