import { type Context, list, lookUp } from './context.ts'
import { parseDate } from './date-value.ts'
import { matchesPattern, type Variables } from './patterns.ts'
import type { Condition } from './policy.ts'

type Compare = (actual: string, wanted: string, variables: Variables) => boolean

const number = (compare: (a: number, b: number) => boolean): Compare => {
  return (actual, wanted) => compare(Number(actual), Number(wanted))
}
// A date that cannot be read is NaN and compares as false with everything.
const date = (compare: (a: number, b: number) => boolean): Compare => {
  return (actual, wanted) => compare(parseDate(actual), parseDate(wanted))
}
const pattern = (mode: Parameters<typeof matchesPattern>[3]): Compare => {
  return (actual, wanted, variables) => matchesPattern(wanted, actual, variables, mode)
}

/** Positive comparisons by operator; their negations are in `negations`. */
const comparisons: Record<string, Compare> = {
  StringEquals: pattern('exact'),
  StringEqualsIgnoreCase: pattern('exactIgnoreCase'),
  StringLike: pattern('text'),
  NumericEquals: number((a, b) => a === b),
  NumericLessThan: number((a, b) => a < b),
  NumericLessThanEquals: number((a, b) => a <= b),
  NumericGreaterThan: number((a, b) => a > b),
  NumericGreaterThanEquals: number((a, b) => a >= b),
  DateEquals: date((a, b) => a === b),
  DateLessThan: date((a, b) => a < b),
  DateLessThanEquals: date((a, b) => a <= b),
  DateGreaterThan: date((a, b) => a > b),
  DateGreaterThanEquals: date((a, b) => a >= b),
  Bool: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  // AWS treats the two alike: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
  ArnEquals: pattern('arn'),
  ArnLike: pattern('arn'),
}

const negations: Record<string, string> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
}

type Operator = { set: 'ForAllValues' | 'ForAnyValue' | undefined; base: string; ifExists: boolean }

function parseOperator(text: string): Operator {
  const set = /^(ForAllValues|ForAnyValue):/.exec(text)?.[1] as Operator['set']
  const rest = set ? text.slice(set.length + 1) : text
  const ifExists = rest.endsWith('IfExists')
  return { set, base: ifExists ? rest.slice(0, -'IfExists'.length) : rest, ifExists }
}

/** Whether this is a condition operator that is simulated. */
export function isOperator(text: string): boolean {
  const { base, set, ifExists } = parseOperator(text)
  if (base === 'Null') return !set && !ifExists
  return base in comparisons || base in negations
}

/** The type of value an operator takes: String, Numeric, Date, Bool, Arn or Null. */
export function operatorType(text: string): string {
  return /^(String|Numeric|Date|Bool|Arn|Null)/.exec(parseOperator(text).base)?.[1] ?? ''
}

/**
 * Whether every operator and every key of the condition matches the request's `context`. `variables` is what policy
 * variables in the values may stand for.
 */
export function conditionHolds(
  condition: Condition | undefined,
  context: Context,
  variables: Variables = context,
): boolean {
  return Object.entries(condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) =>
      keyHolds(parseOperator(operator), list(values).map(String), lookUp(context, key), variables),
    ),
  )
}

function keyHolds(
  { set, base, ifExists }: Operator,
  wanted: string[],
  actual: string | string[] | undefined,
  variables: Variables,
): boolean {
  if (base === 'Null') return wanted.some(value => (value.toLowerCase() === 'true') === (actual === undefined))
  const positive = negations[base]
  const compare = comparisons[positive ?? base]
  if (!compare) throw new Error(`Condition operator ${base} is not simulated`)
  const matchesOne = (value: string) => wanted.some(one => compare(value, one, variables))
  const holds = (value: string) => (positive ? !matchesOne(value) : matchesOne(value))
  if (actual === undefined) {
    if (ifExists || set === 'ForAllValues') return true
    return set === undefined && positive !== undefined
  }
  if (set === 'ForAllValues') return list(actual).every(holds)
  if (set === 'ForAnyValue') return list(actual).some(holds)
  // Multivalued keys require a set operator:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
  return typeof actual === 'string' && holds(actual)
}
