import { asFault } from '../core/errors.ts'

/** Real seconds a check may take: whoever starts the bot is waiting. */
const checkSeconds = 5

/** Something the bot cannot work without. `check` says what is wrong with it, one line each; none when all is well. */
export type StartCheck = {
  /** What does not answer when the check runs out of time or throws, and what to do then. */
  about: string
  remedy: string
  check: () => Promise<string[]>
}

/** Runs the checks side by side, each for five seconds at most; the problems in their order, each once. Never throws. */
export async function runChecks(checks: StartCheck[]): Promise<string[]> {
  const lines = await Promise.all(
    checks.map(async ({ about, remedy, check }) => {
      try {
        return await Promise.race([check(), timeout()])
      } catch (error) {
        return [`${about}: ${sentence(inWords(error))} ${remedy}`]
      }
    }),
  )
  return [...new Set(lines.flat())]
}

/** What an error says, on one line and without a stack trace. */
export function inWords(error: unknown): string {
  return asFault(error).message.split('\n')[0] || 'unknown error'
}

/** The text with a full stop. */
export function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

function timeout(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${checkSeconds} s`)), checkSeconds * 1000).unref()
  })
}
