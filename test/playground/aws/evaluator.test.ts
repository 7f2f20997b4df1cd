import { describe, expect, it } from 'vitest'
import type { Context } from '../../../src/playground/aws/context.ts'
import { evaluate } from '../../../src/playground/aws/evaluator.ts'
import type { Condition, Statement } from '../../../src/playground/aws/policy.ts'

const table = 'arn:aws:dynamodb:ap-northeast-1:111111111111:table/orders'
// Spelt apart so that it cannot be read as a template of ours.
const variable = (key: string) => `\${${key}}`
const statement = (more: Partial<Statement>): Statement => ({
  Effect: 'Allow',
  Action: 'dynamodb:GetItem',
  Resource: '*',
  ...more,
})

function ask(statements: Statement[], context: Context = {}, action = 'dynamodb:GetItem', resource = table) {
  return evaluate({
    identityPolicies: [{ Version: '2012-10-17', Statement: statements }],
    action,
    resource,
    context,
  }).reason
}

describe('actions and resources', () => {
  it.each<[string, Partial<Statement>, boolean]>([
    ['an action matches without regard to case', { Action: 'DynamoDB:getitem' }, true],
    ['a star in an action stands for anything', { Action: 'dynamodb:Get*' }, true],
    ['a question mark in an action stands for one character', { Action: 'dynamodb:GetIte?' }, true],
    ['another action does not match', { Action: ['dynamodb:PutItem', 's3:*'] }, false],
    ['a star alone is every action', { Action: '*' }, true],
    ['the exact resource matches', { Resource: table }, true],
    ['a resource matches with regard to case', { Resource: table.replace('orders', 'Orders') }, false],
    ['a star in a resource stays inside its part', { Resource: 'arn:aws:dynamodb:*:table/orders:x' }, false],
    ['stars in several parts match', { Resource: 'arn:aws:dynamodb:*:*:table/*' }, true],
    [
      'a variable without a value matches nothing',
      { Resource: `arn:aws:dynamodb:*:*:table/${variable('aws:username')}` },
      false,
    ],
  ])('%s', (_, more, allowed) => {
    expect(ask([statement(more)])).toBe(allowed ? 'allowed' : 'implicit deny')
  })

  it('NotAction matches every action but the ones named', () => {
    const notIam: Statement = { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }
    expect(ask([notIam])).toBe('allowed')
    expect(ask([notIam], {}, 'IAM:GetUser')).toBe('implicit deny')
  })

  it('NotResource matches every resource but the ones named', () => {
    const others: Statement = { Effect: 'Allow', Action: '*', NotResource: table }
    expect(ask([others])).toBe('implicit deny')
    expect(ask([others], {}, 'dynamodb:GetItem', `${table}2`)).toBe('allowed')
  })

  it('a policy variable is filled in, and wildcards in its value are literal', () => {
    const own = statement({ Resource: `arn:aws:dynamodb:*:*:table/${variable('aws:username')}` })
    expect(ask([own], { 'aws:username': 'orders' })).toBe('allowed')
    expect(ask([own], { 'aws:username': '*' })).toBe('implicit deny')
  })

  it('a policy of the older version has no variables', () => {
    const Statement = statement({ Resource: `arn:aws:dynamodb:*:*:table/${variable('aws:username')}` })
    const identityPolicies = [{ Version: '2008-10-17', Statement }]
    const context = { 'aws:username': 'orders' }
    expect(evaluate({ identityPolicies, action: 'dynamodb:GetItem', resource: table, context }).allowed).toBe(false)
  })

  it('in a policy of the older version what looks like a variable is plain text', () => {
    const name = variable("aws:username, 'orders'")
    const Statement = statement({ Resource: `arn:aws:dynamodb:*:*:table/${name}` })
    const asked = { action: 'dynamodb:GetItem', context: { 'aws:username': 'orders' } }
    const older = (resource: string) => evaluate({ identityPolicies: [{ Statement }], resource, ...asked }).allowed
    expect(older(table)).toBe(false)
    expect(older(table.replace('orders', name))).toBe(true)
  })

  it('NotResource does not except a resource with a variable that has no value', () => {
    const others = { Effect: 'Allow', Action: '*', NotResource: `${table}${variable('aws:username')}` } as const
    expect(ask([others])).toBe('allowed')
  })

  it('an action without a resource needs a statement about every resource', () => {
    expect(ask([statement({ Action: '*', Resource: '*' })], {}, 'sso:ListInstances', '*')).toBe('allowed')
    expect(ask([statement({ Action: '*', Resource: table })], {}, 'sso:ListInstances', '*')).toBe('implicit deny')
  })
})

