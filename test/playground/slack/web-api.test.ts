import type { ModalView } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import { expect, test } from 'vitest'
import { openJournal } from '../../../src/playground/journal.ts'
import type { SimulatedSlack } from '../../../src/playground/slack/simulated-slack.ts'
import { seed } from './seed.ts'
import { clientOf, codeOf, createHandTime, seedWithScopes, startBot, startSlack } from './support.ts'

const view: ModalView = {
  type: 'modal',
  external_id: 'ext',
  title: { type: 'plain_text', text: 'Title' },
  blocks: [{ type: 'divider' }],
}
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } })

/** Runs a slash command and hands out the trigger it came with, command acknowledged. */
async function triggersOf(slack: SimulatedSlack): Promise<() => Promise<string>> {
  const got: string[] = []
  await startBot(slack, app => {
    app.command('/request-access', async ({ ack, body }) => {
      got.push(body.trigger_id)
      await ack()
    })
  })
  return async () => {
    await slack.command({ userId: 'U0ALICE', channelId: 'C0APPROVE', command: '/request-access' })
    return got.at(-1)!
  }
}

test.each<[string, (client: WebClient) => Promise<unknown>]>([
  ['unknown_method', client => client.apiCall('chat.shout', {})],
  ['invalid_arguments', client => client.apiCall('chat.postMessage', { text: 'x' })],
  ['channel_not_found', client => client.chat.postMessage({ channel: 'C0NOWHERE', text: 'x' })],
  ['channel_not_found', client => client.chat.postMessage({ channel: 'G0HIDDEN', text: 'x' })],
  ['channel_not_found', client => client.chat.postMessage({ channel: 'U0GONE', text: 'x' })],
  ['not_in_channel', client => client.chat.postMessage({ channel: 'C0OTHER', text: 'x' })],
  ['is_archived', client => client.chat.postMessage({ channel: 'C0OLD', text: 'x' })],
  ['no_text', client => client.chat.postMessage({ channel: 'C0APPROVE', text: ' ' })],
  ['msg_too_long', client => client.chat.postMessage({ channel: 'C0APPROVE', text: 'x'.repeat(40_001) })],
  ['invalid_blocks', client => client.chat.postMessage({ channel: 'C0APPROVE', text: 'x', blocks: [section('')] })],
  [
    'invalid_blocks_format',
    client => client.apiCall('chat.postMessage', { channel: 'C0APPROVE', text: 'x', blocks: '[{' }),
  ],
  ['thread_not_found', client => client.chat.postMessage({ channel: 'C0APPROVE', text: 'x', thread_ts: '1.000000' })],
  [
    'invalid_metadata_schema',
    client => client.apiCall('chat.postMessage', { channel: 'C0APPROVE', text: 'x', metadata: { event_type: 'e' } }),
  ],
  [
    'metadata_too_large',
    client =>
      client.chat.postMessage({
        channel: 'C0APPROVE',
        text: 'x',
        metadata: { event_type: 'e', event_payload: { long: 'x'.repeat(16_000) } },
      }),
  ],
  ['user_not_in_channel', client => client.chat.postEphemeral({ channel: 'C0APPROVE', user: 'U0GUEST', text: 'x' })],
  ['message_not_found', client => client.chat.update({ channel: 'C0APPROVE', ts: '1.000000', text: 'x' })],
  ['message_not_found', client => client.chat.delete({ channel: 'C0APPROVE', ts: '1.000000' })],
  ['users_list_not_supplied', client => client.apiCall('conversations.open', {})],
  ['user_not_found', client => client.conversations.open({ users: 'U0NOBODY' })],
  ['user_disabled', client => client.conversations.open({ users: 'U0GONE' })],
  ['cannot_dm_bot', client => client.conversations.open({ users: 'U0ROBOT' })],
  ['user_not_visible', client => client.conversations.open({ users: 'U0OUT' })],
  ['channel_not_found', client => client.conversations.info({ channel: 'G0HIDDEN' })],
  ['not_in_channel', client => client.conversations.history({ channel: 'C0OTHER' })],
  ['invalid_limit', client => client.conversations.history({ channel: 'C0APPROVE', limit: 1000 })],
  ['invalid_cursor', client => client.conversations.members({ channel: 'C0APPROVE', cursor: 'zzz' })],
  ['user_not_found', client => client.users.info({ user: 'U0NOBODY' })],
  ['no_such_subteam', client => client.usergroups.users.list({ usergroup: 'S0NOTHING' })],
  ['invalid_trigger_id', client => client.views.open({ trigger_id: 'made-up', view })],
  ['invalid_arguments', client => client.views.open({ trigger_id: 'made-up', view: { ...view, blocks: [] } })],
  ['view_too_large', client => client.views.open({ trigger_id: 'made-up', view: hugeView() })],
  ['not_found', client => client.views.update({ view_id: 'V0NONE', view })],
  ['invalid_arguments', client => client.apiCall('views.update', { view })],
])('Slack refuses with %s, and it is on the list of violations (%#)', async (code, call) => {
  const slack = await startSlack()
  expect(await codeOf(call(clientOf(slack)))).toBe(code)
  expect(slack.violations.list().map(violation => violation.code)).toEqual([code])
})

