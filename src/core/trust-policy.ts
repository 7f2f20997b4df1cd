import { overlap } from './never-grant.ts'

/**
 * Whose session is to be told apart by its name: the IAM user `userName` of `jumpAccount`. `federation`: SAML providers
 * of which the catalogue says that they name each session after the person's IAM user.
 */
export type Visitor = { jumpAccount: string; userName: string; federation: string[] }

/** Why sessions of the role cannot be told apart. `note` names the open statement, and is followed by the mended one. */
export type TrustFlaw = { code: 'trust_not_pinned' | 'trust_too_wide' | 'trust_unreadable'; note: string }

/**
 * What in a role's trust policy would let somebody else have a session of the visitor's name; undefined when nothing
 * does. Whoever enters a role names their session, so every Allow has to pin the name to the user's own (platform: A6).
 * Deny statements are left aside, and so are conditions beside the name: they can only narrow.
 */
export function flawInTrust(trust: string, visitor: Visitor): TrustFlaw | undefined {
  const read = readTrust(trust)
  if (!read) return { code: 'trust_unreadable', note: mended({}, 'trust_unreadable', visitor) }
  for (const [index, statement] of read.statements.entries()) {
    const code = flawIn(statement, read.variablesWork, visitor)
    if (!code) continue
    const version = read.variablesWork ? [] : ['"Version": "2012-10-17"']
    return { code, note: [nameOf(statement, index), ...version, mended(statement, code, visitor)].join('\n') }
  }
  return undefined
}

/** Whether the trust policy may let the user in, as far as principals and session names tell; in doubt it may. */
export function mayLetIn(trust: string, visitor: Visitor, userArn: string): boolean {
  const read = readTrust(trust)
  if (!read) return true
  return read.statements.some(statement => {
    if (statement['Effect'] !== 'Allow') return false
    if (statement['NotPrincipal'] !== undefined || statement['NotAction'] !== undefined) return true
    const names = sessionNamesIn(statement)
    if (names && !names.some(name => name === visitor.userName || /[*?$]/.test(name))) return false
    const principals = principalsOf(statement)
    if (!principals) return true
    if (isNamedBySaml(principals, visitor)) return true
    if (!stringsIn(statement['Action'])?.some(action => overlap(action, 'sts:AssumeRole'))) return false
    return principals.some(
      ({ kind, value }) =>
        kind === 'AWS' && (value === '*' || value === userArn || isWholeAccount(value, visitor.jumpAccount)),
    )
  })
}

/**
 * What in the trust policy would keep sessions from being told apart, whoever comes; undefined when nothing does. Names
 * that the policy itself speaks of are tried one by one: where it is theirs alone that others could take, `onlyOf` says so.
 */
export function flawForAnybody(
  trust: string,
  where: Omit<Visitor, 'userName'>,
): (TrustFlaw & { onlyOf?: string }) | undefined {
  const general = flawInTrust(trust, { ...where, userName: '' })
  if (general) return general
  for (const { userName } of usersNamedIn(trust, where)) {
    const flaw = flawInTrust(trust, { ...where, userName })
    if (flaw) return { ...flaw, onlyOf: userName }
  }
  return undefined
}

/** Which IAM users of the jump account the trust policy may let in: all of them, or those it names; in doubt all. */
export function usersLetIn(trust: string, where: Omit<Visitor, 'userName'>): 'all' | string[] {
  if (mayLetIn(trust, { ...where, userName: '' }, '')) return 'all'
  const named = usersNamedIn(trust, where).filter(({ userName, arn }) => mayLetIn(trust, { ...where, userName }, arn))
  return [...new Set(named.map(({ userName }) => userName))]
}

/** The statement that lets every IAM user of the jump account in, each under their own name. */
export function pinnedStatement(jumpAccount: string): string {
  return written(undefined, { AWS: `arn:aws:iam::${jumpAccount}:root` }, {})
}

