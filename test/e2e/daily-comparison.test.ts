import { expect, it } from 'vitest'
import { aWorld, until } from './support.ts'

const day = 24 * 60 * 60_000

it('a running bot compares AWS with its records once a day, and a restart does not repeat it', async context => {
  const world = await aWorld(context)
  const lines: string[] = []
  world.bot.onLine(line => lines.push(line))
  const done = () => lines.filter(line => line.includes('"event":"reconcile.done"')).length
  const alerts = () => {
    const channel = world.slack.snapshot().channels.find(({ id }) => id === 'C0ALERT')
    return channel?.messages.map(({ text }) => text) ?? []
  }
  /** The clock is read before every sweep, so when it was read twice more a sweep has begun and ended. */
  const aSweepLater = () => {
    const readings = () => world.aws.calls().filter(({ operation }) => operation === 'GetCallerIdentity').length
    const before = readings()
    return until('a sweep', () => readings() >= before + 2)
  }
  // The table remembers the day it was first seen, and compares from the next one on.
  await aSweepLater()
  expect(done()).toBe(0)
  world.clock.advance(day)
  await until('a comparison', () => done() === 1)
  expect(alerts()).toEqual(['AWS compared with Curfew’s records: 1 group with standing access'])

  const begun = () => world.aws.calls().filter(({ operation }) => operation === 'ListUsers').length
  // One in each account where policies are granted: the jump account and Development.
  expect(begun()).toBe(2)
  await world.bot.stop()
  await world.bot.start()
  await aSweepLater()
  expect({ begun: begun(), alerts: alerts().length }).toEqual({ begun: 2, alerts: 1 })
}, 60_000)
