import {
  DeleteUserPolicyCommand,
  type IAMClient,
  ListUserPoliciesCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { CreateAccountAssignmentCommand, ListInstancesCommand } from '@aws-sdk/client-sso-admin'
import { expect, it } from 'vitest'
import { setFault, standingFaults } from '../../../src/playground/page/standing-faults.ts'
import { dev, instanceArn, refusal, startTestAws } from '../aws/support.ts'
import { clientOf, startSlack } from '../slack/support.ts'

const document = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}'
const policy = { UserName: 'alice', PolicyName: 'curfew-1' }
const put = (iam: IAMClient) => iam.send(new PutUserPolicyCommand({ ...policy, PolicyDocument: document }))

async function startServices() {
  const { aws, asMember, clients } = await startTestAws()
  return { aws, clients, slack: await startSlack(), iam: (await asMember(dev)).iam }
}

it('broken AWS refuses every change, time after time, and still answers reads, until it is set back', async () => {
  const { aws, clients, slack, iam } = await startServices()
  const { sso } = clients()
  const assign = new CreateAccountAssignmentCommand({
    InstanceArn: instanceArn,
    PermissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
    TargetId: dev,
    TargetType: 'AWS_ACCOUNT',
    PrincipalType: 'USER',
    PrincipalId: 'u-1',
  })
  setFault({ aws, slack }, { service: 'aws', kind: 'throttle' })
  for (const call of [() => put(iam), () => put(iam), () => iam.send(new DeleteUserPolicyCommand(policy))]) {
    expect(await refusal(call())).toMatchObject({ name: 'Throttling' })
  }
  expect(await refusal(sso.send(assign))).toMatchObject({ name: 'ThrottlingException' })
  expect((await iam.send(new ListUserPoliciesCommand({ UserName: 'alice' }))).PolicyNames).toEqual([])
  await sso.send(new ListInstancesCommand({}))
  setFault({ aws, slack }, { service: 'aws', kind: 'none' })
  await put(iam)
})

it('broken Slack fails at every message, time after time, and at nothing else, until it is set back', async () => {
  const { aws, slack } = await startServices()
  const { chat, users } = clientOf(slack)
  const post = () => chat.postMessage({ channel: 'C0APPROVE', text: 'Hello' })
  setFault({ aws, slack }, { service: 'slack', kind: 'fail' })
  for (let time = 0; time < 3; time++) await expect(post()).rejects.toThrow('internal_error')
  expect((await users.info({ user: 'U0ALICE' })).ok).toBe(true)
  setFault({ aws, slack }, { service: 'slack', kind: 'none' })
  expect((await post()).ok).toBe(true)
})

it('one fault stands at each of the two: a new one takes the place of the old', async () => {
  const { aws, slack } = await startServices()
  expect(standingFaults({ aws, slack })).toEqual({ aws: 'none', slack: 'none' })
  setFault({ aws, slack }, { service: 'aws', kind: 'throttle' })
  setFault({ aws, slack }, { service: 'slack', kind: 'hang' })
  setFault({ aws, slack }, { service: 'aws', kind: 'unheard' })
  expect(standingFaults({ aws, slack })).toEqual({ aws: 'unheard', slack: 'hang' })
  expect(aws.faults.list()).toMatchObject([{ kind: 'unheard' }])
})

it('a fault that a test has set for one call is none that stands', async () => {
  const { aws, slack } = await startServices()
  aws.faults.add({ match: 'PutUserPolicy', kind: 'throttle', times: 1 })
  slack.faults.add({ method: 'chat.update', kind: 'fail' })
  expect(standingFaults({ aws, slack })).toEqual({ aws: 'none', slack: 'none' })
})
