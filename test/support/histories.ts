import { deepEqual, equal, notEqual } from 'node:assert/strict'
import fc from 'fast-check'
import { sweep } from '../../src/app/sweep.ts'
import { type AccessRequest, type ClickAction, isEnded, type PolicyTarget } from '../../src/core/access-request.ts'
import type { RequestId } from '../../src/core/ids.ts'
import { plusMinutes, plusSeconds } from '../../src/core/instant.ts'
import { placeOf } from '../../src/core/policy-place.ts'
import type { Bench } from './bench.ts'
import { disagreements, finish, gated, startProcess, unfinished, untruths } from './crash.ts'
import { type AwsBehind, type Fate, keyOf, type RoleChange } from './fake-aws.ts'

type Gap = 'done' | 'throttled' | 'denied' | 'unheard' | 'lost' | { lateSeconds: number }
type Person = 'U0ALICE' | 'U0BOB' | 'U0DAI' | 'U0EVE'
type Click = { do: 'click'; who: Person; action: ClickAction; request: number }
/** One thing that happens. */
export type Command =
  | { do: 'submit'; who: Person; entitlementId: string; minutes: number }
  | Click
  | { do: 'end'; request: number }
  | { do: 'advance'; seconds: number }
  | { do: 'sweep' }
  | { do: 'work'; seconds: number }
  | { do: 'die'; call: number; when: 'before' | 'after'; lateSeconds: number | undefined }
  | { do: 'together'; clicks: Click[]; jumps: number[]; dies: number | undefined }
  | { do: 'fates'; gaps: Gap[] }
  | { do: 'slack'; state: 'up' | 'down' | 'unheard' }
  | { do: 'creations'; fail: boolean; seconds: number }
  | { do: 'assign'; who: Person }
  | { do: 'role'; how: RoleChange }

const person = fc.constantFrom<Person>('U0ALICE', 'U0BOB', 'U0DAI')
const seconds = fc.constantFrom(1, 5, 20, 61, 120, 300, 391, 600, 1500, 1800, 3600)
const late = fc.integer({ min: 1, max: 300 })
const gap = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Gap>('done') },
  { weight: 4, arbitrary: fc.constantFrom<Gap>('throttled', 'denied', 'unheard', 'lost') },
  { weight: 3, arbitrary: fc.record({ lateSeconds: late }) },
)
const click = fc.record<Click>({
  do: fc.constant('click'),
  who: fc.constantFrom<Person>('U0BOB', 'U0BOB', 'U0EVE', 'U0EVE', 'U0ALICE', 'U0DAI'),
  action: fc.constantFrom('approve', 'approve', 'approve', 'deny', 'cancel'),
  request: fc.nat(9),
})
/** What becomes of the next calls that change AWS. */
export const fates = fc.record({ do: fc.constant('fates' as const), gaps: fc.array(gap, { maxLength: 5 }) })
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      who: person,
      entitlementId: fc.constantFrom(
        ...([
          'dev-table',
          'prod-read-only',
          'prod-leashed',
          'prod-leashed',
          'team-table',
          'prod-admin',
          'prod-operator',
        ] as const),
      ),
      minutes: fc.constantFrom(30, 60),
    }),
  },
  { weight: 5, arbitrary: click },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end' as const), request: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('advance' as const), seconds }) },
  { weight: 3, arbitrary: fc.constant<Command>({ do: 'sweep' }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('work' as const), seconds }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('die' as const),
      call: fc.integer({ min: 1, max: 30 }),
      when: fc.constantFrom('before' as const, 'after' as const),
      lateSeconds: fc.option(late, { nil: undefined }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('together' as const),
      clicks: fc.array(click, { maxLength: 2 }),
      jumps: fc.array(fc.constantFrom(10, 61, 400), { maxLength: 2 }),
      dies: fc.option(fc.integer({ min: 1, max: 30 }), { nil: undefined }),
    }),
  },
  { weight: 3, arbitrary: fates },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('slack' as const),
      state: fc.constantFrom('up' as const, 'up' as const, 'down' as const, 'unheard' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('creations' as const),
      fail: fc.boolean(),
      seconds: fc.constantFrom(1, 3, 30, 150),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('assign' as const), who: person }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('role' as const),
      how: fc.constantFrom<RoleChange>('made anew', 'any name', 'own name'),
    }),
  },
)
/** Most histories begin with something granted, so that there is something to lose. */
const opening = fc.constantFrom<Command[]>(
  [],
  granted('dev-table', 'U0ALICE'),
  granted('prod-read-only', 'U0ALICE'),
  [...granted('team-table', 'U0ALICE'), ...granted('team-table', 'U0DAI', 1)],
  granted('prod-admin', 'U0ALICE'),
  [...granted('prod-operator', 'U0ALICE'), ...granted('prod-operator', 'U0DAI', 1)],
  granted('prod-leashed', 'U0ALICE'),
  [...granted('prod-read-only', 'U0ALICE'), ...granted('prod-read-only', 'U0DAI', 1)],
  [...granted('prod-leashed', 'U0ALICE'), ...granted('prod-leashed', 'U0DAI', 1)],
  [...granted('prod-leashed', 'U0ALICE'), { do: 'work', seconds: 300 }, ...granted('prod-leashed', 'U0ALICE', 1)],
  [...granted('prod-read-only', 'U0ALICE'), { do: 'work', seconds: 300 }, ...granted('prod-read-only', 'U0ALICE', 1)],
)
/** What may happen, in any order. */
export const histories: fc.Arbitrary<Command[]> = fc
  .tuple(opening, fc.array(command, { minLength: 3, maxLength: 16 }))
  .map(([first, rest]) => [...first, ...rest])

