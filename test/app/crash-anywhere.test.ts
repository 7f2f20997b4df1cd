import { describe, expect, it } from 'vitest'
import { recordEndAll } from '../../src/app/record-end-all.ts'
import type { ClickAction } from '../../src/core/access-request.ts'
import { Fault } from '../../src/core/errors.ts'
import { type Instant, latest, plusSeconds } from '../../src/core/instant.ts'
import { type Bench, createBench } from '../support/bench.ts'
import { anEndAll, anId, at } from '../support/builders.ts'
import { changesAws, disagreements, finish, type Stop, startProcess, unfinished, untruths } from '../support/crash.ts'

type Step = { at: Instant; act: (bench: Bench) => Promise<unknown> }
type Journey = { prepare?: (bench: Bench) => void; steps: Step[]; ends: string[]; endsWhenLate?: string[] }

const someoneElses = '111111111111/arn:aws:sso:::permissionSet/ssoins-1/ps-1/principal-frank'
const ids = [anId(1), anId(2)]

const submitAt = (time: string, entitlementId: string, n = 1): Step => ({
  at: at(time),
  act: bench => bench.submit({ entitlementId, n, durationMinutes: 30 }),
})
const clickAt = (time: string, action: ClickAction, userId: string, n = 1): Step => ({
  at: at(time),
  act: bench => bench.click(action, userId, { id: `${action}-${userId}-${n}`, request: anId(n) }),
})
const atOnce = (...steps: [Step, ...Step[]]): Step => ({
  at: steps[0].at,
  act: bench => Promise.all(steps.map(step => step.act(bench))),
})

const refuse = ({ aws }: Bench) => {
  aws.fate = operation => (operation === 'put' || operation === 'create' ? 'denied' : 'done')
}
const failLater = ({ aws }: Bench) => {
  aws.failCreations = 'The account is at its limit of roles'
}
const throttleAtFirst = ({ aws }: Bench) => {
  let calls = 0
  aws.fate = () => (++calls % 3 === 0 ? 'done' : 'throttled')
}
const loseAnswers = ({ aws }: Bench) => {
  const heard = new Set<string>()
  aws.fate = operation => {
    if (heard.has(operation)) return 'done'
    heard.add(operation)
    return 'unheard'
  }
}

/** From 10:40, when access ends, AWS takes nothing away; from 11:30 on it does. `blind`: it cannot be asked either. */
const failRemovals =
  (blind: boolean) =>
  ({ aws, clock }: Bench) => {
    const isFailing = () => at('10:40') <= clock.now() && clock.now() < at('11:30')
    const { operationInProgress } = aws.assignments
    aws.fate = operation => (isFailing() && ['delete', 'remove'].includes(operation) ? 'denied' : 'done')
    if (!blind) return
    const denied = () =>
      Promise.reject(new Fault('access_denied', 'not authorized', { retryable: false, answered: true }))
    const { read } = aws.inlinePolicies
    aws.inlinePolicies.read = target => (isFailing() ? denied() : read(target))
    aws.assignments.operationInProgress = one => (isFailing() ? denied() : operationInProgress(one))
  }

const removedByHand: Step = {
  at: at('11:10'),
  act: bench => {
    bench.aws.policies.clear()
    bench.aws.unassign('principal-alice')
    return bench.click('removed', 'U0CAROL', { id: 'removed-U0CAROL', reason: 'Deleted in the console' })
  },
}

const endEverything: Step = {
  at: at('10:30'),
  act: bench => recordEndAll(bench.ports, { ...anEndAll(), personId: 'U0ALICE' }),
}

/** Somebody makes the role anew: under the same name, and yet another one. */
const roleMadeAnew = (name: string): Step => ({
  at: at('10:20'),
  act: async ({ aws }) => {
    const role = aws.roles.get(name)
    if (role) aws.roles.set(name, { ...role, roleId: 'AROANEW00000000000001' })
  },
})

/** Somebody lets everybody of the jump account choose the names of their sessions. */
const trustLoosened: Step = {
  at: at('10:20'),
  act: async ({ aws }) => aws.changeRole?.('any name'),
}

