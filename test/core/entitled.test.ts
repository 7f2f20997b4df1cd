import { describe, expect, it } from 'vitest'
import type { RequestIn } from '../../src/core/access-request.ts'
import {
  askedBy,
  awsNamesOf,
  beneficiaryNames,
  type Form,
  iamUserOf,
  identityCenterUserOf,
  mayAsk,
  problemsWith,
  stillFollows,
} from '../../src/core/entitled.ts'
import type { Catalogue, Entitlement, PeopleRules } from '../../src/core/entitlement.ts'
import { newIdentity } from '../../src/core/known-identity.ts'
import { anEntryRequest, aRequest, aRoleRequest, aSetRequest } from '../support/builders.ts'

const table: Entitlement = {
  id: 'table',
  title: { en: 'Table', ja: 'テーブル' },
  grants: {
    kind: 'inlinePolicy',
    on: 'user',
    statements: [{ actions: ['dynamodb:GetItem'], resources: [`arn:aws:dynamodb:*:000000000000:table/\${table}`] }],
  },
  accounts: ['hub'],
  requesters: ['developers'],
  approvals: [{ from: ['platform'], count: 1 }],
  lapseMinutes: 240,
  durationsMinutes: [30, 60],
  ticket: 'off',
  parameters: [{ name: 'table', label: { en: 'Table', ja: 'テーブル' }, pattern: '[a-z]{3,10}' }],
}

const read: Entitlement = {
  ...table,
  id: 'read',
  grants: { kind: 'permissionSet', permissionSet: 'ReadOnly', leash: 'off' },
  accounts: ['prod'],
  ticket: 'required',
  parameters: [],
}

const people: PeopleRules = {
  emailDomains: ['example.com', 'Example.org'],
  iamUser: 'dev-{emailLocalPart}',
  overrides: { U0BOB: { iamUser: 'robert', identityCenterUser: 'robert@corp' }, U0CAROL: { iamUser: 'carol' } },
}

function aCatalogue(...entitlements: Entitlement[]): Catalogue {
  return {
    slack: { team: 'T0001', approvalsChannel: 'C0APPROVE', alertsChannel: 'C0ALERT', language: 'en' },
    aws: {
      hubAccount: '000000000000',
      managementAccount: '999999999999',
      memberRole: 'curfew-member',
      neverTouch: [],
      federation: [],
    },
    accounts: {
      hub: { key: 'hub', id: '000000000000', name: 'Jump account', sensitive: false },
      prod: { key: 'prod', id: '111111111111', name: 'Production', sensitive: true },
    },
    neverGrant: [],
    people,
    groups: { developers: { slackUserGroup: 'S0DEV' }, platform: { slackUserGroup: 'S0PLATFORM' } },
    operators: [],
    entitlements: Object.fromEntries(entitlements.map(entitlement => [entitlement.id, entitlement])),
  }
}

const form: Form = {
  entitlementId: 'table',
  accountKey: 'hub',
  parameters: { table: 'orders' },
  durationMinutes: 60,
  reason: 'A customer waits',
}

describe('problemsWith', () => {
  const problems = (change: Partial<Form>) => problemsWith({ ...form, ...change }, aCatalogue(table, read))

  it('finds nothing wrong with what is offered', () => {
    expect(problems({})).toEqual({})
  })

  it('says nothing else about an entitlement it does not know', () => {
    expect(problems({ entitlementId: 'nothing', reason: '' })).toEqual({ entitlement: 'unknown_entitlement' })
  })

  it.each<[Partial<Form>, ReturnType<typeof problemsWith>]>([
    [{ accountKey: 'prod' }, { account: 'account_not_offered' }],
    [{ durationMinutes: 45 }, { duration: 'duration_not_offered' }],
    [{ reason: ' \n' }, { reason: 'required' }],
    [{ reason: 'x'.repeat(501) }, { reason: 'too_long' }],
    [{ reason: 'x'.repeat(500) }, {}],
    [{ ticket: 'x'.repeat(101) }, { ticket: 'too_long' }],
    [{ ticket: 'x'.repeat(100) }, {}],
    [{ parameters: {} }, { 'parameter.table': 'required' }],
    [{ parameters: { table: '' } }, { 'parameter.table': 'required' }],
    [{ parameters: { table: 'orders*' } }, { 'parameter.table': 'bad_parameter' }],
    [{ parameters: { table: 'no' } }, { 'parameter.table': 'bad_parameter' }],
  ])('says what is wrong with %j', (change, expected) => {
    expect(problems(change)).toEqual(expected)
  })

  it('asks for a ticket where one is required', () => {
    const prod = { entitlementId: 'read', accountKey: 'prod', parameters: {} }
    expect(problems(prod)).toEqual({ ticket: 'required' })
    expect(problems({ ...prod, ticket: '  ' })).toEqual({ ticket: 'required' })
    expect(problems({ ...prod, ticket: 'OPS-1' })).toEqual({})
  })

  it('says everything at once', () => {
    expect(problems({ accountKey: 'prod', durationMinutes: 1, reason: '', parameters: {} })).toEqual({
      account: 'account_not_offered',
      duration: 'duration_not_offered',
      reason: 'required',
      'parameter.table': 'required',
    })
  })
})

