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

/** What everyone may do from the jump account without asking: look after their own keys, and work as the team in dev. */
const standing = {
  'own-keys': allow([[['iam:GetUser', 'iam:ListAccessKeys'], `arn:aws:iam::${hub}:user/\${aws:username}`]]),
  team: allow([[['sts:AssumeRole'], `arn:aws:iam::${dev}:role/Dev`]]),
}

const readOnly = allow([
  [['ec2:Describe*', 's3:Get*', 's3:List*', 'dynamodb:Describe*', 'logs:Get*', 'logs:FilterLogEvents'], '*'],
])

const people = [
  { id: 'U0ALICE', name: 'Alice', user: 'alice' },
  { id: 'U0BOB', name: 'Bob', user: 'bob' },
  { id: 'U0CAROL', name: 'Carol', user: 'carol' },
  { id: 'U0DAI', name: 'Dai', user: 'dai' },
]

// Whoever enters is called as their IAM user is: what is granted on the role can then be bound to one person.
const trustInUsers: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${hub}:root` },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:RoleSessionName': `\${aws:username}` } },
    },
  ],
}

const looking = allow([[['dynamodb:ListTables', 'dynamodb:DescribeTable', 'lambda:ListFunctions', 'logs:Get*'], '*']])

/** A leash as it is installed: it lists nobody. */
const nobody: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: '*', Resource: '*' },
  ],
}

/** The organisation of the story: a jump account with everyone's IAM user, and two accounts reached by Identity Center. */
export const awsSeed: AwsSeed = {
  managementAccountId: management,
  identityCenter: { instanceArn: 'arn:aws:sso:::instance/ssoins-1', identityStoreId: 'd-1' },
  accounts: [
    {
      id: hub,
      name: 'Jump account',
      state: 'ACTIVE',
      users: people.map(({ user }) => ({ name: user, inlinePolicies: standing, mfaDevice: true })),
      roles: [
        memberRole(hub, botRole, false),
        { name: 'curfew-bot', trust: trust(botRole), inlinePolicies: { curfew: botPolicy } },
      ],
    },
    {
      id: dev,
      name: 'Development',
      state: 'ACTIVE',
      roles: [
        memberRole(dev, botRole, false, 'Dev'),
        { name: 'Dev', trust: trustInUsers, inlinePolicies: { team: looking } },
      ],
    },
    {
      id: prod,
      name: 'Production',
      state: 'ACTIVE',
      managedPolicies: [
        { path: '/curfew/', name: 'leash-Curfew-ReadOnly', document: nobody },
        { path: '/curfew/', name: 'leash-Admin', document: allow([[['*'], '*']]) },
      ],
      roles: [
        memberRole(prod, botRole, true),
        {
          name: 'Admin',
          trust: trustInUsers,
          inlinePolicies: { everything: allow([[['*'], '*']]) },
          permissionsBoundary: '/curfew/leash-Admin',
        },
      ],
    },
    { id: management, name: 'Management', state: 'ACTIVE' },
  ],
  permissionSets: [
    {
      name: 'Curfew-ReadOnly',
      // As long as those of the set it was copied from: the leash ends open sessions too.
      sessionDuration: 'PT8H',
      policy: readOnly,
      boundary: '/curfew/leash-Curfew-ReadOnly',
    },
    { name: 'ReadOnly', sessionDuration: 'PT8H', policy: readOnly },
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
  groups: [
    { name: 'platform', members: ['bob'] },
    // For good without members: what it is assigned keeps its role in the account.
    { name: 'curfew-anchor', members: [] },
  ],
  assignments: [
    { accountId: prod, permissionSet: 'Curfew-ReadOnly', to: { group: 'curfew-anchor' } },
    // Bob's team reads Production and works in Development for good: what Curfew finds there it leaves alone.
    { accountId: prod, permissionSet: 'ReadOnly', to: { group: 'platform' } },
    { accountId: dev, permissionSet: 'Curfew-PowerUser', to: { group: 'platform' } },
  ],
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
