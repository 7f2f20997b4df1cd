import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

/** What the browsers are called on the PATH. */
const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge']

/** Where they are installed without being on the PATH: macOS, then Windows below its folders for programs. */
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]
const windowsFolders = ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA']
const windowsPrograms = ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe']

/** The browser of this machine, Chromium or one made from it; undefined when there is none. */
export function findBrowser(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const programs = windowsFolders.flatMap(name => process.env[name] ?? [])
  const places = [
    ...commands.flatMap(command => folders.map(folder => join(folder, command))),
    ...applications,
    ...programs.flatMap(folder => windowsPrograms.map(program => join(folder, program))),
  ]
  return places.find(isExecutable)
}

/** Starts the browser of this machine without a window. Throws when there is none. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser()
  if (executablePath === undefined) throw new Error('No Chromium, Chrome or Edge was found on this machine.')
  // A container has no user namespaces for the sandbox; the only page that is opened is our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
