import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'

const processEnd = new URL('../../src/entry/process-end.ts', import.meta.url)

/** Is started, as the bot is, and for a while not yet so far that it would end with its parent. */
const child = `
  import { endWithParent } from '${processEnd}'
  console.error('started')
  setTimeout(() => endWithParent(async () => process.exit(console.log('ended'))), 500)
  setTimeout(() => process.exit(console.log('went on')), 5000)
`
/** Starts the child and dies as soon as that has begun. */
const parent = `
  const { spawn } = require('node:child_process')
  const started = spawn(process.execPath, ['--input-type=module-typescript', '--eval', process.env.CHILD], {
    stdio: ['ignore', 'inherit', 'pipe'],
  })
  started.stderr.once('data', () => process.kill(process.pid, 'SIGKILL'))
`

it('a process whose parent dies while it starts ends all the same', async () => {
  const { stdout } = spawn(process.execPath, ['--eval', parent], {
    env: { CHILD: child },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  expect(await text(stdout)).toBe('ended\n')
})
