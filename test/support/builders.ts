import type { AccessRequest, HistoryEntry, RequestIn, Status, Target } from '../../src/core/access-request.ts'
import { announcementsOf } from '../../src/core/announcements.ts'
import type { EndAll } from '../../src/core/end-all.ts'
import type { Catalogue, Entitlement } from '../../src/core/entitlement.ts'
import type { RequestId } from '../../src/core/ids.ts'
import type { Instant } from '../../src/core/instant.ts'
import type { Member, Roster } from '../../src/core/roster.ts'
import type { SetContent } from '../../src/core/set-content.ts'

/** An instant on 2026-11-21 from its time of day in UTC: `at('10:00')` or `at('10:00:30')`. */
export function at(time: string): Instant {
  return `2026-11-21T${time.length === 5 ? `${time}:00` : time}Z` as Instant
}

/** The n-th request id of the tests: valid, and different for each n up to 9999. */
export function anId(n: number): RequestId {
  return `req_0000000000000000${String(n).padStart(4, '0')}`
}

/** The id `aRequest` gives when it is told none. */
export const someId = anId(1)

const policyTarget: Target = {
  kind: 'inlinePolicy',
  accountId: '222222222222',
  userName: 'alice',
  userId: 'AIDAALICE00000000001',
  policyName: 'curfew-req_00000000000000000001',
  statements: [
    {
      actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'],
      resources: ['arn:aws:dynamodb:*:222222222222:table/orders'],
    },
  ],
}

/** What Curfew-ReadOnly gives. */
export function aSetContent(overrides: Partial<SetContent> = {}): SetContent {
  return {
    hash: '0123456789abcdef',
    sessionMinutes: 60,
    managed: [],
    customer: [],
    inline: '{"Statement":[{"Action":["ec2:Describe*"],"Effect":"Allow","Resource":"*"}],"Version":"2012-10-17"}',
    words: { lines: [{ en: 'Read any resource in EC2', ja: 'EC2 の全リソースの読み取り' }] },
    afterEnd: { escapes: [], lasts: [], opens: [], unread: [] },
    ...overrides,
  }
}

const setTarget: Target = {
  kind: 'permissionSet',
  accountId: '111111111111',
  permissionSet: 'Curfew-ReadOnly',
  permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
  leash: 'off',
  principalId: 'principal-alice',
  userName: 'alice@example.com',
  sessionMinutes: 60,
  content: aSetContent(),
}

const requester = {
  slackUserId: 'U0ALICE',
  name: 'Alice',
  email: 'alice@example.com',
  language: 'en',
  timeZone: 'Asia/Tokyo',
} as const

const submitted: HistoryEntry = { at: at('10:00'), event: 'submitted', by: 'U0ALICE' }
const found: HistoryEntry = { at: at('10:01'), event: 'found' }
const approved: HistoryEntry = { at: at('10:10'), event: 'approved', by: 'U0BOB', clickId: 'click-1' }
const activated: HistoryEntry = { at: at('10:11'), event: 'activated' }

const jumpUser = { userAccountId: '000000000000', userName: 'alice', userId: 'AIDAALICE00000000002' }

const roleTarget: Target = {
  kind: 'rolePolicy',
  accountId: '222222222222',
  roleName: 'Dev',
  roleId: 'AROADEV00000000000001',
  roleArn: 'arn:aws:iam::222222222222:role/Dev',
  ...jumpUser,
  policyName: 'curfew-req_00000000000000000001',
  statements: policyTarget.statements,
}

const entryTarget: Target = {
  kind: 'assume',
  accountId: '111111111111',
  roleName: 'Admin',
  roleId: 'AROAADMIN000000000001',
  roleArn: 'arn:aws:iam::111111111111:role/Admin',
  sessionMinutes: 120,
  leash: 'off',
  ...jumpUser,
  policyName: 'curfew-req_00000000000000000001',
  requireMfa: true,
}

const dev = { key: 'dev', id: '222222222222', name: 'Development', sensitive: false }
const prod = { key: 'prod', id: '111111111111', name: 'Production', sensitive: true }

