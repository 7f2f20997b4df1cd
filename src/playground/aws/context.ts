/** Condition keys and their values at the moment of a request. Key names compare without regard to case. */
export type Context = Record<string, string | string[]>

/** The values of a key, without regard to case; undefined when the request does not carry it. */
export function lookUp(context: Context, key: string): string[] | undefined {
  const name = key.toLowerCase()
  const found = Object.entries(context).find(([other]) => other.toLowerCase() === name)
  return found && list(found[1])
}

/** Value or values as a list, as policies write most of their elements. */
export const list = <T>(value: T | T[] | undefined): T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]
