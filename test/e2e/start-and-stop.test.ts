import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { until } from './support.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A folder for one test's playground. */
function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'curfew-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** `npm start` as a person would run it, in a process group of its own like a terminal's job. */
async function npmStart(folder: string): Promise<{ npm: ChildProcess; url: string; processes: number[] }> {
  const env = { ...process.env, CURFEW_DATA: folder, CURFEW_PLAYGROUND_PORT: '0' }
  const npm = spawn('npm', ['start'], { cwd: root, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  for (const stream of [npm.stdout, npm.stderr]) createInterface({ input: stream }).on('line', line => lines.push(line))
  onTestFinished(() => kill(-(npm.pid ?? 0), 'SIGKILL'))
  const url = await until('the address is printed', () => {
    if (npm.exitCode !== null) throw new Error(`npm start ended: ${lines.join('\n')}`)
    return lines.at(-1)?.match(/^Curfew is ready: (http:\/\/127\.0\.0\.1:\d+)$/)?.[1]
  })
  return { npm, url, processes: descendants(npm.pid ?? 0) }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Gone already.
  }
}

function descendants(pid: number): number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
  const pairs = table
    .trim()
    .split('\n')
    .map(line => line.trim().split(/\s+/).map(Number))
  const children = pairs.filter(([, parent]) => parent === pid).map(([child = 0]) => child)
  return [pid, ...children.flatMap(descendants)]
}

/** Whether the process is there and not merely waiting to be collected by its parent. */
function isAlive(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .startsWith('Z')
  } catch {
    return false
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = createConnection(Number(new URL(url).port), '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('close', () => socket.destroy())
  })
}

describe('npm start', () => {
  it.each([
    ['Ctrl-C', (npm: number) => kill(-npm, 'SIGINT')],
    ['SIGTERM to npm', (npm: number) => kill(npm, 'SIGTERM')],
    ['SIGKILL to npm', (npm: number) => kill(npm, 'SIGKILL')],
  ])('leaves no process and no held port after %s', async (_, end) => {
    const { npm, url, processes } = await npmStart(aFolder())
    expect(processes.length).toBeGreaterThanOrEqual(3)
    expect(await answers(url)).toBe(true)
    end(npm.pid ?? 0)
    await until('every process is gone', () => !processes.some(isAlive))
    expect(await answers(url)).toBe(false)
  })

  it('finds requests, AWS and Slack as they were, also after kill -9 of everything', async () => {
    const folder = aFolder()
    const first = await npmStart(folder)
    const before = await stateOf(first.url)
    expect(before).toContain('Access request: One orders table')
    for (const pid of first.processes) kill(pid, 'SIGKILL')
    await until('every process is gone', () => !first.processes.some(isAlive))
    const second = await npmStart(folder)
    await until('the bot is back', async () => (await stateOf(second.url)).includes('Access request: One orders table'))
    expect(channelOf(await stateOf(second.url))).toEqual(channelOf(before))
  })

  it('says so when the folder is in use', async () => {
    const folder = aFolder()
    const first = await npmStart(folder)
    await expect(npmStart(folder)).rejects.toThrow(/uses .* already/)
    expect(await answers(first.url)).toBe(true)
  })
})

async function stateOf(url: string): Promise<string> {
  return (await fetch(`${url}/api/state`)).text()
}

/** The messages of the approvals channel in the page's state. */
function channelOf(state: string): unknown {
  const { slack } = JSON.parse(state) as { slack: { channels: { id: string; messages: unknown[] }[] } }
  return slack.channels.find(channel => channel.id === 'C0APPROVE')?.messages
}