function hugeView(): ModalView {
  const text = { type: 'mrkdwn' as const, text: 'x'.repeat(3000) }
  return { ...view, blocks: Array.from({ length: 90 }, () => ({ type: 'section' as const, text })) }
}

test('a refusal of blocks says where and why, in the form of Slack', async () => {
  const slack = await startSlack()
  const button = { type: 'button' as const, text: { type: 'plain_text' as const, text: 'x'.repeat(76) } }
  const call = clientOf(slack).chat.postMessage({
    channel: 'C0APPROVE',
    text: 'x',
    blocks: [{ type: 'actions', elements: [button] }],
  })
  await expect(call).rejects.toMatchObject({
    data: {
      ok: false,
      error: 'invalid_blocks',
      response_metadata: {
        messages: ['[ERROR] must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]'],
      },
    },
  })
})

test('looking up an address nobody has is an answer, not a violation', async () => {
  const slack = await startSlack()
  const client = clientOf(slack)
  expect(await codeOf(client.users.lookupByEmail({ email: 'nobody@example.com' }))).toBe('users_not_found')
  expect(await codeOf(client.users.lookupByEmail({ email: 'gone@example.com' }))).toBe('users_not_found')
  expect((await client.users.lookupByEmail({ email: 'Alice@example.com' })).user?.id).toBe('U0ALICE')
  expect(slack.violations.list()).toEqual([])
})

test('the app cannot change or delete what Slack or another bot wrote, nor ephemeral messages', async () => {
  const journal = openJournal()
  const message = { ts: '1795251600.000000', user: 'U0ROBOT', text: 'Not yours', blocks: [] }
  const data = { channelId: 'C0APPROVE', message }
  journal.append({ at: '2026-11-21T09:00:00.000Z', source: 'slack', type: 'message.posted', data })
  const slack = await startSlack({ journal })
  const client = clientOf(slack)
  const foreign = { channel: 'C0APPROVE', ts: message.ts }
  expect(await codeOf(client.chat.update({ ...foreign, text: 'x' }))).toBe('cant_update_message')
  expect(await codeOf(client.chat.delete(foreign))).toBe('cant_delete_message')
  const ephemeral = await client.chat.postEphemeral({ channel: 'C0APPROVE', user: 'U0BOB', text: 'x' })
  const hidden = { channel: 'C0APPROVE', ts: ephemeral.message_ts!, text: 'y' }
  expect(await codeOf(client.chat.update(hidden))).toBe('message_not_found')
})

test.each([
  ['not_authed', undefined],
  ['invalid_auth', 'xoxb-stolen'],
  ['not_allowed_token_type', 'xapp-test'],
])('a call is refused with %s', async (code, token) => {
  const slack = await startSlack()
  const response = await fetch(`${slack.url}auth.test`, {
    method: 'POST',
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  })
  expect(await response.json()).toEqual({ ok: false, error: code })
})

