/** Where a check stands: what it found so far, and what must be unique or counted across the whole payload. */
export type Checking = {
  problems: string[]
  blockIds: Set<string>
  /** action_ids of the block being checked: they are unique within it. */
  actionIds: Set<string>
  focused: number
}

/** Looks at one value at a JSON pointer and notes what Slack would refuse. */
export type Check = (value: unknown, at: string, checking: Checking) => void

/** Notes a problem in the form of Slack's `response_metadata.messages`. */
export function refuse(checking: Checking, at: string, message: string): void {
  checking.problems.push(`[ERROR] ${message} [json-pointer:${at || '/'}]`)
}

/** Narrows to a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An object with these fields and no other; `also` looks at the whole of it when each field was an object's field. */
export function shape(
  required: Record<string, Check>,
  optional: Record<string, Check> = {},
  also?: (value: Record<string, unknown>, at: string, checking: Checking) => void,
): Check {
  return (value, at, checking) => {
    if (!isObject(value)) return refuse(checking, at, 'must provide an object')
    for (const key of Object.keys(required)) {
      if (value[key] === undefined) refuse(checking, at, `missing required field: ${key}`)
    }
    for (const [key, field] of Object.entries(value)) {
      const check = required[key] ?? optional[key]
      if (!check) refuse(checking, at, `invalid additional property: ${key}`)
      else if (field !== undefined) check(field, `${at}/${key}`, checking)
    }
    also?.(value, at, checking)
  }
}

/** A string of `min` to `max` characters, matching `pattern` if given. */
export function string(max: number, min = 0, pattern?: RegExp): Check {
  return (value, at, checking) => {
    if (typeof value !== 'string') return refuse(checking, at, 'must provide a string')
    if (value.length > max) refuse(checking, at, `must be less than ${max + 1} characters`)
    if (value.length < min) refuse(checking, at, `must be more than ${min - 1} characters`)
    if (pattern && !pattern.test(value)) refuse(checking, at, 'must match the expected format')
  }
}

/** True or false. */
export const boolean: Check = (value, at, checking) => {
  if (typeof value !== 'boolean') refuse(checking, at, 'must provide a boolean')
}

/** A whole number within bounds, both included. */
export function integer(min: number, max: number): Check {
  return (value, at, checking) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return refuse(checking, at, 'must provide an integer')
    if (value < min) refuse(checking, at, `must be at least ${min}`)
    if (value > max) refuse(checking, at, `must be at most ${max}`)
  }
}

/** One of these strings. */
export function oneOf(...words: string[]): Check {
  return (value, at, checking) => {
    if (!words.includes(String(value))) refuse(checking, at, `must be one of: ${words.join(', ')}`)
  }
}

/** An array of `min` to `max` items, each passing the check. */
export function list(check: Check, max: number, min = 1): Check {
  return (value, at, checking) => {
    if (!Array.isArray(value)) return refuse(checking, at, 'must provide an array')
    if (value.length > max) refuse(checking, at, `no more than ${max} items allowed`)
    if (value.length < min) refuse(checking, at, `no fewer than ${min} items allowed`)
    value.forEach((item, index) => {
      check(item, `${at}/${index}`, checking)
    })
  }
}

/** An object whose `type` picks the check; any other type is unsupported at this place. */
export function byType(checks: Record<string, Check>): Check {
  return (value, at, checking) => {
    if (!isObject(value)) return refuse(checking, at, 'must provide an object')
    if (value['type'] === undefined) return refuse(checking, at, 'missing required field: type')
    const check = typeof value['type'] === 'string' && Object.hasOwn(checks, value['type']) && checks[value['type']]
    if (!check) return refuse(checking, `${at}/type`, `unsupported type: ${String(value['type'])}`)
    check(value, at, checking)
  }
}

/** Passes everything: for a field that another check looks at. */
export const anything: Check = () => {}