/** Policies on roles, and those that let people in, go the way of all policies; what is theirs is being watched. */
function roleJourneysOf(kind: string): Record<string, Journey> {
  const [submit, approve] = [submitAt('10:00', kind), clickAt('10:10', 'approve', 'U0BOB')]
  const names = ['approved and expired', 'unheard by us', 'ended early', 'ended early while it is extended']
  const common = Object.entries(journeysOf(kind)).filter(([name]) => names.includes(name))
  const roles: Record<string, string> = { 'team-table': '222222222222/Dev', 'prod-admin': '111111111111/Admin' }
  const role = roles[kind] ?? '111111111111/Operator'
  return {
    ...Object.fromEntries(common),
    'cut since the role was made anew': { steps: [submit, approve, roleMadeAnew(role)], ends: ['grant_failed'] },
    'cut while answers are lost': {
      ...{ prepare: loseAnswers, steps: [submit, approve, roleMadeAnew(role)] },
      ends: ['grant_failed'],
    },
    ...(kind === 'team-table' && {
      'cut since the trust policy was loosened': { steps: [submit, approve, trustLoosened], ends: ['grant_failed'] },
      'cut while it is extended': {
        steps: [submit, approve, submitAt('10:15', kind, 2), trustLoosened, clickAt('10:22', 'approve', 'U0EVE', 2)],
        ends: ['grant_failed', 'grant_failed'],
      },
    }),
  }
}

function journeysOf(kind: string): Record<string, Journey> {
  const submit = submitAt('10:00', kind)
  const approve = clickAt('10:10', 'approve', 'U0BOB')
  const [submitMore, approveMore] = [submitAt('10:20', kind, 2), clickAt('10:30', 'approve', 'U0EVE', 2)]
  const more = [submitMore, approveMore]
  const again = [submitAt('12:00', kind, 2), clickAt('12:10', 'approve', 'U0EVE', 2)]
  return {
    'approved and expired': { steps: [submit, approve], ends: ['expired'] },
    denied: { steps: [submit, clickAt('10:10', 'deny', 'U0BOB')], ends: ['denied'] },
    lapsed: { steps: [submit], ends: ['lapsed'] },
    cancelled: { steps: [submit, clickAt('10:10', 'cancel', 'U0ALICE')], ends: ['cancelled'] },
    // The late call is not refused, so it may well grant.
    'refused by AWS': {
      ...{ prepare: refuse, steps: [submit, approve], ends: ['grant_failed'] },
      endsWhenLate: ['grant_failed or expired'],
    },
    'throttled by AWS': { prepare: throttleAtFirst, steps: [submit, approve], ends: ['expired'] },
    'unheard by us': { prepare: loseAnswers, steps: [submit, approve], ends: ['expired'] },
    'approved twice at once': {
      steps: [submit, atOnce(approve, clickAt('10:10', 'approve', 'U0EVE'))],
      ends: ['expired'],
    },
    'asked again after the end': { steps: [submit, approve, ...again], ends: ['expired', 'expired'] },
    'asked again during the removal': {
      steps: [submit, approve, submitAt('10:40', kind, 2), clickAt('10:40:02', 'approve', 'U0EVE', 2)],
      ends: ['expired', 'expired'],
    },
    'ended early': { steps: [submit, approve, clickAt('10:30', 'end', 'U0ALICE')], ends: ['revoked'] },
    'ended by an operator': { steps: [submit, approve, clickAt('10:30', 'end', 'U0CAROL')], ends: ['revoked'] },
    'ended with everything else of the person': {
      steps: [submit, approve, submitMore, endEverything],
      ends: ['revoked', 'cancelled'],
    },
    'settled by hand': { prepare: failRemovals(false), steps: [submit, approve, removedByHand], ends: ['expired'] },
    'settled by hand, unconfirmed': {
      prepare: failRemovals(true),
      steps: [submit, approve, removedByHand],
      ends: ['expired'],
    },
    extended: { steps: [submit, approve, ...more], ends: ['expired', 'expired'] },
    'ended early while it is extended': {
      steps: [submit, approve, submitMore, atOnce(approveMore, clickAt('10:30', 'end', 'U0ALICE'))],
      ends: ['revoked', 'expired'],
    },
    ...(kind !== 'dev-table' && {
      'failing in AWS later': { prepare: failLater, steps: [submit, approve], ends: ['grant_failed'] },
    }),
  }
}

/** Plays the journey; where a process stops, another goes on, and what a person was doing then they do again. */
async function play(journey: Journey, stop?: Stop, pauseSeconds?: number) {
  const world = createBench()
  world.aws.assign({
    accountId: '111111111111',
    permissionSetArn: 'arn:aws:sso:::permissionSet/ssoins-1/ps-1',
    principalId: 'principal-frank',
  })
  journey.prepare?.(world)
  const check = async () => {
    const problems = await disagreements(world, ids, [someoneElses])
    if (problems.length > 0) throw new Error(problems.join('; '))
  }
  const first = startProcess(world, stop)
  let process = first
  const live = async (work: (bench: Bench) => Promise<unknown>) => {
    if ((await process.live(work)) === 'done') return
    process = startProcess(world)
    if (pauseSeconds !== undefined) {
      await finish(process.bench, check, plusSeconds(world.clock.now(), pauseSeconds))
      await first.resume()
    }
    await process.live(work)
  }
  for (const step of journey.steps) {
    await live(bench => finish(bench, check, step.at))
    world.clock.set(latest(world.clock.now(), step.at) ?? step.at)
    await live(step.act)
  }
  await live(bench => finish(bench, check))
  world.clock.advanceSeconds(3600)
  await check()
  expect(await unfinished(world, ids)).toEqual([])
  const ends = (await Promise.all(journey.ends.map((_, n) => world.request(anId(n + 1))))).map(({ status }) => status)
  return { world, ends, calls: first.calls }
}

