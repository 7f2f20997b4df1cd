import { describe, expect, it } from 'vitest'
import { latest, plusSeconds } from '../../src/core/instant.ts'
import { type Bench, createBench } from './bench.ts'
import { anId } from './builders.ts'
import { changesAws, disagreements, finish, type Stop, startProcess, unfinished, untruths } from './crash.ts'
import type { Journey } from './journeys.ts'

const someoneElses = '111111111111/arn:aws:sso:::permissionSet/ssoins-1/ps-1/principal-frank'
const ids = [anId(1), anId(2)]

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
    const { requests } = world.items()
    const problems = disagreements(requests, await world.aws.standing(), world.clock.now(), [someoneElses])
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

/** Stops the journey at one point and says where it went wrong. */
async function attack(journey: Journey, name: string, stop: Stop, pauseSeconds?: number) {
  const { world, ends } = await play(journey, stop, pauseSeconds).catch(cause => {
    throw new Error(`${name}: ${cause instanceof Error ? cause.message : cause}`, { cause })
  })
  expect([name, ...passesOn(ends, journey.ends)]).toEqual([name, ...journey.ends])
  return world
}

/** Every journey of an entitlement, with a process that dies, is late or pauses at every point of it. */
export function stopEverywhere(kind: string, journeys: Record<string, Journey>): void {
  const points = { died: 0, late: 0, paused: 0 }
  describe(`a request for ${kind}`, { timeout: 120_000 }, () => {
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
      expect(points.died).toBeGreaterThan(400)
    })
  })
}
