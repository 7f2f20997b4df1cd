import type { Limits, Statement } from './entitlement.ts'
import type { Instant } from './instant.ts'

/** An IAM policy document as Curfew writes it. */
export type PolicyDocument = {
  Version: '2012-10-17'
  Statement: {
    Effect: 'Allow'
    Action: string[]
    Resource: string[]
    Condition: Record<string, Record<string, string | string[]>>
  }[]
}

/** IAM: all inline policies of one user together, white space not counted; cannot be raised. */
export const userPolicyLimit = 2048

/**
 * The policy that is attached: the statements that were shown, and nothing added but the time bounds and the limits,
 * each under a key of its own (values of one key are ORed). AWS itself refuses from `expiresAt` on, since
 * `DateLessThan` no longer matches at exactly that second (platform: A4). Where there is no MFA the key is missing,
 * and `Bool` does not match.
 */
export function renderInlinePolicy(
  { statements, requireMfa = false, regions = [] }: { statements: Statement[] } & Limits,
  startsAt: Instant,
  expiresAt: Instant,
): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: statements.map(({ actions, resources }) => ({
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
      Condition: {
        DateGreaterThanEquals: { 'aws:CurrentTime': startsAt },
        DateLessThan: { 'aws:CurrentTime': expiresAt },
        ...(requireMfa && { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
        ...(regions.length > 0 && { StringEquals: { 'aws:RequestedRegion': regions } }),
      },
    })),
  }
}

/** The size IAM counts: characters that are not white space. */
export function policySize(document: string): number {
  return document.replace(/\s/g, '').length
}
