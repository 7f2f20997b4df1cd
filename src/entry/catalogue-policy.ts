import { z } from 'zod'
import type { ActionFacts } from '../core/action-facts.ts'
import { afterEndOfStatements } from '../core/after-end.ts'
import type { Statement } from '../core/entitlement.ts'
import { policyLimits, policySize, renderInlinePolicy } from '../core/inline-policy.ts'
import { instantOf, plusMinutes } from '../core/instant.ts'
import { neverGrantedBy } from '../core/never-grant.ts'
import { fillParameters, isAllowedValue, placeholdersIn } from '../core/parameters.ts'
import { checkActionExists, permissionChangeIn } from './catalogue-actions.ts'
import { whyTooSlow } from './catalogue-pattern.ts'
import { blame, closest, didYouMean, type Report } from './catalogue-problems.ts'
import { keysOf, valueAt } from './catalogue-yaml.ts'

/** An action of a statement: well-formed, fixed, and sharing nothing with what is never granted. */
export function grantableAction(neverGrant: string[], facts: ActionFacts) {
  const action = z.string().superRefine((action, ctx) => {
    if (action.includes('${')) {
      return blame(ctx, `${action} has a blank.`, 'Parameters stand in resources only; name the actions.')
    }
    if (action === '*') return blame(ctx, '* is every action there is.', 'Name the actions: s3:GetObject.')
    if (!/^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(action)) {
      return blame(ctx, `"${action}" is not an action.`, 'Write service:Action, for example s3:GetObject.')
    }
    const never = neverGrantedBy(action, neverGrant)
    const remedy = /[*?]/.test(action) ? 'Name the actions that are needed one by one.' : 'Leave it out.'
    if (!never) {
      const change = permissionChangeIn(action, facts)
      if (change === undefined) return
      const which = change.toLowerCase() === action.toLowerCase() ? action : `${action} holds ${change}, which`
      return blame(ctx, `${which} changes who may do what, and is never granted.`, remedy)
    }
    const { pattern, because } = never
    const what = action.toLowerCase() === pattern.toLowerCase() ? 'is' : `overlaps ${pattern}, which is`
    blame(ctx, `${action} ${what} never granted: ${because}.`, remedy)
  })
  return action.meta({ pattern: '^[a-z0-9-]+:[A-Za-z0-9*?]+$', description: 'service:Action, as in s3:GetObject.' })
}

const resourceText = z.string().superRefine((arn, ctx) => {
  if (arn === '*') return
  // IAM takes nothing else in a policy document (platform: A1).
  if (/[^\u0021-\u00ff]/.test(arn)) {
    return blame(ctx, `"${arn}" has characters that IAM does not take.`, 'Use ASCII without spaces.')
  }
  // `${aws:username}` has a colon that separates nothing.
  const parts = arn.replace(/\$\{[^}]*\}/g, blank => blank.replaceAll(':', ';')).split(':')
  const [prefix = '', partition = '', service = '', region = '', account = '', ...rest] = parts
  if (prefix !== 'arn' || rest.length === 0) {
    return blame(ctx, `"${arn}" is not an ARN.`, 'Write arn:aws:service:region:account:resource, or "*".')
  }
  if ([partition, service, region, account].some(part => part.includes('${'))) {
    return blame(ctx, `"${arn}" has a blank before its resource part.`, 'Put blanks after the fifth colon only.')
  }
  if (!/^(aws[a-z-]*|\*)$/.test(partition) || !/^([a-z0-9-]+|\*)$/.test(service) || rest.join('') === '') {
    return blame(ctx, `"${arn}" is not an ARN.`, 'Write arn:aws:service:region:account:resource, or "*".')
  }
  if (!/^(\d{12}|aws|\*|)$/.test(account)) {
    return blame(ctx, `"${account}" is not an AWS account id.`, 'Write its twelve digits, or * for any account.')
  }
  for (const [blank, name = ''] of arn.matchAll(/\$\{([^}]*)\}?/g)) {
    // AWS's own: ${aws:username}, and ${*} for a literal asterisk.
    if (/^([a-z0-9-]+:[\w/-]+|[*?$])$/i.test(name)) continue
    if (placeholdersIn([{ actions: [], resources: [blank] }]).length === 1) continue
    blame(
      ctx,
      `${blank} is neither a parameter nor a variable of AWS.`,
      'Put the name of a parameter between the braces.',
    )
  }
})

/** A resource of a statement: `*` or an ARN, with blanks in its last part only. */
export const resource = resourceText.meta({ pattern: '^(\\*|arn:.+)$', description: 'An ARN, or * for all.' })

/** The pattern of a parameter: it compiles, and asks for something. */
export const parameterPattern = z
  .string()
  .superRefine((pattern, ctx) => {
    try {
      // Alone first: `a)|(b` compiles within the parentheses that make a match whole, and defeats them.
      new RegExp(pattern, 'u')
      const slow = whyTooSlow(pattern)
      if (slow) return blame(ctx, slow.problem, slow.remedy)
      // An empty value could widen the resource: `bucket/${project}*`.
      if (!isAllowedValue({ name: '', label: { en: '', ja: '' }, pattern }, '')) return
      blame(ctx, 'The pattern matches an empty value.', 'Ask for at least one character, with + or {1,63}.')
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      blame(ctx, `The pattern does not work: ${reason}.`, 'Write a regular expression, like "^[a-z0-9-]{1,63}$".')
    }
  })
  .meta({
    example: '"^[a-z0-9-]{1,63}$"',
    format: 'regex',
    description: 'What a value has to match as a whole: a regular expression that asks for at least one character.',
  })

