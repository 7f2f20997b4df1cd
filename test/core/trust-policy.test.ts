import { describe, expect, it } from 'vitest'
import {
  flawForAnybody,
  flawInTrust,
  mayLetIn,
  pinnedStatement,
  usersLetIn,
  type Visitor,
} from '../../src/core/trust-policy.ts'

const own = `\${aws:username}`
const root = 'arn:aws:iam::000000000000:root'
const idp = 'arn:aws:iam::222222222222:saml-provider/idp'
const alice: Visitor = { jumpAccount: '000000000000', userName: 'alice', federation: [idp] }
const pinned = { StringEquals: { 'sts:RoleSessionName': own } }

type Statement = Record<string, unknown>
const team: Statement = { Effect: 'Allow', Principal: { AWS: root }, Action: 'sts:AssumeRole', Condition: pinned }

function trust(...statements: Statement[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements })
}

function flaw(...statements: Statement[]): string | undefined {
  return flawInTrust(trust(...statements), alice)?.code
}

describe('a role whose trust policy tells people apart', () => {
  const cases: [rule: string, ...statements: Statement[]][] = [
    ['lets in the jump account, each user under their own name', team],
    ['says so with StringLike', { ...team, Condition: { StringLike: { 'sts:RoleSessionName': own } } }],
    ['says so in a list of one', { ...team, Condition: { StringEquals: { 'sts:RoleSessionName': [own] } } }],
    ['spells the key in any case', { ...team, Condition: { StringEquals: { 'STS:rolesessionname': own } } }],
    ['names the account by its number', { ...team, Principal: { AWS: '000000000000' } }],
    ['names users of the jump account', { ...team, Principal: { AWS: ['arn:aws:iam::000000000000:user/staff/bob'] } }],
    [
      'names a role of the jump account, whose sessions have no user name',
      { ...team, Principal: { AWS: 'arn:aws:iam::000000000000:role/ci' } },
    ],
    [
      'asks for more beside the name',
      { ...team, Condition: { ...pinned, Bool: { 'aws:MultiFactorAuthPresent': 'true' } } },
    ],
    ['says it twice', { ...team, Condition: { ...pinned, StringLike: { 'sts:RoleSessionName': '*' } } }],
    [
      'lets Alice alone in as alice',
      {
        ...team,
        Principal: { AWS: 'arn:aws:iam::000000000000:user/staff/alice' },
        Condition: { StringEquals: { 'sts:RoleSessionName': 'alice' } },
      },
    ],
    [
      'lets others in under another fixed name',
      team,
      {
        ...team,
        Principal: { AWS: 'arn:aws:iam::333333333333:role/ci' },
        Condition: { StringEquals: { 'sts:RoleSessionName': 'ci' } },
      },
    ],
    [
      'lets in people of a provider that names their sessions',
      { Effect: 'Allow', Principal: { Federated: idp }, Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'] },
    ],
    ['denies something', team, { Effect: 'Deny', Principal: '*', Action: 'sts:*' }],
    [
      'allows tagging only',
      team,
      { Effect: 'Allow', Principal: '*', Action: ['sts:TagSession', 'sts:SetSourceIdentity'] },
    ],
    ['lets nobody in', { Effect: 'Deny', Principal: { AWS: root }, Action: 'sts:AssumeRole' }],
  ]
  it.each(cases)('%s', (_rule, ...statements) => {
    expect(flaw(...statements)).toBeUndefined()
  })
})

describe('a role under any name', () => {
  const names: [rule: string, Condition: unknown][] = [
    ['no condition', undefined],
    ['a condition about something else', { StringEquals: { 'sts:ExternalId': 'x' } }],
    ['a condition that is empty', {}],
    ['IfExists', { StringEqualsIfExists: { 'sts:RoleSessionName': own } }],
    ['ForAllValues', { 'ForAllValues:StringEquals': { 'sts:RoleSessionName': own } }],
    ['ForAnyValue', { 'ForAnyValue:StringEquals': { 'sts:RoleSessionName': own } }],
    ['letters of either case', { StringEqualsIgnoreCase: { 'sts:RoleSessionName': own } }],
    ['the negation', { StringNotEquals: { 'sts:RoleSessionName': own } }],
    ['an operator in small letters', { stringequals: { 'sts:RoleSessionName': own } }],
    ['a wildcard', { StringLike: { 'sts:RoleSessionName': '*' } }],
    ['a wildcard behind the name', { StringLike: { 'sts:RoleSessionName': `${own}*` } }],
    ['a wildcard in a name', { StringLike: { 'sts:RoleSessionName': 'al?ce' } }],
    ['another variable', { StringEquals: { 'sts:RoleSessionName': `\${aws:PrincipalTag/name}` } }],
    ['a variable with a fallback', { StringEquals: { 'sts:RoleSessionName': `\${aws:username, 'alice'}` } }],
    ['her name, for everybody', { StringEquals: { 'sts:RoleSessionName': 'alice' } }],
    ['several names', { StringEquals: { 'sts:RoleSessionName': [own, 'alice'] } }],
    ['several names, none hers', { StringEquals: { 'sts:RoleSessionName': ['bob', 'carol'] } }],
    ['no name', { StringEquals: { 'sts:RoleSessionName': [] } }],
    ['the key twice', { StringEquals: { 'sts:RoleSessionName': own, 'sts:rolesessionname': 'alice' } }],
    ['a source identity instead', { StringEquals: { 'sts:SourceIdentity': own } }],
    ['a number', { StringEquals: { 'sts:RoleSessionName': 1 } }],
  ]
  it.each(names)('is not fit: %s', (_rule, Condition) => {
    expect(flaw({ ...team, Condition })).toBe('trust_not_pinned')
  })

  it('is not fit because of one statement among others', () => {
    expect(flaw(team, { ...team, Condition: undefined }, team)).toBe('trust_not_pinned')
  })

  it('is not fit when an older version of the language takes the variable for text', () => {
    for (const Version of ['2008-10-17', undefined]) {
      expect(flawInTrust(JSON.stringify({ Version, Statement: team }), alice)?.code).toBe('trust_not_pinned')
    }
  })

  it('is not fit when Alice is let in as alice together with Bob', () => {
    const both = ['arn:aws:iam::000000000000:user/alice', 'arn:aws:iam::000000000000:user/bob']
    const Condition = { StringEquals: { 'sts:RoleSessionName': 'alice' } }
    expect(flaw({ ...team, Principal: { AWS: both }, Condition })).toBe('trust_not_pinned')
    expect(flaw({ ...team, Principal: { AWS: 'arn:aws:iam::000000000000:role/alice' }, Condition })).toBe(
      'trust_not_pinned',
    )
  })

  it('is not fit when it lets in as alice a role whose path only reads like her user', () => {
    const AWS = 'arn:aws:iam::000000000000:role/x:user/alice'
    const Condition = { StringEquals: { 'sts:RoleSessionName': 'alice' } }
    expect(flaw({ ...team, Principal: { AWS }, Condition })).toBe('trust_not_pinned')
  })

  it.each([
    'sts:*',
    'STS:AssumeRole',
    'sts:Assume*',
    '*',
    'sts:AssumeRoleWithWebIdentity',
    'sts:?ssumeRole',
  ])('is not fit whatever way in is written: %s', Action => {
    expect(flaw({ ...team, Action: ['sts:TagSession', Action], Condition: undefined })).toBe('trust_not_pinned')
  })
})

describe('a role that others than the users of the jump account may enter', () => {
  const principals: [rule: string, Principal: unknown][] = [
    ['everybody', '*'],
    ['everybody in AWS', { AWS: '*' }],
    ['another account', { AWS: 'arn:aws:iam::333333333333:root' }],
    ['another account beside', { AWS: [root, 'arn:aws:iam::333333333333:root'] }],
    ['the account of the role', { AWS: '222222222222' }],
    ['somebody who was deleted', { AWS: 'AIDAIOSFODNN7EXAMPLE0' }],
    ['a service', { Service: 'lambda.amazonaws.com' }],
    ['a service beside', { AWS: root, Service: 'ec2.amazonaws.com' }],
    ['a provider that is not in the catalogue', { Federated: 'arn:aws:iam::222222222222:saml-provider/other' }],
    ['a provider of web identities', { Federated: 'token.actions.githubusercontent.com' }],
    ['a provider of the catalogue beside', { AWS: root, Federated: idp }],
    ['the user of a bucket', { CanonicalUser: '79a59d' }],
  ]
  it.each(principals)('is not fit: %s', (_rule, Principal) => {
    expect(flaw({ ...team, Principal })).toBe('trust_too_wide')
  })

  it('is not fit when it names those who may not', () => {
    const { Principal: NotPrincipal, ...rest } = team
    expect(flaw({ ...rest, NotPrincipal })).toBe('trust_too_wide')
  })
})

describe('a trust policy that cannot be read', () => {
  const { Principal: _, ...noPrincipal } = team
  const { Action: __, ...noAction } = team
  const cases: [rule: string, trust: string][] = [
    ['no JSON', 'not a policy'],
    ['no section', '[]'],
    ['no statement', '{"Version":"2012-10-17"}'],
    ['a statement that is none', trust('allow' as unknown as Statement)],
    ['no effect', trust({ ...team, Effect: undefined })],
    ['an effect in small letters', trust({ ...team, Effect: 'allow' })],
    ['a key in small letters', trust({ ...team, action: 'sts:AssumeRole' })],
    ['all actions but some', trust({ ...noAction, NotAction: 'sts:TagSession' })],
    ['no action', trust(noAction)],
    ['no principal', trust(noPrincipal)],
    ['no principal in it', trust({ ...team, Principal: {} })],
    ['a principal that is a number', trust({ ...team, Principal: { AWS: 0 } })],
  ]
  it.each(cases)('is not fit: %s', (_rule, text) => {
    expect(flawInTrust(text, alice)?.code).toBe('trust_unreadable')
  })
})

describe('what is told of the flaw', () => {
  const note = (...statements: Statement[]) => flawInTrust(trust(...statements), alice)?.note.split('\n')

  it('names the statement, and writes it out with the name pinned', () => {
    expect(note(team, { Sid: 'Dev', ...team, Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })).toEqual([
      'No. 2 (Dev)',
      `{"Sid":"Dev","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000000:root"},"Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"},"StringEquals":{"sts:RoleSessionName":"${own}"}}}`,
    ])
  })

  it('replaces what was wrong about the name and keeps what stood beside it', () => {
    const Condition = { StringLike: { 'sts:RoleSessionName': '*' }, StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }
    expect(note({ ...team, Condition })?.[1]).toContain(
      `"Condition":{"StringEquals":{"aws:PrincipalOrgID":"o-1","sts:RoleSessionName":"${own}"}}`,
    )
  })

  it('puts the jump account where others stood', () => {
    expect(note({ ...team, Principal: { Service: 'lambda.amazonaws.com' } })?.[1]).toContain(
      '"Principal":{"AWS":"arn:aws:iam::000000000000:root"}',
    )
  })

  it('asks for the version in which the variable counts', () => {
    const old = JSON.stringify({ Version: '2008-10-17', Statement: team })
    expect(flawInTrust(old, alice)?.note.split('\n')).toEqual([
      'No. 1',
      '"Version": "2012-10-17"',
      JSON.stringify(team),
    ])
  })

  it('is short enough to be shown, however long the statement is', () => {
    const AWS = Array.from({ length: 60 }, (_, n) => `arn:aws:iam::000000000000:user/somebody-with-a-name-${n}`)
    const text = flawInTrust(trust({ ...team, Principal: { AWS }, Condition: undefined }), alice)?.note ?? ''
    expect(text.length).toBeLessThan(300)
    expect(text).toContain('"AWS":"arn:aws:iam::000000000000:root"')
  })

  it('is mended by what it says', () => {
    const [, statement = ''] = note({ ...team, Principal: '*', Condition: undefined }) ?? []
    expect(flaw(JSON.parse(statement))).toBeUndefined()
  })
})

describe('whom a trust policy may let in', () => {
  const arn = 'arn:aws:iam::000000000000:user/staff/alice'
  const lets = (...statements: Statement[]) => mayLetIn(trust(...statements), alice, arn)

  it.each([
    ['the whole account', team],
    ['the account by its number', { ...team, Principal: { AWS: '000000000000' } }],
    ['her by name', { ...team, Principal: { AWS: arn } }],
    ['everybody', { ...team, Principal: '*' }],
    ['under her name', { ...team, Condition: { StringEquals: { 'sts:RoleSessionName': 'alice' } } }],
    ['everybody of a provider that names sessions', { ...team, Principal: { Federated: idp } }],
    ['all but some', { Effect: 'Allow', NotPrincipal: { AWS: 'x' }, Action: 'sts:AssumeRole' }],
  ])('her: %s', (_rule, statement) => {
    expect(lets(statement)).toBe(true)
  })

  it.each([
    ['another user', { ...team, Principal: { AWS: 'arn:aws:iam::000000000000:user/bob' } }],
    ['another account', { ...team, Principal: { AWS: '333333333333' } }],
    ['a service', { ...team, Principal: { Service: 'ec2.amazonaws.com' } }],
    ['another name', { ...team, Condition: { StringEquals: { 'sts:RoleSessionName': 'bob' } } }],
    ['another way in', { ...team, Action: 'sts:AssumeRoleWithSAML' }],
    ['nobody', { ...team, Effect: 'Deny' }],
  ])('not her: %s', (_rule, statement) => {
    expect(lets(statement)).toBe(false)
  })

  it('is not denied where it cannot be told', () => {
    expect(mayLetIn('not a policy', alice, arn)).toBe(true)
    expect(lets({ Effect: 'Allow', Action: 'sts:AssumeRole' })).toBe(true)
  })
})

describe('of a trust policy, whoever comes', () => {
  const where = { jumpAccount: '000000000000', federation: [] }
  const trustOf = (principal: string, name?: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: principal },
        Action: 'sts:AssumeRole',
        ...(name === undefined ? {} : { Condition: { StringEquals: { 'sts:RoleSessionName': name } } }),
      },
    })
  const everybody = 'arn:aws:iam::000000000000:root'
  const alice = 'arn:aws:iam::000000000000:user/staff/alice'

  it.each([
    [everybody, `\${aws:username}`, undefined, 'all'],
    [everybody, undefined, 'trust_not_pinned', 'all'],
    // Bob could call himself alice.
    [everybody, 'alice', 'trust_not_pinned', ['alice']],
    [alice, 'alice', undefined, ['alice']],
    [alice, undefined, 'trust_not_pinned', ['alice']],
    ['arn:aws:iam::111111111111:root', `\${aws:username}`, 'trust_too_wide', []],
    ['arn:aws:iam::000000000000:role/ci', 'ci', 'trust_not_pinned', []],
  ])('%s under the name %s: %s, lets in %s', (principal, name, flaw, letIn) => {
    expect(flawForAnybody(trustOf(principal, name), where)?.code).toBe(flaw)
    expect(usersLetIn(trustOf(principal, name), where)).toEqual(letIn)
  })

  it('a fixed name that others use is a flaw for a user of that name alone', () => {
    const people = JSON.parse(trustOf(everybody, `\${aws:username}`)).Statement
    const machine = JSON.parse(trustOf('arn:aws:iam::000000000000:role/ci', 'ci')).Statement
    const trust = JSON.stringify({ Version: '2012-10-17', Statement: [people, machine] })
    expect(flawForAnybody(trust, where)).toMatchObject({ code: 'trust_not_pinned', onlyOf: 'ci' })
    expect(usersLetIn(trust, where)).toBe('all')
  })

  it('one that cannot be read is a flaw, and may let in all', () => {
    expect(flawForAnybody('{', where)?.code).toBe('trust_unreadable')
    expect(usersLetIn('{', where)).toBe('all')
  })

  it('the statement to add names nobody else than the users of the jump account, each as themselves', () => {
    expect(flawForAnybody(`{"Version":"2012-10-17","Statement":${pinnedStatement('000000000000')}}`, where)).toBe(
      undefined,
    )
  })
})
