import {
  type ContextEntry,
  ListRolesCommand,
  SimulatePrincipalPolicyCommand,
  type SimulatePrincipalPolicyCommandInput,
} from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import type { PolicyDocument, Statement } from '../../../src/playground/aws/policy.ts'
import { openJournal } from '../../../src/playground/journal.ts'
import { hub, prod, refusal, seed, startTestAws } from './support.ts'

const policy = (...Statement: Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement })
const bob = `arn:aws:iam::${hub}:user/staff/Bob`
const currentTime = (at: string): ContextEntry => ({
  ContextKeyName: 'aws:CurrentTime',
  ContextKeyType: 'date',
  ContextKeyValues: [at],
})

/** The seed where Bob may read objects until 09:30 and list buckets, never delete, under a boundary for objects. */
async function startWithBob() {
  const from = structuredClone(seed)
  const account = from.accounts.find(({ id }) => id === hub)!
  account.managedPolicies!.push({
    path: '/curfew/',
    name: 'ceiling',
    document: policy({ Effect: 'Allow', Action: 's3:*Object', Resource: '*' }),
  })
  const user = account.users!.find(({ name }) => name === 'Bob')!
  user.permissionsBoundary = '/curfew/ceiling'
  user.inlinePolicies = {
    read: policy({
      Effect: 'Allow',
      Action: 's3:GetObject',
      Resource: `arn:aws:s3:::logs/\${aws:username}/*`,
      Condition: { DateLessThan: { 'aws:CurrentTime': '2026-11-02T09:30:00Z' } },
    }),
    list: policy({ Effect: 'Allow', Action: 's3:ListBucket', Resource: '*' }),
    never: policy({ Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' }),
    regions: policy({
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: '*',
      Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'stage'] } },
    }),
  }
  const everything = policy({ Effect: 'Allow', Action: 'iam:*', Resource: '*' })
  for (const { roles = [] } of from.accounts) for (const role of roles.slice(0, 1)) role.inlinePolicies = { everything }
  const world = await startTestAws(openJournal(), from)
  const { iam } = await world.asMember(hub)
  const simulate = async (ActionNames: string[], more: Partial<SimulatePrincipalPolicyCommandInput> = {}) => {
    const input = { PolicySourceArn: bob, ActionNames, ...more }
    return iam.send(new SimulatePrincipalPolicyCommand(input))
  }
  return { ...world, iam, simulate }
}

describe('SimulatePrincipalPolicy', () => {
  it('tells allowed, implicit and explicit denial, and what the boundary has to do with it', async () => {
    const { simulate } = await startWithBob()
    const ResourceArns = ['arn:aws:s3:::logs/Bob/1']
    const ContextEntries = [currentTime('2026-11-02T09:29:59Z')]
    const { EvaluationResults } = await simulate(['s3:GetObject', 's3:ListBucket', 's3:DeleteObject'], {
      ResourceArns,
      ContextEntries,
    })
    expect(
      EvaluationResults!.map(({ EvalActionName, EvalDecision, PermissionsBoundaryDecisionDetail: detail }) => [
        EvalActionName,
        EvalDecision,
        detail?.AllowedByPermissionsBoundary,
      ]),
    ).toEqual([
      ['s3:GetObject', 'allowed', true],
      ['s3:ListBucket', 'implicitDeny', false],
      ['s3:DeleteObject', 'explicitDeny', true],
    ])
  })

  it('answers once for an action, with the strictest decision over the resources', async () => {
    const { simulate } = await startWithBob()
    const ResourceArns = ['arn:aws:s3:::logs/Bob/1', 'arn:aws:s3:::logs/alice/1']
    const { EvaluationResults } = await simulate(['s3:GetObject'], {
      ResourceArns,
      ContextEntries: [currentTime('2026-11-02T09:00:00Z')],
    })
    expect(EvaluationResults).toHaveLength(1)
    expect(EvaluationResults![0]).toMatchObject({
      EvalDecision: 'implicitDeny',
      ResourceSpecificResults: [
        { EvalResourceName: ResourceArns[0], EvalResourceDecision: 'allowed' },
        { EvalResourceName: ResourceArns[1], EvalResourceDecision: 'implicitDeny' },
      ],
    })
  })

  it('knows no time but the one it is told, and says that it misses one', async () => {
    const { simulate } = await startWithBob()
    const ResourceArns = ['arn:aws:s3:::logs/Bob/1']
    const decide = async (...ContextEntries: ContextEntry[]) =>
      (await simulate(['s3:GetObject'], { ResourceArns, ContextEntries })).EvaluationResults![0]!
    expect(await decide(currentTime('2026-11-02T09:30:00Z'))).toMatchObject({ EvalDecision: 'implicitDeny' })
    expect(await decide()).toMatchObject({
      EvalDecision: 'implicitDeny',
      MissingContextValues: ['aws:CurrentTime', 'aws:TagKeys'],
    })
  })

  it('takes lists', async () => {
    const { simulate } = await startWithBob()
    const decide = async (...ContextKeyValues: string[]) => {
      const keys = { ContextKeyName: 'aws:TagKeys', ContextKeyType: 'stringList' as const, ContextKeyValues }
      const answer = await simulate(['s3:PutObject'], { ResourceArns: ['arn:aws:s3:::a/b'], ContextEntries: [keys] })
      return answer.EvaluationResults![0]!.EvalDecision
    }
    expect([await decide('team', 'stage'), await decide('team', 'owner')]).toEqual(['allowed', 'implicitDeny'])
  })

  it('simulates roles, also those of permission sets', async () => {
    const { asMember } = await startWithBob()
    const { iam } = await asMember(prod)
    const { Roles } = await iam.send(new ListRolesCommand({ PathPrefix: '/aws-reserved/' }))
    const PolicySourceArn = Roles!.find(({ RoleName }) => RoleName!.includes('Operator'))!.Arn
    const ActionNames = ['dynamodb:PutItem', 's3:PutObject']
    const { EvaluationResults } = await iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn, ActionNames }))
    expect(EvaluationResults!.map(({ EvalDecision }) => EvalDecision)).toEqual(['allowed', 'implicitDeny'])
  })

  it('comes in pages', async () => {
    const { simulate } = await startWithBob()
    const actions = ['s3:GetObject', 's3:PutObject']
    const first = await simulate(actions, { MaxItems: 1 })
    expect(first).toMatchObject({ IsTruncated: true, EvaluationResults: [{ EvalActionName: 's3:GetObject' }] })
    const rest = await simulate(actions, { Marker: first.Marker })
    expect(rest).toMatchObject({ IsTruncated: false, EvaluationResults: [{ EvalActionName: 's3:PutObject' }] })
  })

  it.each<[string, Partial<SimulatePrincipalPolicyCommandInput>, string]>([
    ['a principal that is not there', { PolicySourceArn: `arn:aws:iam::${hub}:user/nobody` }, 'NoSuchEntityException'],
    ['an action with a wildcard', { ActionNames: ['s3:*'] }, 'InvalidInputException'],
    ['a date that is none', { ContextEntries: [currentTime('soon')] }, 'InvalidInputException'],
    ['a policy beside those there are, which is not simulated', { PolicyInputList: ['{}'] }, 'ValidationError'],
    ['a principal of another account', { PolicySourceArn: `arn:aws:iam::${prod}:role/curfew-member` }, 'AccessDenied'],
  ])('refuses %s', async (_, more, name) => {
    const { simulate } = await startWithBob()
    expect(await refusal(simulate(['s3:GetObject'], more))).toMatchObject({ name })
  })
})
