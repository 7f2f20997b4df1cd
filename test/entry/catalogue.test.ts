import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isPair, isSeq, parseDocument, visit } from 'yaml'
import { readActionFacts } from '../../src/adapters/iam-data/action-facts.ts'
import { describeProblems, loadCatalogue, parseCatalogue } from '../../src/entry/catalogue.ts'
import { validCatalogue, withChange } from '../support/valid-catalogue.ts'

const facts = await readActionFacts(['dynamodb', 's3', 'kms', 'lambda'])

function problemsIn(text: string) {
  const parsed = parseCatalogue(text, 'curfew.yaml', facts)
  return 'problems' in parsed ? parsed.problems : []
}

function catalogueIn(text: string) {
  const parsed = parseCatalogue(text, 'curfew.yaml', facts)
  if ('problems' in parsed) throw new Error(describeProblems(parsed.problems, 'curfew.yaml'))
  return parsed.catalogue
}

describe('what is read', () => {
  it('reads everything that was written', () => {
    expect(catalogueIn(validCatalogue)).toEqual({
      slack: { team: 'T0001', approvalsChannel: 'C0APPROVE', alertsChannel: 'C0ALERT', language: 'en' },
      aws: {
        hubAccount: '000000000000',
        managementAccount: '999999999999',
        memberRole: 'curfew-member',
        neverTouch: [],
        federation: [],
        identityCenter: {
          region: 'ap-northeast-1',
          instanceArn: 'arn:aws:sso:::instance/ssoins-1',
          identityStoreId: 'd-1',
          startUrl: 'https://example.awsapps.com/start',
        },
      },
      accounts: {
        hub: { key: 'hub', id: '000000000000', name: 'Jump account', sensitive: false },
        prod: { key: 'prod', id: '111111111111', name: 'Production', sensitive: true },
      },
      neverGrant: [],
      operators: [],
      people: { emailDomains: ['example.com'], iamUser: '{emailLocalPart}', overrides: {} },
      groups: { platform: { slackUserGroup: 'S0PLATFORM' }, developers: { slackUsers: ['U0ALICE'] } },
      entitlements: {
        read: {
          id: 'read',
          title: { en: 'Read', ja: '読む' },
          grants: { kind: 'permissionSet', permissionSet: 'ReadOnly', leash: 'off' },
          accounts: ['prod'],
          requesters: ['developers'],
          approvals: [{ from: ['platform'], count: 1 }],
          lapseMinutes: 240,
          durationsMinutes: [30, 60],
          ticket: 'off',
          parameters: [],
        },
        table: {
          id: 'table',
          title: { en: 'Table', ja: 'テーブル' },
          grants: {
            kind: 'inlinePolicy',
            on: 'user',
            statements: [
              {
                actions: ['dynamodb:GetItem'],
                resources: [`arn:aws:dynamodb:*:000000000000:table/\${table}`],
              },
            ],
            words: {
              lines: [
                {
                  en: `Read items in table \${table} (DynamoDB)`,
                  ja: `テーブル \${table} の項目の読み取り（DynamoDB）`,
                },
              ],
            },
          },
          accounts: ['hub'],
          requesters: ['developers'],
          approvals: [{ from: ['platform'], count: 1 }],
          lapseMinutes: 90,
          durationsMinutes: [15, 720],
          ticket: 'optional',
          parameters: [{ name: 'table', label: { en: 'Table', ja: 'テーブル' }, pattern: '^[a-z-]{3,40}$' }],
        },
      },
    })
  })

  it('reads the example without a problem', async () => {
    const parsed = await loadCatalogue('infra/curfew.example.yaml')
    expect(parsed).not.toHaveProperty('problems')
    expect('catalogue' in parsed && Object.keys(parsed.catalogue.entitlements)).toEqual([
      'prod-read-only',
      'dev-power-user',
      'orders-table',
      'hub-artifacts',
      'dev-table',
      'prod-admin',
    ])
  })

  it('takes the words of operators, neverGrant, neverTouch and of what is switched off', () => {
    const text = withChange('people:', 'operators: [platform]\nneverGrant: ["s3:Delete*"]\npeople:')
      .replace('memberRole:', 'neverTouch: ["arn:aws:iam::*:role/admin*"]\n  memberRole:')
      .replace('leash: off', 'leash: off\n    requireMfa: false\n    breakGlass: false\n    allowPersistence: false')
    expect(catalogueIn(text).aws.neverTouch).toEqual(['arn:aws:iam::*:role/admin*'])
    expect(catalogueIn(text).operators).toEqual(['platform'])
    expect(catalogueIn(validCatalogue).operators).toEqual([])
  })

  it('reads a policy on a shared role, entering a role, and who names sessions after people', () => {
    const text = withChange('on: user', 'on: { role: Dev }')
      .replace('    permissionSet: ReadOnly\n    leash: off\n', '    assume: { role: Admin }\n    requireMfa: false\n')
      .replace('memberRole:', 'federation: ["arn:aws:iam::222222222222:saml-provider/idp"]\n  memberRole:')
    const { aws, entitlements } = catalogueIn(text)
    expect(aws.federation).toEqual(['arn:aws:iam::222222222222:saml-provider/idp'])
    expect(entitlements['table']?.grants).toMatchObject({ kind: 'inlinePolicy', on: { role: 'Dev' } })
    expect(entitlements['read']?.grants).toEqual({ kind: 'assume', role: 'Admin', requireMfa: false })
  })

  it('reads whether something may be left behind', () => {
    const text = withChange('leash: off', 'leash: off\n    allowPersistence: true')
    expect(catalogueIn(text).entitlements['read']?.allowPersistence).toBe(true)
    expect(catalogueIn(validCatalogue).entitlements['read']).not.toHaveProperty('allowPersistence')
  })

  it('reads what a policy asks for beside the time', () => {
    const text = withChange(
      '    ticket: optional',
      '    ticket: optional\n    requireMfa: true\n    regions: [ap-northeast-1]',
    )
    expect(catalogueIn(text).entitlements['table']?.grants).toMatchObject({
      requireMfa: true,
      regions: ['ap-northeast-1'],
    })
  })

  it.each([
    `arn:aws:s3:::b/\${aws:username}/\${table}`,
    `arn:aws:s3:::b/\${*}/\${table}`,
  ])('leaves AWS its own variables: %s', arn => {
    const text = withChange(`arn:aws:dynamodb:*:000000000000:table/\${table}`, arn)
    expect(catalogueIn(text).entitlements['table']?.grants).toMatchObject({ statements: [{ resources: [arn] }] })
  })
})

