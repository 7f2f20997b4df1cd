import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Before all tests: they start some two hundred processes, and what Node compiled for the first the others need not
 * compile again. Node writes it at an orderly end, so each entry runs once for nothing.
 */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-compiled-'))
  process.env['NODE_COMPILE_CACHE'] = folder
  for (const entry of ['bot', 'check', 'report']) {
    const path = fileURLToPath(new URL(`../../src/entry/${entry}.ts`, import.meta.url))
    spawnSync(process.execPath, [path, '--help'], { env: { NODE_COMPILE_CACHE: folder } })
  }
  return () => rmSync(folder, { recursive: true, force: true })
}
