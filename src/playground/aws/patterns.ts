import { type Context, lookUp } from './context.ts'

/** What policy variables may stand for; null where there are none and `${` is plain text. */
export type Variables = Context | null

/**
 * Whether a value is what a policy wrote, with policy variables filled in from `variables`. `exact` has no wildcards,
 * `text` has them over the whole value, `arn` within each part of an ARN only. What a variable stands for is literal,
 * and a variable without a value matches nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function matchesPattern(
  pattern: string,
  value: string,
  variables: Variables,
  mode: 'exact' | 'exactIgnoreCase' | 'text' | 'arn',
): boolean {
  if (mode !== 'arn') {
    const flags = mode === 'exactIgnoreCase' ? 'is' : 's'
    return expression(pattern, variables, mode === 'text', flags)?.test(value) ?? false
  }
  const wanted = arnParts(pattern, variables)
  const actual = arnParts(value, null)
  if (wanted.length !== 6 || actual.length !== 6) return false
  return wanted.every((part, index) => expression(part, variables, true)?.test(actual[index] ?? '') ?? false)
}

function expression(pattern: string, variables: Variables, wildcards: boolean, flags = 's'): RegExp | undefined {
  let source = ''
  for (const token of tokens(pattern, variables)) {
    if (variables && token.startsWith('${')) {
      const value = substituted(token.slice(2, -1), variables)
      if (value === undefined) return undefined
      source += escaped(value)
    } else if (wildcards && token === '*') source += '.*'
    else if (wildcards && token === '?') source += '.'
    else source += escaped(token)
  }
  return new RegExp(`^${source}$`, flags)
}

function substituted(text: string, variables: Context): string | undefined {
  if (text === '*' || text === '?' || text === '$') return text
  const [key = '', fallback] = text.split(/\s*,\s*/, 2)
  const value = lookUp(variables, key.trim())
  // A multivalued key cannot be a variable.
  return typeof value === 'string' ? value : fallback?.replace(/^'(.*)'$/, '$1')
}

// A policy variable is one token, every other character another.
const tokens = (text: string, variables: Variables): string[] =>
  text.match(variables ? /\$\{[^}]*\}|[\s\S]/g : /[\s\S]/g) ?? []

// Colons inside ${...} belong to the variable, and the sixth part keeps its own colons.
function arnParts(text: string, variables: Variables): string[] {
  const parts = ['']
  for (const token of tokens(text, variables)) {
    if (token === ':' && parts.length < 6) parts.push('')
    else parts[parts.length - 1] += token
  }
  return parts
}

const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
