// The simulated AWS decides by an evaluator of our own, small enough to be wrong in a way its own tests would share.
// Here it is compared with an independent one over generated policies and requests. That package, iam-simulate, is
// AGPL: it is a dependency of the tests only and nothing that ships may import it.
import { runSimulation } from '@cloud-copilot/iam-simulate'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderInlinePolicy } from '../../../src/core/inline-policy.ts'
import type { Instant } from '../../../src/core/instant.ts'
import { type Context, list } from '../../../src/playground/aws/context.ts'
import { evaluate } from '../../../src/playground/aws/evaluator.ts'
import { checkPolicy, type PolicyDocument } from '../../../src/playground/aws/policy.ts'
import { disputed, grantCase, type OracleCase, oracleCase, targets } from './oracle-cases.ts'

// Of each kind.
const numRuns = 2500
const reasons = { Allowed: 'allowed', ImplicitlyDenied: 'implicit deny', ExplicitlyDenied: 'explicit deny' }

async function oracle({
  identityPolicies,
  boundary,
  sessionPolicy,
  action,
  resource,
  context,
}: OracleCase): Promise<string> {
  const answer = await runSimulation(
    {
      request: {
        principal: 'arn:aws:sts::111111111111:assumed-role/Reader/alice',
        action,
        resource: { resource, accountId: '111111111111' },
        contextVariables: context,
      },
      identityPolicies: identityPolicies.map((policy, index) => ({ name: `policy${index}`, policy })),
      ...(boundary && { permissionBoundaryPolicies: [{ name: 'boundary', policy: boundary }] }),
      ...(sessionPolicy && { sessionPolicy }),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  )
  if (answer.resultType !== 'single') throw new Error(`Not a case the oracle takes: ${JSON.stringify(answer)}`)
  // It drops condition keys that it believes the action does not have, which would compare two different requests.
  expect(answer.result.ignoredContextKeys).toEqual([])
  return reasons[answer.overallResult]
}

describe('our evaluator and an independent one', () => {
  it.each([
    ['generated policies and requests', oracleCase],
    ['generated grants and leashes, near the moments that matter', grantCase],
  ])(
    'decide %s alike',
    async (kind, cases) => {
      const seen: Record<string, number> = {}
      let compared = 0
      let bounded = 0
      const alike = fc.asyncProperty(cases, async generated => {
        fc.pre(!disputed(generated))
        for (const policy of [...generated.identityPolicies, ...list(generated.boundary)]) checkPolicy(policy)
        const ours = evaluate(generated).reason
        expect(ours).toBe(await oracle(generated))
        seen[ours] = (seen[ours] ?? 0) + 1
        compared += 1
        bounded += generated.boundary ? 1 : 0
      })
      // The same cases in every run: a difference is then news about the code, not about luck.
      await fc.assert(alike, { numRuns, seed: 20_261_102 })
      console.log(
        `evaluator against oracle, ${kind}: ${compared} compared, ${bounded} bounded, ${JSON.stringify(seen)}`,
      )
      expect(bounded).toBeGreaterThan(compared / 4)
      // Were nearly all of them denied, agreement would say little.
      for (const reason of Object.values(reasons)) expect(seen[reason]).toBeGreaterThan(compared / 20)
    },
    120_000,
  )

  const metrics = { actions: ['cloudwatch:GetMetricData'], resources: ['*'] }
  const startsAt = '2026-11-02T12:00:00Z' as Instant
  const expiresAt = '2026-11-02T13:00:00Z' as Instant
  it.each([
    ['a second before the start', '2026-11-02T11:59:59Z', 'implicit deny'],
    ['at the start', '2026-11-02T12:00:00Z', 'allowed'],
    ['inside', '2026-11-02T12:30:00Z', 'allowed'],
    ['in the last second', '2026-11-02T12:59:59Z', 'allowed'],
    ['at exactly the end', '2026-11-02T13:00:00Z', 'implicit deny'],
    ['a second after the end', '2026-11-02T13:00:01Z', 'implicit deny'],
    ['a year later', '2027-11-02T12:30:00Z', 'implicit deny'],
  ])('decide a policy that Curfew writes alike %s', async (_, now, reason) => {
    for (const { action, resource } of targets) {
      const statements = [metrics, { actions: [action], resources: [resource] }]
      const identityPolicies: PolicyDocument[] = [renderInlinePolicy({ statements }, startsAt, expiresAt)]
      const asked = { identityPolicies, action, resource, context: { 'aws:CurrentTime': now } }
      expect(await oracle(asked)).toBe(reason)
      expect(evaluate(asked).reason).toBe(reason)
    }
  })

  const table = 'arn:aws:dynamodb:us-east-1:111111111111:table/orders'
  const mfa = 'aws:MultiFactorAuthPresent'
  const region = 'aws:RequestedRegion'
  it.each<[string, Context, string]>([
    ['with MFA in a Region that was shown', { [mfa]: 'true', [region]: 'us-east-1' }, 'allowed'],
    ['without MFA', { [mfa]: 'false', [region]: 'us-east-1' }, 'implicit deny'],
    ['with a key that knows no MFA', { [region]: 'us-east-1' }, 'implicit deny'],
    ['in another Region', { [mfa]: 'true', [region]: 'eu-west-1' }, 'implicit deny'],
    ['after the end', { [mfa]: 'true', [region]: 'us-east-1', 'aws:CurrentTime': expiresAt }, 'implicit deny'],
  ])('decide a policy with limits that Curfew writes alike %s', async (_, context, reason) => {
    const read = { actions: ['dynamodb:GetItem'], resources: [table] }
    const entitlement = { statements: [read], requireMfa: true, regions: ['ap-northeast-1', 'us-east-1'] }
    const asked = {
      identityPolicies: [renderInlinePolicy(entitlement, startsAt, expiresAt)],
      action: 'dynamodb:GetItem',
      resource: table,
      context: { 'aws:CurrentTime': startsAt, ...context },
    }
    expect(await oracle(asked)).toBe(reason)
    expect(evaluate(asked).reason).toBe(reason)
  })
})
