import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type AwsError, commonError } from './aws-error.ts'
import type { Fault, Faults } from './faults.ts'
import { readRequest, type WireAnswer, type WireRequest, writeError, writeResult } from './wire.ts'

/** What became of a call: `ok`, an error code, or the fault that hid the answer. */
type Finish = (outcome: string) => void

/** What the server needs from the world behind it. */
export type Backend = {
  faults: Faults
  /** Milliseconds, world clock: the `Date` of every answer. */
  now(): number
  /** Called when a call arrives; the function it returns is called once, with what became of it. */
  begin(request: WireRequest): Finish
  /** Carries the call out; refusals are values so that their code can be noted. */
  perform(request: WireRequest): { result: object } | { error: AwsError }
}

const defaultAfterMs = 1000
const malformed = JSON.stringify({ __type: 'SerializationException' })

/** Serves the backend on 127.0.0.1. `close` breaks off held connections and drops late effects. */
export async function serve(backend: Backend, port: number): Promise<{ url: string; close(): Promise<void> }> {
  const late = new Set<NodeJS.Timeout>()
  const server = createServer((message, response) => {
    answer(backend, message, response, late).catch(() => response.destroy())
  })
  // Clients keep connections: closing an idle one just as it is used again would look like a fault nobody asked for.
  server.keepAliveTimeout = 120_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const timer of late) clearTimeout(timer)
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(backend: Backend, message: IncomingMessage, response: ServerResponse, late: Set<NodeJS.Timeout>) {
  const body = await text(message)
  const requestId = randomUUID()
  const send = ({ status, contentType, body }: WireAnswer) => {
    response.writeHead(status, {
      // The bot learns AWS's time from this header.
      Date: new Date(backend.now()).toUTCString(),
      'Content-Type': contentType,
      'Content-Length': Buffer.byteLength(body),
      'x-amzn-RequestId': requestId,
    })
    response.end(body)
  }
  const request = readRequest(message, body)
  if (request === 'malformed') return send({ status: 400, contentType: 'application/x-amz-json-1.1', body: malformed })
  if (!request) return send({ status: 404, contentType: 'text/plain', body: 'UnknownOperationException' })

  const finish = backend.begin(request)
  const perform = (): { outcome: string; wire: WireAnswer } => {
    const performed = backend.perform(request)
    if ('result' in performed) return { outcome: 'ok', wire: writeResult(request, performed.result, requestId) }
    const { code, ...wire } = writeError(request.service, performed.error, requestId)
    return { outcome: code, wire }
  }

  const fault = backend.faults.take(request.service.name, request.operation)
  switch (fault?.kind) {
    case undefined: {
      const { outcome, wire } = perform()
      finish(outcome)
      return send(wire)
    }
    case 'hang':
      return finish('hang')
    case 'delay': {
      const timer = setTimeout(() => {
        late.delete(timer)
        const { outcome, wire } = perform()
        finish(`delay: ${outcome}`)
        // Whoever asked may have left.
        if (!response.destroyed) send(wire)
      }, fault.afterMs ?? defaultAfterMs)
      late.add(timer)
      return
    }
    case 'unheard':
      finish(`unheard: ${perform().outcome}`)
      return response.destroy()
    case 'late': {
      const timer = setTimeout(() => {
        late.delete(timer)
        finish(`late: ${perform().outcome}`)
      }, fault.afterMs ?? defaultAfterMs)
      late.add(timer)
      return response.destroy()
    }
    default: {
      const { code, ...wire } = writeError(request.service, refusal(fault), requestId)
      finish(code)
      return send(wire)
    }
  }
}

function refusal(fault: Fault | undefined): AwsError {
  if (fault?.kind === 'throttle') return commonError('throttled', 'Rate exceeded')
  if (fault?.kind === 'conflict')
    return commonError('conflict', 'Another change is still in progress. Please try again.')
  return commonError('failed', 'The request processing has failed because of an unknown error.')
}
