import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createAwsAdapters } from '../../src/adapters/aws/create-aws-adapters.ts'
import { createDynamoClient } from '../../src/adapters/dynamodb/client.ts'
import { createTableIfMissing } from '../../src/adapters/dynamodb/create-table.ts'
import { createDynamoTable } from '../../src/adapters/dynamodb/table.ts'
import { createSlackClients } from '../../src/adapters/slack/clients.ts'
import { createDirectory } from '../../src/adapters/slack/directory.ts'
import { policyNameOf, type RequestId } from '../../src/core/ids.ts'
import { type Instant, millisecondsOf, plusSeconds } from '../../src/core/instant.ts'
import { loadCatalogue } from '../../src/entry/catalogue.ts'
import type { Fault } from '../../src/playground/aws/faults.ts'
import { createBotProcess } from '../../src/playground/bot-process.ts'
import { startWorld, type World } from '../../src/playground/world.ts'
import { accounts, crowdCatalogue, crowdInAws, crowdInSlack, letWait, people, type Wish } from '../support/crowd.ts'
import { awsSettings } from '../support/start-dynalite.ts'
import { watchTable } from '../support/watch-table.ts'
import { withShiftedClock } from '../support/with-shifted-clock.ts'

const minute = 60_000
const hub = '000000000000'
const shiftMilliseconds = 5 * minute

/**
 * Two hundred requests. In each account two people: the assignment of one is shared by three requests, that of the
 * other by two, and stays until the last of them ends. The others are for one table each.
 */
const wishes: Wish[] = [
  ...accounts.flatMap((accountId, n): Wish[] => [
    ...[30, 45, 60].map(minutes => ({ person: people[2 * n]!, accountId, minutes })),
    ...[30, 90].map(minutes => ({ person: people[2 * n + 1]!, accountId, minutes })),
  ]),
  ...people.flatMap(person =>
    Array.from({ length: 4 }, (_, n): Wish => ({ person, table: `${person}-${n}`, minutes: 30 })),
  ),
]

/** What goes wrong while access begins. A hanging call keeps its worker for twenty real seconds: it comes first. */
const whileBeginning: Fault[] = [
  { match: 'PutUserPolicy', kind: 'hang', times: 1 },
  { match: 'PutUserPolicy', kind: 'unheard', times: 6 },
  { match: 'PutUserPolicy', kind: 'late', times: 2 },
  { match: 'PutUserPolicy', kind: 'throttle', times: 20 },
  { match: 'PutUserPolicy', kind: 'fail', times: 4 },
  { match: 'CreateAccountAssignment', kind: 'unheard', times: 2 },
  { match: 'CreateAccountAssignment', kind: 'throttle', times: 3 },
  { match: 'CreateAccountAssignment', kind: 'conflict', times: 3 },
]
const whilePoliciesEnd: Fault[] = [
  { match: 'DeleteUserPolicy', kind: 'unheard', times: 6 },
  { match: 'DeleteUserPolicy', kind: 'throttle', times: 30 },
  { match: 'DeleteUserPolicy', kind: 'fail', times: 4 },
]
const whileAssignmentsEnd: Fault[] = [
  { match: 'DeleteAccountAssignment', kind: 'unheard', times: 2 },
  { match: 'DeleteAccountAssignment', kind: 'throttle', times: 3 },
  { match: 'DeleteAccountAssignment', kind: 'conflict', times: 3 },
]

