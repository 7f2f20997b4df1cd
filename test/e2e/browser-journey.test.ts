import type { Locator, Page } from 'playwright-core'
import { expect, type TestContext } from 'vitest'
import { browserTest, visit } from '../support/browser-test.ts'
import { servePlayground } from '../support/playground.ts'
import { aWorld, untilInTime } from './support.ts'

/** What the page says to a visitor, as they read it. */
const english = {
  slackOf: 'Slack of',
  allowed: 'allowed: as IAM user alice',
  notAllowed: 'not allowed',
  ok: 'OK: AWS answers',
  stop: 'Stop the bot',
  start: 'Start the bot',
  running: 'Running',
  toTheEnd: 'To the next end',
  done: 'done',
  stillThere: 'ended: AWS refuses it, still attached',
  lookAtProduction: 'Look at Production',
  noSession: 'No session in this account yet',
  openSession: 'Open a portal session as Alice',
  freshSession: 'Take a fresh session as Alice',
  aliceIsOnIt: /alice until \d\d:\d\d UTC/,
  stillAssigned: 'ended: AWS refuses it, still assigned',
  withoutLeash: 'Without the leash',
  putBack: 'Put the leash back',
  stillAllowed: 'over, but AWS still allows it',
  nobodyIsOnIt: 'lets nobody in',
  send: 'Send request',
  which: 'What do you need?',
  readOnly: 'Production read-only',
  duration: 'For how long, from approval?',
  hour: '1 h',
  reason: 'Reason',
  ticket: 'Ticket',
  ticketMissing: 'Please complete this required field.',
  yours: 'Production read-only: yours until',
  readOnlyEnded: 'Production read-only: ended on time',
}

const japanese: typeof english = {
  slackOf: 'Slack の表示',
  allowed: '可能: IAM ユーザー alice',
  notAllowed: '不可',
  ok: 'OK：AWS が応答しました',
  stop: 'ボットを停止',
  start: 'ボットを起動',
  running: '稼働中',
  toTheEnd: '次の終了時刻へ',
  done: '完了',
  stillThere: '終了済み：AWS が拒否（まだ付いています）',
  lookAtProduction: '本番の閲覧',
  noSession: 'このアカウントのセッションはまだありません',
  openSession: 'Alice としてポータルのセッションを開く',
  freshSession: 'Alice として新しいセッションを取得する',
  aliceIsOnIt: /alice：\d\d:\d\d UTC まで/,
  stillAssigned: '終了済み：AWS が拒否（割り当ては残っています）',
  withoutLeash: 'リーシュなしで見る',
  putBack: 'リーシュを戻す',
  stillAllowed: '終了時刻を過ぎても、まだ使えます',
  nobodyIsOnIt: '誰も使えません',
  send: '申請する',
  which: '必要なアクセス',
  readOnly: '本番 読み取り専用',
  duration: '期間（承認から）',
  hour: '1時間',
  reason: '理由',
  ticket: 'チケット',
  ticketMissing: 'この項目は必須です。',
  yours: '本番 読み取り専用:',
  readOnlyEnded: '本番 読み取り専用: 予定どおり終了しました',
}

const sideBySide = { concurrent: true, timeout: 90_000 }

browserTest(
  'the whole story can be clicked through in English',
  context => journey(context, 'en-US', english),
  sideBySide,
)
browserTest(
  'the whole story can be clicked through in Japanese',
  context => journey(context, 'ja-JP', japanese),
  sideBySide,
)

