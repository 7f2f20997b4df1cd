import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MalformedAct, perform, readAct } from './acts.ts'
import { readAsset } from './assets.ts'
import { followWorld, type PageUpdate, type WorldFeed } from './page-state.ts'
import type { PageWorld } from './page-world.ts'

const headers = {
  'content-security-policy':
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
}

const bodyLimit = 100_000

/** The page, being served. */
type ServedPage = {
  url: string
  /** Shows another world from now on, at the same address. */
  show(world: PageWorld): void
  close(): Promise<void>
}

/** A world and those who follow it. */
type Shown = { world: PageWorld; feed: WorldFeed; streams: Set<ServerResponse> }

function follow(world: PageWorld): Shown {
  return { world, feed: followWorld(world), streams: new Set() }
}

/**
 * Serves the playground's page on loopback, from `port` on the next free one, or any for 0. Only a browser page of this
 * very server can act: another site could otherwise click for the user, or, by rebinding a name to 127.0.0.1, read along.
 */
export async function servePage(world: PageWorld, port: number): Promise<ServedPage> {
  let shown = follow(world)
  const server = createServer((request, response) => {
    handle(shown, request, response).catch(error => {
      if (response.headersSent) response.destroy()
      else answer(response, 500, { ok: false, message: error instanceof Error ? error.message : String(error) })
    })
  })
  await listen(server, port)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    show(next) {
      const before = shown
      shown = follow(next)
      before.feed.close()
      // Browsers come back by themselves, and are told everything of the other world.
      for (const stream of before.streams) stream.end()
    },
    async close() {
      shown.feed.close()
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

/** Ports tried after the one asked for. */
const portsTried = 20

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  for (let next = port; ; next += 1) {
    try {
      return await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(next, '127.0.0.1', () => {
          server.off('error', reject)
          resolve()
        })
      })
    } catch (error) {
      const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE'
      if (!taken || next >= Math.min(port + portsTried, 65_535)) throw error
    }
  }
}

async function handle(shown: Shown, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const port = request.socket.localPort
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`]
  if (!hosts.includes(request.headers.host ?? '')) return answer(response, 403, { ok: false, message: 'Wrong host.' })
  const path = new URL(request.url ?? '/', 'http://page').pathname
  if (request.method === 'POST' && path === '/api/act') {
    const { origin } = request.headers
    if (origin !== undefined && !hosts.some(host => origin === `http://${host}`)) {
      return answer(response, 403, { ok: false, message: 'Wrong origin.' })
    }
    // A form or a simple request from elsewhere cannot carry this type without asking first.
    if (!/^application\/json(;|$)/.test(request.headers['content-type'] ?? '')) {
      return answer(response, 415, { ok: false, message: 'Send JSON.' })
    }
    return act(shown, request, response)
  }
  if (request.method !== 'GET') return answer(response, 405, { ok: false, message: 'Not allowed.' })
  if (path === '/api/state') return answer(response, 200, shown.feed.whole())
  if (path === '/api/events') return stream(shown, request, response)
  const asset = await readAsset(path === '/' ? 'page.html' : path.replace(/^\/assets\//, ''))
  if (!asset) return answer(response, 404, { ok: false, message: 'Not found.' })
  response.writeHead(200, { ...headers, 'content-type': asset.type }).end(asset.body)
}

async function act({ world, feed }: Shown, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    answer(response, 200, await perform(world, feed, readAct(await readBody(request))))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    answer(response, error instanceof MalformedAct ? 400 : 409, { ok: false, message })
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > bodyLimit) throw new MalformedAct('Too long.')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new MalformedAct('Not JSON.')
  }
}

/** Server-sent events: everything at first, then the parts that change. */
function stream({ feed, streams }: Shown, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8' })
  const send = (update: PageUpdate) => response.write(`data: ${JSON.stringify(update)}\n\n`)
  response.write('retry: 1000\n\n')
  send(feed.whole())
  const end = feed.onUpdate(send)
  streams.add(response)
  request.on('close', () => {
    end()
    streams.delete(response)
  })
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(body))
}
