import type { AccessRequest, Asked, Requester, Target } from './access-request.ts'
import { isIn, type Judgement } from './approval-rules.ts'
import type { Account, Catalogue, Entitlement, PeopleRules } from './entitlement.ts'
import type { KnownIdentity } from './known-identity.ts'
import { fillParameters, fillWords, isAllowedValue } from './parameters.ts'
import { whyPersistent } from './persistence.ts'

/** The fields of the request form. */
export type Field = 'entitlement' | 'account' | 'duration' | 'reason' | 'ticket' | `parameter.${string}`

/** What is wrong with a field of the form; each has its sentence in the Slack adapter. */
export type FieldProblem =
  | 'unknown_entitlement'
  | 'not_a_requester'
  | 'could_not_tell'
  | 'grants_off'
  | 'account_not_offered'
  | 'duration_not_offered'
  | 'required'
  | 'bad_parameter'
  | 'too_long'

/** What the form says. */
export type Form = {
  entitlementId: string
  accountKey: string
  parameters: Record<string, string>
  durationMinutes: number
  reason: string
  ticket?: string
}

/** Characters a reason may have: enough to say why, short enough to be read. */
export const reasonLimit = 500
/** Characters a ticket may have: a number or an address. */
export const ticketLimit = 100

/** Everything in the form that the catalogue rejects, by field; empty when it may be asked. */
export function problemsWith(form: Form, catalogue: Catalogue): Partial<Record<Field, FieldProblem>> {
  const entitlement = catalogue.entitlements[form.entitlementId]
  if (!entitlement) return { entitlement: 'unknown_entitlement' }
  const problems: Partial<Record<Field, FieldProblem>> = {}
  if (!entitlement.accounts.includes(form.accountKey)) problems.account = 'account_not_offered'
  if (!entitlement.durationsMinutes.includes(form.durationMinutes)) problems.duration = 'duration_not_offered'
  if (form.reason.trim() === '') problems.reason = 'required'
  if (form.reason.length > reasonLimit) problems.reason = 'too_long'
  if (entitlement.ticket === 'required' && !form.ticket?.trim()) problems.ticket = 'required'
  if ((form.ticket?.length ?? 0) > ticketLimit) problems.ticket = 'too_long'
  for (const parameter of entitlement.parameters) {
    const value = form.parameters[parameter.name] ?? ''
    if (!isAllowedValue(parameter, value)) {
      problems[`parameter.${parameter.name}`] = value === '' ? 'required' : 'bad_parameter'
    }
  }
  return problems
}

/** Whether the person may ask for the entitlement, given the members of its requester groups. */
export function mayAsk(entitlement: Entitlement, userId: string, groups: Parameters<typeof isIn>[1]): Judgement {
  return isIn(entitlement.requesters, groups, userId, 'requester_not_allowed')
}

/** What the form asks for, copied from the catalogue with the parameters filled in. The form was checked before. */
export function askedBy(
  form: Pick<Form, 'parameters'>,
  entitlement: Entitlement,
  account: Pick<Account, 'sensitive'>,
): Asked {
  const { grants } = entitlement
  if (grants.kind === 'permissionSet') return grants
  if (grants.kind === 'assume') return { ...grants, requireMfa: grants.requireMfa ?? true }
  const { requireMfa = account.sensitive, words, ...rest } = grants
  return {
    ...rest,
    statements: fillParameters(grants.statements, form.parameters),
    ...(requireMfa && { requireMfa }),
    ...(words && { words: fillWords(words, form.parameters) }),
  }
}

/** Whether the copy made at submission still follows from today's catalogue. Compared before every write that adds access. */
export function stillFollows(
  request: {
    entitlementId: string
    account: { key: string; id: string; sensitive: boolean }
    parameters: Record<string, string>
    durationMinutes: number
    asked: Asked
    target?: Target
  },
  catalogue: Catalogue,
): boolean {
  const entitlement = catalogue.entitlements[request.entitlementId]
  if (!entitlement?.accounts.includes(request.account.key)) return false
  const account = catalogue.accounts[request.account.key]
  // What was checked, and who was an approver at submission, depends on whether the account is sensitive.
  if (account?.id !== request.account.id || account.sensitive !== request.account.sensitive) return false
  if (!entitlement.durationsMinutes.includes(request.durationMinutes)) return false
  if (entitlement.parameters.some(parameter => !isAllowedValue(parameter, request.parameters[parameter.name] ?? ''))) {
    return false
  }
  const { target } = request
  if (target?.kind === 'permissionSet' && whyPersistent(target, account, entitlement)) return false
  return isSame(askedBy(request, entitlement, account), request.asked)
}