it('two bots on one table, with clocks five minutes apart, do everything once and nothing early', async () => {
  const { world, watched, bots, clocksSaid, lostPuts, say } = await startPlace()
  const { aws, clock } = world
  const statuses = () => Object.groupBy(watched.latest('REQ#'), ({ status = '' }) => status)
  const count = (status: string) => statuses()[status]?.length ?? 0
  const isNobodyAtWork = () => watched.latest('').every(({ claim }) => claim === undefined)
  /** Lets the world's clock run so fast, and jump to the next attempts while everybody rests, but not beyond `limit`. */
  const until = async (what: string, isSo: () => boolean, speed: number, limit = Number.POSITIVE_INFINITY) => {
    const deadline = performance.now() + 200_000
    while (!isSo()) {
      const now = JSON.stringify(Object.entries(statuses()).map(([status, of]) => [status, of?.length]))
      if (performance.now() > deadline) throw new Error(`never came true: ${what}; ${now}`)
      await new Promise(resolve => setTimeout(resolve, 100))
      const [next, ...others] = speed > 1 ? watched.resting().map(due => millisecondsOf(due) - clock.now()) : []
      // No two attempts are further apart: to where all of them are due, so that a jump serves many at once.
      const more = next === undefined ? 100 * (speed - 1) : Math.max(next, ...others.filter(due => due < 5 * minute))
      clock.advance(Math.max(0, Math.min(more, limit - minute - clock.now())))
    }
    say(what)
  }
  const jumpTo = (milliseconds: number) => clock.advance(Math.max(0, milliseconds - clock.now()))

  const waiting = await prepare(world)
  say('200 requests wait for approval')
  await Promise.all(bots.map(bot => bot.start()))
  for (const fault of whileBeginning) aws.faults.add(fault)
  const isPending = (id: RequestId) => statuses()['pending']?.some(({ name }) => name.includes(id))
  const approve = async ({ id, ts }: Waiting) => {
    const click = { userId: 'U0BOB', channelId: 'C0APPROVE', ts, actionId: 'approve' }
    // On a busy machine Slack may not be answered in its three seconds: whoever clicked does so again.
    for (let heard = false; !heard && isPending(id); ) heard = (await world.slack.click(click)).ok
  }
  for (let from = 0; from < waiting.length; from += 10) await Promise.all(waiting.slice(from, from + 10).map(approve))
  await until('all are active', () => count('active') === wishes.length, 8, clock.now() + 25 * minute)

  const requests = watched.latest('REQ#')
  const endOf = (id: RequestId) => requests.find(({ name }) => name.includes(id))!.expiresAt!
  const ends = (minutes: number) =>
    waiting.filter(({ wish }) => wish.minutes === minutes).map(({ id }) => millisecondsOf(endOf(id)))
  // By AWS's own reckoning, with nobody's help: allowed in the last second, and at the end no longer.
  for (const { id, wish } of waiting) {
    if ('table' in wish) expect([id, ...allowedAround(world, wish, endOf(id))]).toEqual([id, true, false])
  }

  for (const fault of whilePoliciesEnd) aws.faults.add(fault)
  jumpTo(Math.max(...ends(30)))
  let ended = ends(30).length
  // Who was throttled or was not heard tries again while the next ones end.
  await until('policies have ended', () => count('expired') >= ended - 20 && isNobodyAtWork(), 8, Math.min(...ends(45)))
  jumpTo(Math.max(...ends(45)))
  ended += ends(45).length
  await until(
    'some requests have ended, and others keep the assignment',
    () => count('expired') >= ended - 10 && isNobodyAtWork(),
    8,
    Math.min(...ends(60)),
  )
  aws.faults.clear()
  // AWS answers, and the clock goes as clocks go.
  jumpTo(Math.min(...ends(60)) - 2000)
  const removals = () => operationsOf(world).filter(({ kind }) => kind === 'delete').length
  await until('half of the assignments are being taken away', () => removals() === accounts.length, 1)
  const early = waiting.filter(({ wish }) => wish.minutes < 60)
  const isOver = ({ id }: Waiting) => statuses()['expired']?.some(({ name }) => name.includes(id))
  await until('what was throttled or not heard has ended too', () => early.every(isOver), 8)
  for (const fault of whileAssignmentsEnd) aws.faults.add(fault)
  jumpTo(Math.max(...ends(90)))
  await until('all have ended', () => count('expired') === wishes.length, 8)

  const { made, takenOver, stolen } = watched.claims()
  expect(stolen).toEqual([])
  expect(policiesDoneTwice(world, waiting, [...lostPuts, ...takenOver])).toEqual([])
  const operations = operationsOf(world)
  const perPerson = Object.groupBy(operations, ({ kind, principalId }) => `${kind} ${principalId}`)
  expect(Object.values(perPerson).map(same => same?.length)).toEqual(
    Array.from({ length: 4 * accounts.length }, () => 1),
  )

  // AWS then takes the three seconds that its own work takes.
  const delays = waiting.flatMap(({ id, wish }) => {
    if (!('accountId' in wish) || wish.minutes !== 60) return []
    const removal = operations.find(({ kind, accountId }) => kind === 'delete' && accountId === wish.accountId)
    return [(removal?.startedAt ?? Number.NaN) - millisecondsOf(endOf(id))]
  })
  console.info(`assignments were taken away ${Math.min(...delays)} to ${Math.max(...delays)} ms after their ends`)
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...delays)).toBeLessThanOrEqual(5000)

  const losses = `${takenOver.length} taken over, ${lostPuts.length} puts whose answer was lost`
  console.info(`${made} claims, ${losses}; ${operations.length} operations on assignments`)
  expect(made).toBeGreaterThan(wishes.length)
  const [right, wrong] = clocksSaid.map(said => said.at(-1) ?? Number.NaN)
  expect(Math.abs(right!)).toBeLessThan(minute)
  expect(Math.abs(wrong! - shiftMilliseconds)).toBeLessThan(minute)
}, 600_000)

