import { DeleteUserPolicyCommand, IAMClient } from '@aws-sdk/client-iam'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { send, startDeadline } from '../../../src/adapters/aws/send.ts'
import { faultIn, maySend, startAws } from './support.ts'

const keys = { accessKeyId: 'AKIAALICE', secretAccessKey: 'secret' }

async function startClients() {
  const { aws, newCalls } = await startAws()
  const options = { maxAttempts: 1, credentials: keys }
  const remove = () => new DeleteUserPolicyCommand({ UserName: 'alice', PolicyName: 'p' })
  return { aws, newCalls, options, iam: new IAMClient(options), sts: new STSClient(options), remove }
}

test('a call whose claim is lost is not sent', async () => {
  const { iam, remove, newCalls } = await startClients()
  const fault = await faultIn(send(iam, remove(), { deadline: startDeadline(), maySend: () => false }))
  expect(fault).toMatchObject({ code: 'claim_lost', retryable: true, answered: true })
  expect(newCalls()).toEqual([])
})

test('the claim is asked after signing, so that no signed call outlives the question', async () => {
  const { iam, remove, newCalls } = await startClients()
  let claimed = true
  iam.middlewareStack.addRelativeTo(
    <Args extends object, Result>(next: (args: Args) => Result) =>
      (args: Args) => {
        expect(args).toMatchObject({ request: { headers: { authorization: expect.stringContaining('AKIAALICE') } } })
        claimed = false
        return next(args)
      },
    { relation: 'after', toMiddleware: 'httpSigningMiddleware', name: 'loseClaim' },
  )
  const call = send(iam, remove(), { deadline: startDeadline(), maySend: () => claimed })
  expect((await faultIn(call)).code).toBe('claim_lost')
  expect(newCalls()).toEqual([])
})

test.each([
  ['throttle', 'throttled', true],
  ['conflict', 'conflict', true],
  ['fail', 'aws_unavailable', false],
  ['unheard', 'no_answer', false],
] as const)('after %s a change ends as %s; known not to have happened: %s', async (kind, code, answered) => {
  const { aws, iam, remove, newCalls } = await startClients()
  aws.faults.add({ match: 'DeleteUserPolicy', kind })
  const fault = await faultIn(send(iam, remove(), { deadline: startDeadline(), maySend }))
  expect(fault).toMatchObject({ code, retryable: true, answered })
  expect(newCalls()).toEqual(['DeleteUserPolicy'])
})

test('a change that AWS does not answer until the deadline may still happen', async () => {
  const { aws, iam, remove } = await startClients()
  aws.faults.add({ match: 'DeleteUserPolicy', kind: 'hang' })
  const fault = await faultIn(send(iam, remove(), { deadline: startDeadline(0.05), maySend }))
  expect(fault).toMatchObject({ code: 'no_answer', retryable: true, answered: false })
})

test('a read without an answer has changed nothing', async () => {
  const { aws, sts } = await startClients()
  aws.faults.add({ match: 'GetCallerIdentity', kind: 'hang' })
  const fault = await faultIn(send(sts, new GetCallerIdentityCommand({}), { deadline: startDeadline(0.05) }))
  expect(fault).toMatchObject({ code: 'no_answer', retryable: true, answered: true })
})

test('a call still waiting for credentials at the deadline never leaves', async () => {
  const { options, remove, newCalls } = await startClients()
  let give: (value: typeof keys) => void = () => {}
  const credentials = () => new Promise<typeof keys>(resolve => (give = resolve))
  const call = send(new IAMClient({ ...options, credentials }), remove(), { deadline: startDeadline(0.05), maySend })
  expect(await faultIn(call)).toMatchObject({ code: 'no_answer', answered: true })
  give(keys)
  await new Promise(resolve => setImmediate(resolve))
  expect(newCalls()).toEqual([])
})

test('after the deadline nothing is tried any more', async () => {
  const { iam, remove, newCalls } = await startClients()
  const fault = await faultIn(send(iam, remove(), { deadline: AbortSignal.abort(), maySend }))
  expect(fault).toMatchObject({ code: 'no_answer', retryable: true, answered: true })
  expect(newCalls()).toEqual([])
})

test('a refused connection is known not to have carried anything', async () => {
  const { options, remove } = await startClients()
  const iam = new IAMClient({ ...options, endpoint: 'http://127.0.0.1:1' })
  const fault = await faultIn(send(iam, remove(), { deadline: startDeadline(), maySend }))
  expect(fault).toMatchObject({ code: 'no_answer', retryable: true, answered: true })
})