const pauses = [
  [70, 'before'],
  [450, 'after'],
] as const

/** Dying before a read or after it is the same. */
const isRead = (call: string) => !changesAws(call) && !/^(table|announcer)/.test(call)

/** Every call with its place; of a long row of the same one (a request that only waits) the first and last few. */
function pointsOf(calls: string[]): [number, string][] {
  const isAmongItsLike = (index: number) =>
    index >= 6 && index < calls.length - 6 && calls.slice(index - 6, index + 7).every(call => call === calls[index])
  return [...calls.entries()].filter(([index]) => !isAmongItsLike(index))
}

const passesOn = (ends: string[], expected: string[]) =>
  ends.map((end, n) => (expected[n]?.split(' or ').includes(end) ? expected[n] : end))

const points = { died: 0, late: 0, paused: 0 }

/** Stops the journey at one point and says where it went wrong. */
async function attack(journey: Journey, name: string, stop: Stop, pauseSeconds?: number) {
  const { world, ends } = await play(journey, stop, pauseSeconds).catch(cause => {
    throw new Error(`${name}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  })
  expect([name, ...passesOn(ends, journey.ends)]).toEqual([name, ...journey.ends])
  return world
}

const kinds = ['dev-table', 'prod-read-only', 'prod-leashed', 'team-table', 'prod-admin', 'prod-operator']

describe.each(kinds)('a request for %s', { timeout: 120_000 }, kind => {
  const journeys = ['team-table', 'prod-admin', 'prod-operator'].includes(kind)
    ? roleJourneysOf(kind)
    : journeysOf(kind)
  describe.each(Object.entries(journeys))('%s', (_name, journey) => {
    it('ends as it should when the process dies before or after any outside call', async () => {
      const clean = await play(journey)
      expect(passesOn(clean.ends, journey.ends)).toEqual(journey.ends)
      for (const [index, call] of pointsOf(clean.calls)) {
        for (const when of isRead(call) ? (['after'] as const) : (['before', 'after'] as const)) {
          const name = `dead ${when} call ${index + 1}, ${call}`
          const world = await attack(journey, name, { call: index + 1, when })
          expect([name, ...(await untruths(world, ids))]).toEqual([name])
          points.died++
        }
      }
    })

    it.each([
      3, 100,
    ])('ends as it should when the last call of a dead process arrives late and takes %d s', async seconds => {
      const slow: Journey = {
        ...journey,
        ends: journey.endsWhenLate ?? journey.ends,
        prepare: bench => {
          journey.prepare?.(bench)
          bench.aws.operationSeconds = seconds
        },
      }
      const arrivals: Record<string, Stop['late']> = {
        'at once': now => plusSeconds(now, 1),
        'while the claim stands': (_, claimEnd) => plusSeconds(claimEnd, -1),
        'when the claim is taken over': (_, claimEnd) => plusSeconds(claimEnd, 5),
        'in the middle': (_, claimEnd) => plusSeconds(claimEnd, 150),
        'with the last of its signature': (_, claimEnd) => plusSeconds(claimEnd, 300),
      }
      const clean = await play({ ...slow, ends: journey.ends })
      for (const [index, call] of pointsOf(clean.calls)) {
        if (!changesAws(call)) continue
        for (const [moment, late] of Object.entries(arrivals)) {
          const name = `dead at call ${index + 1}, ${call}, which arrives ${moment}`
          const world = await attack(slow, name, { call: index + 1, when: 'before', ...(late && { late }) })
          expect([name, ...(await untruths(world, ids))]).toEqual([name])
          points.late++
        }
      }
    })

    it('ends as it should when the process pauses around any outside call, and goes on when others did its work', async () => {
      const clean = await play(journey)
      for (const [index, call] of pointsOf(clean.calls)) {
        if (isRead(call)) continue
        for (const [seconds, when] of pauses) {
          const name = `paused for ${seconds} s ${when} call ${index + 1}, ${call}`
          const world = await attack(journey, name, { call: index + 1, when }, seconds)
          // Slack has no way to take a message only once: one that is posted after the pause may stand twice.
          expect([name, ...(await untruths(world, ids, true))]).toEqual([name])
          points.paused++
        }
      }
    })
  })

  it('was stopped at many points', () => {
    console.info(`${kind}: stopped at ${JSON.stringify(points)}`)
    expect(points.died).toBeGreaterThan(500)
  })
})
