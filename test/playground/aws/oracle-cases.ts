import fc from 'fast-check'
import { type Context, list, lookUp } from '../../../src/playground/aws/context.ts'
import type { Condition, PolicyDocument, Statement } from '../../../src/playground/aws/policy.ts'

/** One question to both evaluators. */
export type OracleCase = {
  identityPolicies: PolicyDocument[]
  boundary?: PolicyDocument
  sessionPolicy?: PolicyDocument
  action: string
  resource: string
  context: Context
}

/** Real actions, because the oracle refuses others, on a resource each; `type` is the part of its ARN up to the name. */
export const targets = [
  { action: 'dynamodb:GetItem', type: 'arn:aws:dynamodb:ap-northeast-1:111111111111:table/', name: 'orders' },
  { action: 's3:GetObject', type: 'arn:aws:s3:::', name: 'reports/2026/orders.csv' },
  { action: 's3:ListBucket', type: 'arn:aws:s3:::', name: 'reports' },
  { action: 'lambda:InvokeFunction', type: 'arn:aws:lambda:us-east-1:111111111111:function:', name: 'orders' },
  { action: 'sts:AssumeRole', type: 'arn:aws:iam::111111111111:role/', name: 'ops/Deployer' },
  { action: 'iam:PutUserPolicy', type: 'arn:aws:iam::111111111111:user/', name: 'alice' },
  { action: 'ec2:DescribeInstances', type: '', name: '*' },
  { action: 'sso:ListInstances', type: '', name: '*' },
].map(target => ({ ...target, resource: target.type + target.name }))

const oneOf = <T>(...values: T[]) => fc.constantFrom(...values)
const oneOrMore = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }) as fc.Arbitrary<T | T[]>)
const spelling = (text: string) => oneOf(text, text, text.toLowerCase(), text.toUpperCase())
// Spelt apart so that it cannot be read as a template of ours.
const variable = (inside: string) => `\${${inside}}`

/** A text as it is, with a wildcard in the place of a part of it, or with one letter changed. */
const pattern = (text: string) =>
  fc
    .tuple(fc.nat(text.length), fc.nat(text.length), oneOf('same', 'star', 'two stars', 'mark', 'other', 'end'))
    .map(([one, other, how]) => {
      const [from, to] = [Math.min(one, other), Math.max(one, other)]
      if (how === 'star') return `${text.slice(0, from)}*${text.slice(to)}`
      if (how === 'two stars') return `${text.slice(0, from)}*${text.slice(from, to)}*`
      if (how === 'mark') return `${text.slice(0, from)}?${text.slice(from + 1)}`
      if (how === 'other') return `${text.slice(0, from)}x${text.slice(from + 1)}`
      return how === 'end' ? `${text.slice(0, from)}*` : text
    })

const actionPattern = (action: string) => {
  const [service = '', name = ''] = action.split(':')
  const ofService = fc
    .tuple(spelling(service), pattern(name).chain(spelling))
    .map(([one, two]) => `${one}:${two || '*'}`)
  return fc.oneof(
    { weight: 6, arbitrary: ofService },
    { weight: 1, arbitrary: oneOf('*', `${service}:*`, 's3:*', 'iam:P*', 'dynamodb:*Item') },
  )
}

const name = (text: string) =>
  fc.oneof(
    { weight: 5, arbitrary: pattern(text).map(one => one || '*') },
    {
      weight: 1,
      arbitrary: oneOf(
        variable('aws:PrincipalTag/team'),
        `${variable('aws:PrincipalTag/team')}*`,
        variable("AWS:principaltag/TEAM, 'orders'"),
        variable('aws:username'),
        `reports/*/${variable('aws:PrincipalTag/team')}.csv`,
        variable('*'),
        text.toUpperCase(),
      ),
    },
  )

// Left out, because AWS does not say what they match and the evaluators may differ: wildcards in the type of a resource
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html calls them incorrect), Regions in upper case and
// variables before the fifth colon (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
// rules them out). Left out for the oracle: with a wildcard for the account of a bucket it takes the bucket's name for a
// type, where S3 has none (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html).
const resourcePattern = (target: (typeof targets)[number]) => {
  const [, , service, region, account] = target.type.split(':')
  const where = `:${service}:${region}:${account}:`
  const looser = [`:${service}:*:*:`, `:${service}:${region?.replace('1', '?')}:${account?.slice(0, 4)}*:`, `:*:*:*:`]
  const types = service === 's3' ? [] : looser.map(one => target.type.replace(where, one))
  const own = fc.tuple(oneOf(target.type, target.type, ...types), name(target.name)).map(parts => parts.join(''))
  const others = oneOf('*', ...targets.map(({ resource }) => resource))
  return target.type === '' ? others : fc.oneof({ weight: 4, arbitrary: own }, { weight: 1, arbitrary: others })
}

