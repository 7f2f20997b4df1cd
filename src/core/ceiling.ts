import { neverGranted, overlap } from './never-grant.ts'

/**
 * The permissions boundary that principals of sensitive accounts carry before Curfew writes on them: IAM cannot limit
 * the content of an inline policy, so what is never granted is also denied there, whatever a stolen bot would write.
 */
export type CeilingDocument = {
  Version: '2012-10-17'
  Statement: [
    { Effect: 'Allow'; Action: '*'; Resource: '*' },
    { Sid: 'NeverGranted'; Effect: 'Deny'; Action: string[]; Resource: '*' },
  ]
}

/** IAM: a managed policy, white space not counted (platform: A1). */
export const managedPolicyLimit = 6144

/** The ARN of the ceiling in the account and partition of a principal. */
export function ceilingArn(principalArn: string): string {
  const [, partition = 'aws', , , accountId = ''] = principalArn.split(':')
  return `arn:${partition}:iam::${accountId}:policy/curfew/ceiling`
}

/**
 * Makes the ceiling of the built-in list and the catalogue's. A policy cannot have a wildcard for the service, so
 * `*:AddPermission` is written out for each service of `actions` (all of AWS's, as `service:Action`) that has it.
 * Throws when it gets longer than IAM takes.
 */
export function ceilingPolicy(neverGrant: string[], actions: string[]): CeilingDocument {
  const patterns = [...neverGranted.map(({ pattern }) => pattern), ...neverGrant]
  const denied = patterns.flatMap(pattern => {
    const [service = '', name = ''] = pattern.split(':')
    if (!/[*?]/.test(service)) return pattern
    const services = actions.filter(action => overlap(pattern, action)).map(action => action.split(':')[0])
    return [...new Set(services)].map(one => `${one}:${name}`)
  })
  // No matter the case, as IAM compares actions: of two that are the same to it the first stays.
  const small = denied.map(one => one.toLowerCase())
  const distinct = denied.filter((_, index) => small.indexOf(small[index] ?? '') === index)
  const Action = distinct.filter(one => !distinct.some(other => other !== one && covers(other, one)))
  const document: CeilingDocument = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Sid: 'NeverGranted', Effect: 'Deny', Action, Resource: '*' },
    ],
  }
  const size = JSON.stringify(document).length
  if (size > managedPolicyLimit)
    throw new Error(`The ceiling takes ${size} characters; IAM takes ${managedPolicyLimit}.`)
  return document
}

/** Whether a pattern that ends in its only wildcard holds the other: `iam:*` and `iam:PassRole`. */
function covers(pattern: string, other: string): boolean {
  const start = pattern.slice(0, -1)
  return pattern.endsWith('*') && !/[*?]/.test(start) && other.toLowerCase().startsWith(start.toLowerCase())
}
