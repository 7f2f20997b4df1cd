import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Acknowledgement, ackMilliseconds, type Envelope } from './envelopes.ts'
import type { RealTime } from './real-time.ts'

const ticketMilliseconds = 30_000
const pingMilliseconds = 10_000

/**
 * The WebSocket side of Slack. Each envelope goes to exactly one connection, in turn, and once; one whose connection
 * breaks before the acknowledgement has failed.
 */
export function createSocketMode(options: {
  server: Server
  appId: string
  real: RealTime
  violated(code: string, detail: string): void
  changed(): void
}) {
  const { server, appId, real, violated, changed } = options
  const wire = new WebSocketServer({ noServer: true })
  const tickets = new Map<string, number>()
  const open: WebSocket[] = []
  const waiting = new Map<string, { socket: WebSocket; settle(result: Acknowledgement): void }>()

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy())
    const url = new URL(request.url ?? '/', 'http://slack')
    const ticket = url.searchParams.get('ticket') ?? ''
    const issued = tickets.get(ticket)
    tickets.delete(ticket)
    if (url.pathname !== '/link' || issued === undefined || real.now() - issued > ticketMilliseconds) {
      return socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
    }
    wire.handleUpgrade(request, socket, head, welcome)
  })

  function welcome(socket: WebSocket) {
    open.push(socket)
    const pings = setInterval(() => socket.ping(), pingMilliseconds)
    socket.on('error', () => socket.terminate())
    socket.on('close', () => {
      clearInterval(pings)
      open.splice(open.indexOf(socket), 1)
      for (const entry of waiting.values()) {
        if (entry.socket === socket) entry.settle({ acknowledged: false, error: 'dispatch_failed' })
      }
      changed()
    })
    socket.on('message', data => heard(String(data)))
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: open.length,
        connection_info: { app_id: appId },
        debug_info: { host: 'simulated-slack', approximate_connection_time: 18_060 },
      }),
    )
    changed()
  }

  function heard(data: string) {
    let answer: { envelope_id?: unknown; payload?: unknown }
    try {
      answer = JSON.parse(data)
    } catch {
      return violated('invalid_acknowledgement', 'not JSON')
    }
    const payload = answer.payload ?? {}
    const entry = waiting.get(String(answer.envelope_id))
    // An acknowledgement after its time is dropped without a word, as Slack does: the timeout was noted already.
    entry?.settle({ acknowledged: true, payload: payload as Record<string, unknown> })
  }

  return {
    /** The path and query of a connection URL that lets one client in, once. */
    issueTicket(): string {
      const ticket = randomUUID()
      tickets.set(ticket, real.now())
      return `/link?ticket=${ticket}&app_id=${appId}`
    },
    connections: () => open.length,
    async deliver({ type, payload, acceptsResponsePayload }: Envelope): Promise<Acknowledgement> {
      const socket = open.find(one => one.readyState === one.OPEN)
      if (!socket) return { acknowledged: false, error: 'dispatch_failed' }
      open.push(...open.splice(open.indexOf(socket), 1))
      const id = randomUUID()
      const result = await new Promise<Acknowledgement>(resolve => {
        const cancel = real.after(ackMilliseconds, () => {
          violated('operation_timeout', `${type} was not acknowledged within 3 seconds`)
          settle({ acknowledged: false, error: 'operation_timeout' })
        })
        const settle = (answer: Acknowledgement) => {
          cancel()
          waiting.delete(id)
          resolve(answer)
        }
        waiting.set(id, { socket, settle })
        socket.send(
          JSON.stringify({ envelope_id: id, type, accepts_response_payload: acceptsResponsePayload, payload }),
        )
      })
      if (result.acknowledged && !acceptsResponsePayload && Object.values(result.payload).some(Boolean)) {
        violated('unexpected_response_payload', `${type} takes no answer in its acknowledgement`)
      }
      return result
    },
    /** Ends every connection: politely first, because a client that is cut off in its closing handshake complains. */
    async close() {
      const gone = open.map(
        socket =>
          new Promise<void>(resolve => {
            const giveUp = setTimeout(() => socket.terminate(), 500)
            socket.once('close', () => resolve(clearTimeout(giveUp)))
            socket.close(1001)
          }),
      )
      wire.close()
      await Promise.all(gone)
    },
  }
}

/** The WebSocket side of Slack. */
export type SocketMode = ReturnType<typeof createSocketMode>
