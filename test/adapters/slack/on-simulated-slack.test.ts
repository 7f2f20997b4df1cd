import { beforeEach, describe, expect, it } from 'vitest'
import { createAnnouncer } from '../../../src/adapters/slack/announcer.ts'
import { createSlackClients } from '../../../src/adapters/slack/clients.ts'
import { createDirectory } from '../../../src/adapters/slack/directory.ts'
import { registerListeners } from '../../../src/adapters/slack/register.ts'
import type { Announcer, Table } from '../../../src/app/ports.ts'
import type { Announcement } from '../../../src/core/announcements.ts'
import type { SimulatedSlack } from '../../../src/playground/slack/simulated-slack.ts'
import { seed } from '../../playground/slack/seed.ts'
import { startBot, startSlack } from '../../playground/slack/support.ts'
import { aCatalogue, aRequest, at, someId } from '../../support/builders.ts'
import { createFakeClock } from '../../support/fake-clock.ts'
import { createMemoryTable } from '../../support/memory-table.ts'

// The same listeners and announcer against a Slack that refuses what Slack refuses.

const approvals: Announcement = { key: 'approvals', kind: 'approvals', shows: 'pending' }
const developers = { id: 'S0DEV', handle: 'developers', name: 'Developers', users: ['U0ALICE', 'U0BOB'] }

let slack: SimulatedSlack
let table: Table
let announcer: Announcer

beforeEach(async () => {
  slack = await startSlack({ seed: { ...seed, userGroups: [...seed.userGroups, developers] } })
  const { interactive, worker } = createSlackClients(seed.app.botToken, slack.url)
  const clock = createFakeClock(at('10:00'))
  const catalogue = aCatalogue()
  table = createMemoryTable({ clock })
  announcer = createAnnouncer(worker, { catalogue })
  const never = undefined as never
  const ports = {
    table,
    clock,
    directory: createDirectory(interactive, { clock, cacheSeconds: 60 }),
    inlinePolicies: never,
    simulator: never,
    assignments: never,
    leashes: never,
    accounts: never,
    notices: never,
    announcer,
    log: () => {},
    audit: () => undefined,
    grantsOn: true,
    wake: () => {},
    token: () => 'token',
  }
  await startBot(slack, app => registerListeners(app, { ports, catalogue, client: interactive }))
})

async function openForm(userId: string): Promise<string> {
  expect(await slack.command({ userId, channelId: 'C0APPROVE', command: '/request-access' })).toEqual({ ok: true })
  return viewOf(userId).id
}

function viewOf(userId: string) {
  const view = slack.snapshot().views[userId]?.at(-1)
  if (!view) throw new Error(`${userId} has no form open`)
  return view
}

const choose = (userId: string, viewId: string, value: string) =>
  slack.changeInput({ userId, viewId, blockId: 'entitlement', actionId: 'entitlement', value })

