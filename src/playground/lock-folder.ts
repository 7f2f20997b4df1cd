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

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
