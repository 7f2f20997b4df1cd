import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { App } from '@slack/bolt'
import type { ModalView } from '@slack/types'
import { expect, onTestFinished, test } from 'vitest'
import { openJournal } from '../../../src/playground/journal.ts'
import { createWorldClock } from '../../../src/playground/world-clock.ts'
import { clientOf, startBot, startSlack } from './support.ts'

const modal: ModalView = {
  type: 'modal',
  callback_id: 'request-access',
  title: { type: 'plain_text', text: 'Request access' },
  submit: { type: 'plain_text', text: 'Request' },
  blocks: [
    {
      type: 'input',
      block_id: 'entitlement',
      dispatch_action: true,
      label: { type: 'plain_text', text: 'Access' },
      element: {
        type: 'static_select',
        action_id: 'choose',
        options: [
          { text: { type: 'plain_text', text: 'Production read-only' }, value: 'prod-read-only' },
          { text: { type: 'plain_text', text: 'One table' }, value: 'dev-table' },
        ],
      },
    },
    {
      type: 'input',
      block_id: 'reason',
      label: { type: 'plain_text', text: 'Reason' },
      element: { type: 'plain_text_input', action_id: 'text', min_length: 5 },
    },
  ],
}

const approve = {
  type: 'actions' as const,
  block_id: 'decide',
  elements: [
    {
      type: 'button' as const,
      action_id: 'approve',
      value: 'req_1',
      text: { type: 'plain_text' as const, text: 'Approve' },
    },
  ],
}

/** Asks for access with a modal, announces it with a button, and says who clicked. */
function approvals(app: App) {
  app.command('/request-access', async ({ ack, body, client }) => {
    await client.views.open({ trigger_id: body.trigger_id, view: modal })
    await ack()
  })
  app.action('choose', ({ ack }) => ack())
  app.view('request-access', async ({ ack, view, body, client }) => {
    const reason = view.state.values['reason']?.['text']?.value ?? ''
    if (reason.includes('because')) {
      await ack({ response_action: 'errors', errors: { reason: 'Say more than "because".' } })
      return
    }
    await ack()
    await client.chat.postMessage({
      channel: 'C0APPROVE',
      text: `<@${body.user.id}> asks: ${reason}`,
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: reason } }, approve],
      metadata: { event_type: 'access_request', event_payload: { id: 'req_1' } },
    })
  })
  app.action('approve', async ({ ack, body, client }) => {
    await ack()
    if (body.type !== 'block_actions' || !body.message) return
    await client.chat.update({
      channel: 'C0APPROVE',
      ts: body.message.ts,
      text: `Approved by ${body.user.id} of ${body.user.team_id}`,
    })
  })
}

const until = async <T>(slack: { onChange(listener: () => void): () => void }, look: () => T | undefined): Promise<T> =>
  new Promise(resolve => {
    const check = () => {
      const found = look()
      if (found === undefined) return
      stop()
      resolve(found)
    }
    const stop = slack.onChange(check)
    check()
  })

test('a command, a modal, a message, a click and an update go the whole way, and nothing was refused', async () => {
  const slack = await startSlack()
  await startBot(slack, approvals)
  const topOf = (userId: string) => slack.snapshot().views[userId]?.at(-1)
  const messages = () => slack.snapshot().channels.find(channel => channel.id === 'C0APPROVE')?.messages ?? []

  expect(await slack.command({ userId: 'U0ALICE', channelId: 'C0APPROVE', command: '/request-access' })).toEqual({
    ok: true,
  })
  const viewId = topOf('U0ALICE')!.id
  expect(topOf('U0ALICE')?.view.title.text).toBe('Request access')

  const choice = { userId: 'U0ALICE', viewId, blockId: 'entitlement', actionId: 'choose', value: 'dev-table' }
  expect(await slack.changeInput(choice)).toEqual({ ok: true })
  expect(await slack.submitView({ userId: 'U0ALICE', viewId })).toEqual({
    ok: false,
    error: 'client',
    errors: { reason: 'Please complete this required field.' },
  })
  expect(await slack.submitView({ userId: 'U0ALICE', viewId, values: { reason: 'because' } })).toEqual({
    ok: false,
    error: 'app',
    errors: { reason: 'Say more than "because".' },
  })
  expect(topOf('U0ALICE')?.errors).toEqual({ reason: 'Say more than "because".' })
  expect(topOf('U0ALICE')?.values).toEqual({
    entitlement: {
      choose: {
        type: 'static_select',
        selected_option: { text: { type: 'plain_text', text: 'One table' }, value: 'dev-table' },
      },
    },
    reason: { text: { type: 'plain_text_input', value: 'because' } },
  })
  const submitted = await slack.submitView({ userId: 'U0ALICE', viewId, values: { reason: 'Look at a bug' } })
  expect(submitted).toEqual({ ok: true, outcome: 'closed' })
  expect(topOf('U0ALICE')).toBeUndefined()

  const asked = await until(slack, () => messages()[0])
  expect(asked).toMatchObject({
    user: 'U0BOT',
    text: '<@U0ALICE> asks: Look at a bug',
    metadata: { event_type: 'access_request', event_payload: { id: 'req_1' } },
  })
  expect(asked.ts).toMatch(/^\d{10}\.\d{6}$/)

  const button = { channelId: 'C0APPROVE', ts: asked.ts, actionId: 'approve' }
  expect(await slack.click({ userId: 'U0OUT', ...button })).toEqual({ ok: true })
  const updated = await until(slack, () => messages().find(message => message.blocks.length === 0))
  expect(updated).toMatchObject({ ts: asked.ts, text: 'Approved by U0OUT of T0OTHER', edited: { user: 'U0BOT' } })
  await expect(slack.click({ userId: 'U0BOB', ...button })).rejects.toThrow('There is no button "approve" here.')
  expect(slack.violations.list()).toEqual([])
  expect(slack.calls.list().map(call => [call.method, call.outcome])).toEqual([
    ['auth.test', 'ok'],
    ['apps.connections.open', 'ok'],
    ['views.open', 'ok'],
    ['chat.postMessage', 'ok'],
    ['chat.update', 'ok'],
  ])
})