describe('mayAsk', () => {
  it('is for members of a requester group', () => {
    expect(mayAsk(table, 'U0ALICE', { groups: { developers: ['U0ALICE'] } })).toEqual({ answer: 'yes' })
    expect(mayAsk(table, 'U0BOB', { groups: { developers: ['U0ALICE'] } })).toEqual({
      answer: 'no',
      code: 'requester_not_allowed',
    })
  })

  it('cannot tell while a group cannot be read', () => {
    expect(mayAsk(table, 'U0BOB', { groups: { developers: { problem: 'Slack is down' } } })).toEqual({
      answer: 'unknown',
      problem: 'Slack is down',
    })
  })
})

describe('stillFollows', () => {
  const request = {
    entitlementId: 'table',
    account: { key: 'hub', id: '000000000000', sensitive: false },
    parameters: { table: 'orders' },
    durationMinutes: 60,
    asked: askedBy(form, table, { sensitive: false }),
  }
  const changed = (change: Partial<Entitlement>) => aCatalogue({ ...table, ...change }, read)
  const withStatement = (change: object) =>
    changed({
      grants: {
        kind: 'inlinePolicy',
        on: 'user',
        statements: [
          {
            actions: ['dynamodb:GetItem'],
            resources: [`arn:aws:dynamodb:*:000000000000:table/\${table}`],
            ...change,
          },
        ],
      },
    })

  const withRequireMfa = (requireMfa: boolean) =>
    changed({ grants: { ...table.grants, requireMfa } as Entitlement['grants'] })

  it('holds while the catalogue says the same', () => {
    expect(request.asked).toEqual({
      kind: 'inlinePolicy',
      on: 'user',
      statements: [{ actions: ['dynamodb:GetItem'], resources: ['arn:aws:dynamodb:*:000000000000:table/orders'] }],
    })
    expect(stillFollows(request, aCatalogue(table, read))).toBe(true)
  })

  it('does not mind what people read, nor who approves', () => {
    const words = {
      title: { en: 'Orders', ja: '注文' },
      approvals: [{ from: ['developers'], count: 1 }],
      lapseMinutes: 5,
    }
    expect(stillFollows(request, changed(words))).toBe(true)
  })

  it('holds for a copy that came back from the table with its fields in another order', () => {
    const resources = ['arn:aws:dynamodb:*:000000000000:table/orders']
    const asked = {
      statements: [{ resources, actions: ['dynamodb:GetItem'] }],
      on: 'user',
      kind: 'inlinePolicy',
    } as const
    expect(
      stillFollows({ ...request, asked: { ...asked, statements: [...asked.statements] } as never }, aCatalogue(table)),
    ).toBe(true)
  })

  it.each<[string, Catalogue]>([
    ['the entitlement is gone', aCatalogue(read)],
    ['the account is no longer offered', changed({ accounts: ['prod'] })],
    ['an action was added', withStatement({ actions: ['dynamodb:GetItem', 'dynamodb:PutItem'] })],
    ['an action was taken away', withStatement({ actions: [] })],
    ['the resource is another', withStatement({ resources: [`arn:aws:dynamodb:*:000000000000:table/dev-\${table}`] })],
    ['it is of another kind', changed({ grants: read.grants })],
    [
      'the pattern no longer takes the value',
      changed({ parameters: [{ ...table.parameters[0]!, pattern: '[a-z]{3}' }] }),
    ],
    ['the duration is no longer offered', changed({ durationsMinutes: [15, 30] })],
    [
      'the account has become sensitive, though MFA is asked for in neither case',
      {
        ...withRequireMfa(false),
        accounts: { hub: { key: 'hub', id: '000000000000', name: 'Jump account', sensitive: true } },
      },
    ],
    [
      'the key of the account now names another account',
      {
        ...aCatalogue(table),
        accounts: { hub: { key: 'hub', id: '333333333333', name: 'Jump account', sensitive: false } },
      },
    ],
  ])('does not hold when %s', (_, catalogue) => {
    expect(stillFollows(request, catalogue)).toBe(false)
  })

  it('compares permission sets by name', () => {
    const asked = { kind: 'permissionSet', permissionSet: 'ReadOnly', leash: 'off' } as const
    const prod = {
      entitlementId: 'read',
      account: { key: 'prod', id: '111111111111', sensitive: true },
      parameters: {},
      durationMinutes: 30,
    }
    expect(stillFollows({ ...prod, asked }, aCatalogue(read))).toBe(true)
    expect(stillFollows({ ...prod, asked: { ...asked, permissionSet: 'PowerUser' } }, aCatalogue(read))).toBe(false)
  })
})