/** Compared field by field: the table gives back the fields of an item in any order. */
function isSame(one: Asked, other: Asked): boolean {
  return JSON.stringify(fieldsOf(one)) === JSON.stringify(fieldsOf(other))
}

function fieldsOf(asked: Asked): unknown[] {
  if (asked.kind === 'permissionSet') return [asked.kind, asked.permissionSet, asked.leash]
  if (asked.kind === 'assume') return [asked.kind, asked.role, asked.requireMfa]
  const { kind, on, statements, requireMfa = false, regions = [] } = asked
  return [kind, on, statements.map(({ actions, resources }) => [actions, resources]), requireMfa, regions]
}

type Person = Pick<Requester, 'slackUserId' | 'email'>

/** The name of the person's IAM user: the override, else the template where the address is of an allowed domain. */
export function iamUserOf(person: Person, people: PeopleRules): string | undefined {
  const override = people.overrides[person.slackUserId]?.iamUser
  if (override) return override
  // IAM's own characters, before letters are made small: a Kelvin sign becomes a k, and $ means something to replace().
  if (!/^[\w+=,.-]+@/.test(person.email)) return undefined
  const localPart = trustedLocalPart(person, people)
  return localPart && people.iamUser.replace('{emailLocalPart}', localPart)
}

/** How to find the person in Identity Center: by the overriding user name, else by an address of an allowed domain. */
export function identityCenterUserOf(
  person: Person,
  people: PeopleRules,
): { userName: string } | { email: string } | undefined {
  const userName = people.overrides[person.slackUserId]?.identityCenterUser
  if (userName) return { userName }
  return trustedLocalPart(person, people) === undefined ? undefined : { email: person.email }
}

function trustedLocalPart({ email }: Person, { emailDomains }: PeopleRules): string | undefined {
  const [localPart, domain, ...more] = email.toLowerCase().split('@')
  const trusted = more.length === 0 && emailDomains.some(allowed => allowed.toLowerCase() === domain)
  return trusted && localPart ? localPart : undefined
}

/**
 * Every name AWS may know the person by, lower case, since AWS tells names apart without case. `known` adds the ids
 * that were found for them before.
 */
export function awsNamesOf(person: Person, people: PeopleRules, known?: KnownIdentity): string[] {
  const iamUser = iamUserOf(person, people)
  const center = identityCenterUserOf(person, people)
  const names = [
    iamUser && `iam:${iamUser}`,
    center && ('email' in center ? `email:${center.email}` : `user:${center.userName}`),
    ...Object.values(known?.places ?? {}).map(({ id }) => `id:${id}`),
  ]
  return names.filter(name => name !== undefined).map(name => name.toLowerCase())
}

/**
 * Every name AWS may know the beneficiary of a request by, lower case: the names of who asked, as Slack described them
 * then, and of what checking found in AWS. An address may be somebody's user name, so it counts as both.
 */
export function beneficiaryNames(request: AccessRequest, people: PeopleRules): string[] {
  const { requester } = request
  const target = 'target' in request ? request.target : undefined
  const eitherWay = (name: string) => (name === '' ? [] : [`email:${name}`, `user:${name}`])
  const inAws =
    target?.kind === 'permissionSet'
      ? [...eitherWay(target.userName), `id:${target.principalId}`]
      : target && [`iam:${target.userName}`, `id:${target.userId}`]
  const names = [...eitherWay(requester.email), ...(inAws ?? [])].map(name => name.toLowerCase())
  return [...new Set([...awsNamesOf(requester, people), ...names])]
}
