import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { readActionFacts } from '../adapters/iam-data/action-facts.ts'
import type { ActionFacts } from '../core/action-facts.ts'
import type { Account, Catalogue, Entitlement, Grantable, Group } from '../core/entitlement.ts'
import { wordsForStatements } from '../core/plain-words.ts'
import { servicesIn } from './catalogue-actions.ts'
import { checkAws, checkEntitlements, checkPeople } from './catalogue-checks.ts'
import { type Problem, problemsOf, type Report } from './catalogue-problems.ts'
import { catalogueSchema, type entitlementSection, type Known } from './catalogue-schema.ts'
import { isSection, keysOf, readYaml, valueAt } from './catalogue-yaml.ts'

type ReadEntitlement = z.output<ReturnType<typeof entitlementSection>>

/** The catalogue, or everything that has to be corrected first. */
type ParsedCatalogue = { catalogue: Catalogue } | { problems: Problem[] }

/** A request nobody decided lapses after four hours unless `within` says otherwise. */
const lapseMinutes = 240

/** Reads the catalogue from a file. A file that cannot be read is a problem like any other. */
export async function loadCatalogue(path: string): Promise<ParsedCatalogue> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    const problem = reason === 'ENOENT' ? `${path} does not exist.` : `${path} cannot be read (${reason}).`
    const remedy = 'Set CURFEW_CONFIG to your catalogue; infra/curfew.example.yaml is one to start from.'
    return { problems: [{ path: '', problem, remedy }] }
  }
  return parseCatalogue(text, path, await readActionFacts(servicesIn(text)))
}

/**
 * Reads the catalogue from text: all problems at once, in the order of the file. `fileName` is for the messages only;
 * `facts` are about the services that the text names.
 */
export function parseCatalogue(text: string, fileName: string, facts: ActionFacts): ParsedCatalogue {
  const source = readYaml(text)
  const problems: Problem[] = []
  const report: Report = (path, problem, remedy) => {
    const line = source.lineAt(path)
    problems.push({ path: written(path), problem, remedy, ...(line === undefined ? {} : { line }) })
  }
  for (const { path, line, problem, remedy } of source.mistakes) {
    problems.push({ path: written(path), problem, remedy, line })
  }
  if (source.mistakes.some(({ fatal }) => fatal)) return { problems: inOrder(problems) }
  const raw = source.value
  if (!isSection(raw)) {
    const problem = raw === null ? `${fileName} is empty.` : `${fileName} holds no catalogue.`
    return { problems: [{ path: '', problem, remedy: 'Start from infra/curfew.example.yaml.' }] }
  }
  const accounts = valueAt(raw, 'aws', 'accounts')
  const [hubAccount, memberRole] = ['hubAccount', 'memberRole'].map(key => valueAt(raw, 'aws', key))
  const sensitive = keysOf(accounts).filter(key => valueAt(accounts, key, 'sensitive') === true)
  const known: Known = {
    facts,
    accounts: keysOf(accounts),
    sensitive,
    memberRole: typeof memberRole === 'string' ? memberRole : undefined,
    sensitiveHub: sensitive.some(key => valueAt(accounts, key, 'id') === hubAccount),
    groups: keysOf(raw['groups']),
    members: namedMembers(raw['groups']),
    identityCenter: valueAt(raw, 'aws', 'identityCenter') !== undefined,
    neverGrant: [raw['neverGrant']].flat().filter(item => typeof item === 'string'),
  }
  const schema = catalogueSchema(known)
  const parsed = schema.safeParse(raw)
  if (parsed.error) problemsOf(parsed.error.issues, schema, source, report)
  checkAws(raw['aws'], report)
  checkPeople(raw, report)
  checkEntitlements(raw['entitlements'], known, report)
  if (problems.length > 0 || !parsed.data) return { problems: inOrder(problems) }
  return { catalogue: catalogueFrom(parsed.data, facts) }
}

/** The members of the groups that name them one by one; who is in a Slack user group only Slack knows. */
function namedMembers(groups: unknown): Record<string, string[]> {
  const named = keysOf(groups).flatMap(key => {
    const users = valueAt(groups, key, 'slackUsers')
    if (!Array.isArray(users) || valueAt(groups, key, 'slackUserGroup') !== undefined) return []
    return [[key, users.map(String)] as const]
  })
  return Object.fromEntries(named)
}

/** What a terminal shows: one line per problem, `curfew.yaml:12  path: what is wrong. What to write.` */
export function describeProblems(problems: Problem[], fileName: string): string {
  const lines = problems.map(({ path, problem, remedy, line }) => {
    const place = line === undefined ? fileName : `${fileName}:${line}`
    return `${place}  ${path === '' ? '' : `${path}: `}${problem} ${remedy}`
  })
  return lines.join('\n')
}

function catalogueFrom(read: z.output<ReturnType<typeof catalogueSchema>>, facts: ActionFacts): Catalogue {
  const { hubAccount, managementAccount, memberRole, neverTouch, federation, identityCenter, accounts } = read.aws
  const ours = { hubAccount, managementAccount, memberRole, neverTouch, federation }
  return {
    slack: read.slack,
    aws: { ...ours, ...(identityCenter ? { identityCenter } : {}) },
    accounts: mapped(accounts, (account, key): Account => ({ key, ...account })),
    neverGrant: read.neverGrant,
    people: read.people,
    groups: mapped(
      read.groups,
      ({ slackUserGroup, slackUsers = [] }): Group => (slackUserGroup ? { slackUserGroup } : { slackUsers }),
    ),
    operators: read.operators ?? [],
    entitlements: mapped(read.entitlements, (entitlement, id) => entitlementFrom(entitlement, id, facts)),
  }
}

function entitlementFrom(read: ReadEntitlement, id: string, facts: ActionFacts): Entitlement {
  const { title, accounts, requesters, approvals, durations, ticket, allowPersistence } = read
  const grants = grantsOf(read, facts)
  // The checks reported an entitlement that comes to this, so nothing was converted.
  if (!grants) throw new Error(`the entitlement ${id} was not checked`)
  return {
    id,
    title,
    grants,
    accounts,
    requesters,
    approvals: approvals.rules,
    lapseMinutes: approvals.within ?? lapseMinutes,
    durationsMinutes: durations,
    ticket,
    ...(allowPersistence && { allowPersistence }),
    parameters: Object.entries(read.parameters).map(([name, parameter]) => ({ name, ...parameter })),
  }
}

function grantsOf(read: ReadEntitlement, facts: ActionFacts): Grantable | undefined {
  const { permissionSet, leash, inlinePolicy, assume, requireMfa, regions } = read
  if (permissionSet !== undefined && leash !== undefined) return { kind: 'permissionSet', permissionSet, leash }
  const mfa = requireMfa === undefined ? {} : { requireMfa }
  if (assume) return { kind: 'assume', role: assume.role, ...mfa }
  if (inlinePolicy) {
    const { on, statements } = inlinePolicy
    const limits = { ...mfa, ...(regions && { regions }) }
    return { kind: 'inlinePolicy', on, statements, words: wordsForStatements(statements, facts), ...limits }
  }
  return undefined
}

function mapped<A, B>(section: Record<string, A>, convert: (value: A, key: string) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(section).map(([key, value]) => [key, convert(value, key)]))
}

/** `entitlements.prod-read-only.durations[2]` */
function written(path: PropertyKey[]): string {
  return path
    .map(key => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '')
}

function inOrder(problems: Problem[]): Problem[] {
  return problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
}
