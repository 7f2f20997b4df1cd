import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { startWorld } from '../../src/playground/world.ts'
import { launchBrowser } from './find-browser.ts'
import { servePlayground } from './playground.ts'
import { smallPng } from './small-png.ts'

const folder = fileURLToPath(new URL('../../infra/screenshots/', import.meta.url))
const example = fileURLToPath(new URL('../../infra/curfew.example.yaml', import.meta.url))

/** The README's pictures of one language: the request as the approver sees it, and the page right after Approve. */
async function takePictures(browser: Browser, language: 'en' | 'ja', catalogue: string): Promise<void> {
  const world = await startWorld({ catalogue })
  try {
    if (language === 'ja') for (const id of ['U0ALICE', 'U0BOB']) world.slack.setUser(id, { locale: 'ja-JP' })
    await world.bot.start()
    const served = await servePlayground(world)
    const page = await browser.newPage({ locale: language, viewport: { width: 1440, height: 1400 } })
    const write = (name: string, png: Buffer) => writeFileSync(join(folder, `${name}-${language}.png`), smallPng(png))
    await page.goto(served.url)
    const bob = page.locator('section.slack').nth(1)
    const request = bob.locator('article', { has: page.locator('button.primary') })
    write('slack-approval', await request.screenshot())
    await page.setViewportSize({ width: 1440, height: 900 })
    await request.locator('button.primary').click()
    await page.locator('.policy.curfew').waitFor()
    await page.locator('.runs .allowed').first().waitFor()
    // The messages, and the button to the end, follow a moment after AWS.
    await page.locator('section.slack').first().locator('article').nth(1).waitFor()
    await page.locator('.buttons button:enabled').nth(2).waitFor()
    await page.mouse.move(0, 0)
    write('playground', await page.screenshot())
    await page.close()
    await served.close()
  } finally {
    await world.close()
  }
}

mkdirSync(folder, { recursive: true })
const temporary = mkdtempSync(join(tmpdir(), 'curfew-'))
const browser = await launchBrowser()
try {
  // Channels speak the language of the catalogue.
  const japanese = join(temporary, 'curfew.yaml')
  writeFileSync(japanese, readFileSync(example, 'utf8').replace(/^( {2}language:) en\b/m, '$1 ja'))
  await takePictures(browser, 'en', example)
  await takePictures(browser, 'ja', japanese)
} finally {
  await browser.close()
  rmSync(temporary, { recursive: true })
}
