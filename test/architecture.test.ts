import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))

/** What the linter says of one file with this import, in a copy of the project that has nothing else. */
function lintWith(file: string, source: string): { status: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-lint-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, dirname(file)), { recursive: true })
  const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'))
  writeFileSync(
    join(folder, 'biome.json'),
    JSON.stringify({ ...config, $schema: undefined, vcs: undefined, root: true }),
  )
  writeFileSync(join(folder, file), source)
  const biome = join(root, 'node_modules/.bin/biome')
  const { status, stdout, stderr } = spawnSync(biome, ['lint', '--error-on-warnings', file], {
    cwd: folder,
    encoding: 'utf8',
  })
  return { status, output: stdout + stderr }
}

describe('the linter refuses an import against the direction core, app, adapters, entry', () => {
  it.each([
    ['src/core/due.ts', '../app/ports.ts'],
    ['src/core/due.ts', 'node:crypto'],
    ['src/core/due.ts', '@slack/bolt'],
    ['src/app/sweep.ts', '../adapters/aws/clients.ts'],
    ['src/app/sweep.ts', 'pino'],
    ['src/adapters/aws/clients.ts', '../../entry/settings.ts'],
    ['src/adapters/aws/clients.ts', '../../playground/world.ts'],
    ['src/entry/bot.ts', '../playground/world.ts'],
    ['src/playground/world.ts', '../core/instant.ts'],
    ['src/playground/aws/iam.ts', '../../adapters/aws/clients.ts'],
  ])('%s importing %s', (file, specifier) => {
    const { status, output } = lintWith(file, `import { thing } from '${specifier}'\nthing()\n`)
    expect(output).toContain('noRestrictedImports')
    expect(status).not.toBe(0)
  })

  it.each([
    ['src/core/due.ts', 'luxon'],
    ['src/core/due.ts', './instant.ts'],
    ['src/app/sweep.ts', '../core/due.ts'],
    ['src/adapters/aws/clients.ts', '../../app/ports.ts'],
    ['src/entry/bot.ts', '../adapters/aws/clients.ts'],
  ])('and lets %s import %s', (file, specifier) => {
    expect(lintWith(file, `import { thing } from '${specifier}'\n\nthing()\n`)).toMatchObject({ status: 0 })
  })
})

describe('the calls that change AWS', () => {
  it('are made under the claim of a request or a roster only', () => {
    const folder = join(root, 'src/app')
    const importers = (module: string) =>
      readdirSync(folder).filter(file => readFileSync(join(folder, file), 'utf8').includes(`from './${module}.ts'`))
    const callers = readdirSync(folder).filter(file =>
      /(inlinePolicies\s*\.\s*(put|remove)|assignments\s*\.\s*(create|remove)|leashes\s*\.\s*publish)\(/.test(
        readFileSync(join(folder, file), 'utf8'),
      ),
    )
    expect(callers.sort()).toEqual(['advance-roster.ts', 'change-policy.ts', 'publish-leash.ts'])
    expect(importers('publish-leash')).toEqual(['advance-roster.ts'])
    expect(importers('change-policy')).toEqual(['grant-request.ts', 'remove-request.ts'])
    expect([...importers('grant-request'), ...importers('remove-request')]).toEqual([
      'advance-request.ts',
      'advance-request.ts',
    ])
  })
})
