import { resolve } from 'node:path'
import { lockFolder } from './lock-folder.ts'
import { openPlayground } from './playground.ts'

/** `npm start`: Slack, AWS, DynamoDB and the page in this process, the unmodified bot as its child. */
async function main(): Promise<void> {
  const folder = resolve(process.env['CURFEW_DATA'] || '.curfew')
  const release = lockFolder(folder)
  if ('problem' in release) return giveUp(release.problem)
  const wanted = process.env['CURFEW_PLAYGROUND_PORT'] || '8600'
  if (!/^\d{1,5}$/.test(wanted) || Number(wanted) > 65_535) {
    return giveUp(`CURFEW_PLAYGROUND_PORT is ${wanted}; write a port number, or 0 for any free one.`)
  }
  const playground = await openPlayground(folder, Number(wanted))

  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    await playground.close()
    release.release()
    process.exit(0)
  }
  process.on('SIGINT', end)
  process.on('SIGTERM', end)
  // npm forwards neither SIGTERM nor SIGKILL to its script: when the parent is gone, so are we.
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && end(), 300).unref()

  await playground.begin()
  console.log(`Curfew is ready: ${playground.url}`)
}

function giveUp(problem: string): void {
  console.error(problem)
  process.exit(1)
}

await main().catch(error => giveUp(error instanceof Error ? error.message : String(error)))
