import type { Parameter, PlainWords, Statement, Text } from './entitlement.ts'

/** Characters that could change the shape of a policy, whatever a pattern allows (`:` splits ARNs, `$` starts a variable). */
const shapeChanging = /[*?$"'`{}\\:\s]/

/** Characters a value may have. The time that matching takes grows with it, and people type the values. */
export const valueLimit = 128

/** Whether the value may stand in the parameter's place: matched whole, and never able to change the policy's shape. */
export function isAllowedValue(parameter: Parameter, value: string): boolean {
  if (value.length > valueLimit || shapeChanging.test(value)) return false
  return new RegExp(`^(?:${parameter.pattern})$`, 'u').test(value)
}

/** Fills `${name}` in the resources of parsed statements. Actions take no parameters. Values were checked before. */
export function fillParameters(statements: Statement[], values: Record<string, string>): Statement[] {
  return statements.map(({ actions, resources }) => ({
    actions,
    resources: resources.map(resource => filled(resource, values)),
  }))
}

/** The same in words about the statements: what is approved is named by the values that were entered. */
export function fillWords({ lines, careful }: PlainWords, values: Record<string, string>): PlainWords {
  const fill = ({ en, ja }: Text): Text => ({ en: filled(en, values), ja: filled(ja, values) })
  return { lines: lines.map(fill), ...(careful && { careful: fill(careful) }) }
}

function filled(text: string, values: Record<string, string>): string {
  return text.replace(placeholder, (_, name: string) => {
    const value = values[name]
    if (value === undefined) throw new Error(`no value for the parameter ${name}`)
    return value
  })
}

/** Names of the parameters that the statements mention. */
export function placeholdersIn(statements: Statement[]): string[] {
  const found = statements.flatMap(({ resources }) => resources.flatMap(text => [...text.matchAll(placeholder)]))
  return [...new Set(found.flatMap(match => match[1] ?? []))]
}

/** `${table}`; not `${aws:username}`, which is AWS's own and has a colon. */
const placeholder = /\$\{([A-Za-z][A-Za-z0-9_-]*)\}/g
