import { list } from './context.ts'
import { hex16, uniqueId, uuidOf } from './ids.ts'
import { policyArn, policyOf } from './managed-policies.ts'
import { checkPolicy, type PolicyDocument } from './policy.ts'
import { type AwsSeed, beginning } from './seed.ts'
import type { Account, IamRole, IamUser, ManagedPolicy, State } from './state.ts'

/** The state before any event. Throws when the seed contradicts itself or holds a malformed policy. */
export function stateOf(seed: AwsSeed): State {
  const { instanceArn, identityStoreId } = seed.identityCenter
  const instanceId = instanceArn.slice(instanceArn.lastIndexOf('/') + 1)
  const users = seed.identityCenterUsers.map(user => ({ ...user, userId: uuidOf(`directory user ${user.userName}`) }))
  const groups = seed.groups.map(group => ({
    groupId: uuidOf(`directory group ${group.name}`),
    name: group.name,
    members: group.members.map(name => named(users, 'userName', name).userId),
  }))
  const permissionSets = seed.permissionSets.map(set => ({
    arn: `arn:aws:sso:::permissionSet/${instanceId}/ps-${hex16(`permission set ${set.name}`)}`,
    name: set.name,
    description: set.description,
    sessionDuration: set.sessionDuration,
    sessionMs: durationMs(set.sessionDuration),
    policy: checked(set.policy),
    managed: set.managed ?? [],
    customer: set.customer ?? [],
    boundary: set.boundary,
  }))
  const accounts = new Map(seed.accounts.map(account => [account.id, accountOf(account)]))
  const policies = policiesOf(seed)
  for (const { users, roles } of accounts.values()) {
    for (const { attachedPolicies, permissionsBoundary } of [...users.values(), ...roles.values()]) {
      for (const arn of [...attachedPolicies, ...list(permissionsBoundary)]) known(policies, arn)
    }
  }
  const accessKeys = new Map(seed.accessKeys.map(key => [key.accessKeyId, key.principalArn]))
  for (const { users: iamUsers } of accounts.values()) {
    for (const { arn } of iamUsers.values()) accessKeys.set(uniqueId('AKIA', arn), arn)
  }
  return {
    managementAccountId: seed.managementAccountId,
    instanceArn,
    identityStoreId,
    accounts,
    permissionSets,
    users,
    groups,
    policies,
    standing: seed.assignments.map(({ accountId, permissionSet, to }) => {
      const { arn, boundary, customer } = named(permissionSets, 'name', permissionSet)
      for (const path of [...customer, ...list(boundary)]) known(policies, policyArn(accountId, path))
      return {
        accountId,
        permissionSetArn: arn,
        principalType: 'user' in to ? ('USER' as const) : ('GROUP' as const),
        principalId: 'user' in to ? named(users, 'userName', to.user).userId : named(groups, 'name', to.group).groupId,
        ...(boundary === undefined ? {} : { boundary }),
      }
    }),
    operations: [],
    sessions: new Map(),
    accessKeys,
    eventCount: 0,
  }
}

function policiesOf(seed: AwsSeed): Map<string, ManagedPolicy> {
  const owners = [{ id: 'aws', managedPolicies: seed.awsPolicies }, ...seed.accounts]
  const policies = owners.flatMap(({ id, managedPolicies = [] }) =>
    managedPolicies.map(({ path = '/', name, document }) =>
      policyOf({ owner: id, path, name, document: JSON.stringify(checked(document)), createdAt: beginning }),
    ),
  )
  return new Map(policies.map(policy => [policy.arn, policy]))
}

function known(policies: Map<string, ManagedPolicy>, arn: string): void {
  if (!policies.has(arn)) throw new Error(`The seed names the policy ${arn}, which it does not have`)
}

function accountOf({ id, name, state, users = [], roles = [] }: AwsSeed['accounts'][number]): Account {
  const limits = (seeded: { attachedPolicies?: string[]; permissionsBoundary?: string }) => ({
    attachedPolicies: (seeded.attachedPolicies ?? []).map(path => policyArn(id, path)),
    ...(seeded.permissionsBoundary && { permissionsBoundary: policyArn(id, seeded.permissionsBoundary) }),
  })
  const iamUsers = users.map((user): IamUser => {
    const { name, path = '/', inlinePolicies, mfaDevice = false } = user
    const arn = `arn:aws:iam::${id}:user${path}${name}`
    return {
      kind: 'user',
      accountId: id,
      name,
      path,
      arn,
      userId: uniqueId('AIDA', arn),
      inlinePolicies: texts(inlinePolicies),
      ...limits(user),
      hasMfaDevice: mfaDevice,
    }
  })
  const iamRoles = roles.map((role): IamRole => {
    const { name, path = '/', trust, inlinePolicies, maxSessionSeconds = 3600 } = role
    checkPolicy(trust, 'trust')
    const arn = `arn:aws:iam::${id}:role${path}${name}`
    return {
      kind: 'role',
      accountId: id,
      name,
      path,
      arn,
      roleId: uniqueId('AROA', arn),
      trust,
      inlinePolicies: texts(inlinePolicies),
      ...limits(role),
      maxSessionSeconds,
      createdAt: beginning,
    }
  })
  return {
    id,
    name,
    state,
    users: new Map(iamUsers.map(user => [user.name.toLowerCase(), user])),
    roles: new Map(iamRoles.map(role => [role.name.toLowerCase(), role])),
  }
}

function texts(policies: Record<string, PolicyDocument> = {}) {
  return new Map(Object.entries(policies).map(([name, policy]) => [name, JSON.stringify(checked(policy))]))
}

function checked(policy: PolicyDocument): PolicyDocument {
  checkPolicy(policy)
  return policy
}

function named<K extends string, T extends Record<K, string>>(items: T[], key: K, name: string): T {
  const found = items.find(item => item[key] === name)
  if (!found) throw new Error(`The seed names ${name}, which it does not have`)
  return found
}

// One to twelve hours: https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html
function durationMs(iso: string): number {
  const [, hours = '0', minutes = '0'] = /^PT(?:(\d+)H)?(?:(\d+)M)?$/.exec(iso) ?? []
  const total = Number(hours) * 60 + Number(minutes)
  if (total < 60 || total > 720) throw new Error(`A permission set's sessions last PT1H to PT12H, not ${iso}`)
  return total * 60_000
}
