import { describe, expect, it } from 'vitest'
import { Fault } from '../../src/core/errors.ts'
import { type Bench, createBench } from '../support/bench.ts'
import { anId, at } from '../support/builders.ts'
import { aChannelGone } from '../support/fake-slack.ts'

/** Every message as it reads now: `approvals active`. */
const shown = ({ slack }: Bench) => slack.messages.map(({ name, shows }) => `${name.split(' ')[1]} ${shows.at(-1)}`)
const dueEver = ({ ports }: Bench) => ports.table.due(at('23:59'))

async function pending(): Promise<Bench> {
  const bench = createBench()
  await bench.submit()
  await bench.run()
  return bench
}

it('posts a deleted message anew, and only once although the answer was lost', async () => {
  const bench = await pending()
  bench.slack.messages.splice(0)
  await bench.click('deny', 'U0BOB', { reason: 'Use the read replica' })
  bench.slack.state = 'unheard'
  await bench.run()
  bench.slack.state = 'up'
  await bench.run(10)
  expect(shown(bench).sort()).toEqual(['approvals denied', 'asked denied', 'over denied'])
})

it('posts once what was refused first and then went through unheard', async () => {
  const bench = createBench()
  const limited = { retryable: true, answered: true, retryAfterSeconds: 5 }
  bench.slack.fate = () => new Fault('rate_limited', 'again in 5 s', limited)
  await bench.submit()
  await bench.run()
  bench.slack.fate = () => undefined
  bench.slack.state = 'unheard'
  await bench.run(0.2)
  expect(shown(bench)).toEqual(['approvals pending', 'asked pending'])
  bench.slack.state = 'up'
  await bench.run(5)
  expect(shown(bench)).toEqual(['approvals pending', 'asked pending'])
  expect(await bench.ports.table.due(at('10:30'))).toEqual([])
})

describe('a message that cannot be delivered', () => {
  it('delays no other: the approvers read at once what became of the request', async () => {
    const bench = createBench()
    bench.slack.fate = (_, { key }) => (key === 'approvals' ? undefined : aChannelGone())
    await bench.submit()
    await bench.run(30)
    await bench.click('approve', 'U0BOB')
    await bench.run()
    expect(shown(bench)).toEqual(['approvals active'])
    await bench.run(60)
    expect(shown(bench)).toEqual(['approvals expired'])
    expect(bench.aws.policies.size).toBe(0)
  })

  it('is delivered with the final truth when its channel is back', async () => {
    const bench = await pending()
    bench.slack.fate = (_, { key }) => (key === 'approvals' ? undefined : aChannelGone())
    await bench.click('approve', 'U0BOB')
    await bench.run(70)
    bench.slack.fate = () => undefined
    await bench.run(5)
    expect(shown(bench).sort()).toEqual(['approvals expired', 'asked expired', 'over expired gone'])
    expect(await dueEver(bench)).toEqual([])
  })

  it('is given up when it was refused for a day, so that nothing is due for ever', async () => {
    const bench = await pending()
    bench.slack.fate = (_, { key }) => (key === 'approvals' ? undefined : aChannelGone())
    await bench.click('deny', 'U0BOB', { reason: 'Use the read replica' })
    await bench.run(23 * 60 + 50)
    const tomorrow = '2026-11-22T10:05:00Z' as ReturnType<typeof at>
    expect(await bench.ports.table.due(tomorrow)).toHaveLength(1)
    await bench.run(20)
    expect(await bench.ports.table.due('2027-01-01T00:00:00Z' as ReturnType<typeof at>)).toEqual([])
    const told = (await bench.request()).history.filter(({ event }) => event.startsWith('announcement_'))
    expect(told.map(({ event, note }) => `${event} ${note}`).sort()).toEqual([
      'announcement_given_up asked: Slack chat.postMessage: is_archived',
      'announcement_given_up over: Slack chat.postMessage: is_archived',
      'announcement_refused asked: Slack chat.postMessage: is_archived',
      'announcement_refused over: Slack chat.postMessage: is_archived',
    ])
  })

  it('waits as long as Slack says, and the others do not', async () => {
    const bench = createBench()
    const tried: string[] = []
    const limited = { retryable: true, answered: true, retryAfterSeconds: 90 }
    bench.slack.fate = (_, { key }) => {
      if (key === 'asked') return undefined
      tried.push(bench.clock.now())
      return tried.length === 1 ? new Fault('rate_limited', 'again in 90 s', limited) : undefined
    }
    await bench.submit()
    await bench.run(3)
    expect(tried[0]).toBe(at('10:00'))
    expect(tried[1]).toBe(at('10:01:40'))
    expect(shown(bench)).toEqual(['asked pending', 'approvals pending'])
  })
})