const dates = ['2026-11-02T11:59:59Z', '2026-11-02T12:00:00Z', '2026-11-02T12:00:01Z', '2026-11-03T00:00:00Z']
// The same moments in other words, and some between.
const writtenDates = [
  ...dates,
  '2026-11-02T21:00:00+09:00',
  '2026-11-02T12:00Z',
  '2026-11-02T12:00:00.500Z',
  '2026-11-03',
]
const numbers = ['0', '299', '300', '300.5', '301', '-1']
const epochs = ['1793620799', '1793620800', '1793620801']
const texts = ['alice', 'Alice', 'bob', 'orders', 'AROAX:alice', 'a*']
const writtenTexts = [
  ...texts,
  'al*',
  '*:alice',
  'ali?e',
  '*',
  variable('aws:username'),
  variable("aws:PrincipalTag/team, 'alice'"),
  `AROAX:${variable('aws:username')}`,
  `a${variable('*')}`,
]
const arns = [
  'arn:aws:iam::111111111111:role/Reader',
  'arn:aws:iam::111111111111:role/ops/Deployer',
  'arn:aws:iam::222222222222:user/alice',
]
const writtenArns = [
  ...arns,
  'arn:aws:iam::*:role/*',
  'arn:aws:iam::111111111111:role/R?ader',
  'arn:aws:iam::*:*/alice',
  `arn:aws:iam::222222222222:user/${variable('aws:username')}`,
]
const services = ['athena.amazonaws.com', 'cloudformation.amazonaws.com', 'dynamodb.amazonaws.com']

const text = {
  operators: ['StringEquals', 'StringEqualsIgnoreCase', 'StringLike'].flatMap(one => [
    one,
    one.replace('String', 'StringNot'),
  ]),
  values: writtenTexts,
}
const ordered = (type: string) =>
  ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'].map(one => type + one)
const keys: { key: string; held: string[]; operators: string[]; values: (string | number | boolean)[] }[] = [
  { key: 'aws:username', held: texts, ...text },
  { key: 'aws:userid', held: texts, ...text },
  { key: 'aws:PrincipalTag/team', held: texts, ...text },
  // What has too few parts for an ARN matches nothing; to the oracle it does not hold when negated either.
  {
    key: 'aws:PrincipalArn',
    held: arns,
    operators: ['ArnEquals', 'ArnLike'],
    values: [...writtenArns, 'arn:*:role/Reader'],
  },
  { key: 'aws:PrincipalArn', held: arns, operators: ['ArnNotEquals', 'ArnNotLike'], values: writtenArns },
  {
    key: 'aws:PrincipalArn',
    held: arns,
    operators: ['StringLike', 'StringNotLike'],
    values: [...writtenArns, 'arn:*:role/Reader'],
  },
  { key: 'aws:CurrentTime', held: dates, operators: ordered('Date'), values: writtenDates },
  { key: 'aws:TokenIssueTime', held: dates, operators: ordered('Date'), values: writtenDates },
  // The oracle reads seconds since 1970 as milliseconds, so that they cannot be compared with a date in words:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_Date
  { key: 'aws:EpochTime', held: epochs, operators: [...ordered('Date'), ...ordered('Numeric')], values: epochs },
  { key: 'aws:MultiFactorAuthAge', held: numbers, operators: ordered('Numeric'), values: [...numbers, 300] },
  { key: 'aws:MultiFactorAuthPresent', held: ['true', 'false'], operators: ['Bool'], values: ['true', 'False', true] },
  { key: 'aws:SecureTransport', held: ['true', 'false'], operators: ['Bool'], values: ['true', 'false', false] },
  {
    key: 'aws:CalledVia',
    held: services,
    operators: text.operators,
    values: [...services, '*.amazonaws.com', 'dynamo*', variable('aws:CalledVia')],
  },
]

const set = oneOf('', '', '', 'ForAnyValue:', 'ForAllValues:')
const condition: fc.Arbitrary<Condition> = fc
  .array(
    oneOf(...keys).chain(({ key, operators, values }) =>
      fc.oneof(
        {
          weight: 8,
          arbitrary: fc.tuple(
            fc.tuple(set, oneOf(...operators), oneOf('', '', 'IfExists')).map(parts => parts.join('')),
            spelling(key),
            oneOrMore(oneOf(...values)),
          ),
        },
        {
          weight: 1,
          arbitrary: fc.tuple(
            fc.constant('Null'),
            spelling(key),
            oneOrMore(oneOf<string | boolean>('true', 'false', true)),
          ),
        },
      ),
    ),
    { maxLength: 3 },
  )
  .map(entries => {
    const merged: Condition = {}
    for (const [operator, key, values] of entries) merged[operator] = { ...merged[operator], [key]: values }
    return merged
  })

