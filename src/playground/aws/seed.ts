import type { PolicyDocument } from './policy.ts'

/** When everything of the seed was made. Milliseconds since 1970. */
export const beginning = Date.UTC(2025, 0, 1)

/** What `organizations:DescribeAccount` calls `State`; only ACTIVE accounts take assignments. */
export type AccountState = 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED'

/** An IAM user to begin with; ids and access keys follow from account and name. `path` is `/` when left out. */
type SeedUser = {
  name: string
  path?: string
  inlinePolicies?: Record<string, PolicyDocument>
  /** Managed policies, as the boundary: path and name in the account (`/curfew/ceiling`), or the ARN of one of AWS's. */
  attachedPolicies?: string[]
  permissionsBoundary?: string
  /** Whether they can prove themselves with a code. */
  mfaDevice?: boolean
}

/** A customer IAM role; `maxSessionSeconds` is 3,600 when left out. */
export type SeedRole = {
  name: string
  path?: string
  trust: PolicyDocument
  inlinePolicies?: Record<string, PolicyDocument>
  attachedPolicies?: string[]
  permissionsBoundary?: string
  maxSessionSeconds?: number
}

/** A managed policy with one version; `path` is `/` when left out. */
type SeedPolicy = { path?: string; name: string; document: PolicyDocument }

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
  accounts: {
    id: string
    name: string
    state: AccountState
    managedPolicies?: SeedPolicy[]
    users?: SeedUser[]
    roles?: SeedRole[]
  }[]
  /** AWS's own policies of which the content is simulated. */
  awsPolicies?: SeedPolicy[]
  /**
   * `sessionDuration` as AWS writes it (`PT1H`); `policy` is the set's inline policy. Those of AWS's managed policies
   * that are not in `awsPolicies` are told to who asks and give nothing. `customer` and `boundary` are paths and names
   * that every account must have in which the set is assigned; a boundary may be the ARN of one of AWS's too.
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
