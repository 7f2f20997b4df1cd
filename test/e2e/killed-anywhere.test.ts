import { describe, expect, it, type TestContext, vi } from 'vitest'
import { createDynamoClient } from '../../src/adapters/dynamodb/client.ts'
import { createDynamoTable } from '../../src/adapters/dynamodb/table.ts'
import { renderAnnouncement } from '../../src/adapters/slack/render-announcement.ts'
import type { Table } from '../../src/app/ports.ts'
import { type AccessRequest, isEnded } from '../../src/core/access-request.ts'
import { announcementsOf } from '../../src/core/announcements.ts'
import { dueAtOf } from '../../src/core/due.ts'
import { instantOf, secondsBetween } from '../../src/core/instant.ts'
import { loadCatalogue } from '../../src/entry/catalogue.ts'
import { createBotProcess } from '../../src/playground/bot-process.ts'
import type { SlackMessage } from '../../src/playground/slack/state.ts'
import { startWorld, type World } from '../../src/playground/world.ts'
import { type Death, startKillingProxy } from '../support/killing-proxy.ts'
import { awsSettings } from '../support/start-dynalite.ts'
import { watchTable } from '../support/watch-table.ts'
import { assignments, hour, ordersTable, policies, prodReadOnly, shown, type Wish } from './support.ts'

/**
 * Changes of AWS are all attacked, of the others each sixth write and each twelfth call to Slack: a point costs two
 * seconds of a core. `EVERY_POINT=1` takes all, for some minutes.
 */
const steps = process.env['EVERY_POINT'] === '1' ? { table: 1, slack: 1 } : { table: 6, slack: 12 }

const alice = 'U0ALICE'
const bob = 'U0BOB'

/** One world, in which one journey follows the other; a bot that dies is started again. */
async function aPlace({ onTestFinished }: Pick<TestContext, 'onTestFinished'>) {
  // An hour of messages passes in a second or two.
  const world = await startWorld({ rateLimits: 'off' })
  const proxy = await startKillingProxy(world.botVariables, () => void bot.stop())
  const bot = createBotProcess(proxy.variables)
  let deaths = 0
  bot.onChange(() => {
    if (bot.state() === 'stopped') deaths++
  })
  onTestFinished(async () => {
    await bot.stop()
    await proxy.stop()
    await world.close()
  })
  const clock = { now: () => instantOf(world.clock.now()), after: async () => undefined }
  const client = createDynamoClient(awsSettings(world.table.url))
  const table = createDynamoTable({ client, tableName: 'curfew', clock })
  const watched = watchTable(world.table.url, world.clock.now)
  onTestFinished(watched.stop)
  const loaded = await loadCatalogue(world.botVariables['CURFEW_CONFIG'] ?? '')
  if (!('catalogue' in loaded)) throw new Error('the example catalogue has problems')

  /** A bot that runs: after a death another one, which finds the claims of the dead run out. */
  const live = async () => {
    while (bot.state() !== 'ready') {
      if (deaths > 0) world.clock.advance(61_000)
      await bot.start().catch(() => undefined)
    }
  }
  /** Lets the world's clock run, or jump where nobody is at work and all that is due is due later. */
  const pass = async () => {
    await new Promise(resolve => setTimeout(resolve, 200))
    const [due] = watched.resting()
    const wait = due === undefined ? 0 : secondsBetween(clock.now(), due)
    // Ends and lapses are further off than any retry or lost call.
    world.clock.advance(wait > 2 && wait < 600 ? wait * 1000 : 1600)
  }
  const until = async <T>(what: string, look: () => Promise<T | undefined | false>): Promise<T> => {
    const deadline = performance.now() + 60_000
    for (;;) {
      await live()
      const seen = await look()
      if (seen) return seen
      if (performance.now() > deadline) throw new Error(`never came true: ${what}`)
      await pass()
    }
  }
  return { world, table, proxy, until, catalogue: loaded.catalogue, deaths: () => deaths }
}

type Place = Awaited<ReturnType<typeof aPlace>>

