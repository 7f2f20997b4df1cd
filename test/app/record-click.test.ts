import { expect, it } from 'vitest'
import { recordClick } from '../../src/app/record-click.ts'
import type { ClickAction } from '../../src/core/access-request.ts'
import { createBench } from '../support/bench.ts'
import { someId } from '../support/builders.ts'

async function pending() {
  const bench = createBench()
  await bench.submit()
  await bench.run()
  let clicks = 0
  const click = (action: ClickAction, userId: string) =>
    recordClick(bench.ports, someId, { id: `click-${++clicks}`, userId, teamId: 'T0001', action })
  return { bench, click }
}

it('an approver whom an outage of Slack kept from approving five times may still approve', async () => {
  const { bench, click } = await pending()
  bench.slack.state = 'down'
  for (let n = 0; n < 5; n++) {
    expect(await click('approve', 'U0BOB')).toBe('recorded')
    await bench.run(3)
  }
  expect((await bench.request()).history.filter(({ note }) => note === 'could_not_tell')).toHaveLength(5)
  bench.slack.state = 'up'
  await bench.run(10)
  expect(await bench.request()).toMatchObject({ status: 'pending', replies: [] })
  expect(await click('approve', 'U0BOB')).toBe('recorded')
  await bench.run()
  expect((await bench.request()).status).toBe('active')
})

it('answers that Slack has are not kept in the request beside its record', async () => {
  const { bench, click } = await pending()
  for (let n = 0; n < 30; n++) {
    expect(await click('approve', 'U0DAI')).toBe('recorded')
    await bench.run()
  }
  const { replies, announced, history } = await bench.request()
  expect(replies).toEqual([])
  expect(Object.keys(announced).sort()).toEqual(['approvals', 'asked'])
  expect(history.filter(({ event }) => event === 'approve_refused')).toHaveLength(30)
  expect(bench.slack.messages.filter(({ name }) => name.includes('reply'))).toHaveLength(30)
})

it('a person with five clicks that wait is turned away, others are not', async () => {
  const { click } = await pending()
  for (let n = 0; n < 5; n++) await click('approve', 'U0DAI')
  expect(await click('approve', 'U0DAI')).toBe('too_many')
  expect(await click('approve', 'U0BOB')).toBe('recorded')
})

it('a requester who tried to approve five times can still cancel, and cancelling often is cancelling once', async () => {
  const { bench, click } = await pending()
  for (let n = 0; n < 5; n++) await click('approve', 'U0ALICE')
  expect(await click('cancel', 'U0ALICE')).toBe('recorded')
  expect(await click('cancel', 'U0ALICE')).toBe('known')
  expect((await bench.request()).clicks).toHaveLength(6)
  await bench.run()
  expect((await bench.request()).status).toBe('cancelled')
})

it('withdrawing what is over already is bounded like any other click', async () => {
  const { bench, click } = await pending()
  await click('cancel', 'U0ALICE')
  await bench.run()
  bench.slack.state = 'down'
  const results = []
  for (let n = 0; n < 8; n++) results.push(await click('end', 'U0ALICE'))
  expect(results.filter(result => result === 'recorded')).toHaveLength(5)
  expect(results.at(-1)).toBe('too_many')
})