const context: fc.Arbitrary<Context> = fc
  .tuple(
    ...keys.map(({ key, held }) => {
      const value: fc.Arbitrary<string | string[]> =
        key === 'aws:CalledVia' ? fc.subarray(held, { minLength: 1 }) : oneOf(...held)
      return fc.tuple(spelling(key), fc.option(value, { freq: 3 }))
    }),
  )
  .map(entries => {
    const carried: Context = {}
    for (const [key, value] of entries) if (value !== null && !lookUp(carried, key)) carried[key] = value
    return carried
  })

const statement = (target: (typeof targets)[number]): fc.Arbitrary<Statement> =>
  fc
    .record({
      Effect: oneOf<Statement['Effect']>('Allow', 'Allow', 'Allow', 'Deny'),
      action: fc.tuple(oneOf('Action', 'Action', 'Action', 'NotAction'), oneOrMore(actionPattern(target.action))),
      resource: fc.tuple(oneOf('Resource', 'Resource', 'Resource', 'NotResource'), oneOrMore(resourcePattern(target))),
      Condition: fc.option(condition, { nil: undefined }),
    })
    .map(({ Effect, action, resource, Condition }) => ({
      Effect,
      [action[0]]: action[1],
      [resource[0]]: resource[1],
      ...(Condition && { Condition }),
    }))

// The oracle fills in variables whatever the version, where in older policies they "are treated as literal strings"
// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
const policy = (target: (typeof targets)[number]): fc.Arbitrary<PolicyDocument> =>
  fc
    .record({ Version: oneOf('2012-10-17', '2008-10-17', undefined), Statement: oneOrMore(statement(target)) })
    .map(({ Version, Statement }) => {
      if (JSON.stringify(Statement).includes('${')) return { Version: '2012-10-17', Statement }
      return Version === undefined ? { Statement } : { Version, Statement }
    })

const everything: Statement = { Effect: 'Allow', Action: '*', Resource: '*' }

const ceiling = (target: (typeof targets)[number]): fc.Arbitrary<PolicyDocument> =>
  policy(target).map(({ Statement }) => ({
    Version: '2012-10-17',
    Statement: [everything, ...list(Statement).map((one): Statement => ({ ...one, Effect: 'Deny' }))],
  }))

/** A request with the policies of the one who makes it, most of whose statements are nearly about that request. */
export const oracleCase: fc.Arbitrary<OracleCase> = oneOf(...targets).chain(target =>
  fc
    .record({
      identityPolicies: fc.array(policy(target), { minLength: 1, maxLength: 2 }),
      // Beside what is nearly about the request, what most boundaries are: everything, but for what they deny.
      boundary: fc.option(fc.oneof(policy(target), ceiling(target)), { nil: undefined, freq: 2 }),
      sessionPolicy: fc.option(policy(target), { nil: undefined, freq: 3 }),
      action: spelling(target.action),
      context,
    })
    .map(({ boundary, sessionPolicy, ...rest }) => ({
      ...rest,
      resource: target.resource,
      ...(boundary && { boundary }),
      ...(sessionPolicy && { sessionPolicy }),
    })),
)

const people = ['906722d6-0001-4000-a000-000000000001', '906722d6-0002-4000-a000-000000000002', '906722d6-0003']
const sessions = ['AROAX:alice', 'AROAX:Alice', 'AROAX:bob', 'AROAY:alice', 'AROAX:alice.b']
const moments = ['2026-11-02T11:59:59Z', '2026-11-02T12:00:00Z', '2026-11-02T12:00:01Z', '2026-11-02T13:00:00Z']
const minutes = (at: string, by: number) => new Date(Date.parse(at) + 60_000 * by).toISOString().replace('.000Z', 'Z')

/** Somebody on a leash, or the holder of a session on a shared role, with an end that may be near. */
const holder = (of: string[]) => fc.record({ id: oneOf(...of), end: oneOf(...moments) })

/**
 * A leash: everything to everybody, nothing to whoever is not listed under the key, and nothing from each one's end on.
 * `installed` lists nobody.
 */
const leash = (key: string, of: string[]): fc.Arbitrary<PolicyDocument> =>
  fc.uniqueArray(holder(of), { maxLength: of.length, selector: ({ id }) => id }).map(listed => ({
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Generation7', ...everything },
      deny(listed.length === 0 ? undefined : { StringNotEquals: { [key]: listed.map(({ id }) => id) } }),
      ...[...new Set(listed.map(({ end }) => end))].map(end =>
        deny({
          StringEquals: { [key]: listed.filter(one => one.end === end).map(({ id }) => id) },
          DateGreaterThanEquals: { 'aws:CurrentTime': end },
        }),
      ),
    ],
  }))