describe('a permission set that leaves something behind in a sensitive account', () => {
  const request = aSetRequest('pending', {
    entitlementId: 'read',
    durationMinutes: 30,
    asked: { kind: 'permissionSet', permissionSet: 'ReadOnly', leash: 'off' },
  })
  if (request.target.kind === 'permissionSet') request.target.content.afterEnd.lasts = ['ecs:RunTask']

  it('follows from the catalogue only while that allows it', () => {
    expect(stillFollows(request, aCatalogue({ ...read, allowPersistence: true }))).toBe(true)
    expect(stillFollows(request, aCatalogue(read))).toBe(false)
  })
})

describe('the names of a person in AWS', () => {
  const alice = { slackUserId: 'U0ALICE', email: 'Alice@example.com' }

  it('are those of the catalogue, and the ids that were found for them before', () => {
    expect(awsNamesOf(alice, people)).toEqual(['iam:dev-alice', 'email:alice@example.com'])
    const places = {
      '222222222222': { name: 'dev-alice', id: 'AIDAALICE' },
      'identity-center': { name: 'a', id: 'P-1' },
    }
    expect(awsNamesOf(alice, people, { ...newIdentity('U0ALICE'), places })).toEqual([
      'iam:dev-alice',
      'email:alice@example.com',
      'id:aidaalice',
      'id:p-1',
    ])
  })

  it('are for a request also those that checking found, and those of the address at submission', () => {
    const people: PeopleRules = { emailDomains: ['example.com'], iamUser: '{emailLocalPart}', overrides: {} }
    expect(beneficiaryNames(aRequest('checking'), people)).toEqual([
      'iam:alice',
      'email:alice@example.com',
      'user:alice@example.com',
    ])
    expect(beneficiaryNames(aRequest('pending'), people)).toContain('id:aidaalice00000000001')
    expect(beneficiaryNames(aRoleRequest('pending'), people)).toContain('id:aidaalice00000000002')
    expect(beneficiaryNames(anEntryRequest('pending'), people)).toContain('id:aidaalice00000000002')
    const target = { ...aSetRequest('pending').target, userName: 'Lidell' } as RequestIn<'pending'>['target']
    expect(beneficiaryNames(aSetRequest('pending', { target }), people)).toEqual([
      'iam:alice',
      'email:alice@example.com',
      'user:alice@example.com',
      'email:lidell',
      'user:lidell',
      'id:principal-alice',
    ])
  })
})

