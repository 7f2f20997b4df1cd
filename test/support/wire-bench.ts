import { createAwsAdapters } from '../../src/adapters/aws/create-aws-adapters.ts'
import { createDynamoClient } from '../../src/adapters/dynamodb/client.ts'
import { createTableIfMissing } from '../../src/adapters/dynamodb/create-table.ts'
import { createDynamoTable } from '../../src/adapters/dynamodb/table.ts'
import type { PolicyDocument } from '../../src/core/inline-policy.ts'
import { hasCome, type Instant, millisecondsOf } from '../../src/core/instant.ts'
import { commonError } from '../../src/playground/aws/aws-error.ts'
import { type SimulatedAws, startSimulatedAws } from '../../src/playground/aws/simulated-aws.ts'
import { readRequest, writeError } from '../../src/playground/aws/wire.ts'
import { openJournal } from '../../src/playground/journal.ts'
import { botAccessKeyId } from '../../src/playground/story-aws.ts'
import { type Bench, createBenchOn } from './bench.ts'
import { aCatalogue } from './builders.ts'
import type { AwsBehind } from './fake-aws.ts'
import { createFakeClock, type FakeClock } from './fake-clock.ts'
import { type Passing, startProxy } from './proxy.ts'
import { awsSettings } from './start-dynalite.ts'
import { wireSeed } from './wire-seed.ts'

const prod = '111111111111'

/** Everything the SDK needs to find the simulated AWS; `url` is the proxy before it. */
function awsEnvironment(url: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: 'ap-northeast-1',
    AWS_ACCESS_KEY_ID: botAccessKeyId,
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  }
}

/**
 * The bench with the real adapters over the wire: simulated AWS behind a proxy that deals out the fates of its calls,
 * and a table of that name in the DynamoDB at `dynamoUrl`. Slack and the clock are those of the bench. `useEnvironment`
 * is told what the SDK is to find in the environment.
 */
export async function createWireBench({
  dynamoUrl,
  tableName,
  useEnvironment,
}: {
  dynamoUrl: string
  tableName: string
  useEnvironment: (variables: Record<string, string>) => void
}): Promise<{
  bench: Bench<AwsBehind>
  /** How many changes AWS took so far, and how many calls met another fate than that. */
  counts(): { changes: number; fates: number }
  stop(): Promise<void>
}> {
  const clock = createFakeClock()
  const late = createLateCalls(clock)
  const journal = openJournal()
  const simulated = await startSimulatedAws({
    journal,
    clock: {
      now: () => millisecondsOf(late.moment() ?? clock.now()),
      advance: milliseconds => clock.advanceSeconds(milliseconds / 1000),
    },
    seed: wireSeed,
  })
  const behind = awsBehind(simulated, clock, late)
  const proxy = await startProxy(simulated.url, passing => late.inTurn(() => behind.handle(passing)))
  useEnvironment(awsEnvironment(proxy.url))
  const adapters = createAwsAdapters({ catalogue: aCatalogue() })
  await adapters.clock.measure()
  const client = createDynamoClient(awsSettings(dynamoUrl))
  await createTableIfMissing(client, tableName)
  const table = createDynamoTable({ client, tableName, clock })
  return {
    bench: createBenchOn({ clock, aws: behind.aws, adapters: { ...adapters, table } }),
    counts: () => ({ changes: journal.entries('aws').filter(isChange).length, fates: behind.fates() }),
    async stop() {
      client.destroy()
      await proxy.stop()
      await simulated.close()
    },
  }
}

/** Calls that arrive when their time has come: seen from AWS in the order of those times, and one call after the other. */
function createLateCalls(clock: FakeClock) {
  const waiting: { at: Instant; arrive: () => Promise<unknown> }[] = []
  let moment: Instant | undefined
  let last: Promise<unknown> = Promise.resolve()
  const arrive = async () => {
    waiting.sort((one, other) => (one.at < other.at ? -1 : 1))
    for (let next = waiting[0]; next && hasCome(next.at, clock.now()); next = waiting[0]) {
      waiting.shift()
      moment = next.at
      await next.arrive()
      moment = undefined
    }
  }
  return {
    /** What time it is for the late call that arrives just now. */
    moment: () => moment,
    add: (at: Instant, call: () => Promise<unknown>) => void waiting.push({ at, arrive: call }),
    inTurn<T>(work: () => Promise<T>): Promise<T> {
      const turn = last.then(arrive).then(work)
      last = turn.catch(() => undefined)
      return turn
    },
  }
}

const isChange = ({ type }: { type: string }) => type !== 'session-started'