/** Users of the jump account that the policy speaks of, as principals or by the names of their sessions. */
function usersNamedIn(trust: string, { jumpAccount }: Pick<Visitor, 'jumpAccount'>) {
  const found = readTrust(trust)?.statements.flatMap(statement => [
    ...(principalsOf(statement) ?? []).flatMap(({ value }) => {
      const userName = value.split('/').at(-1) ?? ''
      return accountOf(value) === jumpAccount && isUser(value, userName) ? { userName, arn: value } : []
    }),
    ...(sessionNamesIn(statement) ?? [])
      .filter(name => !/[*?$]/.test(name))
      .map(userName => ({ userName, arn: `arn:aws:iam::${jumpAccount}:user/${userName}` })),
  ])
  return found ?? []
}

type Section = Record<string, unknown>
type TrustPrincipal = { kind: string; value: string }

/** `variablesWork`: only in this version is `${aws:username}` anything but those fifteen characters. */
function readTrust(trust: string): { statements: Section[]; variablesWork: boolean } | undefined {
  let document: unknown
  try {
    document = JSON.parse(trust)
  } catch {
    return undefined
  }
  if (!isSection(document) || document['Statement'] === undefined) return undefined
  const statements = [document['Statement']].flat()
  if (!statements.every(isSection)) return undefined
  return { statements, variablesWork: document['Version'] === '2012-10-17' }
}

const knownKeys = ['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Condition']

function flawIn(statement: Section, variablesWork: boolean, visitor: Visitor): TrustFlaw['code'] | undefined {
  if (statement['Effect'] === 'Deny') return undefined
  // A key spelled otherwise might mean something to AWS.
  const isKnown = Object.keys(statement).every(key => knownKeys.includes(key))
  if (!isKnown || statement['Effect'] !== 'Allow' || statement['NotAction'] !== undefined) return 'trust_unreadable'
  const actions = stringsIn(statement['Action'])
  if (!actions) return 'trust_unreadable'
  if (!actions.some(action => overlap(action, 'sts:AssumeRole*'))) return undefined
  if (statement['NotPrincipal'] !== undefined) return 'trust_too_wide'
  const principals = principalsOf(statement)
  if (!principals) return 'trust_unreadable'
  if (isNamedBySaml(principals, visitor)) return undefined
  // Services and other providers choose the names of their sessions: a Lambda function may be called anything.
  if (principals.some(({ kind, value }) => kind !== 'AWS' || value === '*')) return 'trust_too_wide'
  const pins = pinsIn(statement, variablesWork)
  if (pins.some(pin => pin !== ownName && pin !== visitor.userName)) return undefined
  // The same user name in two accounts makes the same session name.
  if (principals.some(({ value }) => accountOf(value) !== visitor.jumpAccount)) return 'trust_too_wide'
  if (pins.includes(ownName)) return undefined
  const isTheirsAlone = principals.every(({ value }) => isUser(value, visitor.userName))
  return pins.includes(visitor.userName) && isTheirsAlone ? undefined : 'trust_not_pinned'
}

/** Present for IAM users only, so that nobody else passes. Unlike everything else between braces it is known to pin. */
const ownName = `\${aws:username}`

/** The one name that the statement's sessions must have, as each operator says it; they all have to hold. */
function pinsIn(statement: Section, variablesWork: boolean): string[] {
  const condition = statement['Condition']
  if (!isSection(condition)) return []
  // With IfExists, ForAllValues and ForAnyValue a missing name passes; several values are ORed.
  return ['StringEquals', 'StringLike'].flatMap(operator => {
    const names = namesUnder(condition[operator])
    const [name] = names ?? []
    if (name === undefined || names?.length !== 1) return []
    const isName = name === ownName ? variablesWork : !/[*?$]/.test(name)
    return isName ? [name] : []
  })
}

