import { commonError } from './aws-error.ts'

/** The parameters of a call: text only in the query protocol, any JSON in the other. */
export type Parameters = Record<string, unknown>

type Rules = { min?: number; max?: number; pattern?: string }

function refuse(name: string, value: unknown, constraint: string): never {
  const member = name.charAt(0).toLowerCase() + name.slice(1)
  const shown = value === undefined ? 'Value null' : `Value '${String(value)}'`
  throw commonError(
    'validation',
    `1 validation error detected: ${shown} at '${member}' failed to satisfy constraint: Member must ${constraint}`,
  )
}

/** A required text, checked as AWS does; throws `validation`. */
export function text(params: Parameters, name: string, rules: Rules = {}): string {
  const value = optionalText(params, name, rules)
  return value === undefined ? refuse(name, value, 'not be null') : value
}

/** A text that may be absent; throws `validation` when it is there and breaks a rule. */
export function optionalText(
  params: Parameters,
  name: string,
  { min = 1, max, pattern }: Rules = {},
): string | undefined {
  const value = params[name]
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'string') throw commonError('validation', `Expected a string for ${name}`)
  if (value.length < min) refuse(name, value, `have length greater than or equal to ${min}`)
  if (max !== undefined && value.length > max) refuse(name, value, `have length less than or equal to ${max}`)
  if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value))
    refuse(name, value, `satisfy regular expression pattern: ${pattern}`)
  return value
}

/** A required text that must be one of a set. */
export function oneOf<T extends string>(params: Parameters, name: string, allowed: readonly T[]): T {
  const value = text(params, name)
  const found = allowed.find(one => one === value)
  return found ?? refuse(name, value, `satisfy enum value set: [${allowed.join(', ')}]`)
}

/** A whole number that may be absent, written as a number or (query protocol) as text. */
export function optionalInteger(params: Parameters, name: string, min: number, max: number): number | undefined {
  const value = params[name]
  if (value === undefined || value === null) return undefined
  const number = typeof value === 'number' ? value : Number(value)
  if (!Number.isInteger(number)) throw commonError('validation', `Expected an integer for ${name}`)
  if (number < min) refuse(name, number, `have value greater than or equal to ${min}`)
  if (number > max) refuse(name, number, `have value less than or equal to ${max}`)
  return number
}

/** A truth value that may be absent, written as such or (query protocol) as text. */
export function optionalBoolean(params: Parameters, name: string): boolean | undefined {
  const value = params[name]
  if (value === undefined || value === null) return undefined
  if (value !== true && value !== false && value !== 'true' && value !== 'false')
    throw commonError('validation', `Expected a boolean for ${name}`)
  return value === true || value === 'true'
}

/**
 * A list of the query protocol (`ActionNames.member.1`), empty when absent: of texts, or of structures, whose own
 * members (`ContextEntries.member.1.ContextKeyName`) are parameters again.
 */
export function queryList(params: Parameters, name: string): (string | Parameters)[] {
  const start = `${name}.member.`
  const items = new Map<number, string | Parameters>()
  for (const [key, value] of Object.entries(params)) {
    if (!key.startsWith(start)) continue
    const [index = '', ...rest] = key.slice(start.length).split('.')
    const known = items.get(Number(index))
    if (rest.length === 0) items.set(Number(index), String(value))
    else items.set(Number(index), { ...(typeof known === 'object' ? known : {}), [rest.join('.')]: value })
  }
  return [...items].sort(([one], [other]) => one - other).map(([, item]) => item)
}

/** A structure, empty when absent. */
export function structure(params: Parameters, name: string): Parameters {
  const value = params[name]
  if (value === undefined || value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value))
    throw commonError('validation', `Expected a structure for ${name}`)
  return value as Parameters
}

/** A page of a listing; `next` is the token for the following one. The token is good for the same `scope` only. */
export function page<T>(
  items: T[],
  scope: string,
  size: number,
  token: string | undefined,
): { items: T[]; next?: string } {
  const start = token === undefined ? 0 : readToken(token, scope)
  const end = start + size
  const next = Buffer.from(JSON.stringify([scope, end])).toString('base64url')
  return { items: items.slice(start, end), ...(end < items.length ? { next } : {}) }
}

function readToken(token: string, scope: string): number {
  try {
    const [tokenScope, start] = JSON.parse(Buffer.from(token, 'base64url').toString()) as [string, number]
    if (tokenScope === scope && Number.isInteger(start) && start >= 0) return start
  } catch {
    // Not one of our tokens: refused below.
  }
  throw commonError('validation', 'The pagination token is invalid.')
}
