import type { IAMClient } from '@aws-sdk/client-iam'
import { expect, it } from 'vitest'
import { createSimulator } from '../../../src/adapters/aws/simulator.ts'
import { renderInlinePolicy } from '../../../src/core/inline-policy.ts'
import type { Question } from '../../../src/core/proof.ts'
import { anId, at } from '../../support/builders.ts'
import { dev, doubleOf, maySend, startAws } from './support.ts'

const question: Question = {
  holder: { accountId: '222222222222', principal: 'user', name: 'alice' },
  arn: 'arn:aws:iam::222222222222:user/staff/alice',
  actions: ['dynamodb:Describe*', 'dynamodb:GetItem', 'dynamodb:NoSuch*'],
  resources: ['arn:aws:dynamodb:us-east-1:222222222222:table/orders'],
  context: [
    { key: 'aws:CurrentTime', type: 'date', value: '2026-11-21T11:11:00Z' },
    { key: 'aws:MultiFactorAuthPresent', type: 'boolean', value: 'true' },
  ],
}

/** Asks an IAM that answers with these results; what it was asked goes to `asked`. */
function simulate(results: object[], asked: unknown[] = [], more: Partial<Question> = {}) {
  const iam = doubleOf<IAMClient>(({ operation, input }) => {
    asked.push([operation, input])
    return { EvaluationResults: results }
  })
  return createSimulator((errand, _, work) => {
    asked.push(errand)
    return work(iam)
  }).allowedBy({ ...question, ...more })
}

it('asks as the member role about one user, without wildcards', async () => {
  const asked: unknown[] = []
  expect(await simulate([{ EvalDecision: 'implicitDeny' }], asked)).toEqual([])
  expect(asked).toEqual([
    { about: { accountId: '222222222222', principal: 'user', name: 'alice' } },
    [
      'SimulatePrincipalPolicy',
      {
        PolicySourceArn: 'arn:aws:iam::222222222222:user/staff/alice',
        ActionNames: ['dynamodb:DescribeBackup', 'dynamodb:DescribeContinuousBackups', 'dynamodb:GetItem'],
        ResourceArns: ['arn:aws:dynamodb:us-east-1:222222222222:table/orders'],
        ContextEntries: [
          {
            ContextKeyName: 'aws:CurrentTime',
            ContextKeyType: 'date',
            ContextKeyValues: ['2026-11-21T11:11:00Z'],
          },
          { ContextKeyName: 'aws:MultiFactorAuthPresent', ContextKeyType: 'boolean', ContextKeyValues: ['true'] },
        ],
      },
    ],
  ])
})

it('asks about a few of many', async () => {
  const asked: unknown[] = []
  const many = ['a', 'b', 'c', 'd', 'e', 'f']
  await simulate([], asked, { actions: many.map(name => `s3:${name}`), resources: many })
  expect(asked[1]).toMatchObject([
    'SimulatePrincipalPolicy',
    { ActionNames: ['s3:a', 's3:b', 's3:c', 's3:d', 's3:e'], ResourceArns: ['a', 'b', 'c', 'd', 'e'] },
  ])
})

it('names the policies that allow, also where another resource is refused', async () => {
  const own = { SourcePolicyId: 'user_alice_curfew-req_1', SourcePolicyType: 'user' }
  const other = { SourcePolicyId: 'AdministratorAccess' }
  const results = [
    { EvalDecision: 'allowed', MatchedStatements: [other] },
    {
      EvalDecision: 'implicitDeny',
      ResourceSpecificResults: [
        { EvalResourceDecision: 'implicitDeny', MatchedStatements: [] },
        { EvalResourceDecision: 'allowed', MatchedStatements: [own, other] },
      ],
    },
    { EvalDecision: 'explicitDeny', MatchedStatements: [{ SourcePolicyId: 'guard-rail' }] },
  ]
  expect(await simulate(results)).toEqual(['AdministratorAccess', 'user_alice_curfew-req_1'])
})

it('never takes an allowed call for a refused one, should no policy be named', async () => {
  expect(await simulate([{ EvalDecision: 'allowed' }])).toEqual(['a policy that AWS did not name'])
})

it('finds a policy until its end and no longer', async () => {
  const { inlinePolicies, simulator } = await startAws()
  const holder = { accountId: dev, principal: 'user', name: 'Alice' } as const
  const resources = ['arn:aws:dynamodb:us-east-1:222222222222:table/orders']
  const policy = renderInlinePolicy(
    { statements: [{ actions: ['dynamodb:GetItem'], resources }] },
    at('10:00'),
    at('11:00'),
  )
  await inlinePolicies.put({ ...holder, policyName: 'curfew-1' }, policy, anId(1), maySend)
  const allowedAt = (value: string) =>
    simulator.allowedBy({
      holder,
      arn: 'arn:aws:iam::222222222222:user/staff/Alice',
      actions: ['dynamodb:GetItem'],
      resources,
      context: [{ key: 'aws:CurrentTime', type: 'date', value }],
    })
  expect(await allowedAt('2026-11-21T10:59:59Z')).toHaveLength(1)
  expect(await allowedAt('2026-11-21T11:00:00Z')).toEqual([])
})