describe('what is asked of a role', () => {
  const { title, accounts, requesters, approvals, lapseMinutes, durationsMinutes } = table
  const rest = {
    title,
    accounts,
    requesters,
    approvals,
    lapseMinutes,
    durationsMinutes,
    parameters: [],
    ticket: 'off' as const,
  }
  const entitlementOf = (grants: Entitlement['grants']): Entitlement => ({ id: 'role', ...rest, grants })
  const asked = (grants: Entitlement['grants'], sensitive = false) =>
    askedBy({ parameters: {} }, entitlementOf(grants), { sensitive })
  const statements = [{ actions: ['s3:GetObject'], resources: ['*'] }]
  const request = (grants: Entitlement['grants']) => ({
    entitlementId: 'role',
    account: { key: 'hub', id: '000000000000', sensitive: false },
    parameters: {},
    durationMinutes: 60,
    asked: asked(grants),
  })

  it('is to enter it with MFA, unless the catalogue says otherwise', () => {
    expect(asked({ kind: 'assume', role: 'Admin' })).toEqual({ kind: 'assume', role: 'Admin', requireMfa: true })
    expect(asked({ kind: 'assume', role: 'Admin', requireMfa: false })).toEqual({
      kind: 'assume',
      role: 'Admin',
      requireMfa: false,
    })
  })

  it('no longer follows from a catalogue that names another role, or MFA otherwise', () => {
    const entered = request({ kind: 'assume', role: 'Admin' })
    const follows = (one: ReturnType<typeof request>, grants: Entitlement['grants']) =>
      stillFollows(one, aCatalogue(entitlementOf(grants)))
    expect(follows(entered, { kind: 'assume', role: 'Admin', requireMfa: true })).toBe(true)
    expect(follows(entered, { kind: 'assume', role: 'Other' })).toBe(false)
    expect(follows(entered, { kind: 'assume', role: 'Admin', requireMfa: false })).toBe(false)
    const onDev = request({ kind: 'inlinePolicy', on: { role: 'Dev' }, statements })
    expect(follows(onDev, { kind: 'inlinePolicy', on: { role: 'Dev' }, statements })).toBe(true)
    expect(follows(onDev, { kind: 'inlinePolicy', on: { role: 'Ops' }, statements })).toBe(false)
    expect(follows(onDev, { kind: 'inlinePolicy', on: 'user', statements })).toBe(false)
  })
})

describe('who a person is in AWS', () => {
  it.each([
    ['alice@example.com', 'dev-alice'],
    ['Alice.Smith@Example.COM', 'dev-alice.smith'],
    ['alice@example.org', 'dev-alice'],
    ['alice+test@example.com', 'dev-alice+test'],
    ['alice@other.com', undefined],
    ['alice@sub.example.com', undefined],
    ['alice@example.com@other.com', undefined],
    ['alice@other.com@example.com', undefined],
    ['@example.com', undefined],
    ['alice', undefined],
    ['', undefined],
    // A Kelvin sign, which becomes a k when letters are made small.
    ['\u212Aen@example.com', undefined],
    // What String.replace would take for "the text before".
    ['$`x@example.com', undefined],
  ])('the IAM user of %j is %j', (email, expected) => {
    expect(iamUserOf({ slackUserId: 'U0ALICE', email }, people)).toBe(expected)
  })

  it('an override stands whatever the address is', () => {
    expect(iamUserOf({ slackUserId: 'U0BOB', email: 'bob@other.com' }, people)).toBe('robert')
    expect(identityCenterUserOf({ slackUserId: 'U0BOB', email: '' }, people)).toEqual({ userName: 'robert@corp' })
  })

  it.each([
    ['alice@example.com', { email: 'alice@example.com' }],
    ['Alice@EXAMPLE.com', { email: 'Alice@EXAMPLE.com' }],
    ['alice@other.com', undefined],
    ['alice@example.com@example.com', undefined],
  ])('Identity Center is asked for %j by %j', (email, expected) => {
    expect(identityCenterUserOf({ slackUserId: 'U0ALICE', email }, people)).toEqual(expected)
  })

  it('an override for IAM alone says nothing about Identity Center', () => {
    const carol = { slackUserId: 'U0CAROL', email: 'carol@example.com' }
    expect(identityCenterUserOf(carol, people)).toEqual({ email: 'carol@example.com' })
  })
})