function granted(entitlementId: string, who: Person, request = 0): Command[] {
  return [
    { do: 'submit', who, entitlementId, minutes: 30 },
    { do: 'sweep' },
    { do: 'click', who: 'U0EVE', action: 'approve', request },
  ]
}

/** What of a policy makes it one person's, where it is on what others share or lets somebody in. */
function theirsAlone(target: PolicyTarget): Record<string, string> | undefined {
  if (target.kind === 'rolePolicy') return { 'aws:userid': `${target.roleId}:${target.userName}` }
  return target.kind === 'assume' ? { 'sts:RoleSessionName': target.userName } : undefined
}

/**
 * Plays a history, looks after every step, and then lets everything come to its end. Throws where something disagrees
 * with AWS, is said untruly, or never ends. The `scheduler` decides who goes first when several act together.
 */
export async function playHistory(
  bench: Bench<AwsBehind>,
  commands: Command[],
  scheduler: fc.Scheduler,
): Promise<void> {
  const ids: RequestId[] = []
  const standing: string[] = []
  const ended = new Map<RequestId, AccessRequest['status']>()
  const gaps: Gap[] = []
  let mayRepeat = false
  let mayBeStale = false
  bench.aws.fate = () => fateOf(gaps.shift() ?? 'done')
  const fateOf = (next: Gap): Fate =>
    typeof next === 'string' ? next : { arrivesAt: plusSeconds(bench.clock.now(), next.lateSeconds) }

  const look = async () => {
    const { requests } = bench.items()
    const inAws = await bench.aws.standing()
    deepEqual(disagreements(requests, inAws, bench.clock.now(), standing), [])
    equal(requests.length, ids.length)
    for (const request of requests) {
      const { id } = request
      const before = ended.get(id)
      equal(before ?? request.status, request.status, `${id} went on after its end`)
      if (isEnded(request)) ended.set(id, request.status)
      if (!('expiresAt' in request)) continue
      equal(request.expiresAt, plusMinutes(request.startsAt, request.durationMinutes))
      notEqual(request.decidedBy, request.requester.slackUserId)
      if (request.target.kind === 'permissionSet') continue
      const policy = inAws.policies.get(keyOf(placeOf(request.target)))
      for (const { Condition } of policy?.Statement ?? []) {
        deepEqual(Condition['DateLessThan'], { 'aws:CurrentTime': request.expiresAt })
        deepEqual(Condition['StringEquals'], theirsAlone(request.target))
      }
    }
  }

  let clicks = 0
  const clickOf = async ({ who, action, request }: Click) => {
    const id = ids[request % Math.max(ids.length, 1)]
    if (id) await bench.click(action, who, { id: `c${++clicks}`, request: id, reason: 'no' })
  }

  const act = async (next: Command): Promise<unknown> => {
    switch (next.do) {
      case 'submit': {
        if (ids.length >= 6 || bench.slack.state === 'down') return
        const { who, entitlementId, minutes } = next
        const n = ids.length + 1
        ids.push(await bench.submit({ n, slackUserId: who, entitlementId, durationMinutes: minutes }))
        return
      }
      case 'click':
        return clickOf(next)
      case 'end': {
        const id = ids[next.request % Math.max(ids.length, 1)]
        const who = id && (await bench.request(id)).requester.slackUserId
        return who && bench.click('end', who, { id: `c${++clicks}`, request: id })
      }
      case 'advance':
        return bench.clock.advanceSeconds(next.seconds)
      case 'sweep':
        return sweep(bench.ports, bench.catalogue)
      case 'work':
        return finish(bench, look, plusSeconds(bench.clock.now(), next.seconds))
      case 'die': {
        const { call, when, lateSeconds } = next
        const arrival = lateSeconds === undefined ? {} : { late: () => plusSeconds(bench.clock.now(), lateSeconds) }
        const process = startProcess(bench, { call, when, ...arrival })
        return process.live(({ ports, catalogue }) => sweep(ports, catalogue))
      }
      case 'together': {
        // Slack takes what a worker sends after its claim ran out; a worker that lives mends it, a dead one does not.
        mayRepeat ||= next.jumps.length > 0
        mayBeStale ||= next.jumps.length > 0 && next.dies !== undefined
        const inTurn = async (call: string, work: () => Promise<unknown>) => {
          await scheduler.schedule(Promise.resolve(), call)
          return work()
        }
        const shared = bench.through(gated(bench.ports, inTurn))
        const sweeping = [undefined, next.dies].map(call => {
          const process = startProcess(shared, call === undefined ? undefined : { call, when: 'after' })
          return process.live(({ ports, catalogue }) => sweep(ports, catalogue))
        })
        const clicking = next.clicks.map(one => inTurn('click', () => clickOf(one)))
        const jumping = next.jumps.map(jump => inTurn('jump', async () => bench.clock.advanceSeconds(jump)))
        return scheduler.waitFor(Promise.all([...sweeping, ...clicking, ...jumping]))
      }
      case 'fates':
        return gaps.push(...next.gaps)
      case 'slack':
        bench.slack.state = next.state
        return
      case 'creations':
        return bench.aws.creations?.(next)
      case 'assign':
        return assign(next.who)
      case 'role':
        return bench.aws.changeRole?.(next.how)
    }
  }

  /** An administrator assigns the set, to someone for whom Curfew has not begun to. */
  const assign = async (who: Person) => {
    const requests = await Promise.all(ids.map(id => bench.request(id)))
    if (requests.some(({ requester, history }) => requester.slackUserId === who && history.some(isApproval))) return
    standing.push(await bench.aws.assignByHand(who.slice(2).toLowerCase()))
  }

  for (const next of commands) {
    await act(next)
    await look()
  }
  gaps.length = 0
  bench.slack.state = 'up'
  await finish(bench, look)
  bench.clock.advanceSeconds(3600)
  await look()
  deepEqual(await unfinished(bench, ids), [])
  if (!mayBeStale) deepEqual(await untruths(bench, ids, mayRepeat), [])
}

const isApproval = ({ event }: { event: string }) => event === 'approved'
