import { IAMClient } from '@aws-sdk/client-iam'
import { IdentitystoreClient } from '@aws-sdk/client-identitystore'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { SSOAdminClient } from '@aws-sdk/client-sso-admin'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { onTestFinished } from 'vitest'
import type { PolicyDocument } from '../../../src/playground/aws/policy.ts'
import type { AwsSeed } from '../../../src/playground/aws/seed.ts'
import { startSimulatedAws } from '../../../src/playground/aws/simulated-aws.ts'
import { type Journal, openJournal } from '../../../src/playground/journal.ts'
import { createWorldClock } from '../../../src/playground/world-clock.ts'

export const hub = '000000000000'
export const prod = '111111111111'
export const dev = '222222222222'
export const closed = '333333333333'
export const management = '999999999999'
export const instanceArn = 'arn:aws:sso:::instance/ssoins-1'
export const identityStoreId = 'd-1'
export const table = `arn:aws:dynamodb:ap-northeast-1:${prod}:table/orders`

const botArn = `arn:aws:iam::${hub}:role/curfew-bot`

const allow = (actions: string[], resource: string | string[] = '*'): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: actions, Resource: resource },
})

const memberRole = (account: string): NonNullable<AwsSeed['accounts'][number]['roles']>[number] => ({
  name: 'curfew-member',
  trust: {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS: botArn }, Action: 'sts:AssumeRole' },
  },
  inlinePolicies: {
    member: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['iam:*UserPolicy', 'iam:List*UserPolicies', 'iam:Get*'],
          Resource: [`arn:aws:iam::${account}:user/*`, `arn:aws:iam::${account}:role/*`],
        },
        { Effect: 'Allow', Action: 'iam:ListUsers', Resource: '*' },
        { Effect: 'Deny', Action: 'iam:*', Resource: `arn:aws:iam::${account}:user/break-glass*` },
      ],
    },
  },
})

export const seed: AwsSeed = {
  managementAccountId: management,
  identityCenter: { instanceArn, identityStoreId },
  accounts: [
    {
      id: hub,
      name: 'Jump account',
      state: 'ACTIVE',
      managedPolicies: [
        { name: 'ReadOwn', document: allow(['iam:GetUser'], `arn:aws:iam::${hub}:user/\${aws:username}`) },
      ],
      users: [
        {
          name: 'alice',
          attachedPolicies: ['/ReadOwn'],
        },
        {
          name: 'Bob',
          path: '/staff/',
          inlinePolicies: { a: allow(['s3:GetObject']), b: allow(['s3:PutObject']), c: allow(['s3:*']) },
        },
        { name: 'break-glass-1' },
      ],
      roles: [
        memberRole(hub),
        {
          name: 'curfew-bot',
          trust: {
            Version: '2012-10-17',
            Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          },
          inlinePolicies: {
            bot: {
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: 'arn:aws:iam::*:role/curfew-member' },
                {
                  Effect: 'Allow',
                  Action: [
                    'sso:List*',
                    'sso:Describe*',
                    'sso:*AccountAssignment',
                    'identitystore:*',
                    'organizations:DescribeAccount',
                  ],
                  Resource: '*',
                },
              ],
            },
          },
        },
      ],
    },
    { id: prod, name: 'Production', state: 'ACTIVE', roles: [memberRole(prod)] },
    { id: dev, name: 'Development', state: 'ACTIVE', users: [{ name: 'alice' }], roles: [memberRole(dev)] },
    { id: closed, name: 'Old', state: 'CLOSED' },
    { id: management, name: 'Management', state: 'ACTIVE' },
  ],
  permissionSets: [
    { name: 'Curfew-ReadOnly', sessionDuration: 'PT1H', policy: allow(['dynamodb:GetItem', 'dynamodb:Query']) },
    { name: 'Operator', sessionDuration: 'PT4H', policy: allow(['dynamodb:*']) },
    { name: 'Billing', sessionDuration: 'PT1H30M', policy: allow(['billing:Get*']) },
  ],
  identityCenterUsers: [
    { userName: 'alice', email: 'alice@example.com', displayName: 'Alice', enabled: true },
    { userName: 'bob', email: 'bob@example.com', displayName: 'Bob', enabled: true },
    { userName: 'dora', email: 'dora@example.com', displayName: 'Dora', enabled: false },
  ],
  groups: [
    { name: 'operators', members: ['bob', 'dora'] },
    { name: 'anchor', members: [] },
    { name: 'everyone', members: ['alice', 'bob', 'dora'] },
  ],
  assignments: [
    { accountId: prod, permissionSet: 'Operator', to: { group: 'operators' } },
    { accountId: prod, permissionSet: 'Curfew-ReadOnly', to: { group: 'anchor' } },
  ],
  accessKeys: [
    { accessKeyId: 'AKIABOT', principalArn: botArn },
    { accessKeyId: 'AKIAALICE', principalArn: `arn:aws:iam::${hub}:user/alice` },
  ],
  people: [
    { id: 'alice', name: 'Alice', iamUser: { accountId: hub, userName: 'alice' }, identityCenterUser: 'alice' },
    { id: 'bob', name: 'Bob', identityCenterUser: 'bob' },
    { id: 'dora', name: 'Dora', identityCenterUser: 'dora' },
  ],
}

type Keys = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }

const start = Date.parse('2026-11-02T09:00:00Z')

/** A simulated AWS whose clock stands at 2026-11-02T09:00:00Z until moved, ended with the test. */
export async function startTestAws(journal: Journal = openJournal(), from: AwsSeed = seed) {
  const clock = createWorldClock(journal, () => start)
  const aws = await startSimulatedAws({ journal, clock, seed: from })
  onTestFinished(() => aws.close())
  const clients = (credentials: Keys = { accessKeyId: 'AKIABOT', secretAccessKey: 'x' }) => {
    const options = { endpoint: aws.url, region: 'ap-northeast-1', credentials, maxAttempts: 1 }
    return {
      iam: new IAMClient(options),
      sts: new STSClient(options),
      sso: new SSOAdminClient(options),
      store: new IdentitystoreClient(options),
      organizations: new OrganizationsClient(options),
    }
  }
  const asMember = async (accountId: string, Policy?: string) => {
    const RoleArn = `arn:aws:iam::${accountId}:role/curfew-member`
    const input = { RoleArn, RoleSessionName: 'req_1', ...(Policy === undefined ? {} : { Policy }) }
    const { Credentials: keys } = await clients().sts.send(new AssumeRoleCommand(input))
    return clients({
      accessKeyId: keys!.AccessKeyId!,
      secretAccessKey: keys!.SecretAccessKey!,
      sessionToken: keys!.SessionToken!,
    })
  }
  return { aws, clock, journal, clients, asMember }
}

/** The error a call ends with, as name and message; fails when it succeeds. */
export async function refusal(call: Promise<unknown>): Promise<{ name: string; message: string; Code?: string }> {
  try {
    await call
  } catch (error) {
    return error as { name: string; message: string; Code?: string }
  }
  throw new Error('The call was not refused')
}

export const setArn = (aws: { snapshot(): { permissionSets: { name: string; arn: string }[] } }, name: string) =>
  aws.snapshot().permissionSets.find(set => set.name === name)!.arn

export const directoryId = (
  aws: { snapshot(): { identityCenterUsers: { userName: string; userId: string }[] } },
  name: string,
) => aws.snapshot().identityCenterUsers.find(user => user.userName === name)!.userId