/** The world, two bots that are not started yet, and what is seen of them. */
async function startPlace() {
  const startedAt = performance.now()
  const folder = mkdtempSync(join(tmpdir(), 'curfew-'))
  const catalogue = join(folder, 'curfew.yaml')
  writeFileSync(catalogue, crowdCatalogue)
  const world = await startWorld({ catalogue, seed: crowdInSlack, aws: crowdInAws, rateLimits: 'off' })
  const watched = watchTable(world.table.url, world.clock.now)
  const bots = [
    createBotProcess(world.botVariables),
    createBotProcess({ ...world.botVariables, ...withShiftedClock(shiftMilliseconds) }),
  ]
  // The log tells the local time: here, by how much each bot is off.
  const clocksSaid = bots.map(bot => {
    const said: number[] = []
    bot.onLine(line => {
      const [, time] = /"time":"([^"]+)"/.exec(line) ?? []
      if (time !== undefined) said.push(Date.parse(time) - Date.now())
    })
    return said
  })
  const lostPuts: string[] = []
  world.aws.onCall(({ operation, outcome, input }) => {
    const wasLost = /^(unheard|late|hang|Internal|ServiceFailure)/.test(outcome)
    if (operation === 'PutUserPolicy' && wasLost) lostPuts.push(input)
  })
  onTestFinished(async () => {
    watched.stop()
    vi.unstubAllEnvs()
    await Promise.all(bots.map(bot => bot.stop()))
    await world.close()
    rmSync(folder, { recursive: true })
  })
  const say = (what: string) => console.info(`${Math.round((performance.now() - startedAt) / 1000)} s: ${what}`)
  return { world, watched, bots, clocksSaid, lostPuts, say }
}

/** Whether AWS lets the person read the table one second before this moment, and at it. */
function allowedAround(
  { aws }: World,
  { person, table }: Extract<Wish, { table: string }>,
  moment: Instant,
): boolean[] {
  const as = aws.userSession({ accountId: hub, userName: person })
  const resource = `arn:aws:dynamodb:ap-northeast-1:${hub}:table/${table}`
  return [plusSeconds(moment, -1), moment].map(
    at => aws.evaluate({ as, action: 'dynamodb:GetItem', resource, context: { 'aws:CurrentTime': at } }).allowed,
  )
}

/**
 * The policies that did not come once and go once, in words. One is put again, the same as before, only where nobody is
 * left who knows of the first time: its answer was lost, or its worker lost the claim (`unknown` names these).
 */
function policiesDoneTwice({ journal }: World, waiting: Waiting[], unknown: string[]): string[] {
  const events = journal.entries('aws').map(({ type, data }) => ({ type, ...(data as Partial<PolicyEvent>) }))
  const policies = Object.groupBy(events, ({ policyName = '' }) => policyName)
  return waiting.flatMap(({ id, wish }) => {
    if (!('table' in wish)) return []
    const own = policies[policyNameOf(id)] ?? []
    const puts = own.filter(({ type }) => type === 'user-policy-put')
    const deletions = own.filter(({ type }) => type === 'user-policy-deleted').length
    const mayRepeat = unknown.filter(name => name.includes(id)).length
    const isOne = new Set(puts.map(({ document }) => document)).size === 1
    if (isOne && puts.length <= 1 + mayRepeat && deletions === 1) return []
    return [`${id}: put ${puts.length} times where ${1 + mayRepeat} may be, deleted ${deletions} times`]
  })
}

function operationsOf({ journal }: World): Operation[] {
  const started = journal.entries('aws').filter(({ type }) => type === 'assignment-operation-started')
  return started.map(({ data }) => data as Operation)
}

/** What the journal holds of a policy and of an assignment. */
type PolicyEvent = { policyName: string; document: string }
type Operation = { kind: 'create' | 'delete'; accountId: string; principalId: string; startedAt: number }

type Waiting = { id: RequestId; wish: Wish; ts: string }

/** Lets all requests wait for approval. */
async function prepare(world: World): Promise<Waiting[]> {
  for (const [name, value] of Object.entries(world.botVariables)) if (name.startsWith('AWS_')) vi.stubEnv(name, value)
  const loaded = await loadCatalogue(world.botVariables['CURFEW_CONFIG'] ?? '')
  if (!('catalogue' in loaded)) throw new Error(JSON.stringify(loaded.problems))
  const { catalogue } = loaded
  const adapters = createAwsAdapters({ catalogue })
  await adapters.clock.measure()
  const client = createDynamoClient(awsSettings(world.table.url))
  await createTableIfMissing(client, 'curfew')
  const slack = { url: world.slack.url, token: world.botVariables['SLACK_BOT_TOKEN'] ?? '' }
  const { interactive } = createSlackClients(slack.token, slack.url)
  const directory = createDirectory(interactive, { clock: adapters.clock, cacheSeconds: 60 })
  const table = createDynamoTable({ client, tableName: 'curfew', clock: adapters.clock })
  return letWait({ ...adapters, directory }, { table, catalogue, slack, wishes })
}