describe('allow and deny', () => {
  it('nothing said is an implicit deny', () => expect(ask([])).toBe('implicit deny'))

  it('a deny wins over every allow', () => {
    expect(ask([statement({}), statement({ Effect: 'Deny' })])).toBe('explicit deny')
  })

  it('a deny whose condition does not hold denies nothing', () => {
    const deny = statement({ Effect: 'Deny', Condition: { StringEquals: { 'aws:userid': 'AIDAX' } } })
    expect(ask([statement({}), deny], { 'aws:userid': 'AIDAY' })).toBe('allowed')
  })

  it('a session policy can only take away', () => {
    const policy = (action: string) => ({ Statement: { Effect: 'Allow' as const, Action: action, Resource: '*' } })
    const both = (identity: string, session: string) =>
      evaluate({
        identityPolicies: [policy(identity)],
        sessionPolicy: policy(session),
        action: 'iam:GetUser',
        resource: 'arn:aws:iam::111111111111:user/alice',
        context: {},
      })
    expect(both('iam:*', 'iam:Get*')).toEqual({ allowed: true, reason: 'allowed' })
    expect(both('iam:*', 's3:*')).toEqual({ allowed: false, reason: 'implicit deny', by: 'session' })
    expect(both('s3:*', 'iam:*')).toEqual({ allowed: false, reason: 'implicit deny', by: 'identity-based' })
  })
})