describe('the file', () => {
  it('says which line, and what to write there', () => {
    const problems = problemsIn(withChange('[30m, 1h]', '["2 hours"]'))
    expect(describeProblems(problems, 'curfew.yaml')).toBe(
      'curfew.yaml:26  entitlements.read.durations[0]: "2 hours" is not a duration. Write 2h.',
    )
  })

  it('points at the section that a value is missing from', () => {
    expect(problemsIn(withChange('    accounts: [prod]\n', ''))).toEqual([
      {
        path: 'entitlements.read.accounts',
        problem: 'accounts is missing.',
        remedy: 'Add accounts: [prod].',
        line: 19,
      },
    ])
  })

  it('names a key that is written twice', () => {
    expect(describeProblems(problemsIn(withChange('ticket: optional', 'accounts: [hub]')), 'curfew.yaml')).toBe(
      'curfew.yaml:39  entitlements.table.accounts: accounts is written twice. Keep one of them.',
    )
  })

  it('says where it is not YAML, and nothing about its contents then', () => {
    const problems = problemsIn(withChange('[30m, 1h]', '[30m, 1h').replace('T0001', 'C0001'))
    expect(problems.map(({ line, problem }) => [line, problem.slice(0, 17)])).toEqual([[27, 'This is not YAML:']])
  })

  it('says so when an alias leads nowhere', () => {
    expect(problemsIn('slack: *nowhere')[0]?.problem).toMatch(/^This is not YAML: .*nowhere/)
  })

  it.each([
    ['', 'curfew.yaml is empty.'],
    ['# nothing yet', 'curfew.yaml is empty.'],
    ['[1, 2]', 'curfew.yaml holds no catalogue.'],
  ])('is told apart from no catalogue: %j', (text, problem) => {
    expect(problemsIn(text)).toEqual([{ path: '', problem, remedy: 'Start from infra/curfew.example.yaml.' }])
  })

  it('that is not there is one problem', async () => {
    const parsed = await loadCatalogue('no-such-file.yaml')
    expect('problems' in parsed && describeProblems(parsed.problems, 'no-such-file.yaml')).toBe(
      'no-such-file.yaml  no-such-file.yaml does not exist. Set CURFEW_CONFIG to your catalogue; infra/curfew.example.yaml is one to start from.',
    )
  })

  it('is read from where it is', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'curfew-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    writeFileSync(join(folder, 'curfew.yaml'), validCatalogue)
    expect(await loadCatalogue(join(folder, 'curfew.yaml'))).toEqual(
      parseCatalogue(validCatalogue, 'curfew.yaml', facts),
    )
    expect(await loadCatalogue(folder)).toMatchObject({ problems: [{ problem: `${folder} cannot be read (EISDIR).` }] })
  })
})

