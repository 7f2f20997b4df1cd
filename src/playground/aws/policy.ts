import { isOperator, operatorType } from './conditions.ts'
import { list } from './context.ts'
import { parseDate } from './date-value.ts'

/** Condition of a statement: operator → key → value or values. */
export type Condition = Record<string, Record<string, ConditionValue | ConditionValue[]>>
type ConditionValue = string | number | boolean

/** One statement of a policy; `Principal` only in trust policies. */
export type Statement = {
  Sid?: string
  Effect: 'Allow' | 'Deny'
  Principal?: '*' | Record<string, string | string[]>
  Action?: string | string[]
  NotAction?: string | string[]
  Resource?: string | string[]
  NotResource?: string | string[]
  Condition?: Condition
}

/** A policy as JSON, as people write it. */
export type PolicyDocument = { Version?: string; Id?: string; Statement: Statement | Statement[] }

/** The document breaks the policy grammar; the message is what AWS would put in MalformedPolicyDocument. */
export class MalformedPolicy extends Error {
  override name = 'MalformedPolicy'
}

/**
 * Reads an identity policy (also a session policy, a boundary or the policy of a permission set), or with `'trust'` a
 * role's trust policy, and checks its grammar. Throws MalformedPolicy, also for condition operators that are not simulated: a guess would allow or deny wrongly.
 */
export function parsePolicy(text: string, kind: 'identity' | 'trust' = 'identity'): PolicyDocument {
  let document: PolicyDocument
  try {
    document = JSON.parse(text)
  } catch {
    throw new MalformedPolicy('This policy contains invalid Json')
  }
  checkPolicy(document, kind)
  return document
}

/** Checks the grammar of an identity policy, or with `'trust'` of a role's trust policy. Throws MalformedPolicy. */
export function checkPolicy(document: PolicyDocument, kind: 'identity' | 'trust' = 'identity'): void {
  if (!isObject(document)) throw new MalformedPolicy('Syntax errors in policy.')
  onlyKeys(document, ['Version', 'Id', 'Statement'])
  if (document.Version !== undefined && !['2012-10-17', '2008-10-17'].includes(document.Version))
    throw new MalformedPolicy('Policy document must be version 2012-10-17 or greater.')
  const statements = list(document.Statement)
  if (statements.length === 0) throw new MalformedPolicy('Syntax errors in policy.')
  const sids = new Set<string>()
  for (const statement of statements) {
    checkStatement(statement, kind)
    if (statement.Sid === undefined) continue
    if (sids.has(statement.Sid)) throw new MalformedPolicy('Statement IDs (SID) in a single policy must be unique.')
    sids.add(statement.Sid)
  }
}

const statementKeys = ['Sid', 'Effect', 'Action', 'NotAction', 'Condition']

function checkStatement(statement: Statement, kind: 'identity' | 'trust') {
  if (!isObject(statement)) throw new MalformedPolicy('Syntax errors in policy.')
  if (kind === 'identity' && 'Principal' in statement)
    throw new MalformedPolicy('Policy document should not specify a principal.')
  if (kind === 'trust' && ('Resource' in statement || 'NotResource' in statement))
    throw new MalformedPolicy('Has prohibited field Resource')
  onlyKeys(statement, [...statementKeys, ...(kind === 'trust' ? ['Principal'] : ['Resource', 'NotResource'])])
  if (statement.Effect === undefined) throw new MalformedPolicy('Missing required field Effect')
  if (!['Allow', 'Deny'].includes(statement.Effect)) throw new MalformedPolicy('Invalid effect: use Allow or Deny')
  if (statement.Sid !== undefined && !/^[0-9A-Za-z]*$/.test(statement.Sid))
    throw new MalformedPolicy('Statement IDs (SID) must be alpha-numeric.')
  for (const action of exactlyOne(statement, 'Action', 'NotAction')) {
    if (action !== '*' && !/^[A-Za-z0-9-]+:[A-Za-z0-9*?]+$/.test(action))
      throw new MalformedPolicy('Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.')
  }
  if (kind === 'identity') {
    for (const resource of exactlyOne(statement, 'Resource', 'NotResource')) {
      if (resource !== '*' && !/^arn:([^:]*:){4}./.test(resource))
        throw new MalformedPolicy(`Resource ${resource} must be in ARN format or "*".`)
    }
  } else if (statement.Principal === undefined) throw new MalformedPolicy('Missing required field Principal')
  if (statement.Condition !== undefined) checkCondition(statement.Condition)
}

function exactlyOne<K extends 'Action' | 'Resource'>(statement: Statement, name: K, negated: `Not${K}`): string[] {
  const both = statement[name] !== undefined && statement[negated] !== undefined
  const values: unknown[] = list<string>(statement[name] ?? statement[negated])
  if (both) throw new MalformedPolicy('Syntax errors in policy.')
  if (values.length === 0) throw new MalformedPolicy(`Missing required field ${name}`)
  return values.map(value => {
    if (typeof value !== 'string') throw new MalformedPolicy('Syntax errors in policy.')
    return value
  })
}

function checkCondition(condition: Condition) {
  if (!isObject(condition)) throw new MalformedPolicy('Syntax errors in policy.')
  for (const [operator, keys] of Object.entries(condition)) {
    if (!isOperator(operator)) throw new MalformedPolicy(`Invalid Condition type : ${operator}.`)
    if (!isObject(keys)) throw new MalformedPolicy('Syntax errors in policy.')
    for (const [key, values] of Object.entries(keys)) {
      if (!/^[A-Za-z0-9-]+:./.test(key)) throw new MalformedPolicy(`Condition key ${key} must have a vendor prefix.`)
      for (const value of list<unknown>(values)) checkValue(operatorType(operator), value)
    }
  }
}

function checkValue(type: string, value: unknown) {
  if (!['string', 'number', 'boolean'].includes(typeof value)) throw new MalformedPolicy('Syntax errors in policy.')
  const text = String(value)
  if (type === 'Date' && Number.isNaN(parseDate(text))) throw new MalformedPolicy(`Invalid date value : ${text}.`)
  if (type === 'Numeric' && !/^-?\d+(\.\d+)?$/.test(text)) throw new MalformedPolicy(`Invalid number : ${text}.`)
  if ((type === 'Bool' || type === 'Null') && !/^(true|false)$/i.test(text))
    throw new MalformedPolicy(`Invalid boolean value : ${text}.`)
}

function onlyKeys(value: object, allowed: string[]) {
  for (const key of Object.keys(value)) {
    if (!allowed.includes(key)) throw new MalformedPolicy(`Syntax errors in policy. (unknown element ${key})`)
  }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value)