describe('conditions', () => {
  const noon = '2026-11-02T12:00:00Z'
  it.each<[string, Condition, Context, boolean]>([
    ['StringEquals is exact', { StringEquals: { 'aws:userid': 'A' } }, { 'aws:userid': 'a' }, false],
    ['StringEquals takes no wildcard', { StringEquals: { 'aws:userid': '*' } }, { 'aws:userid': 'a' }, false],
    [
      'a written asterisk is an asterisk in StringEquals too',
      { StringEquals: { 'aws:userid': `a${variable('*')}` } },
      { 'aws:userid': 'a*' },
      true,
    ],
    ['StringEquals needs the key', { StringEquals: { 'aws:userid': 'A' } }, {}, false],
    ['several values are alternatives', { StringEquals: { 'aws:userid': ['B', 'A'] } }, { 'aws:userid': 'A' }, true],
    [
      'key names compare without case',
      { StringEquals: { 'identitystore:userId': 'u' } },
      { 'IdentityStore:UserId': 'u' },
      true,
    ],
    [
      'two keys must both match',
      { StringEquals: { 'aws:userid': 'A', 'aws:username': 'x' } },
      { 'aws:userid': 'A' },
      false,
    ],
    [
      'two operators must both match',
      { StringEquals: { 'aws:userid': 'A' }, Bool: { 'aws:SecureTransport': 'false' } },
      { 'aws:userid': 'A', 'aws:SecureTransport': 'true' },
      false,
    ],
    [
      'a variable in a value',
      { StringEquals: { 'sts:RoleSessionName': variable('aws:username') } },
      { 'aws:username': 'alice', 'sts:RoleSessionName': 'alice' },
      true,
    ],
    [
      'a variable nobody has',
      { StringEquals: { 'sts:RoleSessionName': variable('aws:username') } },
      { 'sts:RoleSessionName': 'alice' },
      false,
    ],
    [
      'a negated operator holds for a variable nobody has',
      { StringNotEquals: { 'sts:RoleSessionName': variable('aws:username') } },
      { 'sts:RoleSessionName': 'alice' },
      true,
    ],
    [
      'a multivalued key is no variable',
      { StringEquals: { 'aws:userid': variable('aws:TagKeys') } },
      { 'aws:userid': 'a', 'aws:TagKeys': ['a'] },
      false,
    ],
    [
      'StringNotEquals: none of the values',
      { StringNotEquals: { 'aws:userid': ['A', 'B'] } },
      { 'aws:userid': 'B' },
      false,
    ],
    ['StringNotEquals holds without the key', { StringNotEquals: { 'aws:userid': 'A' } }, {}, true],
    ['StringEqualsIgnoreCase', { StringEqualsIgnoreCase: { 'aws:userid': 'ab' } }, { 'aws:userid': 'AB' }, true],
    ['StringNotEqualsIgnoreCase', { StringNotEqualsIgnoreCase: { 'aws:userid': 'ab' } }, { 'aws:userid': 'AB' }, false],
    [
      'StringLike takes wildcards',
      { StringLike: { 'aws:userid': 'AROA*:al?ce' } },
      { 'aws:userid': 'AROAX:alice' },
      true,
    ],
    ['StringNotLike', { StringNotLike: { 'aws:userid': '*:alice' } }, { 'aws:userid': 'AROAX:alice' }, false],
    ['IfExists holds without the key', { StringEqualsIfExists: { 'aws:userid': 'A' } }, {}, true],
    [
      'IfExists compares when the key is there',
      { StringEqualsIfExists: { 'aws:userid': 'A' } },
      { 'aws:userid': 'B' },
      false,
    ],
    [
      'Bool compares without case',
      { Bool: { 'aws:MultiFactorAuthPresent': 'True' } },
      { 'aws:MultiFactorAuthPresent': 'true' },
      true,
    ],
    [
      'Bool takes a JSON boolean',
      { Bool: { 'aws:MultiFactorAuthPresent': true } },
      { 'aws:MultiFactorAuthPresent': 'true' },
      true,
    ],
    ['Bool needs the key', { Bool: { 'aws:MultiFactorAuthPresent': 'false' } }, {}, false],
    ['BoolIfExists without the key', { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }, {}, true],
    ['Null true: the key has no values', { Null: { 'aws:TagKeys': 'true' } }, { 'aws:TagKeys': [] }, true],
    ['Null true: the key is absent', { Null: { 'identitystore:UserId': 'true' } }, {}, true],
    [
      'Null true: the key is there',
      { Null: { 'identitystore:UserId': 'true' } },
      { 'identitystore:UserId': 'u' },
      false,
    ],
    [
      'Null false: the key is there',
      { Null: { 'identitystore:UserId': false } },
      { 'identitystore:UserId': 'u' },
      true,
    ],
    [
      'DateLessThan before',
      { DateLessThan: { 'aws:CurrentTime': noon } },
      { 'aws:CurrentTime': '2026-11-02T11:59:59Z' },
      true,
    ],
    ['DateLessThan is strict', { DateLessThan: { 'aws:CurrentTime': noon } }, { 'aws:CurrentTime': noon }, false],
    [
      'DateLessThanEquals is not',
      { DateLessThanEquals: { 'aws:CurrentTime': noon } },
      { 'aws:CurrentTime': noon },
      true,
    ],
    [
      'DateGreaterThanEquals at the instant',
      { DateGreaterThanEquals: { 'aws:CurrentTime': noon } },
      { 'aws:CurrentTime': noon },
      true,
    ],
    ['DateGreaterThan is strict', { DateGreaterThan: { 'aws:CurrentTime': noon } }, { 'aws:CurrentTime': noon }, false],
    [
      'DateEquals across time zones',
      { DateEquals: { 'aws:CurrentTime': '2026-11-02T21:00:00+09:00' } },
      { 'aws:CurrentTime': noon },
      true,
    ],
    ['DateNotEquals', { DateNotEquals: { 'aws:CurrentTime': noon } }, { 'aws:CurrentTime': noon }, false],
    [
      'a date in seconds since 1970',
      { DateLessThan: { 'aws:EpochTime': '1793620801' } },
      { 'aws:EpochTime': '1793620800' },
      true,
    ],
    [
      'a date in seconds since 1970 against one in words',
      { DateLessThan: { 'aws:EpochTime': '2026-11-02T12:00:01Z' } },
      { 'aws:EpochTime': '1793620800' },
      true,
    ],
    ['a date without the key', { DateLessThan: { 'aws:TokenIssueTime': noon } }, {}, false],
    [
      'NumericLessThan',
      { NumericLessThan: { 'aws:MultiFactorAuthAge': '300' } },
      { 'aws:MultiFactorAuthAge': '299' },
      true,
    ],
    [
      'NumericLessThan is strict',
      { NumericLessThan: { 'aws:MultiFactorAuthAge': '300' } },
      { 'aws:MultiFactorAuthAge': '300' },
      false,
    ],
    ['NumericGreaterThanEquals', { NumericGreaterThanEquals: { 'aws:EpochTime': 5 } }, { 'aws:EpochTime': '5' }, true],
    ['NumericNotEquals without the key', { NumericNotEquals: { 'aws:EpochTime': 5 } }, {}, true],
    [
      'ArnLike inside a part',
      { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/A*' } },
      { 'aws:PrincipalArn': 'arn:aws:iam::1:role/Admin' },
      true,
    ],
    [
      'ArnLike not across parts',
      { ArnLike: { 'aws:PrincipalArn': 'arn:*:role/Admin' } },
      { 'aws:PrincipalArn': 'arn:aws:iam::1:role/Admin' },
      false,
    ],
    [
      'ArnEquals takes wildcards too',
      { ArnEquals: { 'aws:PrincipalArn': 'arn:aws:iam::1:role/*' } },
      { 'aws:PrincipalArn': 'arn:aws:iam::1:role/Admin' },
      true,
    ],
    [
      'ArnNotLike',
      { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::1:role/*' } },
      { 'aws:PrincipalArn': 'arn:aws:iam::2:role/Admin' },
      true,
    ],
    [
      'ForAllValues: each is one of',
      { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } },
      { 'aws:TagKeys': ['a', 'b'] },
      true,
    ],
    [
      'ForAllValues: one is not',
      { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } },
      { 'aws:TagKeys': ['a', 'b'] },
      false,
    ],
    ['ForAllValues holds without the key', { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }, {}, true],
    [
      'ForAnyValue: one is',
      { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] } },
      { 'aws:TagKeys': ['a', 'b'] },
      true,
    ],
    [
      'a multivalued key needs a set operator',
      { StringEquals: { 'aws:TagKeys': ['a', 'b'] } },
      { 'aws:TagKeys': ['a', 'b'] },
      false,
    ],
    [
      'a multivalued key needs a set operator also when negated',
      { StringNotEquals: { 'aws:TagKeys': 'c' } },
      { 'aws:TagKeys': ['a', 'b'] },
      false,
    ],
    [
      'ForAnyValue with IfExists holds without the key',
      { 'ForAnyValue:StringEqualsIfExists': { 'aws:TagKeys': ['a'] } },
      {},
      true,
    ],
    ['ForAnyValue fails without the key', { 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] } }, {}, false],
    [
      'ForAnyValue negated: one is none of',
      { 'ForAnyValue:StringNotEquals': { 'aws:TagKeys': ['a'] } },
      { 'aws:TagKeys': ['a', 'b'] },
      true,
    ],
    [
      'ForAllValues negated: one is among',
      { 'ForAllValues:StringNotEquals': { 'aws:TagKeys': ['a'] } },
      { 'aws:TagKeys': ['a', 'b'] },
      false,
    ],
  ])('%s', (_, condition, context, holds) => {
    expect(ask([statement({ Condition: condition })], context)).toBe(holds ? 'allowed' : 'implicit deny')
  })
})

describe('a boundary', () => {
  const all: Statement = { Effect: 'Allow', Action: '*', Resource: '*' }
  const deny = (Condition?: Condition): Statement => ({
    Effect: 'Deny',
    Action: '*',
    Resource: '*',
    ...(Condition && { Condition }),
  })
  const within = (identity: Statement[], boundary: Statement[], context: Context = {}) =>
    evaluate({
      identityPolicies: [{ Version: '2012-10-17', Statement: identity }],
      boundary: { Version: '2012-10-17', Statement: boundary },
      action: 'dynamodb:GetItem',
      resource: table,
      context,
    })

  it.each<[string, Statement[], Statement[], string]>([
    ['lets through what both allow', [statement({})], [all], 'allowed'],
    ['grants nothing by itself', [statement({ Action: 's3:*' })], [all], 'implicit deny by identity-based'],
    ['takes what it does not allow', [all], [statement({ Action: 's3:*' })], 'implicit deny by boundary'],
    ['takes what it denies', [all], [all, deny()], 'explicit deny by boundary'],
    [
      'that denies is heard before a policy that does not allow',
      [statement({ Action: 's3:*' })],
      [deny()],
      'explicit deny by boundary',
    ],
    ['does not undo a deny of the policies', [all, deny()], [all], 'explicit deny by identity-based'],
  ])('%s', (_, identity, boundary, expected) => {
    const decision = within(identity, boundary)
    expect(decision.allowed ? 'allowed' : `${decision.reason} by ${decision.by}`).toBe(expected)
  })

  const leash = [
    { ...all, Sid: 'Generation7' },
    deny({ StringNotEquals: { 'identitystore:UserId': ['u-alice', 'u-bob'] } }),
    deny({
      StringEquals: { 'identitystore:UserId': ['u-alice'] },
      DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-02T12:00:00Z' },
    }),
    deny({
      StringEquals: { 'identitystore:UserId': ['u-bob'] },
      DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-02T13:00:00Z' },
    }),
  ]
  const at = (user: string | undefined, time: string): Context => ({
    'aws:CurrentTime': time,
    ...(user === undefined ? {} : { 'identitystore:UserId': user }),
  })
  it.each<[string, Context, boolean]>([
    ['somebody listed, in the last second', at('u-alice', '2026-11-02T11:59:59Z'), true],
    ['somebody listed, at exactly their end', at('u-alice', '2026-11-02T12:00:00Z'), false],
    ['somebody listed, a year later', at('u-alice', '2027-11-02T11:00:00Z'), false],
    ['somebody else listed, at that end', at('u-bob', '2026-11-02T12:00:00Z'), true],
    ['somebody not listed', at('u-carol', '2026-11-02T11:00:00Z'), false],
    ['somebody whose id differs in case', at('U-alice', '2026-11-02T11:00:00Z'), false],
    ['a request that carries no user', at(undefined, '2026-11-02T11:00:00Z'), false],
  ])('in the shape of a leash decides about %s', (_, context, allowed) => {
    expect(within([all], leash, context).allowed).toBe(allowed)
    expect(within([all], [all, deny()], context).allowed).toBe(false)
  })
})
