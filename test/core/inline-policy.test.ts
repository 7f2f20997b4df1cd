import { describe, expect, it } from 'vitest'
import type { Target } from '../../src/core/access-request.ts'
import { policyLimits, policySize, renderInlinePolicy, renderPolicy } from '../../src/core/inline-policy.ts'
import { evaluate } from '../../src/playground/aws/evaluator.ts'
import { anEntryRequest, aRequest, aRoleRequest, at } from '../support/builders.ts'

const read = {
  actions: ['dynamodb:GetItem', 'dynamodb:Query'],
  resources: ['arn:aws:dynamodb:*:222222222222:table/orders'],
}
const list = { actions: ['dynamodb:ListTables'], resources: ['*'] }

describe('the attached policy', () => {
  it('is the statements that were shown, each within the window, and nothing else', () => {
    expect(renderInlinePolicy({ statements: [read, list] }, at('10:10'), at('11:10'))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['dynamodb:GetItem', 'dynamodb:Query'],
          Resource: ['arn:aws:dynamodb:*:222222222222:table/orders'],
          Condition: {
            DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-21T10:10:00Z' },
            DateLessThan: { 'aws:CurrentTime': '2026-11-21T11:10:00Z' },
          },
        },
        {
          Effect: 'Allow',
          Action: ['dynamodb:ListTables'],
          Resource: ['*'],
          Condition: {
            DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-21T10:10:00Z' },
            DateLessThan: { 'aws:CurrentTime': '2026-11-21T11:10:00Z' },
          },
        },
      ],
    })
  })

  it('asks for MFA and for regions beside the time, each under a key of its own, in every statement', () => {
    const limits = { requireMfa: true, regions: ['ap-northeast-1', 'eu-west-1'] }
    const { Statement } = renderInlinePolicy({ statements: [read, list], ...limits }, at('10:10'), at('11:10'))
    for (const { Condition } of Statement) {
      expect(Condition).toEqual({
        DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-21T10:10:00Z' },
        DateLessThan: { 'aws:CurrentTime': '2026-11-21T11:10:00Z' },
        Bool: { 'aws:MultiFactorAuthPresent': 'true' },
        StringEquals: { 'aws:RequestedRegion': ['ap-northeast-1', 'eu-west-1'] },
      })
    }
    expect(Statement.length).toBe(2)
  })

  it.each([
    [{ 'aws:MultiFactorAuthPresent': 'true', 'aws:RequestedRegion': 'ap-northeast-1' }, true],
    [{ 'aws:MultiFactorAuthPresent': 'false', 'aws:RequestedRegion': 'ap-northeast-1' }, false],
    // Long-term access keys do not carry the key at all.
    [{ 'aws:RequestedRegion': 'ap-northeast-1' }, false],
    [{ 'aws:MultiFactorAuthPresent': 'true', 'aws:RequestedRegion': 'us-east-1' }, false],
  ])('with both limits and the context %j is allowed: %j', (limits, expected) => {
    const policy = renderInlinePolicy(
      { statements: [list], requireMfa: true, regions: ['ap-northeast-1'] },
      at('10:10'),
      at('11:10'),
    )
    const context = { 'aws:CurrentTime': '2026-11-21T10:30:00Z', ...limits }
    const input = { action: 'dynamodb:ListTables', resource: '*', context, identityPolicies: [policy] }
    expect(evaluate(input).allowed).toBe(expected)
  })

  it('is the same text each time, so that a retry can be compared with what stands there', () => {
    const text = () => JSON.stringify(renderInlinePolicy({ statements: [read] }, at('10:10'), at('11:10')))
    expect(text()).toBe(text())
  })
})

describe('the policy of a target', () => {
  const policyOf = ({ target }: { target: Target }) => {
    if (target.kind === 'permissionSet') throw new Error('not a policy')
    return renderPolicy(target, at('10:10'), at('11:10'))
  }

  it('on a shared role is for the sessions of one person, issued since the trust policy was seen', () => {
    const limits = { requireMfa: true, regions: ['eu-west-1'] }
    const { target } = aRoleRequest('active')
    expect(policyOf({ target: { ...target, ...limits } as Target })).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem'],
          Resource: ['arn:aws:dynamodb:*:222222222222:table/orders'],
          Condition: {
            DateGreaterThanEquals: {
              'aws:CurrentTime': '2026-11-21T10:10:00Z',
              'aws:TokenIssueTime': '2026-11-21T10:10:20Z',
            },
            DateLessThan: { 'aws:CurrentTime': '2026-11-21T11:10:00Z' },
            Bool: { 'aws:MultiFactorAuthPresent': 'true' },
            StringEquals: { 'aws:userid': 'AROADEV00000000000001:alice', 'aws:RequestedRegion': ['eu-west-1'] },
          },
        },
      ],
    })
  })

  it('that lets somebody enter a role is for that role, that name and those who proved themselves alone', () => {
    expect(policyOf(anEntryRequest('pending'))).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['sts:AssumeRole'],
          Resource: ['arn:aws:iam::111111111111:role/Admin'],
          Condition: {
            DateGreaterThanEquals: { 'aws:CurrentTime': '2026-11-21T10:10:00Z' },
            DateLessThan: { 'aws:CurrentTime': '2026-11-21T11:10:00Z' },
            Bool: { 'aws:MultiFactorAuthPresent': 'true' },
            StringEquals: { 'sts:RoleSessionName': 'alice' },
          },
        },
      ],
    })
  })

  it('of a user is the statements and the time bounds', () => {
    const { target } = aRequest('pending')
    expect(policyOf({ target })).toEqual(
      renderInlinePolicy({ statements: 'statements' in target ? target.statements : [] }, at('10:10'), at('11:10')),
    )
  })
})

describe('the size of a policy', () => {
  it('is counted without white space, as IAM counts', () => {
    expect(policySize('{"a":1}')).toBe(7)
    expect(policySize('{\n  "a" :\t1\r\n}')).toBe(7)
  })

  it("of a user's inline policies together is limited to 2,048 characters, of a role's to 10,240", () => {
    expect(policyLimits).toEqual({ user: 2048, role: 10_240 })
  })
})