test.each<[string, (client: WebClient) => Promise<unknown>]>([
  ['chat:write', client => client.chat.postMessage({ channel: 'C0APPROVE', text: 'x' })],
  ['chat:write', client => client.chat.update({ channel: 'C0APPROVE', ts: '1.0', text: 'x' })],
  ['im:write', client => client.conversations.open({ users: 'U0ALICE' })],
  ['channels:read', client => client.conversations.info({ channel: 'C0APPROVE' })],
  ['channels:read', client => client.conversations.members({ channel: 'C0APPROVE' })],
  ['channels:history', client => client.conversations.history({ channel: 'C0APPROVE' })],
  ['users:read', client => client.users.info({ user: 'U0ALICE' })],
  ['users:read.email', client => client.users.lookupByEmail({ email: 'alice@example.com' })],
  ['usergroups:read', client => client.usergroups.users.list({ usergroup: 'S0PLATFORM' })],
])('without the scope %s the call is refused, with what is needed and what there is (%#)', async (needed, call) => {
  const slack = await startSlack({ seed: seedWithScopes('commands', 'reactions:read') })
  await expect(call(clientOf(slack))).rejects.toMatchObject({
    data: { error: 'missing_scope', needed, provided: 'commands,reactions:read' },
  })
})

test('users.info gives the e-mail address only with its scope, and the locale only when asked', async () => {
  const slack = await startSlack()
  const { user } = await clientOf(slack).users.info({ user: 'U0BOB', include_locale: true })
  expect(user).toMatchObject({
    id: 'U0BOB',
    team_id: 'T0001',
    deleted: false,
    tz: 'Asia/Tokyo',
    tz_label: 'Japan Standard Time',
    tz_offset: 32400,
    locale: 'ja-JP',
    is_restricted: false,
    is_bot: false,
    is_email_confirmed: true,
    profile: { email: 'bob@example.com' },
  })
  const poor = await startSlack({ seed: seedWithScopes('users:read') })
  const plain = (await clientOf(poor).users.info({ user: 'U0BOB' })).user
  expect(plain?.profile).not.toHaveProperty('email')
  expect(plain).not.toHaveProperty('locale')
})

test('an outsider carries their own team, no e-mail address, and is no stranger', async () => {
  const slack = await startSlack()
  const { user } = await clientOf(slack).users.info({ user: 'U0OUT' })
  expect(user).toMatchObject({ team_id: 'T0OTHER', is_stranger: false })
  expect(user?.profile).not.toHaveProperty('email')
})

test('guests, leavers and bots are marked as such', async () => {
  const slack = await startSlack()
  const info = async (user: string) => (await clientOf(slack).users.info({ user })).user
  expect(await info('U0GUEST')).toMatchObject({ is_restricted: true })
  expect(await info('U0GONE')).toMatchObject({ deleted: true })
  expect(await info('U0GONE')).not.toHaveProperty('tz')
  expect(await info('U0BOT')).toMatchObject({ is_bot: true, real_name: 'Curfew' })
})

test('a user group lists its members without the deactivated ones', async () => {
  const slack = await startSlack()
  const list = async () => (await clientOf(slack).usergroups.users.list({ usergroup: 'S0PLATFORM' })).users
  expect(await list()).toEqual(['U0BOB'])
  slack.setUserGroup('S0PLATFORM', ['U0ALICE', 'U0BOB'])
  expect(await list()).toEqual(['U0ALICE', 'U0BOB'])
})

test('auth.test says who the bot is, and which scopes its token carries', async () => {
  const slack = await startSlack({ seed: seedWithScopes('chat:write', 'users:read') })
  expect(await clientOf(slack).auth.test()).toEqual({
    ok: true,
    url: 'https://example.slack.com/',
    team: 'Example',
    team_id: 'T0001',
    user: 'curfew',
    user_id: 'U0BOT',
    bot_id: 'B0BOT',
    is_enterprise_install: false,
    response_metadata: { scopes: ['chat:write', 'users:read'] },
  })
})

test('arguments are read from a form and from JSON, but a token in JSON is not', async () => {
  const slack = await startSlack()
  const post = async (body: string, headers: Record<string, string>) => {
    const response = await fetch(`${slack.url}chat.postMessage`, { method: 'POST', body, headers })
    return (await response.json()) as { ok: boolean; error?: string }
  }
  const json = { 'content-type': 'application/json; charset=utf-8' }
  const message = { channel: 'C0APPROVE', text: '日本語', blocks: [section('日本語')] }
  const bearer = { authorization: 'Bearer xoxb-test' }
  expect(await post(JSON.stringify(message), { ...json, ...bearer })).toMatchObject({ ok: true })
  const form = new URLSearchParams({ ...message, blocks: JSON.stringify(message.blocks), token: 'xoxb-test' })
  const formType = { 'content-type': 'application/x-www-form-urlencoded' }
  expect(await post(form.toString(), formType)).toMatchObject({ ok: true })
  expect(await post(JSON.stringify({ ...message, token: 'xoxb-test' }), json)).toEqual({
    ok: false,
    error: 'not_authed',
  })
  const blocks = slack.snapshot().channels[0]?.messages.map(one => one.blocks[0]?.type)
  expect(blocks).toEqual(['section', 'section'])
})

