// Makes a fresh clone runnable before any npm script: installs the locked dependencies when they are missing or stale,
// then checks the Node version. Plain JavaScript without dependencies, because it runs on whatever Node is there
// before anything is installed. A repeat call with an unchanged lockfile costs one file read.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const stamp = join(root, 'node_modules/.curfew-lock')
const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== lock) {
  console.error('Installing the locked dependencies (once, about a minute) …')
  const npm = process.env.npm_execpath
  const args = ['ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const { status } = npm
    ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
    : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  if (status !== 0) {
    console.error('Installing failed. Check that npm can reach its registry, then run the same command again.')
    process.exit(1)
  }
  writeFileSync(stamp, lock)
}

// npm puts node_modules/.bin first on PATH, where the pinned Node 24 is; where it could not be installed, the system's counts.
const version = spawnSync('node', ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? process.version
const [major = 0, minor = 0] = version.slice(1).split('.').map(Number)
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Curfew needs Node 22.18 or newer to run TypeScript, and found ${version}: install Node 24 and try again.`,
  )
  process.exit(1)
}
