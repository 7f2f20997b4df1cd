import { expect, it } from 'vitest'
import { allServices, readActionFacts } from '../../src/adapters/iam-data/action-facts.ts'
import { ceilingArn, ceilingPolicy, managedPolicyLimit } from '../../src/core/ceiling.ts'
import { neverGrantedBy } from '../../src/core/never-grant.ts'
import { evaluate } from '../../src/playground/aws/evaluator.ts'
import { checkPolicy } from '../../src/playground/aws/policy.ts'

const { levels } = await readActionFacts(await allServices())
const actions = Object.entries(levels).flatMap(([service, names]) =>
  Object.keys(names).map(name => `${service}:${name}`),
)
const own = ['s3:DeleteBucket*', '*:DeleteBackup?ault']
const ceiling = ceilingPolicy(own, actions)
const anything = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } as const

const isAllowed = (action: string) =>
  evaluate({ action, resource: '*', context: {}, identityPolicies: [anything], boundary: ceiling }).allowed

it('the ceiling is a policy that IAM takes', () => {
  expect(() => checkPolicy(ceiling)).not.toThrow()
  expect(JSON.stringify(ceiling).length).toBeLessThan(managedPolicyLimit)
  expect(managedPolicyLimit).toBe(6144)
})

/** Twenty thousand actions against a hundred patterns take seconds: once is enough. */
const never = actions.filter(action => neverGrantedBy(action, own))

it('under the ceiling every action of AWS that is never granted is denied, whatever else allows it', () => {
  expect(never.length).toBeGreaterThan(500)
  expect(never.filter(isAllowed)).toEqual([])
}, 60_000)

it('under the ceiling everything else is left to other policies', () => {
  const others = actions.filter(action => !never.includes(action))
  expect(others.length).toBeGreaterThan(15_000)
  expect(others.filter((_, index) => index % 20 === 0).filter(action => !isAllowed(action))).toEqual([])
  const nothing = evaluate({
    action: 's3:GetObject',
    resource: '*',
    context: {},
    identityPolicies: [],
    boundary: ceiling,
  })
  expect(nothing.allowed).toBe(false)
}, 60_000)

it('the catalogue may add more than fits, and is told', () => {
  const many = Array.from({ length: 200 }, (_, index) => `s3:SomeActionWithALongName${index}`)
  expect(() => ceilingPolicy(many, actions)).toThrow(/The ceiling takes \d+ characters; IAM takes 6144\./)
})

it('what a wider pattern holds is not written twice', () => {
  const denied = ceilingPolicy(['iam:CreateAccessKey', 'S3:PutBucketPolicy'], actions).Statement[1].Action
  expect(denied).not.toContain('iam:CreateAccessKey')
  expect(denied.filter(action => action.startsWith('*'))).toEqual([])
})

it('two spellings of one pattern do not drop each other', () => {
  const [, { Action }] = ceilingPolicy(['S3:DeleteObject*', 's3:deleteobject*', 'KMS:*', 'kms:*'], actions).Statement
  expect(Action.filter(action => /^s3:deleteobject/i.test(action))).toEqual(['S3:DeleteObject*'])
  expect(Action.filter(action => /^kms:/i.test(action))).toEqual(['KMS:*'])
})

it('the ceiling is that of the account and partition of the principal', () => {
  expect(ceilingArn('arn:aws:iam::111111111111:user/staff/alice')).toBe(
    'arn:aws:iam::111111111111:policy/curfew/ceiling',
  )
  expect(ceilingArn('arn:aws-cn:iam::111111111111:role/Dev')).toBe('arn:aws-cn:iam::111111111111:policy/curfew/ceiling')
})
