import { asFault } from '../core/errors.ts'

/** Real seconds a check may take: whoever starts the bot is waiting. */
const checkSeconds = 5

/** Tries everything the bot cannot work without, side by side; one line for each that fails, none when all is well. */
export async function tryToStart(checks: [name: string, check: () => Promise<unknown>][]): Promise<string[]> {
  const lines = await Promise.all(
    checks.map(async ([name, check]) => {
      try {
        await Promise.race([check(), timeout()])
        return undefined
      } catch (error) {
        return `${name}: ${inWords(error)}`
      }
    }),
  )
  return lines.filter(line => line !== undefined)
}

/** What an error says, on one line and without a stack trace. */
export function inWords(error: unknown): string {
  return asFault(error).message.split('\n')[0] ?? 'unknown error'
}

function timeout(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${checkSeconds} s`)), checkSeconds * 1000).unref()
  })
}