/** What each kind of request says that the others do not. */
const kinds = {
  rolePolicy: {
    target: roleTarget,
    facts: {
      entitlementId: 'team-table',
      title: { en: 'The orders table as Dev', ja: 'Dev ロールの注文テーブル' },
      account: dev,
      parameters: {} as Record<string, string>,
      asked: { kind: 'inlinePolicy', on: { role: 'Dev' }, statements: policyTarget.statements },
    },
  },
  assume: {
    target: entryTarget,
    facts: {
      entitlementId: 'prod-admin',
      title: { en: 'Enter Admin in Production', ja: '本番 Admin ロールに入る' },
      account: prod,
      parameters: {} as Record<string, string>,
      asked: { kind: 'assume', role: 'Admin', requireMfa: true },
    },
  },
  inlinePolicy: {
    target: policyTarget,
    facts: {
      entitlementId: 'dev-table',
      title: { en: 'One DynamoDB table in Development', ja: '開発 DynamoDB テーブル' },
      account: dev,
      parameters: { table: 'orders' } as Record<string, string>,
      asked: { kind: 'inlinePolicy', on: 'user', statements: policyTarget.statements },
    },
  },
  permissionSet: {
    target: setTarget,
    facts: {
      entitlementId: 'prod-read-only',
      title: { en: 'Production read-only', ja: '本番 読み取り専用' },
      account: prod,
      parameters: {} as Record<string, string>,
      asked: { kind: 'permissionSet', permissionSet: 'Curfew-ReadOnly', leash: 'off' },
      ticket: 'OPS-42',
    },
  },
} as const

/**
 * One valid request per status, telling one story: Alice asks at 10:00 for an hour, checking ends at 10:01, Bob decides
 * at 10:10, access is there at 10:11, ends at 11:10 and is gone at 11:11. It lapses at 14:00. Nothing is announced.
 */
function story(kind: keyof typeof kinds): { [S in Status]: RequestIn<S> } {
  const { target } = kinds[kind]
  const facts = {
    id: someId,
    version: 0,
    writeId: '',
    requester,
    ...structuredClone(kinds[kind].facts),
    durationMinutes: 60,
    reason: 'Look at order 42 for the customer',
    submittedAt: at('10:00'),
    lapsesAt: at('14:00'),
    approvals: [],
    clicks: [],
    replies: [],
    announced: {},
    retries: {},
  }
  const granted = {
    target,
    approvals: [{ userId: 'U0BOB', at: at('10:10'), clickId: 'click-1' }],
    decidedBy: 'U0BOB',
    decidedAt: at('10:10'),
    startsAt: at('10:10'),
    expiresAt: at('11:10'),
  }
  const live = { ...granted, activeAt: at('10:11') }
  const ending: HistoryEntry = { at: at('11:10'), event: 'ending', note: 'expired' }
  const leaving = { ...live, outcome: { status: 'expired' } as const, revokingSince: at('11:10') }
  const history = (...entries: HistoryEntry[]) => [submitted, ...entries]
  const ended = (entry: HistoryEntry) => history(found, approved, activated, entry, { at: at('11:11'), event: 'ended' })
  return {
    stray: {
      ...facts,
      status: 'stray',
      stray: { because: 'expired' },
      target,
      history: [{ at: at('10:00'), event: 'stray_found', note: 'expired' }],
    },
    checking: { ...facts, status: 'checking', history: history() },
    refused: {
      ...facts,
      status: 'refused',
      code: 'no_aws_user',
      history: history({ at: at('10:01'), event: 'refused', note: 'no_aws_user' }),
    },
    pending: { ...facts, status: 'pending', target, history: history(found) },
    denied: {
      ...facts,
      status: 'denied',
      target,
      decidedBy: 'U0BOB',
      decidedAt: at('10:10'),
      denialReason: 'Use the read replica',
      history: history(found, { ...approved, event: 'denied', note: 'Use the read replica' }),
    },
    cancelled: {
      ...facts,
      status: 'cancelled',
      target,
      decidedAt: at('10:10'),
      history: history(found, { at: at('10:10'), event: 'cancelled', by: 'U0ALICE', clickId: 'click-1' }),
    },
    lapsed: { ...facts, status: 'lapsed', target, history: history(found, { at: at('14:00'), event: 'lapsed' }) },
    granting: { ...facts, ...granted, status: 'granting', history: history(found, approved) },
    active: { ...facts, ...live, status: 'active', history: history(found, approved, activated) },
    revoking: { ...facts, ...leaving, status: 'revoking', history: history(found, approved, activated, ending) },
    revoke_failed: {
      ...facts,
      ...leaving,
      status: 'revoke_failed',
      history: history(found, approved, activated, ending, { at: at('11:25'), event: 'removal_failing' }),
    },
    expired: { ...facts, ...leaving, status: 'expired', endedAt: at('11:11'), history: ended(ending) },
    revoked: {
      ...facts,
      ...live,
      status: 'revoked',
      endedAt: at('11:11'),
      endedBy: 'U0ALICE',
      history: ended({ ...ending, note: 'revoked' }),
    },
    grant_failed: {
      ...facts,
      ...granted,
      status: 'grant_failed',
      endedAt: at('10:26'),
      code: 'gave_up',
      note: 'AWS did not answer',
      history: history(
        found,
        approved,
        { at: at('10:25'), event: 'ending', note: 'gave_up' },
        { at: at('10:26'), event: 'ended' },
      ),
    },
  }
}