test('history is newest first, in pages, and carries metadata only when asked', async () => {
  const slack = await startSlack()
  const client = clientOf(slack)
  const metadata = { event_type: 'e', event_payload: { id: '1' } }
  const one = await client.chat.postMessage({ channel: 'C0APPROVE', text: 'one', metadata })
  const two = await client.chat.postMessage({ channel: 'C0APPROVE', text: 'two' })
  await client.chat.postMessage({ channel: 'C0APPROVE', text: 'three' })
  await client.chat.postEphemeral({ channel: 'C0APPROVE', user: 'U0BOB', text: 'hidden' })
  const texts = (answer: { messages?: { text?: string }[] }) => answer.messages?.map(message => message.text)

  const first = await client.conversations.history({ channel: 'C0APPROVE', limit: 2 })
  expect(texts(first)).toEqual(['three', 'two'])
  expect(first.has_more).toBe(true)
  const cursor = first.response_metadata!.next_cursor!
  const rest = await client.conversations.history({ channel: 'C0APPROVE', cursor, include_all_metadata: true })
  expect(rest.messages).toMatchObject([{ text: 'one', metadata }])
  expect((await client.conversations.history({ channel: 'C0APPROVE' })).messages?.[2]).not.toHaveProperty('metadata')
  const between = { channel: 'C0APPROVE', oldest: one.ts!, latest: two.ts! }
  expect(texts(await client.conversations.history(between))).toEqual([])
  expect(texts(await client.conversations.history({ ...between, inclusive: true }))).toEqual(['two', 'one'])
})

test('a direct conversation is opened once, and a message to a person goes there', async () => {
  const slack = await startSlack()
  const client = clientOf(slack)
  const opened = await client.conversations.open({ users: 'U0ALICE' })
  expect(opened.already_open).toBeUndefined()
  expect((await client.conversations.open({ users: 'U0ALICE' })).already_open).toBe(true)
  const posted = await client.chat.postMessage({ channel: 'U0ALICE', text: 'x' })
  expect(posted.channel).toBe(opened.channel?.id)
  expect((await client.conversations.members({ channel: posted.channel! })).members).toEqual(['U0ALICE', 'U0BOT'])
  slack.setUser('U0ALICE', { deleted: true })
  expect(await codeOf(client.chat.postMessage({ channel: posted.channel!, text: 'x' }))).toBe('is_archived')
})

test('an update without blocks takes the blocks away, and keeps the metadata', async () => {
  const slack = await startSlack()
  const client = clientOf(slack)
  const metadata = { event_type: 'e', event_payload: { id: '1' } }
  const { ts } = await client.chat.postMessage({ channel: 'C0APPROVE', text: 'x', blocks: [section('x')], metadata })
  const message = () => slack.snapshot().channels[0]!.messages[0]!
  await client.chat.update({ channel: 'C0APPROVE', ts: ts!, text: 'y', blocks: [section('y')] })
  expect(message()).toMatchObject({ text: 'y', blocks: [section('y')] })
  expect(message()).not.toHaveProperty('edited')
  await client.chat.update({ channel: 'C0APPROVE', ts: ts!, text: 'z' })
  expect(message()).toMatchObject({ text: 'z', blocks: [], edited: { user: 'U0BOT' }, metadata })
  const long = client.chat.update({ channel: 'C0APPROVE', ts: ts!, text: 'x'.repeat(4001) })
  expect(await codeOf(long)).toBe('msg_too_long')
})

