import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { StartCheck } from './start-checks.ts'

/** The bot's own HTTP server: `POST /slack/events` for Slack, `GET /healthz` for whoever watches the bot. */
export type HttpServer = {
  /**
   * Takes the port; 0 picks a free one, on loopback only: nobody outside could be told which one it is. Throws node's
   * error when it cannot, e.g. EADDRINUSE. Until `serve` there is only 503.
   */
  listen(port: number): Promise<void>
  /** The port that was taken. */
  port(): number
  /**
   * From now on `events` answers what Slack sends. `unverified` hears, once a minute at most, that requests are refused
   * as not Slack's: the first thing to know where the secret or the clock is wrong, and a way to flood the log if it
   * heard of each. While it is not well, whoever watches is told 503, and Slack is answered all the same.
   */
  serve(events: RequestListener, bot: { unverified(): void; isWell(): boolean }): void
  /** Takes no more requests, and resolves when those under way are answered. */
  close(): Promise<void>
}

/** Checks that the port can be taken, by taking it. */
export function portCheck(server: HttpServer, port: number): StartCheck {
  const remedy = 'Set PORT to another port.'
  const check = async () => {
    try {
      await server.listen(port)
      return []
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EADDRINUSE')
        return [`PORT: another process listens on ${port} already. Stop it, or set PORT to another port.`]
      if (code === 'EACCES') return [`PORT: this user may not listen on ${port}. ${remedy}`]
      throw error
    }
  }
  return { about: 'PORT', remedy, check }
}

/** Slack's own limit for the age of a request (docs.slack.dev/authentication/verifying-requests-from-slack). */
const timestampSeconds = 300
const tellEveryMs = 60_000

const serverOptions = {
  // A request whose body never comes must not hold a connection for long.
  requestTimeout: 10_000,
  connectionsCheckingInterval: 2000,
  // Longer than the 60 s of a load balancer: the first to close must not be the side that is about to be sent a request.
  keepAliveTimeout: 65_000,
}

/** Makes the server, which does not listen yet. */
export function createHttpServer(): HttpServer {
  let events: RequestListener | undefined
  let bot = { unverified() {}, isWell: () => false }
  let toldAt = Number.NEGATIVE_INFINITY
  let closing = false
  const tell = () => {
    if (performance.now() - toldAt < tellEveryMs) return
    toldAt = performance.now()
    bot.unverified()
  }
  const server = createServer(serverOptions, (request, response) => {
    response.once('close', () => closing && server.closeIdleConnections())
    const [path] = (request.url ?? '').split('?')
    if (path === '/healthz') return answerHealth(request, response, bot.isWell())
    if (path !== '/slack/events') return refuse(response, 404)
    if (request.method !== 'POST') return refuse(response, 405, { allow: 'POST' })
    if (!events) return refuse(response, 503)
    response.once('finish', () => response.statusCode === 401 && tell())
    if (!isTimely(request)) return refuse(response, 401)
    return events(request, response)
  })
  return {
    listen: port =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ port, ...(port === 0 ? { host: '127.0.0.1' } : {}) }, () => {
          server.off('error', reject)
          resolve()
        })
      }),
    port: () => (server.address() as AddressInfo).port,
    serve(listener, served) {
      events = listener
      bot = served
    },
    close() {
      closing = true
      return new Promise(resolve => server.close(() => resolve()))
    },
  }
}

function answerHealth(request: IncomingMessage, response: ServerResponse, isWell: boolean) {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, { allow: 'GET, HEAD' })
  if (!isWell) return refuse(response, 503)
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end('ok')
}

/**
 * Whether the request says it is of the last five minutes, or the next: Bolt, which verifies the signature after this,
 * takes one dated in the future, so that it could be played back for as long (platform: D3). What is left is a replay
 * within five minutes, which runs twice in Bolt and changes nothing the second time: a click, a denial and a submission
 * are stored under an id made from their trigger or view, and a trigger opens one form only.
 *
 * A request without a timestamp is left to Bolt, which refuses it unless it is Slack's own `ssl_check`.
 */
function isTimely({ headers }: IncomingMessage): boolean {
  const timestamp = headers['x-slack-request-timestamp']
  return timestamp === undefined || Math.abs(Date.now() / 1000 - Number(timestamp)) <= timestampSeconds
}

function refuse(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  // Whatever body is still coming is not read.
  response.writeHead(status, { ...headers, connection: 'close' }).end()
}