const changes: Record<string, string> = {
  PutUserPolicy: 'put',
  PutRolePolicy: 'put',
  DeleteUserPolicy: 'delete',
  DeleteRolePolicy: 'delete',
  CreatePolicyVersion: 'publish',
  DeletePolicyVersion: 'publish',
  CreateAccountAssignment: 'create',
  DeleteAccountAssignment: 'remove',
}

type Account = ReturnType<SimulatedAws['snapshot']>['accounts'][number]

/** Curfew's inline policies in an account. What it wrote is a document as it writes them. */
function policiesIn({ id, users, roles }: Account): [string, PolicyDocument][] {
  const holders = [
    ...users.map(user => ({ ...user, place: `${id}/${user.name}` })),
    ...roles.map(role => ({ ...role, place: `${id}/role/${role.name}` })),
  ]
  return holders.flatMap(({ place, inlinePolicies }) =>
    inlinePolicies
      .filter(({ name }) => name.startsWith('curfew-'))
      .map(({ name, document }): [string, PolicyDocument] => [`${place}/${name}`, document as PolicyDocument]),
  )
}

/** The leashes of an account as they are in force. */
function leashesIn({ id, policies, roles }: Account): [string, string[]][] {
  return policies.flatMap(({ name, document }): [string, string[]][] => {
    const [, of] = /^leash-(.+)$/.exec(name) ?? []
    if (of === undefined) return []
    const isRole = roles.some(role => role.name === of)
    return [[`${id}/${isRole ? `role/${of}` : of}`, [JSON.stringify(document)]]]
  })
}

function awsBehind(simulated: SimulatedAws, clock: FakeClock, late: ReturnType<typeof createLateCalls>) {
  let fates = 0
  let sendingLate: { at: Instant; sent: () => void } | undefined
  const set = simulated.snapshot().permissionSets.find(({ name }) => name === 'Curfew-ReadOnly')
  const aws: AwsBehind = {
    fate: () => 'done',

    async standing() {
      return late.inTurn(async () => {
        const { accounts, assignments, permissionSets } = simulated.snapshot()
        const arnOf = (set: string) => permissionSets.find(({ name }) => name === set)?.arn
        return {
          policies: new Map(accounts.flatMap(policiesIn)),
          assigned: assignments
            .filter(({ principalType, status }) => principalType === 'USER' && status !== 'CREATING')
            .map(({ accountId, permissionSet, principalId }) => `${accountId}/${arnOf(permissionSet)}/${principalId}`),
          leashes: new Map(accounts.flatMap(leashesIn)),
        }
      })
    },

    async assignByHand(person) {
      const user = simulated.snapshot().identityCenterUsers.find(({ userName }) => userName === person)
      const assignment = {
        ...{ InstanceArn: wireSeed.identityCenter.instanceArn, PermissionSetArn: set?.arn },
        ...{ TargetType: 'AWS_ACCOUNT', TargetId: prod, PrincipalType: 'USER', PrincipalId: user?.userId },
      }
      const create = () =>
        late.inTurn(() =>
          fetch(simulated.url, {
            method: 'POST',
            headers: {
              'x-amz-target': 'SWBExternalService.CreateAccountAssignment',
              authorization: `AWS4-HMAC-SHA256 Credential=${botAccessKeyId}/`,
            },
            body: JSON.stringify(assignment),
          }),
        )
      // AWS takes one change at a time, and then some seconds.
      for (let taken = false; !taken; clock.advanceSeconds(4)) taken = (await create()).ok
      return `${prod}/${set?.arn}/${user?.userId}`
    },

    async sendLate(act, at) {
      await new Promise<void>(resolve => {
        sendingLate = { at, sent: resolve }
        // A call that changes nothing in AWS just takes place.
        act().then(
          () => resolve(),
          () => resolve(),
        )
      })
      sendingLate = undefined
    },
  }

  async function handle({ message, body, forward }: Passing) {
    const request = readRequest(message, body)
    const change = typeof request === 'object' ? changes[request.operation] : undefined
    if (typeof request !== 'object' || change === undefined) return forward()
    if (sendingLate) {
      fates++
      late.add(sendingLate.at, forward)
      sendingLate.sent()
      return 'break'
    }
    const fate = aws.fate(change)
    if (fate !== 'done') fates++
    if (typeof fate === 'object') late.add(fate.arrivesAt, forward)
    switch (fate) {
      case 'done':
        return forward()
      case 'throttled':
        simulated.faults.add({ match: request.operation, kind: 'throttle', times: 1 })
        return forward()
      case 'denied': {
        const { status, contentType, body } = writeError(request.service, commonError('denied', 'not authorized'), '1')
        return { status, headers: { 'content-type': contentType }, body: Buffer.from(body) }
      }
      case 'unheard':
        await forward()
        return 'break'
      default:
        return 'break'
    }
  }

  return { aws, handle, fates: () => fates }
}
