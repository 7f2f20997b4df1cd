import { once } from 'node:events'
import { Agent, createServer, type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'

/** An answer as it came. */
type Answer = { status: number; headers: IncomingHttpHeaders; body: Buffer }

/** A call on its way, and the one who may let it through: at once, later, or never. */
export type Passing = { message: IncomingMessage; body: string; forward(): Promise<Answer> }

/** Something that stands between a client and a server. */
export type Between = { url: string; stop(): Promise<void> }

/** Starts one in front of `target`. What `handle` answers goes back; on `break` the connection is cut, on `hang` nothing comes. */
export async function startProxy(
  target: string,
  handle: (passing: Passing) => Promise<Answer | 'break' | 'hang'>,
): Promise<Between> {
  const agent = new Agent({ keepAlive: true })
  const { hostname, port } = new URL(target)

  async function forward(message: IncomingMessage, body: Buffer): Promise<Answer> {
    const { method, url: path, headers } = message
    const call = send({ agent, hostname, port, method, path, headers })
    call.end(body)
    const [answer] = (await once(call, 'response')) as [IncomingMessage]
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await buffer(answer) }
  }

  const server = createServer(async (message, response) => {
    try {
      const body = await buffer(message)
      const answer = await handle({ message, body: body.toString(), forward: () => forward(message, body) })
      if (answer === 'hang') return
      if (answer === 'break') return void response.destroy()
      const { 'transfer-encoding': _, connection: _connection, ...headers } = answer.headers
      response.writeHead(answer.status, headers).end(answer.body)
    } catch {
      // The server behind, or the client, has gone.
      response.destroy()
    }
  })
  // Clients keep connections: closing an idle one just as it is used again would look like a lost call.
  server.keepAliveTimeout = 120_000
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections()
      agent.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