test('a trigger opens one view within three seconds', async () => {
  const real = createHandTime()
  const slack = await startSlack({ real })
  const trigger = await triggersOf(slack)
  const client = clientOf(slack)
  const first = await trigger()
  real.pass(3000)
  expect(await codeOf(client.views.open({ trigger_id: first, view }))).toBe('ok')
  expect(await codeOf(client.views.open({ trigger_id: first, view: { ...view, external_id: 'b' } }))).toBe(
    'exchanged_trigger_id',
  )
  const second = await trigger()
  expect(await codeOf(client.views.open({ trigger_id: second, view }))).toBe('duplicate_external_id')
  real.pass(3001)
  expect(await codeOf(client.views.open({ trigger_id: second, view: { ...view, external_id: 'b' } }))).toBe(
    'expired_trigger_id',
  )
})

test('at most three views lie on top of each other, and pushing needs a trigger from the modal itself', async () => {
  const commands = ['/request-access', '/open']
  const slack = await startSlack({ seed: { ...seed, app: { ...seed.app, commands } } })
  const client = clientOf(slack)
  const text = { type: 'plain_text' as const, text: 'More' }
  const button = { type: 'actions', block_id: 'x', elements: [{ type: 'button', action_id: 'more', text }] }
  const { external_id: _none, ...plain } = { ...view, blocks: [button] }
  const pushable = plain as ModalView
  const codes: string[] = []
  await startBot(slack, app => {
    app.command('/request-access', async ({ ack, body }) => {
      codes.push(await codeOf(client.views.push({ trigger_id: body.trigger_id, view: pushable })))
      await ack()
    })
    app.command('/open', async ({ ack, body }) => {
      codes.push(await codeOf(client.views.open({ trigger_id: body.trigger_id, view: pushable })))
      await ack()
    })
    app.action('more', async ({ ack, body }) => {
      const { trigger_id } = body as { trigger_id: string }
      codes.push(await codeOf(client.views.push({ trigger_id, view: pushable })))
      await ack()
    })
  })
  await slack.command({ userId: 'U0ALICE', channelId: 'C0APPROVE', command: '/request-access' })
  await slack.command({ userId: 'U0ALICE', channelId: 'C0APPROVE', command: '/open' })
  const more = () =>
    slack.click({ userId: 'U0ALICE', viewId: slack.snapshot().views['U0ALICE']!.at(-1)!.id, actionId: 'more' })
  await more()
  await more()
  await more()
  expect(codes).toEqual(['invalid_trigger_id', 'ok', 'ok', 'ok', 'push_limit_reached'])
  expect(slack.snapshot().views['U0ALICE']).toHaveLength(3)
})

test('a response_url takes five posts within thirty minutes', async () => {
  const real = createHandTime()
  const slack = await startSlack({ real })
  const urls: string[] = []
  await startBot(slack, app => {
    app.command('/request-access', async ({ ack, body }) => {
      urls.push(body.response_url)
      await ack()
    })
  })
  const type = () => slack.command({ userId: 'U0ALICE', channelId: 'C0APPROVE', command: '/request-access' })
  const post = async (url: string | undefined, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(url!, { method: 'POST', headers, body: JSON.stringify(body) })
    return [response.status, ((await response.json()) as { error?: string }).error]
  }
  await type()
  for (const text of ['1', '2', '3', '4']) expect(await post(urls[0], { text })).toEqual([200, undefined])
  expect(await post(urls[0], { text: '5', response_type: 'in_channel' })).toEqual([200, undefined])
  expect(await post(urls[0], { text: '6' })).toEqual([404, 'used_url'])
  const said = slack.snapshot().channels[0]!.messages.map(message => [message.text, message.ephemeralFor])
  expect(said).toEqual([...['1', '2', '3', '4'].map(text => [text, 'U0ALICE']), ['5', undefined]])

  await type()
  expect(await post(urls[1], { blocks: [{ type: 'nothing' }] })).toEqual([400, 'invalid_blocks'])
  real.pass(30 * 60_000 + 1)
  expect(await post(urls[1], { text: 'late' })).toEqual([404, 'expired_url'])
})

