import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One call the stub got: the method, and its arguments with JSON read. */
export type StubCall = { method: string; args: Record<string, unknown> }
type Answer = Record<string, unknown> | { http: number; headers?: Record<string, string>; body?: string } | 'hang up'

/**
 * A Web API that answers what it is told, by method; a function gets the arguments. It checks nothing: the rules of
 * Slack are the simulated Slack's.
 */
export async function startSlackStub(answers: Record<string, Answer | ((args: StubCall['args']) => Answer)> = {}) {
  const calls: StubCall[] = []
  const server = createServer(async (request, response) => {
    const method = request.url?.replace('/api/', '') ?? ''
    const args = argumentsOf(request, await bodyOf(request))
    calls.push({ method, args })
    const given = answers[method] ?? {}
    const answer = typeof given === 'function' ? given(args) : given
    if (answer === 'hang up') return request.socket.destroy()
    if ('http' in answer) {
      response.writeHead(Number(answer['http']), (answer['headers'] as Record<string, string>) ?? {})
      return response.end(answer['body'] ?? '')
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ ok: answer['error'] === undefined, ...answer }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `${origin}/api/`,
    answers,
    calls,
    callsOf: (method: string) => calls.filter(call => call.method === method).map(call => call.args),
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

export type SlackStub = Awaited<ReturnType<typeof startSlackStub>>

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request) body += chunk
  return body
}

function argumentsOf(request: IncomingMessage, body: string): Record<string, unknown> {
  if (request.headers['content-type']?.includes('json')) return JSON.parse(body)
  return Object.fromEntries(
    [...new URLSearchParams(body)].map(([key, value]) => [key, /^[[{]/.test(value) ? JSON.parse(value) : value]),
  )
}
