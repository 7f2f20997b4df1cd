import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'
import { chatMethods } from './methods/chat.ts'
import { connectionMethods } from './methods/connection.ts'
import { conversationMethods } from './methods/conversations.ts'
import { Args, type Method, Refusal, refusalWithMessages, type World } from './methods/method.ts'
import { needScope } from './methods/places.ts'
import { userMethods } from './methods/users.ts'
import { viewMethods } from './methods/views.ts'
import type { createRateLimits } from './rate-limits.ts'
import { answerResponseUrl } from './response-posts.ts'
import type { ResponseUrls } from './response-urls.ts'
import { isObject } from './shape.ts'

/** One call the app made. `at` is the world's time, ISO 8601. */
export type ObservedCall = {
  method: string
  /** The telling arguments in a few words. */
  summary: string
  /** `ok`, Slack's error code, or the kind of the fault that struck. */
  outcome: string
  at: string
}

const methods = new Map<string, Method>(
  Object.entries({
    ...connectionMethods,
    ...viewMethods,
    ...chatMethods,
    ...conversationMethods,
    ...userMethods,
  }),
)

/** Refusals that answer a question rather than blame the caller. */
const plainAnswers = new Set(['users_not_found'])

/** The HTTP side of Slack: `/api/<method>` and response_urls. */
export function createWebApi(options: {
  world: World
  responseUrls: ResponseUrls
  /** Absent: nothing is limited. */
  rateLimits: ReturnType<typeof createRateLimits> | undefined
  strike(method: string): Fault | undefined
  called(call: ObservedCall): void
  violated(code: string, detail: string): void
}) {
  const { world, responseUrls, rateLimits, strike, called, violated } = options
  const { app } = world.workspace.seed

  function answerMethod(name: string, request: IncomingMessage, args: Args): Answer {
    const method = methods.get(name)
    if (!method) throw new Refusal('unknown_method', { req_method: name })
    authenticate(method, request, args)
    for (const scope of method.scopes ?? []) needScope(world.workspace, scope)
    const key = `${name} ${method.rateKey?.(args) ?? ''}`
    const wait = method.rate && rateLimits?.retryAfterSeconds(key, method.rate)
    if (wait !== undefined) return rateLimited(wait)
    const missing = (method.required ?? []).filter(field => !args.has(field))
    if (missing.length > 0) {
      const messages = missing.map(field => `[ERROR] missing required field: ${field}`)
      throw refusalWithMessages('invalid_arguments', messages)
    }
    const scopes = method.token === 'app' ? 'connections:write' : app.scopes.join(',')
    return { status: 200, body: { ok: true, ...method.run(args, world) }, outcome: 'ok', scopes }
  }

  function authenticate(method: Method, request: IncomingMessage, args: Args) {
    const [, bearer] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? []
    // Slack reads a token from a form, never from a JSON body.
    const token = bearer ?? (isJson(request) ? '' : args.text('token'))
    if (token === '') throw new Refusal('not_authed')
    if (token !== app.botToken && token !== app.appToken) throw new Refusal('invalid_auth')
    if ((token === app.appToken) !== (method.token === 'app')) throw new Refusal('not_allowed_token_type')
  }

  function refusing(name: string, answer: () => Answer): Answer {
    try {
      return answer()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const { messages } = (error.more['response_metadata'] ?? {}) as { messages?: string[] }
      if (!plainAnswers.has(error.code)) violated(error.code, [name, ...(messages ?? [])].join(' '))
      return { status: 200, body: { ok: false, error: error.code, ...error.more }, outcome: error.code }
    }
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://slack')
    const [, name] = /^\/api\/([\w.]+)$/.exec(url.pathname) ?? []
    const posted = url.pathname.startsWith('/response/')
    const args = new Args({ ...Object.fromEntries(url.searchParams), ...(await readArguments(request)) })
    if (name === undefined && !posted) return send(response, { status: 404, body: {}, outcome: 'not found' })

    const label = name ?? 'response_url'
    const fault = strike(label)
    const note = (outcome: string) =>
      called({ method: label, summary: summary(args), outcome, at: new Date(world.workspace.worldNow()).toISOString() })
    if (fault && fault.kind !== 'unheard') {
      note(fault.kind)
      if (fault.kind === 'rate_limit') send(response, rateLimited(fault.retryAfterSeconds ?? 1))
      if (fault.kind === 'fail')
        send(response, { status: 200, body: { ok: false, error: 'internal_error' }, outcome: '' })
      return
    }
    const answer = refusing(label, () => {
      if (name !== undefined) return answerMethod(name, request, args)
      answerResponseUrl(world.workspace, responseUrls, url.pathname, args)
      return { status: 200, body: { ok: true }, outcome: 'ok' }
    })
    // A response_url has no `ok: false` with status 200: its refusals are errors of HTTP.
    if (name === undefined && answer.outcome !== 'ok') answer.status = answer.outcome.endsWith('_url') ? 404 : 400
    note(fault ? fault.kind : answer.outcome)
    if (fault) response.destroy()
    else send(response, answer)
  }
}

/** What goes back over HTTP. */
type Answer = {
  status: number
  body: Record<string, unknown>
  outcome: string
  retryAfterSeconds?: number
  /** The scopes of the token that was used, which Slack names in a header. */
  scopes?: string
}

function rateLimited(retryAfterSeconds: number): Answer {
  return { status: 429, body: { ok: false, error: 'ratelimited' }, outcome: 'ratelimited', retryAfterSeconds }
}

function send(response: ServerResponse, { status, body, retryAfterSeconds, scopes }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    ...(scopes !== undefined && { 'x-oauth-scopes': scopes }),
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
  })
  response.end(JSON.stringify(body))
}

function isJson(request: IncomingMessage): boolean {
  return (request.headers['content-type'] ?? '').startsWith('application/json')
}

async function readArguments(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks).toString('utf8')
  if (!isJson(request)) return Object.fromEntries(new URLSearchParams(body))
  try {
    const parsed: unknown = JSON.parse(body)
    return isObject(parsed) ? parsed : {}
  } catch {
    return {}
  }
}

function summary(args: Args): string {
  const telling = ['channel', 'user', 'users', 'usergroup', 'email', 'ts', 'view_id', 'text']
  return telling
    .filter(key => args.has(key))
    .map(key => args.text(key))
    .join(' ')
    .slice(0, 120)
}