describe('asking', () => {
  it('goes through the form: choose, fill in, send', async () => {
    const viewId = await openForm('U0ALICE')
    expect(await choose('U0ALICE', viewId, 'dev-table')).toEqual({ ok: true })
    const values = { 'parameter.table': 'orders', duration: '60', reason: 'Look at order 42' }
    expect(await slack.submitView({ userId: 'U0ALICE', viewId, values })).toEqual({ ok: true, outcome: 'closed' })
    expect(await table.byRequester('U0ALICE', 9)).toMatchObject([
      { status: 'checking', account: { key: 'dev' }, durationMinutes: 60, requester: { email: 'alice@example.com' } },
    ])
    expect(slack.violations.list()).toEqual([])
  })

  it('keeps what was typed when another entitlement is chosen, and drops what no longer fits', async () => {
    const viewId = await openForm('U0ALICE')
    await choose('U0ALICE', viewId, 'prod-read-only')
    const values = { duration: '480', reason: 'Look at order 42', ticket: 'x'.repeat(101) }
    await slack.submitView({ userId: 'U0ALICE', viewId, values })
    await choose('U0ALICE', viewId, 'dev-table')
    const sent = await slack.submitView({ userId: 'U0ALICE', viewId, values: { 'parameter.table': 'orders' } })
    expect(sent).toMatchObject({ ok: false, error: 'client', errors: { duration: expect.anything() } })
    const again = await slack.submitView({ userId: 'U0ALICE', viewId, values: { duration: '30' } })
    expect(again).toEqual({ ok: true, outcome: 'closed' })
    expect(await table.byRequester('U0ALICE', 9)).toMatchObject([{ durationMinutes: 30, reason: 'Look at order 42' }])
    expect(slack.violations.list()).toEqual([])
  })

  it('shows Japanese to who reads Japanese, and errors at their fields', async () => {
    const viewId = await openForm('U0BOB')
    await choose('U0BOB', viewId, 'dev-table')
    const values = { 'parameter.table': 'a b', duration: '60', reason: '調査のため' }
    expect(await slack.submitView({ userId: 'U0BOB', viewId, values })).toEqual({
      ok: false,
      error: 'app',
      errors: { 'parameter.table': '形式が合いません。使える文字（3～128 文字）: A–Z a–z 0–9 _ . -' },
    })
    expect(slack.violations.list()).toEqual([])
  })
})

describe('deciding', () => {
  async function pendingMessage() {
    await table.writeRequest(aRequest('pending'))
    const place = await announcer.post(aRequest('pending'), approvals)
    return { channelId: place.channel, ts: place.ts }
  }

  it('by Approve is recorded with the clicker’s own team', async () => {
    const message = await pendingMessage()
    expect(await slack.click({ userId: 'U0OUT', actionId: 'approve', ...message })).toEqual({ ok: true })
    expect(await slack.click({ userId: 'U0BOB', actionId: 'approve', ...message })).toEqual({ ok: true })
    expect((await table.request(someId))?.clicks).toMatchObject([
      { userId: 'U0OUT', teamId: 'T0OTHER', action: 'approve' },
      { userId: 'U0BOB', teamId: 'T0001', action: 'approve' },
    ])
    expect(slack.violations.list()).toEqual([])
  })

  it('by Deny asks why in the approver’s language, then records it', async () => {
    await slack.click({ userId: 'U0BOB', actionId: 'deny', ...(await pendingMessage()) })
    const { id: viewId } = viewOf('U0BOB')
    expect(JSON.stringify(viewOf('U0BOB'))).toContain('却下の理由')
    const sent = await slack.submitView({ userId: 'U0BOB', viewId, values: { reason: 'レプリカで足ります' } })
    expect(sent).toEqual({ ok: true, outcome: 'closed' })
    expect((await table.request(someId))?.clicks).toMatchObject([{ action: 'deny', reason: 'レプリカで足ります' }])
    expect(slack.violations.list()).toEqual([])
  })
})

describe('announcing', () => {
  it('posts, finds what it posted, and updates it in place', async () => {
    const place = await announcer.post(aRequest('pending'), approvals)
    expect(await announcer.find(aRequest('pending'), approvals)).toEqual(place)
    await announcer.update(aRequest('denied'), { ...approvals, shows: 'denied' }, place)
    expect(await announcer.find(aRequest('denied'), approvals)).toEqual(place)
    const channel = slack.snapshot().channels.find(({ id }) => id === 'C0APPROVE')
    expect(channel?.messages).toHaveLength(1)
    expect(JSON.stringify(channel?.messages)).toContain('Use the read replica')
    expect(slack.violations.list()).toEqual([])
  })

  it('finds the direct message it may have posted', async () => {
    const asked: Announcement = { key: 'asked', kind: 'asked', shows: 'pending' }
    const place = await announcer.post(aRequest('pending'), asked)
    expect(await announcer.find(aRequest('pending'), asked)).toEqual(place)
    expect(await announcer.find(aRequest('pending'), { ...asked, key: 'over' })).toBeUndefined()
  })
})
