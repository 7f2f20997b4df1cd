// Whether what Curfew renders ends when it should, for whom it should, asked of our evaluator and of an independent one.
// That package, iam-simulate, is AGPL: it is a dependency of the tests only and nothing that ships may import it.
import { runSimulation } from '@cloud-copilot/iam-simulate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PolicyTarget } from '../../src/core/access-request.ts'
import { renderPolicy } from '../../src/core/inline-policy.ts'
import { type Instant, plusMinutes, plusSeconds } from '../../src/core/instant.ts'
import { type Leashed, renderLeash, renderRoleLeash } from '../../src/core/leash.ts'
import type { Context } from '../../src/playground/aws/context.ts'
import { evaluate } from '../../src/playground/aws/evaluator.ts'
import { type PolicyDocument, parsePolicy } from '../../src/playground/aws/policy.ts'
import { at } from '../support/builders.ts'

const start = at('10:10')
const table = 'arn:aws:dynamodb:eu-west-1:222222222222:table/orders'
const roleArn = 'arn:aws:iam::111111111111:role/Admin'
const asDocument = (policy: object): PolicyDocument => parsePolicy(JSON.stringify(policy))
const allow = (Action: string[]) =>
  asDocument({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })

/** One attempt, and whether AWS has to let it through. */
type Case = {
  identityPolicy: PolicyDocument
  boundary?: PolicyDocument
  principal: string
  action: string
  resource: string
  context: Context
  allowed: boolean
}

/** Who tries what, when, with what credentials. Times in seconds: of the window's length, and from its start or its end. */
const attempts = fc.record({
  minutes: fc.constantFrom(15, 30, 60, 720),
  moment: fc.oneof(
    fc.record({ from: fc.constant('start' as const), seconds: fc.constantFrom(-3600, -60, -1, 0, 1, 60) }),
    fc.record({ from: fc.constant('end' as const), seconds: fc.constantFrom(-60, -1, 0, 1, 60, 3600, 86_400) }),
  ),
  who: fc.constantFrom('alice', 'alice', 'alice', 'bob', 'Alice', 'alice2', 'nobody'),
  isGrantedAction: fc.constantFrom(true, true, true, false),
  keyMissing: fc.constantFrom(false, false, false, false, true),
  /** When the session was issued, in seconds after the trust policy was looked at; or at the moment of the attempt. */
  issued: fc.constantFrom(-28_800, -1, 0, 1, 'now' as const),
  others: fc.integer({ min: 0, max: 8 }),
  isInstalled: fc.constantFrom(false, false, false, false, true),
})
type Attempt = typeof attempts extends fc.Arbitrary<infer T> ? T : never

function momentOf({ minutes, moment }: Attempt): { now: Instant; end: Instant; isOpen: boolean } {
  const end = plusMinutes(start, minutes)
  const now = plusSeconds(moment.from === 'start' ? start : end, moment.seconds)
  const isOpen = moment.from === 'start' ? moment.seconds >= 0 && moment.seconds < minutes * 60 : moment.seconds < 0
  return { now, end, isOpen }
}

const without = (context: Context, key: string, isMissing: boolean): Context =>
  isMissing ? Object.fromEntries(Object.entries(context).filter(([name]) => name !== key)) : context

const own = {
  userName: 'alice',
  userId: 'AIDAALICE',
  userAccountId: '000000000000',
  policyName: 'curfew-req_00000000000000000001',
  statements: [{ actions: ['dynamodb:PutItem'], resources: [table] }],
}

const onUser = (attempt: Attempt): Case => {
  const { now, end, isOpen } = momentOf(attempt)
  const target: PolicyTarget = { kind: 'inlinePolicy', accountId: '222222222222', ...own }
  return {
    identityPolicy: asDocument(renderPolicy(target, start, end)),
    principal: 'arn:aws:iam::222222222222:user/alice',
    action: attempt.isGrantedAction ? 'dynamodb:PutItem' : 'dynamodb:DeleteTable',
    resource: table,
    context: without({ 'aws:CurrentTime': now }, 'aws:CurrentTime', attempt.keyMissing),
    // Nobody else has it: it is on her user.
    allowed: isOpen && attempt.isGrantedAction && !attempt.keyMissing,
  }
}

