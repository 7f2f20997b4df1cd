import type { Page } from 'playwright-core'
import { expect, type TestContext } from 'vitest'
import { startSimulatedAws } from '../../../../src/playground/aws/simulated-aws.ts'
import { openJournal } from '../../../../src/playground/journal.ts'
import type { BotSwitch } from '../../../../src/playground/page/page-world.ts'
import { servePage } from '../../../../src/playground/page/serve-page.ts'
import { startSimulatedSlack } from '../../../../src/playground/slack/simulated-slack.ts'
import { createWorldClock } from '../../../../src/playground/world-clock.ts'
import { browserTest, visit } from '../../../support/browser-test.ts'
import { seed as awsSeed } from '../../aws/support.ts'
import { seed as slackSeed } from '../../slack/seed.ts'
import { clientOf, startBot } from '../../slack/support.ts'

const readyBot: BotSwitch = {
  state: () => 'ready',
  start: async () => {},
  stop: async () => {},
  onChange: () => () => {},
  lastLine: () => '',
}

/** The page in a browser, with the problems it complained of. */
async function openPage(test: TestContext, locale = 'en-US') {
  const journal = openJournal()
  const clock = createWorldClock(journal)
  const [slack, aws] = await Promise.all([
    startSimulatedSlack({ journal, clock, seed: slackSeed }),
    startSimulatedAws({ journal, clock, seed: awsSeed }),
  ])
  const { people } = awsSeed
  const story = { preset: 'jumpAccount' as const, begin: async () => {} }
  const world = { journal, clock, slack, aws, bot: readyBot, probes: [], people, nextEnd: async () => undefined, story }
  const served = await servePage(world, 0)
  test.onTestFinished(() => Promise.all([served.close(), slack.close(), aws.close()]).then(() => {}))
  return { aws, slack, ...(await visit(test, served.url, locale)) }
}

const pane = (page: Page, name: string) => page.getByRole('region', { name: `Slack of ${name}`, exact: true })

browserTest('a message is drawn, its markup stays text, and its button reaches the app', async test => {
  const { page, slack, problems } = await openPage(test)
  const clicked = Promise.withResolvers<string>()
  await startBot(slack, app => {
    app.action('approve', async ({ ack, body }) => {
      await ack()
      clicked.resolve(body.user.id)
    })
  })
  await clientOf(slack).chat.postMessage({
    channel: 'C0APPROVE',
    text: 'x',
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: '*Asks* <@U0ALICE>: &lt;img src=x onerror=alert(1)&gt;' } },
      {
        type: 'actions',
        elements: [{ type: 'button', action_id: 'approve', text: { type: 'plain_text', text: 'Approve' } }],
      },
    ],
  })
  const bob = pane(page, 'Bob')
  await bob.getByText('Asks @Alice: <img src=x onerror=alert(1)>').waitFor()
  expect(await page.locator('img').count()).toBe(0)
  await bob.getByRole('button', { name: 'Approve' }).click()
  expect(await clicked.promise).toBe('U0BOB')
  expect(problems).toEqual([])
})

browserTest('a form is filled in by keyboard; what is being typed survives the page being drawn anew', async test => {
  const { page, slack, problems } = await openPage(test)
  const sent = Promise.withResolvers<unknown>()
  await startBot(slack, app => {
    app.command('/request-access', async ({ ack, client, body }) => {
      const label = { type: 'plain_text' as const, text: 'Why' }
      const element = { type: 'plain_text_input' as const, action_id: 'reason' }
      const view = {
        type: 'modal' as const,
        callback_id: 'ask',
        title: { type: 'plain_text' as const, text: 'Ask' },
        submit: { type: 'plain_text' as const, text: 'Send' },
        blocks: [{ type: 'input' as const, block_id: 'reason', label, element }],
      }
      await client.views.open({ trigger_id: body.trigger_id, view })
      await ack()
    })
    app.view('ask', async ({ ack, view }) => {
      await ack()
      sent.resolve(view.state.values['reason']?.['reason']?.value)
    })
  })
  const alice = pane(page, 'Alice')
  await alice.getByRole('textbox').fill('/request-access')
  await page.keyboard.press('Enter')
  const form = alice.getByRole('dialog', { name: 'Ask' })
  await form.waitFor()
  await form.getByRole('button', { name: 'Send' }).click()
  await form.getByText('Please complete this required field.').waitFor()
  expect(await form.getByLabel('Why').evaluate(input => input === document.activeElement)).toBe(true)
  await page.keyboard.type('because')
  await clientOf(slack).chat.postMessage({ channel: 'C0APPROVE', text: 'Meanwhile' })
  await pane(page, 'Bob').getByText('Meanwhile').waitFor()
  await page.keyboard.type(' of a trial')
  await page.keyboard.press('Enter')
  expect(await sent.promise).toBe('because of a trial')
  await form.waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('⚡ /request-access')
  expect(problems).toEqual([])
})

for (const [locale, broken, back] of [
  ['en-US', 'AWS throttles every change.', 'Back to normal'],
  ['ja-JP', 'AWS がすべての変更をスロットリングしています。', '通常に戻す'],
] as const) {
  browserTest(`AWS is made to throttle, says so without hiding anything, and is set back (${locale})`, async test => {
    const { page, aws, slack, problems } = await openPage(test, locale)
    const [ofSlack, ofAws] = [page.locator('.next select'), page.locator('.aws-head select')]
    await ofAws.selectOption('throttle')
    await page.getByText(broken).waitFor()
    expect(aws.faults.list()).toMatchObject([{ kind: 'throttle' }])
    await ofSlack.selectOption('unheard')
    await page.locator('.broken p').nth(1).waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1280)
    expect(await page.evaluate(() => document.documentElement.scrollHeight)).toBe(800)
    await page.getByRole('button', { name: back }).click()
    await page.getByText(broken).waitFor({ state: 'detached' })
    expect([await ofAws.inputValue(), await ofSlack.inputValue()]).toEqual(['none', 'none'])
    expect([aws.faults.list(), slack.faults.list()]).toEqual([[], []])
    expect(problems).toEqual([])
  })
}

browserTest('the page speaks the language of the browser, and fits its width', async test => {
  const { page, problems } = await openPage(test, 'ja-JP')
  await page.getByText('いま誰が何をできるか').waitFor()
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('ja')
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(1280)
  await page.getByRole('button', { name: 'EN', exact: true }).click()
  await page.getByText('Who can do what right now').waitFor()
  expect(problems).toEqual([])
})