it('says everything at once, in the order of the file, whatever else is wrong around it', () => {
  const text = `slack: { team: C0001, approvalsChannel: C0APPROVE, alertsChanel: C0ALERT }
aws:
  hubAccount: 000000000000
  managementAccount: "999999999999"
  memberRole: curfew-member
  accounts:
    mgmt: { id: "999999999999", name: Management }
    Prod: { id: 1, name: "" }
groups: { empty: {} }
entitlements:
  broken:
    title: { en: Broken }
    inlinePolicy:
      on: { role: Dev }
      statements:
        - { Action: "s3:GetObject", resources: ["arn:aws:s3:::b/\${tabel}"] }
        - { actions: ["*"], resources: [bucket], Condition: {} }
    assume: { role: Admin }
    parameters: { table: { label: Table, pattern: "(" } }
    accounts: [prd]
    requesters: empty
    approvals: { auto: {}, rules: [{ from: [emtpy], count: 2 }] }
    durations: [2 hours, 1h, 30m]
    tickets: required
`
  const places = problemsIn(text).map(({ path, line }) => `${line} ${path}`)
  expect(places).toEqual([
    '1 slack.team',
    '1 slack.alertsChanel',
    '1 people',
    '3 aws.hubAccount',
    '7 aws.accounts.mgmt.id',
    '8 aws.accounts.Prod.id',
    '8 aws.accounts.Prod.name',
    '8 aws.accounts.Prod',
    '9 groups.empty',
    '11 entitlements.broken',
    '12 entitlements.broken.title.ja',
    '16 entitlements.broken.inlinePolicy.statements[0].Action',
    '16 entitlements.broken.inlinePolicy.statements[0].resources[0]',
    '17 entitlements.broken.inlinePolicy.statements[1].actions[0]',
    '17 entitlements.broken.inlinePolicy.statements[1].resources[0]',
    '17 entitlements.broken.inlinePolicy.statements[1].Condition',
    '19 entitlements.broken.parameters.table.label',
    '19 entitlements.broken.parameters.table.pattern',
    '20 entitlements.broken.accounts[0]',
    '21 entitlements.broken.requesters',
    '22 entitlements.broken.approvals.auto.upTo',
    '22 entitlements.broken.approvals.auto.perPersonPerDay',
    '22 entitlements.broken.approvals.rules[0].from[0]',
    '22 entitlements.broken.approvals.auto',
    '23 entitlements.broken.durations[0]',
    '24 entitlements.broken.tickets',
  ])
})

it('takes nothing of another kind than what belongs there, and never throws', () => {
  const document = parseDocument(validCatalogue)
  const places: unknown[][] = []
  visit(document, {
    Pair: (_, { key }, path) => {
      // What is in lists has its own tests.
      if (!path.some(isSeq)) places.push([...path.filter(isPair).map(pair => String(pair.key)), String(key)])
    },
  })
  expect(places.length).toBeGreaterThan(40)
  for (const place of places) {
    for (const value of [null, 7, [[]], { x: 7 }]) {
      const changed = document.clone()
      changed.setIn(place, value)
      expect([place, value, problemsIn(String(changed)).length > 0]).toEqual([place, value, true])
    }
  }
})
