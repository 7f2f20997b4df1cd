import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutUserPolicyCommand } from '@aws-sdk/client-iam'
import { CreateAccountAssignmentCommand } from '@aws-sdk/client-sso-admin'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startSimulatedAws } from '../../../src/playground/aws/simulated-aws.ts'
import { openJournal } from '../../../src/playground/journal.ts'
import { createWorldClock } from '../../../src/playground/world-clock.ts'
import { dev, directoryId, hub, instanceArn, prod, refusal, seed, setArn, startTestAws, table } from './support.ts'

const authorization = 'AWS4-HMAC-SHA256 Credential=AKIABOT/20261102/us-east-1/iam/aws4_request, Signature=0'
const form = (body: string) => ({ method: 'POST', headers: { authorization }, body })
const json = (target: string, body = '{}') => ({
  method: 'POST',
  headers: { authorization, 'x-amz-target': target },
  body,
})

describe('the wire', () => {
  it('dates every answer by the world clock and gives it a request id', async () => {
    const { aws, clock } = await startTestAws()
    clock.advance(86_400_000)
    const answers = [
      await fetch(aws.url, form('Action=GetCallerIdentity&Version=2011-06-15')),
      await fetch(aws.url, json('SWBExternalService.ListInstances')),
      await fetch(aws.url, json('AWSIdentityStore.DescribeUser')),
    ]
    for (const { headers } of answers) {
      expect(headers.get('date')).toBe('Tue, 03 Nov 2026 09:00:00 GMT')
      expect(headers.get('x-amzn-requestid')).toMatch(/^[0-9a-f-]{36}$/)
    }
  })

  it('an unknown operation is refused in the words of its service', async () => {
    const { aws } = await startTestAws()
    const iam = await fetch(aws.url, form('Action=DeleteEverything&Version=2010-05-08'))
    expect(iam.status).toBe(400)
    expect(await iam.text()).toContain('<Code>InvalidAction</Code>')
    const sso = await fetch(aws.url, json('SWBExternalService.DeleteEverything'))
    expect(await sso.json()).toMatchObject({ __type: 'UnknownOperationException' })
    const other = await fetch(aws.url, json('DynamoDB_20120810.GetItem'))
    expect(other.status).toBe(404)
  })

  it('a JSON body that cannot be read is refused', async () => {
    const { aws } = await startTestAws()
    const answer = await fetch(aws.url, json('SWBExternalService.ListInstances', '{'))
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual({ __type: 'SerializationException' })
  })

  it('a request without a key is missing its token', async () => {
    const { aws } = await startTestAws()
    const answer = await fetch(aws.url, { method: 'POST', body: 'Action=GetUser&Version=2010-05-08' })
    expect(answer.status).toBe(403)
    expect(await answer.text()).toContain('<Code>MissingAuthenticationToken</Code>')
  })
})

describe('a restart', () => {
  it('finds policies, assignments, operations under way and sessions as they were', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'curfew-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const file = join(directory, 'journal.jsonl')
    const before = await startTestAws(openJournal(file))
    const { iam } = await before.asMember(dev)
    const PolicyDocument = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
    await iam.send(new PutUserPolicyCommand({ UserName: 'alice', PolicyName: 'curfew-1', PolicyDocument }))
    const session = before.aws.portalSession({ accountId: prod, permissionSet: 'Operator', userName: 'bob' })
    await before.clients().sso.send(
      new CreateAccountAssignmentCommand({
        InstanceArn: instanceArn,
        TargetId: prod,
        TargetType: 'AWS_ACCOUNT',
        PermissionSetArn: setArn(before.aws, 'Curfew-ReadOnly'),
        PrincipalType: 'USER',
        PrincipalId: directoryId(before.aws, 'alice'),
      }),
    )
    before.clock.advance(1000)
    const seen = before.aws.snapshot()
    await before.aws.close()

    const after = await startTestAws(openJournal(file))
    expect(after.aws.snapshot()).toEqual(seen)
    expect(seen.assignments.map(({ status }) => status)).toEqual(['ASSIGNED', 'ASSIGNED', 'CREATING'])
    after.clock.advance(2000)
    expect(after.aws.snapshot().assignments.map(({ status }) => status)).toEqual(['ASSIGNED', 'ASSIGNED', 'ASSIGNED'])
    const attempt = { as: session, action: 'dynamodb:PutItem', resource: table }
    expect(after.aws.tryAction(attempt)).toEqual({ allowed: true })
  })
})

describe('the record of calls', () => {
  it('says who called what, and what came of it', async () => {
    const { aws, clients } = await startTestAws()
    const { sts } = clients()
    const heard: string[] = []
    const end = aws.onCall(({ operation }) => heard.push(operation))
    await sts.send(new GetCallerIdentityCommand({}))
    end()
    const nobody = clients({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' })
    await refusal(nobody.iam.send(new PutUserPolicyCommand({ UserName: 'a', PolicyName: 'b', PolicyDocument: '{}' })))
    expect(heard).toEqual(['GetCallerIdentity'])
    expect(aws.calls()).toEqual([
      {
        at: '2026-11-02T09:00:00.000Z',
        service: 'sts',
        operation: 'GetCallerIdentity',
        input: '',
        caller: `arn:aws:sts::${hub}:assumed-role/curfew-bot/workload`,
        outcome: 'ok',
      },
      {
        at: '2026-11-02T09:00:00.000Z',
        service: 'iam',
        operation: 'PutUserPolicy',
        input: 'UserName=a PolicyName=b PolicyDocument={}',
        outcome: 'InvalidClientTokenId',
      },
    ])
  })

  it('keeps the latest 500', async () => {
    const { aws } = await startTestAws()
    for (let index = 0; index < 510; index += 1) {
      await fetch(aws.url, form(`Action=GetUser&Version=2010-05-08&UserName=u${index}`))
    }
    expect(aws.calls()).toHaveLength(500)
    expect(aws.calls()[0]!.input).toBe('UserName=u10')
  })
})

it('a seed with a session duration AWS would not take does not start', async () => {
  const journal = openJournal()
  const clock = createWorldClock(journal)
  const permissionSets = seed.permissionSets.map(set => ({ ...set, sessionDuration: 'PT13H' }))
  const start = startSimulatedAws({ journal, clock, seed: { ...seed, permissionSets } })
  await expect(start).rejects.toThrow('PT1H to PT12H, not PT13H')
})

it('a seed that contradicts itself does not start', async () => {
  const journal = openJournal()
  const clock = createWorldClock(journal)
  const groups = [{ name: 'operators', members: ['nobody'] }]
  const start = startSimulatedAws({ journal, clock, seed: { ...seed, groups, assignments: [] } })
  await expect(start).rejects.toThrow('The seed names nobody, which it does not have')
})