/** Asked, approved, active, expired, with one death at most; whoever was doing something then does it again. */
async function journey(place: Place, wish: Wish, death?: Death): Promise<{ calls: string[]; died: boolean }> {
  const { world, table, proxy, until } = place
  const before = {
    standing: standing(world),
    deaths: place.deaths(),
    events: world.journal.entries('aws').length,
    id: (await latest(table))?.id,
  }
  proxy.arm(death)
  const asked = await until('it is asked', async () => {
    await ask(world, wish)
    const request = await latest(table)
    return request && request.id !== before.id && request
  })
  const now = async () => (await table.request(asked.id)) ?? asked
  const { ts } = await until('approvers are asked', async () =>
    messagesOf(world, asked.id).find(({ message }) => shown(message).includes('"approve"')),
  )
  await until('it is active, and that is said', async () => {
    const request = await now()
    const isUndecided = request.status === 'pending' && request.clicks.length === 0
    if (isUndecided) await world.slack.click({ userId: bob, channelId: 'C0APPROVE', ts, actionId: 'approve' })
    return request.status === 'active' && request.announced['active']?.ts !== undefined
  })
  expect(holders(world)).toHaveLength(1)
  world.clock.advance(hour)
  const ended = await until('it has ended, and that is said', async () => {
    const request = await now()
    return isEnded(request) && dueAtOf(request) === undefined && request
  })
  const calls = proxy.calls()
  proxy.arm()
  expect(await wrongWith(place, ended, before)).toEqual([])
  return { calls, died: place.deaths() > before.deaths }
}

/** Does what is left to do to have asked; where Slack tells of trouble, whoever asks does it again. */
async function ask({ slack }: World, { entitlement, values = {} }: Wish): Promise<void> {
  const open = () => slack.snapshot().views[alice]?.at(-1)
  if (!open()) await slack.command({ userId: alice, channelId: 'C0GENERAL', command: '/request-access' })
  const view = open()
  if (!view) return
  const at = { userId: alice, viewId: view.id }
  await slack.changeInput({ ...at, blockId: 'entitlement', actionId: 'entitlement', value: entitlement })
  // Without an answer the form has not changed: it is chosen again.
  const isDrawn = Object.keys(values).every(name => JSON.stringify(open()?.view).includes(`"${name}"`))
  if (isDrawn) await slack.submitView({ ...at, values })
}

/** Alice's latest request; where there is no table yet there is none. */
async function latest(table: Table): Promise<AccessRequest | undefined> {
  const [request] = await table.byRequester(alice, 1).catch(() => [])
  return request
}

/** Every message that says to be about the request. */
function messagesOf({ slack }: World, id: string): { key: string; ts: string; message: SlackMessage }[] {
  const { channels, directMessages } = slack.snapshot()
  return [...channels, ...directMessages].flatMap(({ messages }) =>
    messages.flatMap(message => {
      const { requestId, key } = message.metadata?.event_payload ?? {}
      return requestId === id ? [{ key: String(key), ts: message.ts, message }] : []
    }),
  )
}

/** What groups hold, which is none of Curfew's business. */
function standing({ aws }: World): string[] {
  const toGroups = aws.snapshot().assignments.filter(({ principalType }) => principalType === 'GROUP')
  return toGroups.map(({ accountId, permissionSet, principalName }) => `${accountId} ${permissionSet} ${principalName}`)
}

const holders = (world: World) => [...policies(world), ...assignments(world)]

/** What does not agree after the end, in words. */
async function wrongWith(
  { world, table, catalogue }: Place,
  request: AccessRequest,
  before: { standing: string[]; events: number },
): Promise<string[]> {
  const problems: string[] = []
  const must = (is: boolean, problem: string) => void (is || problems.push(problem))
  must(request.status === 'expired', `it is ${request.status}`)
  must(holders(world).length === 0, `AWS still has ${holders(world)}`)
  must(standing(world).join() === before.standing.join(), `what groups hold is now ${standing(world)}`)
  const roster = await table.roster({ accountId: '111111111111', permissionSet: 'Curfew-ReadOnly' })
  must(Object.keys(roster?.members ?? {}).length === 0, 'the roster still lists somebody')

  const events = world.journal.entries('aws').slice(before.events)
  const documents = events.filter(({ type }) => type === 'user-policy-put').map(({ data }) => JSON.stringify(data))
  must(new Set(documents).size < 2, 'two different policies were put')
  const changes = events.map(({ type, data }) => `${type} ${(data as { kind?: string }).kind ?? ''}`.trim())
  const expected =
    request.asked.kind === 'inlinePolicy'
      ? ['user-policy-put', 'user-policy-deleted']
      : ['assignment-operation-started create', 'assignment-operation-started delete']
  for (const change of expected) {
    const times = changes.filter(other => other === change).length
    // Put again after an answer that was never heard, it is the same policy as before.
    must(times === 1 || (change === 'user-policy-put' && times === 2), `${change} happened ${times} times`)
  }

  const messages = messagesOf(world, request.id)
  for (const announcement of announcementsOf(request)) {
    const { key, shows } = announcement
    const posted = messages.filter(message => message.key === key)
    must(posted.length === 1, `the message ${key} stands ${posted.length} times`)
    must(request.announced[key]?.shows === shows, `${key} is noted to show ${request.announced[key]?.shows}`)
    const { text } = renderAnnouncement(request, announcement, catalogue)
    must(posted[0]?.message.text === text, `${key} says "${posted[0]?.message.text}" instead of "${text}"`)
  }
  must(world.slack.violations.list().length === 0, `Slack refused ${JSON.stringify(world.slack.violations.list())}`)
  return problems
}

