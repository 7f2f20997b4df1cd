import type { PolicyDocument } from './aws/policy.ts'
import type { AwsSeed } from './aws/seed.ts'
import { botPolicy, memberRole } from './story-infra.ts'

/** The key the bot signs with: a session of its own role in the hub account. */
export const botAccessKeyId = 'AKIASIMULATEDCURFEWB'

const hub = '000000000000'
const prod = '111111111111'
const dev = '222222222222'
const management = '999999999999'
const botRole = `arn:aws:iam::${hub}:role/curfew-bot`

/** What everyone may do in the jump account without asking: look after their own keys. */
const standing = {
  'own-keys': allow([[['iam:GetUser', 'iam:ListAccessKeys'], `arn:aws:iam::${hub}:user/\${aws:username}`]]),
}

const people = [
  { id: 'U0ALICE', name: 'Alice', user: 'alice' },
  { id: 'U0BOB', name: 'Bob', user: 'bob' },
  { id: 'U0CAROL', name: 'Carol', user: 'carol' },
  { id: 'U0DAI', name: 'Dai', user: 'dai' },
]

/** The organisation of the story: a jump account with everyone's IAM user, and two accounts reached by Identity Center. */
export const awsSeed: AwsSeed = {
  managementAccountId: management,
  identityCenter: { instanceArn: 'arn:aws:sso:::instance/ssoins-1', identityStoreId: 'd-1' },
  accounts: [
    {
      id: hub,
      name: 'Jump account',
      state: 'ACTIVE',
      users: people.map(({ user }) => ({ name: user, inlinePolicies: standing })),
      roles: [
        memberRole(hub, botRole, false),
        { name: 'curfew-bot', trust: trust(botRole), inlinePolicies: { curfew: botPolicy } },
      ],
    },
    { id: dev, name: 'Development', state: 'ACTIVE', roles: [memberRole(dev, botRole, false)] },
    { id: prod, name: 'Production', state: 'ACTIVE', roles: [memberRole(prod, botRole, true)] },
    { id: management, name: 'Management', state: 'ACTIVE' },
  ],
  permissionSets: [
    {
      name: 'Curfew-ReadOnly',
      sessionDuration: 'PT1H',
      policy: allow([
        [['ec2:Describe*', 's3:Get*', 's3:List*', 'dynamodb:Describe*', 'logs:Get*', 'logs:FilterLogEvents'], '*'],
      ]),
    },
    {
      name: 'Curfew-PowerUser',
      sessionDuration: 'PT1H',
      policy: allow([[['ec2:*', 's3:*', 'dynamodb:*', 'lambda:*', 'logs:*'], '*']]),
    },
  ],
  identityCenterUsers: people.map(({ name, user }) => ({
    userName: user,
    email: `${user}@example.com`,
    displayName: name,
    enabled: true,
  })),
  groups: [{ name: 'platform', members: ['bob'] }],
  // Bob's team holds production read-only for good: what Curfew finds there it leaves alone.
  assignments: [{ accountId: prod, permissionSet: 'Curfew-ReadOnly', to: { group: 'platform' } }],
  accessKeys: [{ accessKeyId: botAccessKeyId, principalArn: botRole }],
  people: people.map(({ id, name, user }) => ({
    id,
    name,
    iamUser: { accountId: hub, userName: user },
    identityCenterUser: user,
  })),
}

function allow(grants: [actions: string[], resource: string][]): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: grants.map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource })),
  }
}

function trust(principal: string): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { AWS: principal }, Action: 'sts:AssumeRole' }],
  }
}
