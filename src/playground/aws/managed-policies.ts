import { uniqueId } from './ids.ts'
import { type PolicyDocument, parsePolicy } from './policy.ts'
import type { ManagedPolicy, State } from './state.ts'

/** The ARN of a managed policy; `path` includes the name (`/curfew/ceiling`). What is an ARN already stays as it is. */
export const policyArn = (owner: string, path: string): string =>
  path.startsWith('arn:') ? path : `arn:aws:iam::${owner}:policy${path}`

/** A managed policy with its first version. */
export function policyOf(input: {
  owner: string
  path: string
  name: string
  document: string
  createdAt: number
}): ManagedPolicy {
  const { owner, path, name, document, createdAt } = input
  const arn = policyArn(owner, path + name)
  return {
    owner,
    name,
    path,
    arn,
    policyId: uniqueId('ANPA', arn),
    createdAt,
    updatedAt: createdAt,
    versions: [{ versionId: 'v1', document, createdAt }],
    defaultVersionId: 'v1',
    lastVersion: 1,
  }
}

/** The document a managed policy has at this moment: that of its default version. */
export function defaultDocument(policy: ManagedPolicy): PolicyDocument {
  const version = policy.versions.find(({ versionId }) => versionId === policy.defaultVersionId)
  if (!version) throw new Error(`${policy.arn} has no default version`)
  return parsePolicy(version.document)
}

/** The documents of attached policies. AWS's own count for nothing where their content is not simulated. */
export function documentsOf(state: State, arns: string[]): PolicyDocument[] {
  return arns.flatMap(arn => {
    const policy = state.policies.get(arn)
    return policy ? [defaultDocument(policy)] : []
  })
}

/** The document of a boundary; one whose content is not known allows nothing. */
export function boundaryOf(state: State, arn: string): PolicyDocument {
  return documentsOf(state, [arn])[0] ?? { Version: '2012-10-17', Statement: [] }
}
