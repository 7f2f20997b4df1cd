import { overlap } from './never-grant.ts'

/** What AWS says an action does. Deleting is writing to AWS. */
export type AccessLevel = 'read' | 'write' | 'tag' | 'permissions'

/** What is known of AWS's actions. It comes in as data; core looks nothing up. */
export type ActionFacts = {
  /** Every service there is, by its prefix, with its name as people say it (`EC2`). */
  services: Record<string, string>
  /** For the services looked up, each action by its name as AWS writes it. */
  levels: Record<string, Record<string, AccessLevel>>
}

/** What can be done with an action or a pattern of actions, for words. */
export type Use = 'read' | 'run' | 'write' | 'tag' | 'delete' | 'permissions'

/** The names of a service's actions that a pattern (`dynamodb:Get*`) matches; undefined when the service was not looked up. */
export function actionsMatching(pattern: string, facts: ActionFacts): string[] | undefined {
  const [service = ''] = pattern.toLowerCase().split(':')
  const levels = facts.levels[service]
  return levels && Object.keys(levels).filter(name => overlap(pattern, `${service}:${name}`))
}

/** What the pattern allows to do. What is not known is judged by its name, and counts as more rather than less. */
export function usesOf(pattern: string, facts: ActionFacts): Set<Use> {
  const [service = '', name = '*'] = pattern.split(':')
  const levels = facts.levels[service.toLowerCase()] ?? {}
  const matching = actionsMatching(pattern, facts) ?? []
  if (matching.length === 0) return new Set(usesByName(name))
  return new Set(matching.map(action => useOf(action, levels[action] ?? 'write')))
}

/** Whether the patterns, all of one service, reach all that can be read in it. */
export function readsAll(patterns: string[], facts: ActionFacts): boolean {
  const [service = ''] = patterns[0]?.toLowerCase().split(':') ?? []
  const reading = Object.entries(facts.levels[service] ?? {}).filter(([, level]) => level === 'read')
  return reading.length > 0 && reading.every(([name]) => patterns.some(one => overlap(one, `${service}:${name}`)))
}

function useOf(action: string, level: AccessLevel): Use {
  if (isDeleting(action)) return 'delete'
  return level === 'write' && isRunning(action) ? 'run' : level
}

function usesByName(name: string): Use[] {
  if (/^(Get|List|Describe|Head|BatchGet|Query|Scan|Search|Lookup|View|Filter)/i.test(name)) return ['read']
  if (/^[*?]/.test(name)) return ['read', 'run', 'write', 'tag', 'delete', 'permissions']
  if (isDeleting(name)) return ['delete']
  return /[*?]/.test(name) ? ['write', 'delete'] : ['write']
}

/** Runs or sends something, rather than changing what is there. */
function isRunning(name: string): boolean {
  return /^(Invoke|Execute|Start|Run|Send|Publish|Connect|Pass|Assume|Decrypt|Encrypt|ReEncrypt|GenerateDataKey)/.test(
    name,
  )
}

/** By the name, since AWS has no level for it. DynamoDB's BatchWriteItem deletes too. */
function isDeleting(name: string): boolean {
  return /^(Batch|Force|Bulk)?(Delete|Remove|Terminate|Purge|Destroy|Drop|Deregister)|Deletion$|^BatchWrite/.test(name)
}
