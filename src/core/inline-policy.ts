import type { PolicyTarget } from './access-request.ts'
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

/** IAM: all inline policies of one user, or of one role, together, white space not counted; cannot be raised (platform: A1). */
export const policyLimits = { user: 2048, role: 10_240 }

/** Whom a policy is for beside who carries it: keys that must have a value, and when the credentials must be issued. */
type Bounds = { equal: Record<string, string>; issuedFrom?: Instant }

/**
 * The policy of a target, exactly as it is attached. On a shared role every statement is for one person's sessions
 * only: their `aws:userid` is the id of the role and the name of the session, which the trust policy pins. What lets
 * somebody enter a role is `sts:AssumeRole` on that role alone, under their own name alone.
 */
export function renderPolicy(target: PolicyTarget, startsAt: Instant, expiresAt: Instant): PolicyDocument {
  switch (target.kind) {
    case 'inlinePolicy':
      return renderInlinePolicy(target, startsAt, expiresAt)
    case 'rolePolicy': {
      const equal = { 'aws:userid': `${target.roleId}:${target.userName}` }
      return renderInlinePolicy(target, startsAt, expiresAt, { equal, issuedFrom: target.boundFrom ?? startsAt })
    }
    case 'assume': {
      const { roleArn, userName, requireMfa = false } = target
      const statements = [{ actions: ['sts:AssumeRole'], resources: [roleArn] }]
      const equal = { 'sts:RoleSessionName': userName }
      return renderInlinePolicy({ statements, requireMfa }, startsAt, expiresAt, { equal })
    }
  }
}

/**
 * The statements that were shown, and nothing added but the time bounds, the person and the limits, each under a key of
 * its own (values of one key are ORed). AWS itself refuses from `expiresAt` on, since `DateLessThan` no longer matches
 * at exactly that second (platform: A4). Where there is no MFA the key is missing, and `Bool` does not match; likewise
 * the time of issue, which only temporary credentials have.
 */
export function renderInlinePolicy(
  { statements, requireMfa = false, regions = [] }: { statements: Statement[] } & Limits,
  startsAt: Instant,
  expiresAt: Instant,
  { equal, issuedFrom }: Bounds = { equal: {} },
): PolicyDocument {
  const strings = { ...equal, ...(regions.length > 0 && { 'aws:RequestedRegion': regions }) }
  return {
    Version: '2012-10-17',
    Statement: statements.map(({ actions, resources }) => ({
      Effect: 'Allow',
      Action: actions,
      Resource: resources,
      Condition: {
        DateGreaterThanEquals: { 'aws:CurrentTime': startsAt, ...(issuedFrom && { 'aws:TokenIssueTime': issuedFrom }) },
        DateLessThan: { 'aws:CurrentTime': expiresAt },
        ...(requireMfa && { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
        ...(Object.keys(strings).length > 0 && { StringEquals: strings }),
      },
    })),
  }
}

/** The size IAM counts: characters that are not white space. */
export function policySize(document: string): number {
  return document.replace(/\s/g, '').length
}