async function journey(context: TestContext, locale: string, words: typeof english): Promise<void> {
  const world = await aWorld(context)
  const served = await servePlayground(world)
  context.onTestFinished(() => served.close())
  const { page, problems } = await visit(context, served.url, locale)
  const pane = (name: string) => page.getByRole('region', { name: `${words.slackOf} ${name}`, exact: true })
  const [alice, bob] = [pane('Alice'), pane('Bob')]
  const cell = (row: string, column: number) => page.getByRole('row', { name: row }).getByRole('cell').nth(column)
  const terminal = page.locator('.terminal')
  const latest = terminal.locator('.runs li').first()
  const policy = page.locator('.policy.curfew')
  const done = page.locator('.steps li').filter({ hasText: `(${words.done})` })
  const switchOf = (label: string) => page.getByRole('button', { name: label, exact: true })

  // The page opens with a request that waits.
  const approve = bob.getByRole('button', { name: 'Approve', exact: true })
  await approve.waitFor()
  await shows(cell('orders-eu', 0), words.notAllowed)
  await shows(latest, 'AccessDenied')
  await looksRight(page)

  // The exact policy is one click away, whole.
  await bob.getByRole('button', { name: 'Show policy', exact: true }).click()
  const exact = bob.getByRole('dialog')
  await shows(exact, 'arn:aws:dynamodb:*:000000000000:table/orders-eu')
  await looksRight(page)
  await exact.getByRole('button').last().click()
  await exact.waitFor({ state: 'detached' })

  await approve.click()
  await shows(cell('orders-eu', 0), words.allowed)
  await shows(latest, words.ok)
  await shows(bob, 'Approved and active')
  await shows(alice, 'yours until')
  await done.first().waitFor()
  await looksRight(page)

  await switchOf(words.stop).click()
  await switchOf(words.start).waitFor()
  expect(world.bot.state()).toBe('stopped')
  await done.nth(1).waitFor()

  // With the bot dead, AWS itself ends it; the policy is still there.
  await switchOf(words.toTheEnd).click()
  await shows(cell('orders-eu', 0), words.notAllowed)
  await shows(latest, 'An error occurred (AccessDeniedException) when calling the GetItem operation')
  await shows(policy, words.stillThere)
  await done.nth(3).waitFor()
  await looksRight(page)

  await switchOf(words.start).click()
  await policy.waitFor({ state: 'detached' })
  await shows(alice, 'ended on time')
  await shows(bob, 'Ended on time')
  await done.nth(4).waitFor()
  await looksRight(page)

  // Alice asks for a permission set; the form says what is missing, and takes what is added.
  await alice.getByRole('button', { name: '/request-access' }).click()
  const form = alice.getByRole('dialog')
  await form.getByLabel(words.which).selectOption({ label: words.readOnly })
  await form.getByLabel(words.duration).selectOption({ label: words.hour })
  await form.getByLabel(words.reason).fill('Look at the queue')
  await looksRight(page)
  await form.getByRole('button', { name: words.send, exact: true }).click()
  await shows(form.locator('.problem'), words.ticketMissing)
  await looksRight(page)
  await page.keyboard.type('OPS-42')
  await page.keyboard.press('Enter')
  await form.waitFor({ state: 'detached' })

  await approve.click()
  const assignment = page.locator('.row.curfew').filter({ hasText: 'Curfew-ReadOnly' })
  await untilInTime(world, 'the assignment is active', () => alice.getByText(words.yours).last().isVisible())
  await shows(assignment, 'alice')
  await looksRight(page)

  await terminal.getByRole('button', { name: words.lookAtProduction }).click()
  await shows(latest, words.noSession)
  await terminal.getByRole('button', { name: words.openSession }).click()
  await shows(latest, words.ok)
  await looksRight(page)

  await switchOf(words.toTheEnd).click()
  await untilInTime(world, 'the end is said', () => alice.getByText(words.readOnlyEnded).isVisible())
  await assignment.waitFor({ state: 'detached' })
  await looksRight(page)
  expect(problems).toEqual([])
  expect(world.slack.violations.list()).toEqual([])
}

browserTest(
  'a permission set ends in open and fresh sessions with the bot down, in English',
  context => leashedJourney(context, 'en-US', english),
  sideBySide,
)
browserTest(
  'a permission set ends in open and fresh sessions with the bot down, in Japanese',
  context => leashedJourney(context, 'ja-JP', japanese),
  sideBySide,
)