describe('an approvals channel that is gone', () => {
  const gone = (bench: Bench) => {
    bench.slack.fate = (_, { kind, elsewhere }) =>
      kind === 'approvals' && elsewhere === undefined ? aChannelGone() : undefined
  }

  it('is made up for by the alerts channel, where the message follows the request', async () => {
    const bench = createBench()
    gone(bench)
    await bench.submit()
    await bench.run(1)
    expect(bench.slack.messages.map(({ name, elsewhere }) => `${name.split(' ')[1]} ${elsewhere}`)).toEqual([
      'asked undefined',
      'approvals Slack chat.postMessage: is_archived',
    ])
    await bench.click('approve', 'U0BOB')
    await bench.run(70)
    expect(shown(bench).filter(message => message.startsWith('approvals'))).toEqual(['approvals expired'])
    expect((await bench.request()).history.filter(({ event }) => event === 'announced_elsewhere')).toHaveLength(1)
    expect(await dueEver(bench)).toEqual([])
  })

  it('after the message was posted there has it posted to the alerts channel', async () => {
    const bench = await pending()
    gone(bench)
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    expect(shown(bench).filter(message => message.startsWith('approvals'))).toEqual([
      'approvals pending',
      'approvals active',
    ])
  })

  it('alerts nobody about a request that is over', async () => {
    const bench = await pending()
    gone(bench)
    await bench.click('deny', 'U0BOB', { reason: 'Use the read replica' })
    await bench.run(60)
    expect(bench.slack.messages.filter(({ elsewhere }) => elsewhere)).toEqual([])
  })

  it('is posted to again by the next request when it is back', async () => {
    const bench = createBench()
    gone(bench)
    await bench.submit()
    await bench.run(1)
    bench.slack.fate = () => undefined
    await bench.submit({ n: 2, entitlementId: 'prod-read-only' })
    await bench.run(1)
    const second = bench.slack.messages.filter(({ name }) => name === `${anId(2)} approvals`)
    expect(second).toMatchObject([{ shows: ['pending'] }])
    expect(second[0]).not.toHaveProperty('elsewhere')
  })
})

it('alerts operators in the approvals channel when the alerts channel is gone', async () => {
  const bench = await pending()
  bench.slack.fate = (_, { kind, elsewhere }) => (kind === 'alert' && !elsewhere ? aChannelGone() : undefined)
  await bench.click('approve', 'U0BOB')
  await bench.run(1)
  bench.aws.fate = () => 'throttled'
  await bench.run(60 + 20)
  expect(bench.slack.messages.filter(({ elsewhere }) => elsewhere)).toMatchObject([{ shows: ['revoke_failed'] }])
})

describe.each(['dev-table', 'prod-read-only'])('while Slack takes no message, a request for %s', entitlementId => {
  it('is granted and ended on time, and every message shows the final truth once when Slack is back', async () => {
    const bench = createBench()
    const inAws = () => bench.aws.policies.size + bench.aws.assigned().length
    const silent = { retryable: true, answered: false }
    bench.slack.fate = () => new Fault('slack_unreachable', 'Slack chat.postMessage: timeout', silent)
    await bench.submit({ entitlementId })
    await bench.run(9)
    await bench.click('approve', 'U0BOB')
    await bench.run(1)
    expect(await bench.request()).toMatchObject({ status: 'active', expiresAt: at('11:09') })
    expect(inAws()).toBe(1)
    bench.clock.set(at('11:08:59'))
    await bench.run()
    expect(inAws()).toBe(1)
    bench.clock.set(at('11:09'))
    await bench.run(1)
    expect((await bench.request()).status).toBe('expired')
    expect(inAws()).toBe(0)
    expect(shown(bench)).toEqual([])
    await bench.run(3)
    const { length } = (await bench.request()).history
    await bench.run(6 * 60)
    expect((await bench.request()).history).toHaveLength(length)
    bench.slack.fate = () => undefined
    await bench.run(10)
    expect(shown(bench).sort()).toEqual(['approvals expired', 'asked expired', 'over expired gone'])
    expect(await dueEver(bench)).toEqual([])
  })
})

it('tells a clicker whose click could not be judged for two minutes, once Slack is back', async () => {
  const bench = await pending()
  bench.slack.state = 'down'
  await bench.click('approve', 'U0BOB')
  await bench.run(20)
  expect(await bench.request()).toMatchObject({ status: 'pending', clicks: [], replies: [{ code: 'could_not_tell' }] })
  bench.slack.state = 'up'
  await bench.run(6)
  expect(shown(bench)).toEqual(['approvals pending', 'asked pending', 'reply.click-1 could_not_tell'])
  await bench.click('approve', 'U0BOB')
  await bench.run(1)
  expect((await bench.request()).status).toBe('active')
})

it('a worker whose claim ran out while it looked for a message leaves the posting to the next', async () => {
  const bench = createBench()
  await bench.submit()
  const { find } = bench.ports.announcer
  bench.slack.state = 'unheard'
  await bench.run()
  bench.slack.state = 'up'
  bench.slack.messages.splice(0)
  let slow = true
  bench.ports.announcer.find = async (request, announcement) => {
    if (slow) bench.clock.advanceSeconds(61)
    slow = false
    return find(request, announcement)
  }
  await bench.run(5)
  const names = bench.slack.messages.map(({ name }) => name)
  expect(names).toEqual([...new Set(names)])
})