const onRole = (attempt: Attempt): Case => {
  const { now, end, isOpen } = momentOf(attempt)
  const boundFrom = plusMinutes(start, -9)
  const issuedAt = attempt.issued === 'now' ? now : plusSeconds(boundFrom, attempt.issued)
  const isRecent = issuedAt >= boundFrom
  const role = { roleName: 'Dev', roleId: 'AROADEV', roleArn: 'arn:aws:iam::222222222222:role/Dev', boundFrom }
  const target: PolicyTarget = { kind: 'rolePolicy', accountId: '222222222222', ...own, ...role }
  const context = {
    'aws:CurrentTime': now,
    'aws:TokenIssueTime': issuedAt,
    'aws:userid': `AROADEV:${attempt.who}`,
  }
  return {
    identityPolicy: asDocument(renderPolicy(target, start, end)),
    principal: `arn:aws:sts::222222222222:assumed-role/Dev/${attempt.who}`,
    action: attempt.isGrantedAction ? 'dynamodb:PutItem' : 'dynamodb:DeleteTable',
    resource: table,
    context: without(context, 'aws:TokenIssueTime', attempt.keyMissing),
    allowed: isOpen && isRecent && attempt.who === 'alice' && attempt.isGrantedAction && !attempt.keyMissing,
  }
}

const entering = (attempt: Attempt): Case => {
  const { now, end, isOpen } = momentOf(attempt)
  const role = { roleName: 'Admin', roleId: 'AROAADMIN', roleArn, sessionMinutes: 720, leash: 'off', requireMfa: true }
  const target = { kind: 'assume', accountId: '111111111111', ...own, ...role } as const
  const resource = attempt.isGrantedAction ? roleArn : 'arn:aws:iam::111111111111:role/Other'
  const context = {
    'aws:CurrentTime': now,
    'sts:RoleSessionName': attempt.who,
    'aws:MultiFactorAuthPresent': 'true',
  }
  return {
    identityPolicy: asDocument(renderPolicy(target as PolicyTarget, start, end)),
    principal: 'arn:aws:iam::111111111111:user/alice',
    action: 'sts:AssumeRole',
    resource,
    context: without(context, 'aws:MultiFactorAuthPresent', attempt.keyMissing),
    allowed: isOpen && attempt.who === 'alice' && attempt.isGrantedAction && !attempt.keyMissing,
  }
}

/** Others on the same leash, some with her end and some with another. */
const crowd = ({ others }: Attempt, end: Instant): Leashed[] =>
  Array.from({ length: others }, (_, n) => ({ principalId: `user-${n}`, until: plusMinutes(end, n % 3) }))

const ofSet = (attempt: Attempt): Case => {
  const { now, end, isOpen } = momentOf(attempt)
  // She comes on it when her access begins.
  const people = [...crowd(attempt, end), ...(now >= start ? [{ principalId: 'user-alice', until: end }] : [])]
  return {
    identityPolicy: allow(['dynamodb:PutItem']),
    boundary: asDocument(renderLeash(attempt.isInstalled ? [] : people, 7)),
    principal: 'arn:aws:sts::222222222222:assumed-role/AWSReservedSSO_Curfew-ReadOnly_0123456789abcdef/alice',
    action: attempt.isGrantedAction ? 'dynamodb:PutItem' : 'dynamodb:DeleteTable',
    resource: table,
    context: without(
      {
        'aws:CurrentTime': now,
        'aws:TokenIssueTime': attempt.issued === 'now' ? now : plusSeconds(now, attempt.issued),
        'identitystore:UserId': `user-${attempt.who}`,
      },
      'identitystore:UserId',
      attempt.keyMissing,
    ),
    allowed:
      isOpen && attempt.who === 'alice' && attempt.isGrantedAction && !attempt.keyMissing && !attempt.isInstalled,
  }
}

