import type { Use } from './action-facts.ts'
import type { Dangers } from './dangers.ts'
import type { Text } from './entitlement.ts'
import { neverGrantedBy } from './never-grant.ts'
import type { ForeignStatement } from './set-content.ts'

/** `allows`: the actions that are more than reading, or with `allBut` all others. */
type Known = { gives: Text; uses?: Use[]; allows?: string[]; allBut?: true; allData?: boolean }

/** What AWS's own policies give that permission sets are mostly made of. */
const known: Record<string, Known> = {
  AdministratorAccess: {
    gives: {
      en: 'Everything in the account, permissions included',
      ja: 'アカウント内のすべての操作（権限の変更を含む）',
    },
    uses: ['write', 'delete', 'run', 'permissions'],
    allows: ['*'],
    allData: true,
  },
  PowerUserAccess: {
    gives: {
      en: 'Everything in the account but users, roles and the organisation',
      ja: 'アカウント内のすべての操作（ユーザー・ロール・組織を除く）',
    },
    uses: ['write', 'delete', 'run', 'permissions'],
    allows: ['iam:*', 'organizations:*', 'account:*'],
    allBut: true,
    allData: true,
  },
  IAMFullAccess: {
    gives: { en: 'Everything in IAM: users, roles, keys', ja: 'IAM のすべての操作（ユーザー・ロール・キー）' },
    uses: ['write', 'delete', 'permissions'],
    allows: ['iam:*'],
  },
  ReadOnlyAccess: {
    gives: {
      en: 'Read everything in the account, data included',
      ja: 'アカウント内のすべての読み取り（データを含む）',
    },
    allData: true,
  },
  ViewOnlyAccess: {
    gives: { en: 'See what is in the account, not the data', ja: 'アカウント内の一覧の参照（データは除く）' },
  },
  SecurityAudit: {
    gives: { en: 'Read settings that matter for security', ja: 'セキュリティに関わる設定の読み取り' },
  },
}

/** What an AWS managed policy gives, by its ARN, as far as its name tells. */
export function managedPolicyWords(arn: string): { gives: Text; dangers: Dangers } {
  const { name, reviewed, policy } = lookedUp(arn)
  const {
    gives,
    uses = [],
    allData = false,
  } = policy ?? {
    gives: { en: `What AWS's policy ${name} gives`, ja: `AWS のポリシー ${name} の内容` },
  }
  const changes = uses.length > 0
  const everywhere = { anywhere: changes, outlives: changes, readsAnywhere: false }
  const dangers = { ...everywhere, beyond: [], lasts: [], allData, unread: reviewed === undefined }
  return { gives, dangers: { ...dangers, uses: new Set(uses) } }
}

/** What an AWS managed policy allows beyond reading. `isRead`: nobody has to guess what else is in it. */
export function managedPolicyAllows(arn: string): { name: string; allows: ForeignStatement[]; isRead: boolean } {
  const { name, reviewed, policy } = lookedUp(arn)
  const { allows = [], allBut = false } = policy ?? {}
  const statement: ForeignStatement = { effect: 'Allow', actions: allows, allBut, narrowed: false, resources: ['*'] }
  // By its name AWS promises that it only reads.
  const isRead = reviewed !== undefined || (policy !== undefined && policy.uses === undefined)
  return { name, allows: allows.length > 0 ? [statement] : [], isRead }
}

function lookedUp(arn: string): { name: string; reviewed: Known | undefined; policy: Known | undefined } {
  const name = arn.split('/').at(-1) ?? arn
  const reviewed = Object.hasOwn(known, name) ? known[name] : undefined
  return { name, reviewed, policy: reviewed ?? byPattern(name) }
}

/** AWS's names for services in policies, where they are not the prefix of their actions. */
const prefixes: Record<string, string> = {
  EC2ContainerRegistry: 'ecr',
  ElasticContainerRegistryPublic: 'ecr-public',
  GlueConsole: 'glue',
  ResourceAccessManager: 'ram',
  StepFunctions: 'states',
}

/** What the name alone promises. Nobody has read the policy, so part of it counts as not known. */
function byPattern(name: string): Known | undefined {
  const [, service, level] = /^(?:Amazon|AWS)(\w+?)_?(FullAccess|ReadOnlyAccess)$/.exec(name) ?? []
  if (level === 'ReadOnlyAccess') {
    const gives = { en: `Read everything in ${service} (${name})`, ja: `${service} のすべての読み取り（${name}）` }
    return { gives, allData: true }
  }
  if (service === undefined || level !== 'FullAccess') return undefined
  const everything = `${prefixes[service] ?? service.toLowerCase()}:*`
  return {
    gives: { en: `Everything in ${service} (${name})`, ja: `${service} のすべての操作（${name}）` },
    uses: ['write', 'delete', 'run', 'permissions'],
    // Patterns for any service (`*:AddPermission`) say nothing of this one.
    allows: neverGrantedBy(everything, [])?.pattern.startsWith('*') ? [] : [everything],
    allData: true,
  }
}
