import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type TestContext } from 'vitest'
import { openPlayground } from '../../../../src/playground/playground.ts'
import { browserTest, visit } from '../../../support/browser-test.ts'

const sideBySide = { concurrent: true, timeout: 60_000 }

browserTest(
  'another story begins when it is chosen and confirmed, in English',
  test =>
    chooseStory(test, 'en-US', {
      choice: 'Story',
      steps: 'The story in five steps',
      hint: 'by a permission set',
      told: 'Your access request',
    }),
  sideBySide,
)

browserTest(
  'another story begins when it is chosen and confirmed, in Japanese',
  test =>
    chooseStory(test, 'ja-JP', {
      choice: 'ストーリー',
      steps: '5 つのステップ',
      hint: '許可セットによる本番',
      told: 'あなたのアクセス申請',
    }),
  sideBySide,
)

type Words = { choice: string; steps: string; hint: string; told: string }

async function chooseStory(test: TestContext, locale: string, words: Words): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-'))
  const playground = await openPlayground(folder, 0)
  test.onTestFinished(async () => {
    await playground.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await playground.begin()
  const { page, problems } = await visit(test, playground.url, locale)
  const choice = page.getByRole('combobox', { name: words.choice, exact: true })
  const steps = page.getByRole('navigation', { name: words.steps })
  const approve = page.getByRole('button', { name: 'Approve', exact: true })
  const width = () => page.evaluate(() => document.documentElement.scrollWidth)
  await approve.waitFor()
  expect([await choice.inputValue(), await steps.count(), await width()]).toEqual(['jumpAccount', 1, 1280])

  page.once('dialog', dialog => dialog.dismiss())
  await choice.selectOption('both')
  expect([await choice.inputValue(), await approve.count()]).toEqual(['jumpAccount', 1])

  page.on('dialog', dialog => dialog.accept())
  await choice.selectOption('identityCenter')
  await page.locator('.hint').filter({ hasText: words.hint }).waitFor()
  await page.locator('.terminal .command').filter({ hasText: 'ec2 describe-instances' }).waitFor()
  await approve.waitFor()
  // Alice reads Slack in the language she read it in before.
  await page.getByText(words.told, { exact: true }).waitFor()
  expect([await choice.inputValue(), await steps.count(), await width()]).toEqual(['identityCenter', 1, 1280])

  await choice.selectOption('both')
  await approve.nth(1).waitFor()
  expect([await choice.inputValue(), await steps.count(), await width()]).toEqual(['both', 1, 1280])
  expect(problems).toEqual([])
}