/** A request for an inline policy in `dev`, not yet stored (version 0). The story is told at `story` in this file. */
export function aRequest<S extends Status>(status: S, overrides: Partial<RequestIn<S>> = {}): RequestIn<S> {
  return { ...structuredClone(story('inlinePolicy')[status]), ...overrides }
}

/** The same for a permission set in `prod`. */
export function aSetRequest<S extends Status>(status: S, overrides: Partial<RequestIn<S>> = {}): RequestIn<S> {
  return { ...structuredClone(story('permissionSet')[status]), ...overrides }
}

/** The same for a policy on the shared role Dev in `dev`. */
export function aRoleRequest<S extends Status>(status: S, overrides: Partial<RequestIn<S>> = {}): RequestIn<S> {
  const request: RequestIn<Status> = structuredClone(story('rolePolicy')[status])
  if ('expiresAt' in request && request.target.kind === 'rolePolicy') request.target.boundFrom = at('10:10:20')
  return { ...(request as RequestIn<S>), ...overrides }
}

/** The same for entering the role Admin in `prod`. */
export function anEntryRequest<S extends Status>(status: S, overrides: Partial<RequestIn<S>> = {}): RequestIn<S> {
  return { ...structuredClone(story('assume')[status]), ...overrides }
}

/** Every status a request can have, in the order of its life. */
export const statuses: Status[] = Object.keys(story('inlinePolicy')) as Status[]

/** The same request with every message it should have standing delivered: it owes Slack nothing. */
export function delivered<R extends AccessRequest>(request: R): R {
  const announced = announcementsOf(request).map(({ key, shows }, index) => [
    key,
    { shows, channel: 'C0APPROVE', ts: `1795255200.${String(index).padStart(6, '0')}` },
  ])
  return { ...request, announced: Object.fromEntries(announced) }
}

/** A roster of Curfew-ReadOnly in `prod`, not yet stored (version 0), with the members given. */
export function aRoster(members: Member[] = [], overrides: Partial<Roster> = {}): Roster {
  return {
    accountId: '111111111111',
    permissionSet: 'Curfew-ReadOnly',
    permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
    version: 0,
    writeId: '',
    members: Object.fromEntries(members.map(member => [member.principalId, member])),
    ...overrides,
  }
}

/** Carol's wish that everything of Dai ends, just recorded at 10:30 and not yet stored (version 0). */
export function anEndAll(overrides: Partial<EndAll> = {}): EndAll {
  return {
    id: 'end_00000000000000000009',
    version: 0,
    writeId: '',
    by: { userId: 'U0CAROL', teamId: 'T0001', language: 'en' },
    personId: 'U0DAI',
    reason: 'Dai leaves today',
    at: at('10:30'),
    status: 'recorded',
    requests: [],
    ...overrides,
  }
}

/** Alice on a roster: held by `someId` until 11:10 and present, as AWS confirmed. */
export function aMember(overrides: Partial<Member> = {}): Member {
  return {
    principalId: 'principal-alice',
    userName: 'alice@example.com',
    state: 'present',
    heldBy: { [someId]: at('11:10') },
    observedAbsentAt: at('10:10'),
    ...overrides,
  }
}

