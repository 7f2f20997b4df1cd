import { renderLeash, renderRoleLeash } from '../../src/core/leash.ts'
import { parsePolicy } from '../../src/playground/aws/policy.ts'
import type { AwsSeed, SeedRole } from '../../src/playground/aws/seed.ts'
import { awsSeed } from '../../src/playground/story-aws.ts'

const dev = '222222222222'
const prod = '111111111111'

/** The story's AWS, with what the builders' catalogue gives away: policies on users of Development, a leashed set and a leashed role. */
export const wireSeed: AwsSeed = {
  ...awsSeed,
  accounts: awsSeed.accounts.map(account => {
    if (account.id === dev) return { ...account, users: ['alice', 'bob', 'dai'].map(name => ({ name })) }
    if (account.id !== prod) return account
    const admin = account.roles?.find(({ name }) => name === 'Admin')
    const { permissionsBoundary: _, ...unleashed } = admin as SeedRole
    const members = account.roles?.filter(({ name }) => name !== 'Admin') ?? []
    return {
      ...account,
      managedPolicies: [
        { path: '/curfew/', name: 'leash-Curfew-Leashed', document: asInstalled(renderLeash([], 0)) },
        { path: '/curfew/', name: 'leash-Operator', document: asInstalled(renderRoleLeash([], 0)) },
      ],
      roles: [
        ...members,
        { ...unleashed, maxSessionSeconds: 7200 },
        { ...unleashed, name: 'Operator', maxSessionSeconds: 7200, permissionsBoundary: '/curfew/leash-Operator' },
      ],
    }
  }),
  permissionSets: ['Curfew-ReadOnly', 'Curfew-Leashed'].map(name => ({
    ...{ name, sessionDuration: 'PT1H', policy: readOnly() },
    ...(name === 'Curfew-Leashed' && { boundary: `/curfew/leash-${name}` }),
  })),
  assignments: [{ accountId: prod, permissionSet: 'Curfew-Leashed', to: { group: 'curfew-anchor' } }],
}

function asInstalled(document: object) {
  return parsePolicy(JSON.stringify(document))
}

function readOnly() {
  const Statement = { Effect: 'Allow', Action: ['ec2:Describe*'], Resource: '*' }
  return parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement }))
}