/** Every name that some operator which counts allows; undefined when none speaks of names. */
function sessionNamesIn({ Condition: condition }: Section): string[] | undefined {
  if (!isSection(condition)) return undefined
  const names = ['StringEquals', 'StringLike'].flatMap(operator => namesUnder(condition[operator]) ?? [])
  return names.length > 0 ? names : undefined
}

function namesUnder(keys: unknown): string[] | undefined {
  if (!isSection(keys)) return undefined
  const own = Object.keys(keys).filter(key => key.toLowerCase() === 'sts:rolesessionname')
  // Written twice, in two cases: whether AWS ORs the two is not known.
  return own.length === 1 ? stringsIn(keys[own[0] ?? '']) : undefined
}

function principalsOf({ Principal: principal }: Section): TrustPrincipal[] | undefined {
  if (principal === '*') return [{ kind: 'AWS', value: '*' }]
  if (!isSection(principal)) return undefined
  const found: TrustPrincipal[] = []
  for (const [kind, values] of Object.entries(principal)) {
    const texts = stringsIn(values)
    if (!texts) return undefined
    found.push(...texts.map(value => ({ kind, value })))
  }
  return found.length > 0 ? found : undefined
}

function isNamedBySaml(principals: TrustPrincipal[], { federation }: Visitor): boolean {
  return principals.every(({ kind, value }) => kind === 'Federated' && federation.includes(value))
}

/** Undefined for what belongs to no account that can be read, as the bare id of a principal that was deleted. */
function accountOf(principal: string): string | undefined {
  const [, bare, inArn] = /^(?:(\d{12})|arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):.+)$/.exec(principal) ?? []
  return bare ?? inArn
}

function isWholeAccount(principal: string, accountId: string): boolean {
  return principal === accountId || (accountOf(principal) === accountId && principal.endsWith(':root'))
}

function isUser(principal: string, userName: string): boolean {
  // Paths may have colons: only here is it a user.
  return /^arn:aws[a-z-]*:iam::\d{12}:user\//.test(principal) && principal.split('/').at(-1) === userName
}

function stringsIn(value: unknown): string[] | undefined {
  const values = [value].flat()
  return values.length > 0 && values.every(one => typeof one === 'string') ? values : undefined
}

function isSection(value: unknown): value is Section {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf({ Sid: sid }: Section, index: number): string {
  return typeof sid === 'string' && sid !== '' ? `No. ${index + 1} (${sid})` : `No. ${index + 1}`
}

/** The statement as it should be: its principals are kept where only the pin is missing, its other conditions where they were read. */
function mended(statement: Section, code: TrustFlaw['code'], { jumpAccount }: Visitor): string {
  const { Sid, Principal, Condition } = statement
  const everyone = { AWS: `arn:aws:iam::${jumpAccount}:root` }
  const others = isSection(Condition) && code !== 'trust_unreadable' ? withoutNames(Condition) : {}
  const whole = written(Sid, code === 'trust_not_pinned' ? Principal : everyone, others)
  return whole.length <= mostCharacters ? whole : written(undefined, everyone, {})
}

/** A trust policy may have 4,096 characters; Slack shows 3,000 in one piece. */
const mostCharacters = 1500

function written(Sid: unknown, Principal: unknown, others: Section): string {
  const equal = isSection(others['StringEquals']) ? others['StringEquals'] : {}
  const Condition = { ...others, StringEquals: { ...equal, 'sts:RoleSessionName': ownName } }
  return JSON.stringify({
    ...(typeof Sid === 'string' && { Sid }),
    ...{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', Condition },
  })
}

function withoutNames(condition: Section): Section {
  const kept = Object.entries(condition).map(([operator, keys]): [string, unknown] => {
    if (!isSection(keys)) return [operator, keys]
    const others = Object.entries(keys).filter(([key]) => key.toLowerCase() !== 'sts:rolesessionname')
    return [operator, Object.fromEntries(others)]
  })
  return Object.fromEntries(kept.filter(([, keys]) => !isSection(keys) || Object.keys(keys).length > 0))
}
