import type { PolicyDocument } from './policy.ts'

/** What `organizations:DescribeAccount` calls `State`; only ACTIVE accounts take assignments. */
export type AccountState = 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED'

/** An IAM user to begin with; ids and access keys follow from account and name. `path` is `/` when left out. */
type SeedUser = {
  name: string
  path?: string
  inlinePolicies?: Record<string, PolicyDocument>
  attachedPolicies?: Record<string, PolicyDocument>
  /** A customer managed policy of the account, by its path and name (`/curfew/ceiling`). */
  permissionsBoundary?: { path: string; policy: PolicyDocument }
}

/** A customer IAM role; `maxSessionSeconds` is 3,600 when left out. */
export type SeedRole = {
  name: string
  path?: string
  trust: PolicyDocument
  inlinePolicies?: Record<string, PolicyDocument>
  maxSessionSeconds?: number
}

/** Somebody to show in the page's matrix, joined here because AWS does not know that two identities are one person. */
export type SeedPerson = {
  id: string
  name: string
  iamUser?: { accountId: string; userName: string }
  identityCenterUser?: string
}

/**
 * The simulated AWS before anything has happened, as plain data. The same seed is passed at every start: what happened
 * since is in the journal. Users and groups of Identity Center are named by user name and group name.
 */
export type AwsSeed = {
  managementAccountId: string
  identityCenter: { instanceArn: string; identityStoreId: string }
  accounts: { id: string; name: string; state: AccountState; users?: SeedUser[]; roles?: SeedRole[] }[]
  /**
   * `sessionDuration` as AWS writes it (`PT1H`); `policy` is the set's inline policy. Managed policies are told to who
   * asks and give nothing here: their content is not simulated. `customer` and `boundary` are paths and names.
   */
  permissionSets: {
    name: string
    description?: string
    sessionDuration: string
    policy: PolicyDocument
    managed?: string[]
    customer?: string[]
    boundary?: string
  }[]
  identityCenterUsers: { userName: string; email: string; displayName: string; enabled: boolean }[]
  groups: { name: string; members: string[] }[]
  /** Standing assignments, complete from the start. */
  assignments: { accountId: string; permissionSet: string; to: { user: string } | { group: string } }[]
  /** Known keys. `principalArn` is an IAM user, or a role of which the key is then one never-ending session. */
  accessKeys: { accessKeyId: string; principalArn: string }[]
  people: SeedPerson[]
}
