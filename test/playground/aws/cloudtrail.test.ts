import { describe, expect, it } from 'vitest'
import type { PolicyDocument } from '../../../src/playground/aws/policy.ts'
import { openJournal } from '../../../src/playground/journal.ts'
import { dev, hub, seed, startTestAws } from './support.ts'

const roleArn = `arn:aws:iam::${dev}:role/Dev`
const day = 86_400_000
type Asked = Record<string, unknown>

/** The seed with a role Dev that Alice enters under any name, and readers of the trails of both accounts. */
async function startWithTrail() {
  const from = structuredClone(seed)
  const allow = (Action: string): PolicyDocument => ({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action, Resource: '*' },
  })
  const trust = (AWS: string): PolicyDocument => ({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' },
  })
  const account = (id: string) => from.accounts.find(one => one.id === id)!
  account(hub).users!.find(({ name }) => name === 'alice')!.inlinePolicies = { enter: allow('sts:AssumeRole') }
  account(dev).roles!.push({ name: 'Dev', trust: trust(`arn:aws:iam::${hub}:root`) })
  for (const id of [hub, dev])
    account(id).roles!.push({ name: 'auditor', trust: trust('*'), inlinePolicies: { read: allow('cloudtrail:*') } })
  const world = await startTestAws(openJournal(), from)
  const { accessKeyId: alice } = world.aws.userSession({ accountId: hub, userName: 'alice' })
  const auditor = (id: string) => {
    world.clock.advance(1000)
    const as = { accessKeyId: alice }
    return world.aws.assumeRole({ as, roleArn: `arn:aws:iam::${id}:role/auditor`, sessionName: 'audit' })
  }
  const lookUp = async (as: { accessKeyId: string; sessionToken?: string }, asked: Asked = {}) => {
    const answer = await fetch(world.aws.url, {
      method: 'POST',
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${as.accessKeyId}/20261102/us-east-1/cloudtrail/aws4_request, Signature=0`,
        'x-amz-security-token': as.sessionToken ?? '',
        'x-amz-target': 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents',
      },
      body: JSON.stringify(asked),
    })
    return (await answer.json()) as { Events: Asked[]; NextToken?: string; __type?: string }
  }
  const enter = (sessionName: string) => world.aws.assumeRole({ as: { accessKeyId: alice }, roleArn, sessionName })
  return { ...world, alice, auditor, lookUp, enter }
}

const of = (AttributeKey: string, AttributeValue: string) => ({ LookupAttributes: [{ AttributeKey, AttributeValue }] })

describe('LookupEvents', () => {
  it('tells who entered a role under which name: in full where the caller is of the account', async () => {
    const { enter, auditor, lookUp, alice } = await startWithTrail()
    const session = enter('bob')
    const { Events } = await lookUp(auditor(hub), of('ResourceName', roleArn))
    expect(Events).toMatchObject([
      {
        EventName: 'AssumeRole',
        EventSource: 'sts.amazonaws.com',
        EventTime: Date.parse('2026-11-02T09:00:00Z') / 1000,
        Username: 'alice',
        AccessKeyId: alice,
      },
    ])
    expect(JSON.parse(String(Events[0]!['CloudTrailEvent']))).toMatchObject({
      userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${hub}:user/alice`, userName: 'alice' },
      requestParameters: { roleArn, roleSessionName: 'bob' },
      responseElements: { assumedRoleUser: { arn: session.arn } },
      recipientAccountId: hub,
    })
  })

  it('names a caller of another account by id only', async () => {
    const { enter, auditor, lookUp } = await startWithTrail()
    enter('bob')
    const { Events } = await lookUp(auditor(dev), of('ResourceName', roleArn))
    const { userIdentity, requestParameters } = JSON.parse(String(Events[0]!['CloudTrailEvent']))
    expect(userIdentity).toEqual({
      type: 'AWSAccount',
      principalId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
      accountId: hub,
    })
    expect(requestParameters).toEqual({ roleArn, roleSessionName: 'bob' })
    expect(Events[0]).not.toHaveProperty('Username')
  })

  it('gives fifty a page, newest first', async () => {
    const { enter, auditor, lookUp } = await startWithTrail()
    for (let index = 10; index < 62; index += 1) enter(`s${index}`)
    const as = auditor(dev)
    const names = ({ Events }: { Events: Asked[] }) =>
      Events.map(event => JSON.parse(String(event['CloudTrailEvent'])).requestParameters.roleSessionName)
    const asked = of('ResourceName', roleArn)
    const first = await lookUp(as, asked)
    expect(names(first)).toHaveLength(50)
    expect(names(first)[0]).toBe('s61')
    const second = await lookUp(as, { ...asked, NextToken: first.NextToken })
    expect(names(second)).toEqual(['s11', 's10'])
    expect(second.NextToken).toBeUndefined()
  })

  it('forgets after ninety days, and looks where it is told', async () => {
    const { enter, auditor, lookUp, clock } = await startWithTrail()
    enter('early')
    clock.advance(89 * day)
    enter('late')
    const named = async (asked: Asked = {}) =>
      (await lookUp(auditor(hub), { ...of('ResourceName', roleArn), ...asked })).Events.length
    expect(await named()).toBe(2)
    expect(await named({ StartTime: clock.now() / 1000 - 60 })).toBe(1)
    expect(await named({ EndTime: clock.now() / 1000 - 86_400 })).toBe(1)
    clock.advance(day)
    expect(await named()).toBe(1)
  })

  it.each<[string, Asked, string]>([
    ['two attributes', { LookupAttributes: [{}, {}] }, 'InvalidLookupAttributesException'],
    ['an unknown attribute', of('Colour', 'red'), 'InvalidLookupAttributesException'],
    ['more than fifty a page', { MaxResults: 51 }, 'InvalidMaxResultsException'],
    ['a token of its own making', { NextToken: 'x' }, 'InvalidNextTokenException'],
    ['a time that runs backwards', { StartTime: 2, EndTime: 1 }, 'InvalidTimeRangeException'],
  ])('refuses %s', async (_, asked, type) => {
    const { auditor, lookUp } = await startWithTrail()
    expect((await lookUp(auditor(hub), asked)).__type).toBe(type)
  })

  it('is for who may look, and can be throttled', async () => {
    const { aws, alice, auditor, lookUp } = await startWithTrail()
    expect((await lookUp({ accessKeyId: alice })).__type).toBe('AccessDeniedException')
    const as = auditor(hub)
    aws.faults.add({ match: 'cloudtrail:LookupEvents', kind: 'throttle', times: 1 })
    expect((await lookUp(as)).__type).toBe('ThrottlingException')
    expect(aws.calls().at(-1)).toMatchObject({ service: 'cloudtrail', operation: 'LookupEvents' })
    expect((await lookUp(as)).__type).toBeUndefined()
  })
})
