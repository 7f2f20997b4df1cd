import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Takes the folder for this process: dynalite on a folder that another process holds starts, and crashes at the first
 * request. A lock left by a process that is gone (kill -9) is taken over.
 */
export function lockFolder(folder: string): { release(): void } | { problem: string } {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'pid')
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      return { release: () => rmSync(file, { force: true }) }
    } catch {
      const holder = Number(readFileSync(file, 'utf8'))
      if (isRunning(holder)) {
        return {
          problem: `A playground (process ${holder}) uses ${folder} already. End it, or set CURFEW_DATA to another folder.`,
        }
      }
      rmSync(file, { force: true })
    }
  }
  return { problem: `Another playground took ${folder} at this moment. Try again.` }
}

/** Whether that process is a playground: the number may be a stranger's by now, or a dead child nobody collected. */
function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  const { status, stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'stat=,command='], { encoding: 'utf8' })
  if (status !== null) return stdout.includes('playground/main') && !stdout.startsWith('Z')
  // Where there is no ps, a process of that number has to be taken for ours.
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
