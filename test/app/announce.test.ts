import { expect, it } from 'vitest'
import { createBench } from '../support/bench.ts'

it('posts a deleted message anew, and only once although the answer was lost', async () => {
  const bench = createBench()
  await bench.submit()
  await bench.run()
  bench.slack.messages.splice(0)
  await bench.click('deny', 'U0BOB', { reason: 'Use the read replica' })
  bench.slack.state = 'unheard'
  await bench.run()
  bench.slack.state = 'up'
  await bench.run(10)
  expect(bench.slack.messages.map(({ name, shows }) => `${name.split(' ')[1]} ${shows.at(-1)}`)).toEqual([
    'approvals denied',
    'asked denied',
    'over denied',
  ])
})