test('two clicks at once are both delivered, each exactly once over two connections', async () => {
  const slack = await startSlack()
  const heard: string[] = []
  const listen = (app: App) =>
    app.action('approve', async ({ ack, body }) => {
      heard.push(body.user.id)
      await ack()
    })
  await startBot(slack, listen)
  await startBot(slack, listen)
  expect(slack.snapshot().app.connections).toBe(2)
  const { ts } = await clientOf(slack).chat.postMessage({ channel: 'C0APPROVE', text: 'Please', blocks: [approve] })
  const click = (userId: string) => slack.click({ userId, channelId: 'C0APPROVE', ts: ts!, actionId: 'approve' })
  expect(await Promise.all([click('U0ALICE'), click('U0BOB')])).toEqual([{ ok: true }, { ok: true }])
  expect(heard.sort()).toEqual(['U0ALICE', 'U0BOB'])
})

test('messages, direct conversations and changed groups and people are there after a restart; modals are not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slack-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'journal.jsonl')
  const first = openJournal(file)
  const slack = await startSlack({ journal: first, clock: createWorldClock(first) })
  const client = clientOf(slack)
  const one = await client.chat.postMessage({ channel: 'U0ALICE', text: 'One', blocks: [approve] })
  const two = await client.chat.postMessage({ channel: 'C0APPROVE', text: 'Two' })
  await client.chat.update({ channel: one.channel!, ts: one.ts!, text: 'One, later' })
  await client.chat.delete({ channel: 'C0APPROVE', ts: two.ts! })
  await client.chat.postEphemeral({ channel: 'C0APPROVE', user: 'U0BOB', text: 'Only you' })
  slack.setUserGroup('S0PLATFORM', ['U0ALICE'])
  slack.setUser('U0BOB', { deleted: true })
  slack.setChannel('C0OTHER', { isArchived: true })
  await startBot(slack, approvals)
  await slack.command({ userId: 'U0ALICE', channelId: 'C0APPROVE', command: '/request-access' })
  const { views, app: _app, ...before } = slack.snapshot()
  expect(Object.keys(views)).toEqual(['U0ALICE'])

  const journal = openJournal(file)
  const again = await startSlack({ journal, clock: createWorldClock(journal) })
  const { views: none, app: _again, ...after } = again.snapshot()
  expect(after).toEqual(before)
  expect(none).toEqual({})
  expect(after.directMessages[0]?.messages.map(message => message.text)).toEqual(['One, later'])
  expect(after.channels[0]?.messages.map(message => [message.text, message.ephemeralFor])).toEqual([
    ['Only you', 'U0BOB'],
  ])
  const three = await clientOf(again).chat.postMessage({ channel: 'C0APPROVE', text: 'Three' })
  expect(Number(three.ts)).toBeGreaterThan(Number(two.ts))
})

test('message ts follow the clock of the world and never repeat', async () => {
  const journal = openJournal()
  const clock = createWorldClock(journal, () => Date.parse('2026-11-21T09:00:00Z'))
  const slack = await startSlack({ journal, clock })
  const post = async () => (await clientOf(slack).chat.postMessage({ channel: 'C0APPROVE', text: 'x' })).ts
  expect([await post(), await post()]).toEqual(['1795251600.000000', '1795251600.000001'])
  clock.advance(3_600_000)
  expect(await post()).toBe('1795255200.000000')
})