test('the response_url of a click replaces or deletes the message, ephemeral or not', async () => {
  const slack = await startSlack()
  const asked: object[] = [{ replace_original: true, text: 'replaced' }, { delete_original: true }]
  await startBot(slack, app => {
    app.action('go', async ({ ack, respond }) => {
      await ack()
      await respond(asked.shift() as Parameters<typeof respond>[0])
    })
  })
  const button = { type: 'button' as const, action_id: 'go', text: { type: 'plain_text' as const, text: 'Go' } }
  const blocks = [{ type: 'actions' as const, elements: [button] }]
  const client = clientOf(slack)
  const one = await client.chat.postMessage({ channel: 'C0APPROVE', text: 'one', blocks })
  const two = await client.chat.postEphemeral({ channel: 'C0APPROVE', user: 'U0ALICE', text: 'two', blocks })
  const texts = () => slack.snapshot().channels[0]!.messages.map(message => message.text)
  const click = { userId: 'U0ALICE', channelId: 'C0APPROVE', actionId: 'go' }
  const changed = (texts_: string[]) => expect.poll(texts, { interval: 5 }).toEqual(texts_)
  await slack.click({ ...click, ts: one.ts! })
  await changed(['replaced', 'two'])
  await expect(slack.click({ ...click, userId: 'U0BOB', ts: two.message_ts! })).rejects.toThrow('sees no message')
  await slack.click({ ...click, ts: two.message_ts! })
  await changed(['replaced'])
})

test('too many calls in a minute are answered with 429 and when to come back', async () => {
  const real = createHandTime()
  const slack = await startSlack({ real })
  const list = () => clientOf(slack).usergroups.users.list({ usergroup: 'S0PLATFORM' })
  for (let call = 1; call <= 20; call++) await list()
  real.pass(45_000)
  await expect(list()).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 15 })
  real.pass(15_000)
  await list()
})

test('a channel takes a burst of ten messages, then one a second; another channel is not affected', async () => {
  const real = createHandTime()
  const slack = await startSlack({ real })
  const post = (channel: string) => clientOf(slack).chat.postMessage({ channel, text: 'x' })
  for (let call = 1; call <= 10; call++) {
    await post('C0APPROVE')
    real.pass(100)
  }
  await expect(post('C0APPROVE')).rejects.toMatchObject({ retryAfter: 9 })
  await post('U0ALICE')
  const free = await startSlack({ rateLimits: 'off' })
  for (let call = 1; call <= 11; call++) await clientOf(free).chat.postMessage({ channel: 'C0APPROVE', text: 'x' })
})

test('faults strike as often as told: limited, failing, hanging, or unheard though it took effect', async () => {
  const slack = await startSlack()
  const client = clientOf(slack)
  const post = (text: string) => client.chat.postMessage({ channel: 'C0APPROVE', text })
  slack.faults.add({ method: 'chat.postMessage', kind: 'rate_limit', retryAfterSeconds: 7 })
  slack.faults.add({ method: /^chat\./, kind: 'fail', times: 2 })
  await expect(post('limited')).rejects.toMatchObject({ retryAfter: 7 })
  expect(await codeOf(post('failed'))).toBe('internal_error')
  expect(await codeOf(post('failed'))).toBe('internal_error')
  expect(await codeOf(post('heard'))).toBe('ok')

  slack.faults.add({ method: 'chat.postMessage', kind: 'unheard' })
  await expect(post('unheard')).rejects.toMatchObject({ code: 'slack_webapi_request_error' })
  slack.faults.add({ method: 'chat.postMessage', kind: 'hang' })
  const hanging = fetch(`${slack.url}chat.postMessage`, { method: 'POST', signal: AbortSignal.timeout(50) })
  await expect(hanging).rejects.toThrow('timeout')

  const remove = slack.faults.add({ method: 'chat.postMessage', kind: 'fail', times: Number.POSITIVE_INFINITY })
  expect(await codeOf(post('failed'))).toBe('internal_error')
  remove()
  slack.faults.add({ method: /./, kind: 'fail' })
  slack.faults.clear()
  expect(await codeOf(post('heard again'))).toBe('ok')
  expect(slack.snapshot().channels[0]!.messages.map(message => message.text)).toEqual([
    'heard',
    'unheard',
    'heard again',
  ])
  expect(slack.violations.list()).toEqual([])
  expect(slack.calls.list().map(call => call.outcome)).toEqual([
    'rate_limit',
    'fail',
    'fail',
    'ok',
    'unheard',
    'hang',
    'fail',
    'ok',
  ])
})
