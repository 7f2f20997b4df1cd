import { createServer } from 'node:http'
import { type AddressInfo, createConnection } from 'node:net'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { hearOverHttp } from '../../src/entry/hear-slack.ts'
import { createHttpServer, portCheck } from '../../src/entry/http-server.ts'
import { signatureOf } from '../../src/playground/slack/request-url.ts'

const signingSecret = 'hush'

/** A server on which Bolt hears one command; `heard` is what came through, `logged` what the log says. */
async function aListeningServer(answer: () => Promise<void> = async () => {}) {
  const server = createHttpServer()
  await server.listen(0)
  onTestFinished(() => server.close())
  let isWell = true
  const fall = () => {
    isWell = false
  }
  const heard: string[] = []
  const logged: unknown[] = []
  hearOverHttp(server, signingSecret, {
    log: (event, fields) => logged.push([event, fields]),
    token: 'xoxb-1',
    apiUrl: 'http://127.0.0.1:9/api/',
    isWell: () => isWell,
    register: app =>
      app.command('/request-access', async ({ ack, command }) => {
        heard.push(command.user_id)
        await answer()
        await ack('Done')
      }),
  })
  const base = `http://127.0.0.1:${server.port()}`
  const ask = async (path: string, init: RequestInit = {}) => {
    const { status, headers } = await fetch(base + path, init)
    return { status, allow: headers.get('allow') }
  }
  return { server, base, ask, heard, logged, fall }
}

/** A command as Slack posts it, so many seconds from now. */
function signed({ secondsAhead = 0, secret = signingSecret, userId = 'U0ALICE' } = {}): RequestInit {
  const timestamp = String(Math.floor(Date.now() / 1000) + secondsAhead)
  const body = `command=%2Frequest-access&user_id=${userId}&team_id=T0001&trigger_id=1.2`
  return {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signatureOf(secret, timestamp, body),
    },
  }
}

describe('the bot’s HTTP server', () => {
  it('tells those who watch it that its sweeps hang, and hears Slack all the same', async () => {
    const { ask, heard, fall } = await aListeningServer()
    fall()
    expect(await ask('/healthz')).toMatchObject({ status: 503 })
    expect(await ask('/slack/events', signed())).toMatchObject({ status: 200 })
    expect(heard).toEqual(['U0ALICE'])
  })

  it('answers those who watch it, and Slack, and nobody else', async () => {
    const { base, ask } = await aListeningServer()
    const health = await fetch(`${base}/healthz?from=balancer`)
    expect([health.status, await health.text()]).toEqual([200, 'ok'])
    expect(await ask('/healthz', { method: 'HEAD' })).toMatchObject({ status: 200 })
    expect(await ask('/healthz', { method: 'POST' })).toEqual({ status: 405, allow: 'GET, HEAD' })
    expect(await ask('/slack/events')).toEqual({ status: 405, allow: 'POST' })
    expect(await ask('/slack/events', { method: 'PUT', body: 'x' })).toEqual({ status: 405, allow: 'POST' })
    for (const path of ['/', '/slack', '/slack/events/', '/slack/install', '//', '/healthz/x']) {
      expect([path, (await ask(path)).status]).toEqual([path, 404])
    }
  })

  it('says that it is not ready until it can take what Slack sends', async () => {
    const server = createHttpServer()
    await server.listen(0)
    onTestFinished(() => server.close())
    const base = `http://127.0.0.1:${server.port()}`
    expect((await fetch(`${base}/healthz`)).status).toBe(503)
    expect((await fetch(`${base}/slack/events`, signed())).status).toBe(503)
  })

  it('takes what Slack signed, and nothing else', async () => {
    const { base, ask, heard } = await aListeningServer()
    const answer = await fetch(`${base}/slack/events`, signed())
    expect([answer.status, await answer.text()]).toEqual([200, 'Done'])
    expect(await ask('/slack/events', signed({ secret: 'guessed' }))).toMatchObject({ status: 401 })
    expect(await ask('/slack/events', { method: 'POST', body: 'command=%2Frequest-access' })).toMatchObject({
      status: 401,
    })
    expect(heard).toEqual(['U0ALICE'])
  })

  it.each([
    [-310, 401],
    [-290, 200],
    [290, 200],
    [310, 401],
    [3600, 401],
  ])('answers a signed request of %i seconds from now with %i', async (secondsAhead, status) => {
    const { ask, heard } = await aListeningServer()
    expect(await ask('/slack/events', signed({ secondsAhead }))).toMatchObject({ status })
    expect(heard).toHaveLength(status === 200 ? 1 : 0)
  })

  it('says in the log that requests are refused as not Slack’s, once a minute', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const { ask, logged } = await aListeningServer()
    await ask('/slack/events', signed({ secret: 'guessed' }))
    await ask('/slack/events', signed({ secondsAhead: 3600 }))
    await expect.poll(() => logged).toHaveLength(1)
    vi.advanceTimersByTime(60_000)
    await ask('/slack/events', signed({ secondsAhead: -3600 }))
    await expect.poll(() => logged).toHaveLength(2)
    expect(logged[0]).toEqual([
      'slack.failed',
      {
        listener: 'http',
        code: 'not_verified',
        problem:
          'A request was not signed by Slack just now. Check SLACK_SIGNING_SECRET and the clock of this computer.',
      },
    ])
  })

  it('refuses a timestamp that is no number', async () => {
    const { ask } = await aListeningServer()
    const headers = {
      'x-slack-request-timestamp': 'soon',
      'x-slack-signature': signatureOf(signingSecret, 'soon', 'x'),
    }
    expect(await ask('/slack/events', { method: 'POST', body: 'x', headers })).toMatchObject({ status: 401 })
  })

  it('takes a body of a megabyte and no more', async () => {
    const { ask, heard } = await aListeningServer()
    const largest = 1024 * 1024 - 200
    expect(await ask('/slack/events', signed({ userId: 'U'.repeat(largest) }))).toMatchObject({ status: 200 })
    expect(await ask('/slack/events', signed({ userId: 'U'.repeat(largest + 300) }))).toMatchObject({ status: 413 })
    expect(heard).toHaveLength(1)
  })

  it('outlives a client that leaves in the middle of its request', async () => {
    const { server, ask } = await aListeningServer()
    const socket = createConnection(server.port(), '127.0.0.1')
    const head = ['POST /slack/events HTTP/1.1', 'host: bot', 'content-length: 100', 'x-slack-signature: v0=1', '']
    await new Promise<void>(resolve => socket.write(`${head.join('\r\n')}\r\nhalf`, () => resolve()))
    socket.resetAndDestroy()
    expect(await ask('/healthz')).toMatchObject({ status: 200 })
  })

  it('answers what is under way when it is closed, and takes nothing more', async () => {
    const goOn = Promise.withResolvers<void>()
    const { server, base, heard } = await aListeningServer(() => goOn.promise)
    const underWay = fetch(`${base}/slack/events`, signed())
    await expect.poll(() => heard).toEqual(['U0ALICE'])
    const closed = server.close()
    await expect(fetch(`${base}/healthz`)).rejects.toThrow()
    goOn.resolve()
    expect((await underWay).status).toBe(200)
    // The client would keep the connection for a minute.
    const wait = new Promise(resolve => setTimeout(resolve, 1000, 'still open'))
    expect(await Promise.race([closed, wait])).toBeUndefined()
  })

  it('says which port is taken', async () => {
    const other = createServer()
    await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    expect(await portCheck(createHttpServer(), port).check()).toEqual([
      `PORT: another process listens on ${port} already. Stop it, or set PORT to another port.`,
    ])
  })
})