/**
 * Where to kill, of the calls of a journey that went undisturbed: after each of them, and before each that changes AWS.
 * Before any other is the same as after the one before it: the world has seen no more and no less.
 */
function deathsFor(calls: string[]): Death[] {
  const seen = { table: 0, slack: 0 }
  return calls.flatMap((call, index): Death[] => {
    const nth = calls.slice(0, index + 1).filter(other => other === call).length
    const after: Death = { call, nth, when: 'after' }
    if (isAwsChange(call)) return [{ ...after, when: 'before' }, after]
    const kind = call.startsWith('table') ? 'table' : 'slack'
    return seen[kind]++ % steps[kind] === 0 ? [after] : []
  })
}

const isAwsChange = (call: string) => /^(iam|sso) /.test(call)

/** What a bot does once in a world: each is where one of the first bots dies. */
const onlyOnce = ['table CreateTable', 'table AWS', 'table PERSON']

vi.setConfig({ maxConcurrency: 2, testTimeout: 600_000 })

describe('a bot that is killed at any call that changes something, and the next one, bring', {
  concurrent: true,
}, () => {
  it.for([
    ['an inline policy', ordersTable, 3],
    // Most of the time its journeys wait for seconds to pass.
    ['a permission set', prodReadOnly, 5],
  ] as const)('%s to its end, once', async ([what, wish, sideBySide], test) => {
    const at = performance.now()
    const reached: Death[] = []
    const attack = async (place: Place, death: Death) => {
      const { died } = await journey(place, wish, death).catch(cause => {
        throw new Error(`dead ${death.when} ${death.call} number ${death.nth}: ${cause.message}`, { cause })
      })
      if (died) reached.push(death)
    }
    const places = await Promise.all(Array.from({ length: sideBySide }, () => aPlace(test)))
    await Promise.all(places.map((place, n) => attack(place, { call: onlyOnce[n] ?? '', nth: 1, when: 'after' })))
    const { calls } = await journey(places[0]!, wish)
    const deaths = deathsFor(calls)
    const waiting = [...deaths]
    await Promise.all(
      places.map(async place => {
        for (let next = waiting.shift(); next; next = waiting.shift()) await attack(place, next)
      }),
    )
    const seconds = Math.round((performance.now() - at) / 1000)
    console.info(`${what}: ${inWords(calls, reached)}, of ${deaths.length + onlyOnce.length} chosen; ${seconds} s`)
    // How often a worker looks again while AWS works is a matter of chance: the last of those calls may not come.
    expect(reached.length).toBeGreaterThan(deaths.length * 0.7)
    for (const when of ['before', 'after'] as const) {
      const attacked = reached.filter(death => death.when === when && isAwsChange(death.call))
      expect(attacked).toHaveLength(calls.filter(isAwsChange).length)
    }
  })
})

/** What was covered: by where the call went, killed at so many of so many points. */
function inWords(calls: string[], reached: Death[]): string {
  const parts = ['iam', 'sso', 'table', 'slack'].flatMap(service => {
    const all = calls.filter(call => call.startsWith(service)).length
    const killed = reached.filter(({ call }) => call.startsWith(service)).length
    return all > 0 ? [`${service} ${killed} of ${2 * all}`] : []
  })
  return `${calls.length} calls in an undisturbed journey, killed at ${reached.length} points (${parts.join(', ')})`
}