async function leashedJourney(context: TestContext, locale: string, words: typeof english): Promise<void> {
  const world = await aWorld(context)
  const served = await servePlayground(world, 'identityCenter')
  context.onTestFinished(() => served.close())
  const { page, problems } = await visit(context, served.url, locale)
  const pane = (name: string) => page.getByRole('region', { name: `${words.slackOf} ${name}`, exact: true })
  const [alice, bob] = [pane('Alice'), pane('Bob')]
  const terminal = page.locator('.terminal')
  const latest = terminal.locator('.runs li').first()
  const assignment = page.locator('.row.curfew').filter({ hasText: 'Curfew-ReadOnly' })
  const leash = page.locator('.row', { has: page.getByRole('switch') })
  const done = page.locator('.steps li').filter({ hasText: `(${words.done})` })
  const button = (label: string) => page.getByRole('button', { name: label, exact: true })
  const comparison = leash.getByRole('switch', { name: words.withoutLeash })
  const denied = 'with an explicit deny in a permissions boundary'

  // Nobody is on the leash yet, and it cannot be taken off.
  await bob.getByRole('button', { name: 'Approve', exact: true }).click()
  expect(await comparison.isDisabled()).toBe(true)
  // She asked before anybody chose a language for her.
  await untilInTime(world, 'the set is active', () => alice.getByText(english.yours).last().isVisible())
  await shows(leash, words.aliceIsOnIt)
  await done.first().waitFor()
  await looksRight(page)

  await button(words.openSession).click()
  await shows(latest, words.ok)
  expect(await comparison.isDisabled()).toBe(true)
  await button(words.stop).click()
  await button(words.start).waitFor()
  await done.nth(1).waitFor()
  await button(words.toTheEnd).click()
  await shows(latest, denied)
  await shows(assignment, words.stillAssigned)
  await done.nth(3).waitFor()
  await looksRight(page)

  // A session begun after the end is another one, and fares no better.
  const inOpenSession = await latest.locator('.session').textContent()
  await button(words.freshSession).click()
  await terminal
    .locator('.runs .session')
    .filter({ hasNotText: inOpenSession ?? '' })
    .first()
    .waitFor()
  await shows(latest, denied)

  // Without the boundary it would all have gone on; with it back, it is over again.
  await comparison.click()
  await untilInTime(world, 'the boundary is off', () => latest.getByText(words.ok).isVisible())
  await shows(assignment, words.stillAllowed)
  await looksRight(page)
  await button(words.putBack).click()
  await untilInTime(world, 'the boundary is back', () => latest.getByText(denied).isVisible())
  await shows(assignment, words.stillAssigned)

  await button(words.start).click()
  await untilInTime(world, 'the end is said', () => alice.getByText(english.readOnlyEnded).isVisible())
  await assignment.waitFor({ state: 'detached' })
  await shows(leash, words.nobodyIsOnIt)
  await done.nth(4).waitFor()
  await shows(latest, denied)
  expect(await button(words.freshSession).count()).toBe(0)
  await looksRight(page)
  expect(problems).toEqual([])
  expect(world.slack.violations.list()).toEqual([])
}

browserTest(
  'with both kinds in one story, the steps follow the table',
  async context => {
    const world = await aWorld(context)
    const served = await servePlayground(world, 'both')
    context.onTestFinished(() => served.close())
    const { page, problems } = await visit(context, served.url, 'en-US')
    const done = page.locator('.steps li').filter({ hasText: '(done)' })
    const button = (label: string) => page.getByRole('button', { name: label, exact: true })
    const approve = button('Approve')
    await approve.nth(1).waitFor()
    await approve.first().click()
    await untilInTime(world, 'the set is there', () => page.locator('.row.curfew').isVisible())
    expect(await done.count()).toBe(0)
    await approve.click()
    await done.first().waitFor()
    await button('Stop the bot').click()
    await done.nth(1).waitFor()
    // The two end some seconds after each other.
    await button('To the next end').click()
    await untilInTime(world, 'the table is refused', async () => (await done.count()) === 4)
    await button('Start the bot').click()
    await untilInTime(world, 'both are gone', async () => {
      const left = await page.locator('.policy.curfew, .row.curfew').count()
      return left === 0 && (await done.count()) === 5
    })
    await looksRight(page)
    expect(problems).toEqual([])
  },
  sideBySide,
)

/** Waits until it says so. */
async function shows(place: Locator, text: string | RegExp): Promise<void> {
  await place.filter({ hasText: text }).first().waitFor({ state: 'attached' })
}

/** What holds at every moment of the journey, whatever is on the page. */
async function looksRight(page: Page): Promise<void> {
  for (const text of await page.locator('section.slack').allInnerTexts()) {
    expect(text).not.toMatch(/<!|<@|<#|&lt;|&amp;|(^|[\s(])\*\S[^*\n]*\*|(^|\s):[a-z_]+:/m)
    // Names, not ids; an account's number comes after its name.
    expect(text).not.toMatch(/\b[UCSDT]0[A-Z0-9]{2,}/)
    expect(text).not.toMatch(/(^\W*|: )\d{12}/m)
  }
  const layout = await page.evaluate(() => ({
    width: document.documentElement.scrollWidth,
    cut: [...document.querySelectorAll('.message *, .modal *')]
      .filter(({ clientWidth, scrollWidth }) => clientWidth > 1 && scrollWidth > clientWidth + 1)
      .map(element => element.outerHTML.slice(0, 200)),
  }))
  expect(layout).toEqual({ width: 1280, cut: [] })
  const buttons = page.getByRole('button')
  expect(await page.getByRole('button', { name: /\S/ }).count()).toBe(await buttons.count())
}
