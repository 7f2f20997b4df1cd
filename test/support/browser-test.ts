import type { Page } from 'playwright-core'
import { type TestContext, type TestOptions, test } from 'vitest'
import { findBrowser, launchBrowser } from './find-browser.ts'

const found = findBrowser() !== undefined
if (!found && !process.env['CI']) {
  console.warn('No Chromium, Chrome or Edge was found: tests of the page in a browser are skipped.')
}

/** A test that needs a browser: without one it is skipped, and says so; in CI, where one belongs, it fails. */
export function browserTest(
  name: string,
  run: (context: TestContext) => Promise<void>,
  options: TestOptions = {},
): void {
  if (found) test(name, options, run)
  else if (process.env['CI']) test(name, () => Promise.reject(new Error('CI has no browser.')))
  else test.skip(`${name} (no browser found)`, run)
}

/** Opens a page in a window of 1280 × 800 for one test; `problems` is what it complained of or asked of others. */
export async function visit(
  { onTestFinished }: Pick<TestContext, 'onTestFinished'>,
  url: string,
  locale: string,
): Promise<{ page: Page; problems: string[] }> {
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 800 } })
  context.setDefaultTimeout(10_000)
  const page = await context.newPage()
  const problems: string[] = []
  page.on('pageerror', error => problems.push(error.message))
  page.on('console', message => message.type() === 'error' && problems.push(message.text()))
  page.on('request', request => request.url().startsWith(url) || problems.push(request.url()))
  await page.goto(url)
  await page.waitForSelector('.messages')
  return { page, problems }
}