/** The leash of a role that is entered: everything to everybody, and nothing to a session from its end on. */
const roleLeash: fc.Arbitrary<PolicyDocument> = fc.array(holder(sessions), { maxLength: 3 }).map(ended => ({
  Version: '2012-10-17',
  Statement: [
    everything,
    ...ended.map(({ id, end }) =>
      deny({ StringEquals: { 'aws:userid': id }, DateGreaterThanEquals: { 'aws:CurrentTime': end } }),
    ),
  ],
}))

function deny(Condition?: Condition): Statement {
  return { Effect: 'Deny', Action: '*', Resource: '*', ...(Condition && { Condition }) }
}

/** What a grant on a shared role is: one person's sessions, begun after the trust was checked, between two moments. */
const roleGrant = (target: (typeof targets)[number]): fc.Arbitrary<PolicyDocument> =>
  fc
    .record({ ...{ id: oneOf(...sessions), start: oneOf(...moments), checked: oneOf(...moments) }, mfa: fc.boolean() })
    .chain(grant => oneOf(-60, 1, 60).map(length => ({ ...grant, end: minutes(grant.start, length) })))
    .map(({ id, start, end, checked, mfa }) => ({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: [target.action],
          Resource: [target.resource],
          Condition: {
            DateGreaterThanEquals: { 'aws:CurrentTime': start, 'aws:TokenIssueTime': checked },
            DateLessThan: { 'aws:CurrentTime': end },
            StringEquals: { 'aws:userid': id },
            ...(mfa && { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
          },
        },
      ],
    }))

const held = (values: string[]) => fc.option(oneOf(...values), { freq: 8, nil: undefined })

/** A request by the holder of a grant in one of the shapes that Curfew writes, near the moments that matter. */
export const grantCase: fc.Arbitrary<OracleCase> = oneOf(...targets).chain(target =>
  fc
    .record({
      identityPolicies: fc.array(
        fc.oneof(
          { weight: 3, arbitrary: roleGrant(target) },
          { weight: 2, arbitrary: fc.constant<PolicyDocument>({ Version: '2012-10-17', Statement: everything }) },
        ),
        { minLength: 1, maxLength: 3 },
      ),
      boundary: fc.option(fc.oneof(leash('identitystore:UserId', people), roleLeash), { nil: undefined, freq: 5 }),
      context: fc.record({
        'aws:CurrentTime': oneOf(...moments, ...moments.map(at => minutes(at, 1))),
        'aws:userid': oneOf(...sessions),
        'aws:TokenIssueTime': held(moments),
        'identitystore:UserId': held(people),
        'aws:MultiFactorAuthPresent': held(['true', 'false']),
      }),
    })
    .map(({ identityPolicies, boundary, context }) => {
      const carried = Object.entries(context).filter(([, value]) => value !== undefined)
      return {
        identityPolicies,
        ...(boundary && { boundary }),
        action: target.action,
        resource: target.resource,
        context: Object.fromEntries(carried) as Context,
      }
    }),
)

/** Whether the case has a shape in which the oracle is known to differ from what AWS documents. */
export function disputed({ identityPolicies, boundary, sessionPolicy, context }: OracleCase): boolean {
  return [...identityPolicies, ...list(boundary), ...list(sessionPolicy)].some(({ Statement }) => {
    return list(Statement).some(({ NotResource, Condition }) => {
      // To the oracle no statement with a variable without a value matches. AWS: negated operators do match, and a
      // resource with such a variable "will not match any resource", so that NotResource does not except it
      // (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html).
      if (hasVariableWithoutValue(NotResource, context)) return true
      return Object.entries(Condition ?? {}).some(([operator, keys]) =>
        Object.entries(keys).some(([key, values]) => {
          if (operator.includes('Not') && hasVariableWithoutValue(values, context)) return true
          // For the oracle ${*} is an asterisk only where there are wildcards. The same page: it can be "used in any
          // string where you can use regular policy variables".
          const exact = /String(Not)?Equals/.test(operator)
          if (exact && list(values).some(one => String(one).includes(variable('*')))) return true
          // For the oracle a key that is absent fails ForAnyValue also with IfExists: "If the key is not present,
          // evaluate the condition element as true", for every operator but Null
          // (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IfExists).
          return /^ForAnyValue:.*IfExists$/.test(operator) && lookUp(context, key) === undefined
        }),
      )
    })
  })
}

function hasVariableWithoutValue(values: unknown, context: Context): boolean {
  const names = [...JSON.stringify(values ?? '').matchAll(/\$\{([^},]*)\}/g)].map(found => found[1] ?? '')
  return names.some(key => key !== '*' && typeof lookUp(context, key) !== 'string')
}
