import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * What becomes of a call: the request is lost on the way, its answer is lost on the way back (or turned into a 500), it
 * is refused as too many, or its connection breaks and it arrives when `deliverLate` says so.
 */
type Fate = 'lose request' | 'lose answer' | 'answer 500' | 'throttle' | 'deliver late'

/** A proxy that loses what it is told to lose of the calls to an AWS JSON service. */
export type LosingProxy = {
  url: string
  /** The fates of the next calls of the operation, in order; calls after them go through. */
  plan(operation: string, ...fates: Fate[]): void
  /** How many calls of the operation arrived here. */
  calls(operation: string): number
  /** Lets the calls with the fate `deliver late` arrive now; answers their status codes. */
  deliverLate(): Promise<number[]>
  stop(): Promise<void>
}

/** Starts one in front of `target`. */
export async function startLosingProxy(target: string): Promise<LosingProxy> {
  const fates = new Map<string, Fate[]>()
  const counts = new Map<string, number>()
  const late: (() => Promise<Response>)[] = []

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? ''
    const forward = () =>
      fetch(target, {
        method: 'POST',
        headers: {
          'content-type': String(request.headers['content-type']),
          'x-amz-target': String(request.headers['x-amz-target']),
          'x-amz-date': String(request.headers['x-amz-date']),
          authorization: String(request.headers.authorization),
        },
        body: Buffer.concat(chunks),
      })
    counts.set(operation, (counts.get(operation) ?? 0) + 1)
    switch (fates.get(operation)?.shift()) {
      case 'lose request':
        return void request.socket.destroy()
      case 'deliver late':
        late.push(forward)
        return void request.socket.destroy()
      case 'lose answer':
        await forward()
        return void request.socket.destroy()
      case 'answer 500':
        await forward()
        return answer(response, 500, '{"__type":"InternalServerError","message":"internal"}')
      case 'throttle':
        return answer(response, 400, '{"__type":"ThrottlingException","message":"too many"}')
      case undefined: {
        const answered = await forward()
        return answer(response, answered.status, await answered.text())
      }
    }
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan: (operation, ...planned) => void fates.set(operation, planned),
    calls: operation => counts.get(operation) ?? 0,
    deliverLate: async () => (await Promise.all(late.splice(0).map(forward => forward()))).map(({ status }) => status),
    stop: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function answer(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body)
}