const inRole = (attempt: Attempt): Case => {
  const { now, end } = momentOf(attempt)
  const people = crowd(attempt, end).map(({ principalId, until }) => ({
    principalId: `AROAADMIN:${principalId}`,
    until,
  }))
  const hers = { principalId: 'AROAADMIN:alice', until: end }
  return {
    identityPolicy: allow(['dynamodb:PutItem']),
    boundary: asDocument(renderRoleLeash(attempt.isInstalled ? [] : [...people, hers], 7)),
    principal: `arn:aws:sts::222222222222:assumed-role/Admin/${attempt.who}`,
    action: attempt.isGrantedAction ? 'dynamodb:PutItem' : 'dynamodb:DeleteTable',
    resource: table,
    context: { 'aws:CurrentTime': now, 'aws:userid': `AROAADMIN:${attempt.who}` },
    // Whoever else may be in the role is left alone.
    allowed: attempt.isGrantedAction && (attempt.who !== 'alice' || attempt.isInstalled || now < end),
  }
}

async function oracle({ identityPolicy, boundary, principal, action, resource, context }: Case): Promise<boolean> {
  const answer = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: resource.split(':')[4] ?? '' },
        contextVariables: context,
      },
      identityPolicies: [{ name: 'policy', policy: identityPolicy }],
      ...(boundary && { permissionBoundaryPolicies: [{ name: 'boundary', policy: boundary }] }),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  )
  if (answer.resultType !== 'single') throw new Error(`Not a case the oracle takes: ${JSON.stringify(answer)}`)
  return answer.overallResult === 'Allowed'
}

describe('what Curfew renders', () => {
  let cases = 0
  it.each([
    ['a policy on a user', onUser],
    ['a policy on a shared role', onRole],
    ['a policy that lets enter a role', entering],
    ['the leash of a permission set', ofSet],
    ['the leash of a role', inRole],
  ])(
    '%s lets through what it should, and nothing at or past the end',
    async (_, caseOf) => {
      let allowed = 0
      const property = fc.asyncProperty(attempts, async attempt => {
        const one = caseOf(attempt)
        const { identityPolicy, boundary, action, resource, context } = one
        const asked = { action, resource, context, identityPolicies: [identityPolicy], boundary }
        expect(evaluate(asked).allowed).toBe(one.allowed)
        expect(await oracle(one)).toBe(one.allowed)
        cases++
        if (one.allowed) allowed++
      })
      // Each must have been seen both ways, or it proves nothing.
      await fc.assert(property, { numRuns: 1200, seed: 20_261_124 })
      expect(allowed).toBeGreaterThan(50)
      expect(allowed).toBeLessThan(1100)
    },
    60_000,
  )

  it('was asked of both evaluators often enough', () => {
    console.info(`${cases} cases, both evaluators as expected in each`)
    expect(cases).toBeGreaterThanOrEqual(5000)
  })
})

describe('a thief of the bot who rewrites every leash', () => {
  it('gives nobody anything that the sets do not give by themselves', async () => {
    const everything = allow(['*'])
    const attempt = fc.record({
      tried: fc.constantFrom(
        { action: 'dynamodb:PutItem', resource: table },
        { action: 'dynamodb:DeleteTable', resource: table },
        { action: 'iam:CreateUser', resource: 'arn:aws:iam::222222222222:user/mallory' },
        { action: 's3:GetObject', resource: 'arn:aws:s3:::bucket/key' },
      ),
      who: fc.constantFrom('alice', 'bob', 'nobody'),
    })
    const property = fc.asyncProperty(attempt, async ({ tried, who }) => {
      const context = { 'aws:CurrentTime': start, 'identitystore:UserId': `user-${who}` }
      const principal = `arn:aws:sts::222222222222:assumed-role/AWSReservedSSO_Curfew-ReadOnly_0123456789abcdef/${who}`
      const one = { identityPolicy: allow(['dynamodb:PutItem']), principal, ...tried, context }
      const bySetAlone = tried.action === 'dynamodb:PutItem'
      expect(await oracle({ ...one, boundary: everything, allowed: bySetAlone })).toBe(bySetAlone)
      // Who has no assignment has no session of the set: what is left is no policy at all, and a boundary grants nothing.
      const nothing = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'none:None', Resource: '*' }] }
      expect(await oracle({ ...one, identityPolicy: asDocument(nothing), boundary: everything, allowed: false })).toBe(
        false,
      )
    })
    await fc.assert(property, { numRuns: 200, seed: 20_261_124 })
  })
})