/** What the entitlements of roles have in common. */
const byDefault = {
  requesters: ['developers'],
  approvals: [{ from: ['platform'], count: 1 }],
  lapseMinutes: 240,
  ticket: 'off',
  parameters: [],
} satisfies Partial<Entitlement>

const roleEntitlements = {
  'team-table': {
    id: 'team-table',
    title: { en: 'The orders table as Dev', ja: 'Dev ロールの注文テーブル' },
    grants: { kind: 'inlinePolicy', on: { role: 'Dev' }, statements: policyTarget.statements },
    accounts: ['dev'],
    ...byDefault,
    durationsMinutes: [30, 60, 240],
  },
  'prod-operator': {
    id: 'prod-operator',
    title: { en: 'Enter Operator in Production', ja: '本番 Operator ロールに入る' },
    grants: { kind: 'assume', role: 'Operator' },
    accounts: ['prod'],
    ...byDefault,
    durationsMinutes: [30, 60],
  },
  'prod-admin': {
    id: 'prod-admin',
    title: { en: 'Enter Admin in Production', ja: '本番 Admin ロールに入る' },
    grants: { kind: 'assume', role: 'Admin' },
    accounts: ['prod'],
    ...byDefault,
    durationsMinutes: [30, 60],
  },
} satisfies Catalogue['entitlements']

/** The catalogue the requests of this file came from. Bob is in platform, Carol in security, Alice in developers. */
export function aCatalogue(overrides: Partial<Catalogue> = {}): Catalogue {
  return {
    slack: { team: 'T0001', approvalsChannel: 'C0APPROVE', alertsChannel: 'C0ALERT', language: 'en' },
    aws: {
      hubAccount: '000000000000',
      managementAccount: '999999999999',
      memberRole: 'curfew-member',
      neverTouch: ['arn:aws:iam::*:role/break-glass*'],
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
      dev: { key: 'dev', id: '222222222222', name: 'Development', sensitive: false },
      prod: { key: 'prod', id: '111111111111', name: 'Production', sensitive: true },
    },
    neverGrant: [],
    people: { emailDomains: ['example.com'], iamUser: '{emailLocalPart}', overrides: {} },
    groups: {
      platform: { slackUserGroup: 'S0PLATFORM' },
      developers: { slackUserGroup: 'S0DEV' },
      security: { slackUsers: ['U0CAROL'] },
    },
    operators: ['security'],
    entitlements: {
      'prod-read-only': {
        id: 'prod-read-only',
        title: { en: 'Production read-only', ja: '本番 読み取り専用' },
        grants: { kind: 'permissionSet', permissionSet: 'Curfew-ReadOnly', leash: 'off' },
        accounts: ['prod'],
        requesters: ['developers'],
        approvals: [{ from: ['platform'], count: 1 }],
        lapseMinutes: 240,
        durationsMinutes: [30, 60, 240, 480],
        ticket: 'required',
        parameters: [],
      },
      'prod-leashed': {
        id: 'prod-leashed',
        title: { en: 'Production, leashed', ja: '本番 リーシュ付き' },
        grants: { kind: 'permissionSet', permissionSet: 'Curfew-Leashed', leash: 'required' },
        accounts: ['prod'],
        requesters: ['developers'],
        approvals: [{ from: ['platform'], count: 1 }],
        lapseMinutes: 240,
        durationsMinutes: [30, 60, 240, 480],
        ticket: 'required',
        parameters: [],
      },
      'dev-table': {
        id: 'dev-table',
        title: { en: 'One DynamoDB table in Development', ja: '開発 DynamoDB テーブル' },
        grants: {
          kind: 'inlinePolicy',
          on: 'user',
          statements: [
            {
              actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'],
              resources: [`arn:aws:dynamodb:*:222222222222:table/\${table}`],
            },
          ],
        },
        accounts: ['dev'],
        requesters: ['developers'],
        approvals: [{ from: ['platform'], count: 1 }],
        lapseMinutes: 240,
        durationsMinutes: [30, 60, 240],
        ticket: 'off',
        parameters: [{ name: 'table', label: { en: 'Table', ja: 'テーブル' }, pattern: '^[A-Za-z0-9_.-]{3,255}$' }],
      },
      ...roleEntitlements,
    },
    ...overrides,
  }
}
