/**
 * Condition keys and their values at the moment of a request; multivalued keys have a list, also of one value. Key
 * names compare without regard to case.
 */
export type Context = Record<string, string | string[]>

/** The value or values of a key, without regard to case; undefined when the request does not carry it, or no value. */
export function lookUp(context: Context, key: string): string | string[] | undefined {
  const name = key.toLowerCase()
  const found = Object.entries(context).find(([other]) => other.toLowerCase() === name)?.[1]
  return Array.isArray(found) && found.length === 0 ? undefined : found
}

/** Value or values as a list, as policies write most of their elements. */
export const list = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]
