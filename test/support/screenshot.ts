import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import type { Preset } from '../../src/playground/presets.ts'
import { startWorld } from '../../src/playground/world.ts'
import { launchBrowser } from './find-browser.ts'
import { servePlayground } from './playground.ts'
import { smallPng } from './small-png.ts'

const folder = fileURLToPath(new URL('../../infra/screenshots/', import.meta.url))
const example = fileURLToPath(new URL('../../infra/curfew.example.yaml', import.meta.url))

/** The README's pictures of one language and story: the request as the approver sees it, and then the page. */
async function takePictures(
  browser: Browser,
  language: 'en' | 'ja',
  catalogue: string,
  { preset, request: requestName, page: pageName, play }: Story,
): Promise<void> {
  const world = await startWorld({ catalogue })
  try {
    if (language === 'ja') for (const id of ['U0ALICE', 'U0BOB']) world.slack.setUser(id, { locale: 'ja-JP' })
    await world.bot.start()
    const served = await servePlayground(world, preset)
    const page = await browser.newPage({ locale: language, viewport: { width: 1440, height: 1400 } })
    const write = (name: string, png: Buffer) => writeFileSync(join(folder, `${name}-${language}.png`), smallPng(png))
    await page.goto(served.url)
    const bob = page.locator('section.slack').nth(1)
    const request = bob.locator('article', { has: page.locator('button.primary') })
    write(requestName, await request.screenshot())
    await page.setViewportSize({ width: 1440, height: 900 })
    await request.locator('button.primary').click()
    // The messages, and the button to the end, follow a moment after AWS.
    await page.locator('section.slack').first().locator('article').nth(1).waitFor()
    await page.locator('.buttons button:enabled').nth(2).waitFor()
    await play(page)
    await page.mouse.move(0, 0)
    write(pageName, await page.screenshot())
    await page.close()
    await served.close()
  } finally {
    await world.close()
  }
}

type Story = { preset: Preset; request: string; page: string; play(page: Page): Promise<void> }

/** Right after Approve. */
const granted: Story = {
  preset: 'jumpAccount',
  request: 'slack-approval',
  page: 'playground',
  async play(page) {
    await page.locator('.policy.curfew').waitFor()
    await page.locator('.runs .allowed').first().waitFor()
  },
}

/** After the end, with the bot stopped: an open and a fresh session are refused. */
const refused: Story = {
  preset: 'identityCenter',
  request: 'slack-approval-set',
  page: 'leash',
  async play(page) {
    const { runs, enter } = { runs: page.locator('.runs li'), enter: page.locator('.terminal .entry') }
    await enter.click()
    await runs.first().and(page.locator('.allowed')).waitFor()
    await page.locator('.bot > button').click()
    await page.locator('.bot-state.stopped').waitFor()
    await page.locator('.buttons button').nth(2).click()
    await runs.first().and(page.locator('.refused')).waitFor()
    await enter.click()
    await runs.nth(1).and(page.locator('.refused')).waitFor()
  },
}

mkdirSync(folder, { recursive: true })
const temporary = mkdtempSync(join(tmpdir(), 'curfew-'))
const browser = await launchBrowser()
try {
  // Channels speak the language of the catalogue.
  const japanese = join(temporary, 'curfew.yaml')
  writeFileSync(japanese, readFileSync(example, 'utf8').replace(/^( {2}language:) en\b/m, '$1 ja'))
  for (const story of [granted, refused]) {
    await takePictures(browser, 'en', example, story)
    await takePictures(browser, 'ja', japanese, story)
  }
} finally {
  await browser.close()
  rmSync(temporary, { recursive: true })
}
