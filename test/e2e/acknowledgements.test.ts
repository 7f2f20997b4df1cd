import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  approvals,
  ask,
  aWorld,
  awaitsDecision,
  clickLatest,
  isActive,
  modes,
  ordersTable,
  policies,
  until,
  untilInTime,
} from './support.ts'

/** Real milliseconds that something took. */
async function timed(act: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await act()
  return performance.now() - startedAt
}

describe.each(modes)('with AWS taking ten seconds for each call, over %s', mode => {
  it('Slack is answered at once all the same', async test => {
    const world = await aWorld(test, { mode })
    await ask(world, ordersTable)
    const { ts } = await awaitsDecision(world)
    world.aws.faults.add({ match: /./, kind: 'delay', afterMs: 10_000 })
    const { slack } = world
    const userId = 'U0DAI'
    const seen: Record<string, unknown> = {}

    const command = await timed(async () => {
      seen['command'] = await slack.command({ userId, channelId: 'C0GENERAL', command: '/request-access' })
    })
    const viewId = slack.snapshot().views[userId]?.at(-1)?.id ?? ''
    await slack.changeInput({ userId, viewId, blockId: 'entitlement', actionId: 'entitlement', value: 'orders-table' })
    const submit = await timed(async () => {
      seen['submit'] = await slack.submitView({ userId, viewId, values: ordersTable.values ?? {} })
    })
    const approve = await timed(async () => {
      seen['approve'] = await slack.click({ userId: 'U0BOB', channelId: 'C0APPROVE', ts, actionId: 'approve' })
    })

    expect(seen).toMatchObject({ command: { ok: true }, submit: { ok: true }, approve: { ok: true } })
    expect(Math.max(command, submit, approve)).toBeLessThan(1000)
    expect(policies(world)).toEqual([])
  })
})

describe('a request of Slack that somebody plays back within five minutes', () => {
  it('changes nothing: one request, one click, one grant', async test => {
    const world = await aWorld(test, { mode: 'http', bot: false })
    const lines: string[] = []
    world.bot.onLine(line => lines.push(line))
    await world.bot.start()
    const times = (event: string) => lines.filter(line => line.includes(`"event":"${event}"`)).length
    const ready = lines.find(line => line.includes('"event":"ready"')) ?? ''
    const playBack = await recordBetween(world.slack.setRequestUrl, JSON.parse(ready).port)

    await ask(world, ordersTable)
    await awaitsDecision(world)
    await playBack()
    await clickLatest(world, 'U0BOB', 'approve')
    await playBack()
    await untilInTime(world, 'active', () => isActive(world))
    await playBack()
    // Whatever came of them would be work: the sweep finds it within a second, and this change after it.
    world.clock.advance(3_600_000)
    await until('the end', () => policies(world).length === 0)

    expect(times('request.submitted')).toBe(1)
    expect(times('request.clicked')).toBe(1)
    expect(approvals(world)).toHaveLength(1)
    expect(world.aws.calls().filter(({ operation }) => operation === 'PutUserPolicy')).toHaveLength(1)
  })
})

/** Stands between Slack and the bot; the function it returns plays everything back that has passed. */
async function recordBetween(setRequestUrl: (url: string) => void, botPort: number): Promise<() => Promise<void>> {
  const bot = `http://127.0.0.1:${botPort}/slack/events`
  const passed: { body: string; headers: Record<string, string> }[] = []
  const send = (request: (typeof passed)[number]) => fetch(bot, { method: 'POST', ...request })
  const server = createServer(async (request, response) => {
    const kept = ['content-type', 'x-slack-request-timestamp', 'x-slack-signature']
    const headers = Object.fromEntries(kept.map(name => [name, String(request.headers[name])]))
    const recorded = { body: await text(request), headers }
    passed.push(recorded)
    const answer = await send(recorded)
    response.writeHead(answer.status).end(await answer.text())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  setRequestUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  return async () => {
    for (const request of passed) expect((await send(request)).status).toBe(200)
  }
}