/** What of the policy can be read, wherever else it is wrong. */
function readableStatements(inlinePolicy: unknown): Statement[] {
  const strings = (value: unknown) => (Array.isArray(value) ? value.filter(item => typeof item === 'string') : [])
  const statements = valueAt(inlinePolicy, 'statements')
  if (!Array.isArray(statements)) return []
  return statements.map(item => ({
    actions: strings(valueAt(item, 'actions')),
    resources: strings(valueAt(item, 'resources')),
  }))
}

/** Whether what no resource uses is used by none indeed. */
function everyResourceIsReadable({ inlinePolicy, permissionSet }: Record<string, unknown>): boolean {
  if (inlinePolicy === undefined) return permissionSet !== undefined
  const statements = valueAt(inlinePolicy, 'statements')
  if (!Array.isArray(statements)) return false
  const resources = statements.map(item => valueAt(item, 'resources'))
  return resources.every(list => Array.isArray(list) && list.every(item => typeof item === 'string'))
}

/** What makes the policy as large as it gets. */
type Longest = { minutes: number; requireMfa: boolean; regions: string[] }

/** Checks what concerns the policy and its parameters together, as far as both can be read; paths are relative. */
export function checkPolicy(
  entitlement: Record<string, unknown>,
  { minutes, ...limits }: Longest,
  facts: ActionFacts,
  report: Report,
): void {
  const declared = keysOf(entitlement['parameters'])
  const statements = readableStatements(entitlement['inlinePolicy'])
  const used = placeholdersIn(statements)
  const undeclared = used.filter(name => !declared.includes(name))
  for (const name of undeclared) {
    const remedy = didYouMean(name, declared) || `Declare it under parameters: ${name}: { label: …, pattern: … }.`
    report(placeOf(name, statements), `\${${name}} is not declared.`, remedy)
  }
  const unused = declared.filter(name => !used.includes(name) && !undeclared.some(other => closest(other, [name])))
  for (const name of everyResourceIsReadable(entitlement) ? unused : []) {
    report(['parameters', name], `No resource uses \${${name}}.`, 'Use it in a resource, or leave it out.')
  }
  if (statements.length === 0) return
  for (const [index, { actions }] of statements.entries()) {
    for (const [at, action] of actions.entries()) {
      checkActionExists(action, ['inlinePolicy', 'statements', index, 'actions', at], facts, report)
    }
  }
  // One character for each value is the least it can be; what people have already is found when they ask.
  const shortest = fillParameters(statements, Object.fromEntries(used.map(name => [name, 'x'])))
  const start = instantOf(0)
  const onRole = valueAt(entitlement, 'inlinePolicy', 'on', 'role') !== undefined
  const bounds = onRole ? { equal: { 'aws:userid': shortestUserId }, issuedFrom: start } : undefined
  const policy = renderInlinePolicy({ statements: shortest, ...limits }, start, plusMinutes(start, minutes), bounds)
  const size = policySize(JSON.stringify(policy))
  const limit = policyLimits[onRole ? 'role' : 'user']
  if (size > limit) {
    const of = onRole ? 'a role' : 'an IAM user'
    const problem = `The policy takes ${size} characters; all inline policies of ${of} together may take ${limit}.`
    report(['inlinePolicy', 'statements'], problem, 'Split the entitlement, or use a permission set.')
  }
}

/** A role's id has 21 characters, and a user name at least one. */
const shortestUserId = `AROA${'X'.repeat(17)}:x`

/** Reports what would go on after the end in a sensitive account. Of permission sets that is known when they are asked for. */
export function checkPersistence(entitlement: Record<string, unknown>, sensitive: string[], report: Report): void {
  if (sensitive.length === 0) return
  for (const [index, { actions }] of readableStatements(entitlement['inlinePolicy']).entries()) {
    for (const [at, action] of actions.entries()) {
      const { lasts } = afterEndOfStatements([{ actions: [action], resources: [] }])
      if (lasts.length === 0) continue
      const problem = `${action} leaves something behind that goes on after the end, and ${sensitive.join(', ')} is sensitive.`
      const remedy = 'Leave it out, or write allowPersistence: true for this entitlement.'
      report(['inlinePolicy', 'statements', index, 'actions', at], problem, remedy)
    }
  }
}

function placeOf(name: string, statements: Statement[]): PropertyKey[] {
  const at = statements.findIndex(({ resources }) => resources.some(text => text.includes(`\${${name}}`)))
  const index = statements[at]?.resources.findIndex(text => text.includes(`\${${name}}`)) ?? 0
  return ['inlinePolicy', 'statements', at, 'resources', index]
}
