import { createHmac } from 'node:crypto'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { type Acknowledgement, ackMilliseconds, type Envelope } from './envelopes.ts'
import type { RealTime } from './real-time.ts'
import { isObject } from './shape.ts'

/** The HTTP side of Slack: each envelope is one signed POST to the app's request URL, and its answer the acknowledgement. */
export type RequestUrl = {
  /** Without a URL nothing is sent here. */
  set(url: string | undefined): void
  get(): string | undefined
  /** Sends once: commands and interactions are not repeated. */
  deliver(url: string, envelope: Envelope): Promise<Acknowledgement>
}

/** Makes the HTTP side, with no URL set. */
export function createRequestUrl(options: {
  signingSecret: string
  real: RealTime
  violated(code: string, detail: string): void
}): RequestUrl {
  const { signingSecret, real, violated } = options
  let current: string | undefined

  async function deliver(url: string, { type, payload, acceptsResponsePayload }: Envelope): Promise<Acknowledgement> {
    const body = formOf(type, payload)
    const timestamp = String(Math.floor(real.now() / 1000))
    const giveUp = new AbortController()
    const cancel = real.after(ackMilliseconds, () => giveUp.abort())
    try {
      const answer = await post(url, body, {
        signal: giveUp.signal,
        headers: {
          'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
          accept: 'application/json,*/*',
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': String(Buffer.byteLength(body)),
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': signatureOf(signingSecret, timestamp, body),
        },
      })
      if (answer.status < 200 || answer.status > 299) {
        violated('http_service_error', `${type} was answered with ${answer.status}`)
        return { acknowledged: false, error: 'dispatch_failed' }
      }
      return acknowledgementOf(type, answer.body, acceptsResponsePayload, violated)
    } catch {
      if (!giveUp.signal.aborted) return { acknowledged: false, error: 'dispatch_failed' }
      violated('operation_timeout', `${type} was not acknowledged within 3 seconds`)
      return { acknowledged: false, error: 'operation_timeout' }
    } finally {
      cancel()
    }
  }

  return {
    set(url) {
      current = url
    },
    get: () => current,
    deliver,
  }
}

/** How Slack signs a request (docs.slack.dev/authentication/verifying-requests-from-slack). */
export function signatureOf(signingSecret: string, timestamp: string, body: string): string {
  return `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`
}

/** Commands are a plain form; interactions one field with JSON in it. */
function formOf(type: Envelope['type'], payload: Record<string, unknown>): string {
  const fields =
    type === 'slash_commands'
      ? Object.entries(payload).map(([key, value]) => [key, String(value)])
      : [['payload', JSON.stringify(payload)]]
  return new URLSearchParams(fields).toString()
}

function acknowledgementOf(
  type: Envelope['type'],
  body: string,
  acceptsResponsePayload: boolean,
  violated: (code: string, detail: string) => void,
): Acknowledgement {
  if (body.trim() === '') return { acknowledged: true, payload: {} }
  if (!acceptsResponsePayload) {
    violated('unexpected_response_payload', `${type} takes no answer in its acknowledgement`)
    return { acknowledged: true, payload: {} }
  }
  try {
    const payload: unknown = JSON.parse(body)
    if (isObject(payload)) return { acknowledged: true, payload }
  } catch {
    // Not JSON: a command may be answered in plain words, a form may not.
    if (type === 'slash_commands') return { acknowledged: true, payload: { text: body } }
  }
  violated('invalid_acknowledgement', `${type} was answered with something that is no JSON object`)
  return { acknowledged: false, error: 'dispatch_failed' }
}

/** A connection of its own each time: one kept from before may belong to a bot that is gone. */
function post(
  url: string,
  body: string,
  options: { signal: AbortSignal; headers: Record<string, string> },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, method: 'POST', agent: false }, response => {
      text(response).then(answer => resolve({ status: response.statusCode ?? 0, body: answer }), reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
