import type { IncomingMessage } from 'node:http'
import type { AwsError, CommonError } from './aws-error.ts'
import { commonError } from './aws-error.ts'
import type { Parameters } from './parameters.ts'
import { type Service, services } from './services.ts'

/** A request as far as it could be read: an unknown operation of a known service is still that service's business. */
export type WireRequest = {
  service: Service
  operation: string
  params: Parameters
  accessKeyId: string | undefined
  sessionToken: string | undefined
}

/** An answer ready to be written. */
export type WireAnswer = { status: number; contentType: string; body: string }

/** Reads a request of either protocol; undefined when no service here would answer it. */
export function readRequest(message: IncomingMessage, body: string): WireRequest | 'malformed' | undefined {
  const credential = /Credential=([^/,\s]+)\//.exec(message.headers.authorization ?? '')
  const token = message.headers['x-amz-security-token']
  const who = { accessKeyId: credential?.[1], sessionToken: typeof token === 'string' ? token : undefined }
  const target = message.headers['x-amz-target']
  if (typeof target === 'string') {
    const dot = target.lastIndexOf('.')
    const [prefix, operation] = [target.slice(0, dot), target.slice(dot + 1)]
    // Some clients write the name of a service's model out in full (com.amazonaws….CloudTrail_20131101).
    const named = prefix.slice(prefix.lastIndexOf('.') + 1)
    const service = services.find(({ protocol }) => protocol.kind === 'json' && protocol.target === named)
    const params = jsonObject(body)
    if (!params) return 'malformed'
    return service && { service, operation, params, ...who }
  }
  const { Action: operation = '', Version: version, ...params } = Object.fromEntries(new URLSearchParams(body))
  const service = services.find(({ protocol }) => protocol.kind === 'query' && protocol.version === version)
  return service && { service, operation, params, ...who }
}

function jsonObject(body: string): Parameters | undefined {
  try {
    const value: unknown = JSON.parse(body || '{}')
    return typeof value === 'object' && value !== null ? (value as Parameters) : undefined
  } catch {
    return undefined
  }
}

/** Writes the answer of an operation. */
export function writeResult({ service, operation }: WireRequest, result: object, requestId: string): WireAnswer {
  if (service.protocol.kind === 'json') return json(200, result)
  const inner = Object.keys(result).length > 0 ? `<${operation}Result>${members(result)}</${operation}Result>` : ''
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`
  return xml(200, `<${operation}Response xmlns="${namespace(service)}">${inner}${metadata}</${operation}Response>`)
}

/** Writes an error under the code this service has for it. */
export function writeError(service: Service, error: AwsError, requestId: string): WireAnswer & { code: string } {
  const [code, status] = service.codes[error.code as CommonError] ?? [error.code, error.status]
  if (service.protocol.kind === 'json') {
    // Members are spelled `Message` in some models and `message` in others; clients read either.
    return { code, ...json(status, { __type: code, message: error.message, Message: error.message }) }
  }
  const fault = { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: error.message }
  const body = `<Error>${members(fault)}</Error><RequestId>${requestId}</RequestId>`
  return { code, ...xml(status, `<ErrorResponse xmlns="${namespace(service)}">${body}</ErrorResponse>`) }
}

/** What a service says to an operation it does not have. */
export function unknownOperation({ service, operation }: WireRequest): AwsError {
  const { protocol } = service
  const version = protocol.kind === 'query' ? ` for version ${protocol.version}` : ''
  return commonError('unknownOperation', `Could not find operation ${operation}${version}`)
}

const json = (status: number, value: object): WireAnswer => ({
  status,
  contentType: 'application/x-amz-json-1.1',
  body: JSON.stringify(value),
})
const xml = (status: number, body: string): WireAnswer => ({ status, contentType: 'text/xml', body })

function namespace({ name, protocol }: Service): string {
  return `https://${name}.amazonaws.com/doc/${protocol.kind === 'query' ? protocol.version : ''}/`
}

function members(value: object): string {
  return Object.entries(value)
    .map(([name, member]) => (member === undefined ? '' : `<${name}>${content(member)}</${name}>`))
    .join('')
}

function content(value: unknown): string {
  if (Array.isArray(value)) return value.map(item => `<member>${content(item)}</member>`).join('')
  if (typeof value === 'object' && value !== null) return members(value)
  return escaped(String(value))
}

// Control characters would be normalised by an XML reader unless written as references.
const escaped = (text: string) => text.replace(/[&<>"'\t\n\r]/g, character => `&#${character.charCodeAt(0)};`)
