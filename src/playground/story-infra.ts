import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { type PolicyDocument, parsePolicy } from './aws/policy.ts'
import type { SeedRole } from './aws/seed.ts'

/** The bot's own rights in the story: the very policy that infra/ tells people to attach. */
export const botPolicy: PolicyDocument = parsePolicy(read('bot-policy.json'))

/** What CloudFormation makes of the template's one resource, as far as the story needs it. */
type RoleProperties = {
  RoleName: string
  AssumeRolePolicyDocument: PolicyDocument
  Policies: { PolicyName: string; PolicyDocument: PolicyDocument }[]
}

/** The member role of an account, as the CloudFormation template makes it there. `rolePath`: the roles it may write on. */
export function memberRole(accountId: string, botRoleArn: string, sensitive: boolean, rolePath = ''): SeedRole {
  const template = parse(read('member-account.template.yaml'))
  const known = { 'AWS::AccountId': accountId, BotRoleArn: botRoleArn, UserPath: '*', RolePath: rolePath }
  // The template is ours, and a test deploys it through here.
  const conditions = { IsSensitive: sensitive, HasRoles: rolePath !== '' }
  const role = resolve(template.Resources.MemberRole.Properties, known, conditions) as RoleProperties
  const policies = role.Policies.map(({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument] as const)
  return { name: role.RoleName, trust: role.AssumeRolePolicyDocument, inlinePolicies: Object.fromEntries(policies) }
}

/** CloudFormation's `Ref`, `Fn::Sub` and `Fn::If`; `AWS::NoValue` takes its key away. */
function resolve(node: unknown, known: Record<string, string>, conditions: Record<string, boolean>): unknown {
  const inner = (child: unknown) => resolve(child, known, conditions)
  if (Array.isArray(node)) return node.map(inner).filter(child => child !== undefined)
  if (typeof node !== 'object' || node === null) return node
  const [[name, value] = []] = Object.entries(node)
  if (name === 'Ref') return known[String(value)]
  if (name === 'Fn::Sub') return String(value).replace(/\$\{([\w:]+)\}/g, (_, key: string) => known[key] ?? '')
  if (name === 'Fn::If' && Array.isArray(value)) return inner(conditions[String(value[0])] ? value[1] : value[2])
  const entries = Object.entries(node).map(([key, child]) => [key, inner(child)] as const)
  return Object.fromEntries(entries.filter(([, child]) => child !== undefined))
}

function read(file: string): string {
  return readFileSync(new URL(`../../infra/${file}`, import.meta.url), 'utf8')
}
