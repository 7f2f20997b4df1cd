import { z } from 'zod'
import type { YamlSource } from './catalogue-yaml.ts'

/** One thing to correct in the catalogue. `problem` and `remedy` are sentences; `line` counts from 1. */
export type Problem = { path: string; problem: string; remedy: string; line?: number }

/** Collects what is wrong where; the path is that of the value, whether it is there or missing. */
export type Report = (path: PropertyKey[], problem: string, remedy: string) => void

/** Reports from within a schema; `at` leads from the value the schema is for to the one that is wrong. */
export function blame(ctx: z.RefinementCtx, problem: string, remedy: string, at: PropertyKey[] = []): void {
  ctx.addIssue({ code: 'custom', params: { problem, remedy }, path: at })
}

/** What people bring along from IAM or from elsewhere, by the key they write, and what to write instead. */
const advice = new Map(
  Object.entries({
    effect: 'Statements of the catalogue always allow. Leave it out.',
    action: 'Write actions: [...].',
    resource: 'Write resources: [...].',
    notaction: 'Name what is allowed under actions.',
    notactions: 'Name what is allowed under actions.',
    notresource: 'Name what is allowed under resources.',
    notresources: 'Name what is allowed under resources.',
    notprincipal: 'The policy goes to the requester and nobody else. Leave it out.',
    principal: 'The policy goes to the requester and nobody else. Leave it out.',
    condition: 'Curfew adds the time bounds itself and takes no other conditions. Narrow the resources instead.',
    conditions: 'Curfew adds the time bounds itself and takes no other conditions. Narrow the resources instead.',
    sid: 'Statements have no names. Leave it out.',
    approvers: 'Write approvals: { rules: [{ from: [group], count: 1 }] }.',
  }),
)

/** Turns what zod found into problems, with the schema and the source at hand for "did you mean" and examples. */
export function problemsOf(issues: z.core.$ZodIssue[], schema: z.ZodType, source: YamlSource, report: Report): void {
  const meant = new Set(issues.flatMap(issue => placesMeant(issue, schema)))
  for (const issue of issues) {
    const here = schemaAt(schema, issue.path)
    // One mistake, one line: what is missing stands there under another name, which is reported.
    if (meant.has(placeOf(issue.path)) && source.textAt(issue.path) === undefined) continue
    if (issue.code === 'custom') {
      report(issue.path, String(issue.params?.['problem']), String(issue.params?.['remedy']))
    } else if (issue.code === 'unrecognized_keys') {
      const known = knownIn(here)
      for (const key of issue.keys) report([...issue.path, key], `${key} is not a key here.`, remedyFor(key, known))
    } else {
      const text = source.textAt(issue.path)
      const key = String(issue.path.at(-1))
      if (text === undefined) report(issue.path, `${key} is missing.`, remedyForMissing(key, here))
      else report(issue.path, wrongKind(text, here), remedyForKind(text, key, here))
    }
  }
}

/** The keys that were meant by those that are not known. */
function placesMeant(issue: z.core.$ZodIssue, schema: z.ZodType): string[] {
  if (issue.code !== 'unrecognized_keys') return []
  const known = knownIn(schemaAt(schema, issue.path))
  return issue.keys.flatMap(key => {
    const advised = advice.get(key.toLowerCase())
    const meant = known.find(name => advised?.match(`(Write|under) ${name}\\b`)) ?? closest(key, known)
    return meant === undefined ? [] : [placeOf([...issue.path, meant])]
  })
}

function placeOf(path: PropertyKey[]): string {
  return JSON.stringify(path)
}

function knownIn(schema: z.ZodType | undefined): string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

function remedyFor(key: string, known: string[]): string {
  return advice.get(key.toLowerCase()) ?? (didYouMean(key, known) || `Leave it out; known are ${known.join(', ')}.`)
}

function wrongKind(text: string, schema: z.ZodType | undefined): string {
  if (schema instanceof z.ZodArray) return `${text} is not a list.`
  if (schema instanceof z.ZodObject || schema instanceof z.ZodRecord) return `${text} is not a section with keys.`
  if (schema instanceof z.ZodString && isPlain(text)) return `${text} without quotes is not text to YAML.`
  if (schema instanceof z.ZodEnum) return `${text} is not a choice here.`
  return `${text} is not what belongs here.`
}

function remedyForMissing(key: string, schema: z.ZodType | undefined): string {
  const example = exampleOf(schema)
  return example ? `Add ${key}: ${example}.` : 'Fill it in; infra/curfew.example.yaml shows how.'
}

function exampleOf(schema: z.ZodType | undefined): string | undefined {
  const example = schema && z.globalRegistry.get(schema)?.['example']
  return typeof example === 'string' ? example : undefined
}

function remedyForKind(text: string, key: string, schema: z.ZodType | undefined): string {
  const example = exampleOf(schema)
  if (schema instanceof z.ZodString && isPlain(text)) return `Put it in quotes: "${text}".`
  if (schema instanceof z.ZodArray && isPlain(text)) return `Write [${text}].`
  if (schema instanceof z.ZodEnum) return `Write one of ${schema.options.join(', ')}.`
  if (schema instanceof z.ZodBoolean) return 'Write true or false.'
  return example ? `Write ${key}: ${example}.` : `See infra/curfew.example.yaml for ${key}.`
}

function isPlain(text: string): boolean {
  return /^[\w.+-]+$/.test(text)
}

/** The schema that a path leads to, without the wrapping of optional and transformed values. */
function schemaAt(schema: z.ZodType, path: PropertyKey[]): z.ZodType | undefined {
  let here = unwrapped(schema)
  for (const key of path) {
    if (here instanceof z.ZodObject) here = unwrapped(here.shape[String(key)])
    else if (here instanceof z.ZodArray) here = unwrapped(here.element as z.ZodType)
    else if (here instanceof z.ZodRecord) here = unwrapped(here.valueType as z.ZodType)
    else return undefined
  }
  return here
}

function unwrapped(schema: z.ZodType | undefined): z.ZodType | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional || schema instanceof z.ZodDefault) {
    return unwrapped(schema.unwrap() as z.ZodType)
  }
  if (schema instanceof z.ZodPipe) return unwrapped(schema.in as z.ZodType)
  return schema
}

/** "Did you mean …?" when a known word is close to the one written, else empty. */
export function didYouMean(word: string, known: string[]): string {
  const meant = closest(word, known)
  return meant === undefined ? '' : `Did you mean ${meant}?`
}

/** The known word that is close enough to be what was meant. */
export function closest(word: string, known: string[]): string | undefined {
  const allowed = word.length > 4 ? 2 : 1
  return known
    .map(candidate => ({ candidate, distance: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(found => found.distance <= allowed)
    .sort((a, b) => a.distance - b.distance)[0]?.candidate
}

/** Letters to insert, drop or replace (Levenshtein). */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(replaced, (previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
    }
    previous = row
  }
  return previous[b.length] ?? 0
}
