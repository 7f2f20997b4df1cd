import { onTestFinished, vi } from 'vitest'
import { createAwsAdapters } from '../../../src/adapters/aws/create-aws-adapters.ts'
import { Fault } from '../../../src/core/errors.ts'
import type { PolicyDocument } from '../../../src/playground/aws/policy.ts'
import type { AwsSeed } from '../../../src/playground/aws/seed.ts'
import { startSimulatedAws } from '../../../src/playground/aws/simulated-aws.ts'
import { openJournal } from '../../../src/playground/journal.ts'
import { createWorldClock } from '../../../src/playground/world-clock.ts'
import { aCatalogue } from '../../support/builders.ts'

export const hub = '000000000000'
export const prod = '111111111111'
export const dev = '222222222222'
export const closed = '333333333333'
const start = Date.parse('2026-11-21T10:00:00Z')

const botArn = `arn:aws:iam::${hub}:role/curfew-bot`

function allow(Action: string[], Resource = '*'): PolicyDocument {
  return { Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource } }
}

const memberRole = {
  name: 'curfew-member',
  trust: {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: botArn }, Action: 'sts:AssumeRole' },
  },
  inlinePolicies: {
    member: allow([
      'iam:SimulatePrincipalPolicy',
      'iam:*UserPolicy',
      'iam:ListUserPolicies',
      'iam:ListUsers',
      'iam:GetUser',
    ]),
    roles: allow(['iam:*RolePolicy', 'iam:ListRolePolicies', 'iam:ListRoles', 'iam:GetRole']),
    leashes: allow(['iam:GetPolicy', 'iam:*PolicyVersion', 'iam:ListPolicyVersions', 'iam:GetRole', 'iam:ListRoles']),
  },
} satisfies NonNullable<AwsSeed['accounts'][number]['roles']>[number]

/** What everybody of the team enters the role Dev by. */
export const devTrust: PolicyDocument = {
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${hub}:root` },
    Action: 'sts:AssumeRole',
    Condition: { StringEquals: { 'sts:RoleSessionName': `\${aws:username}` } },
  },
}

const seed: AwsSeed = {
  managementAccountId: '999999999999',
  identityCenter: { instanceArn: 'arn:aws:sso:::instance/ssoins-1', identityStoreId: 'd-1' },
  accounts: [
    {
      id: hub,
      name: 'Jump account',
      state: 'ACTIVE',
      users: [{ name: 'alice' }],
      roles: [
        memberRole,
        {
          name: 'identity-center-admin',
          trust: memberRole.trust,
          inlinePolicies: { center: allow(['sso:*', 'identitystore:*']) },
        },
        {
          name: 'curfew-bot',
          trust: {
            Version: '2012-10-17',
            Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          },
          inlinePolicies: {
            member: allow(['sts:AssumeRole'], 'arn:aws:iam::*:role/curfew-member'),
            admin: allow(['sts:AssumeRole'], `arn:aws:iam::${hub}:role/identity-center-admin`),
            center: allow(['sso:*', 'identitystore:*', 'organizations:DescribeAccount']),
          },
        },
      ],
    },
    {
      id: prod,
      name: 'Production',
      state: 'ACTIVE',
      roles: [memberRole],
      managedPolicies: [
        { path: '/team/', name: 'deploy', document: allow(['codedeploy:*']) },
        { path: '/curfew/', name: 'leash-Operator', document: allow(['*']) },
      ],
    },
    {
      id: dev,
      name: 'Development',
      state: 'ACTIVE',
      managedPolicies: [{ path: '/curfew/', name: 'ceiling', document: allow(['*']) }],
      users: [
        { name: 'Alice', path: '/staff/', inlinePolicies: { own: allow(['s3:GetObject']) } },
        { name: 'bob', permissionsBoundary: '/curfew/ceiling' },
      ],
      roles: [
        memberRole,
        {
          name: 'Dev',
          path: '/team/',
          maxSessionSeconds: 7200,
          trust: devTrust,
          inlinePolicies: { team: allow(['s3:GetObject']) },
        },
      ],
    },
    { id: closed, name: 'Old', state: 'CLOSED' },
    { id: '999999999999', name: 'Management', state: 'ACTIVE' },
  ],
  permissionSets: [
    { name: 'Curfew-ReadOnly', sessionDuration: 'PT1H30M', policy: allow(['dynamodb:GetItem']) },
    {
      name: 'Operator',
      sessionDuration: 'PT4H',
      policy: allow(['dynamodb:*']),
      managed: ['arn:aws:iam::aws:policy/ViewOnlyAccess', 'arn:aws:iam::aws:policy/SecurityAudit'],
      customer: ['/team/deploy'],
      boundary: '/curfew/leash-Operator',
    },
  ],
  identityCenterUsers: [
    { userName: 'alice', email: 'alice@example.com', displayName: 'Alice', enabled: true },
    { userName: 'bob', email: 'bob@example.com', displayName: 'Bob', enabled: true },
    { userName: 'dora', email: 'dora@example.com', displayName: 'Dora', enabled: false },
  ],
  groups: [
    { name: 'operators', members: ['bob'] },
    { name: 'anchor', members: [] },
  ],
  assignments: [
    { accountId: prod, permissionSet: 'Operator', to: { group: 'operators' } },
    { accountId: prod, permissionSet: 'Operator', to: { group: 'anchor' } },
  ],
  accessKeys: [
    { accessKeyId: 'AKIABOT', principalArn: botArn },
    { accessKeyId: 'AKIAALICE', principalArn: `arn:aws:iam::${hub}:user/alice` },
  ],
  people: [],
}

/**
 * A simulated AWS whose clock stands at 2026-11-21T10:00:00Z until moved, and the adapters, which find it by the
 * environment alone. Both end with the test.
 */
export async function startAws({ accessKeyId = 'AKIABOT', catalogue = aCatalogue() } = {}) {
  const journal = openJournal()
  const world = createWorldClock(journal, () => start)
  const aws = await startSimulatedAws({ journal, clock: world, seed })
  vi.stubEnv('AWS_ENDPOINT_URL', aws.url)
  vi.stubEnv('AWS_REGION', 'ap-northeast-1')
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null')
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    await aws.close()
  })
  const adapters = createAwsAdapters({ catalogue })
  await adapters.clock.measure()
  /** Operations of the calls since the last look, the reading of the clock left out. */
  let seen = aws.calls().length
  const newCalls = () => {
    const calls = aws.calls().slice(seen)
    seen += calls.length
    return calls.map(({ operation }) => operation)
  }
  return { aws, world, newCalls, ...adapters }
}

/** The fault a call ends with. */
export async function faultIn(call: Promise<unknown>): Promise<Fault> {
  const result = await call.catch((error: unknown) => error)
  if (result instanceof Fault) return result
  throw new Error(`expected a fault, got ${String(result)}`)
}

export const maySend = () => true

/** A client that answers without a wire, for what the simulated AWS has too little of: long listings, things half deleted. */
export function doubleOf<Client extends { send: unknown }>(
  answer: (command: { operation: string; input: Record<string, unknown> }) => object,
): Client {
  const send = async (command: { constructor: { name: string }; input: Record<string, unknown> }) =>
    answer({ operation: command.constructor.name.replace(/Command$/, ''), input: command.input })
  // Of a client the adapters use `send` alone.
  return { send } as unknown as Client
}
