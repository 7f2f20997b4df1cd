import { App, type Logger, LogLevel } from '@slack/bolt'
import { WebClient } from '@slack/web-api'
import { onTestFinished } from 'vitest'
import { openJournal } from '../../../src/playground/journal.ts'
import type { SlackSeed } from '../../../src/playground/slack/seed.ts'
import { type SimulatedSlack, startSimulatedSlack } from '../../../src/playground/slack/simulated-slack.ts'
import { createWorldClock } from '../../../src/playground/world-clock.ts'
import { seed } from './seed.ts'

/** Real time that passes only when told. */
export function createHandTime() {
  let now = Date.parse('2026-11-21T09:00:00Z')
  let timers: { at: number; call: () => void }[] = []
  return {
    now: () => now,
    after(milliseconds: number, call: () => void) {
      const timer = { at: now + milliseconds, call }
      timers.push(timer)
      return () => {
        timers = timers.filter(other => other !== timer)
      }
    },
    pass(milliseconds: number) {
      now += milliseconds
      for (const timer of timers.filter(one => one.at <= now)) {
        timers = timers.filter(other => other !== timer)
        timer.call()
      }
    },
  }
}

/** Simulated Slack for one test, closed when it ends. */
export async function startSlack(
  options: Partial<Parameters<typeof startSimulatedSlack>[0]> = {},
): Promise<SimulatedSlack> {
  const journal = options.journal ?? openJournal()
  const clock = options.clock ?? createWorldClock(journal)
  const slack = await startSimulatedSlack({ seed, journal, clock, ...options })
  onTestFinished(() => slack.close())
  return slack
}

/** The client also logs each refusal; the tests look at the answers. */
const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
}

/** Slack's own client, quiet and without retries. */
export function clientOf(slack: SimulatedSlack, token: string | undefined = seed.app.botToken): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.url,
    logger: silent,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: 2000,
  })
}

/** A started Bolt app in Socket Mode with the listeners given, stopped when the test ends. */
export async function startBot(slack: SimulatedSlack, listeners: (app: App) => void): Promise<App> {
  const app = new App({
    token: seed.app.botToken,
    appToken: seed.app.appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.url, retryConfig: { retries: 0 } },
  })
  listeners(app)
  await app.start()
  onTestFinished(() => app.stop().then(() => {}))
  return app
}

/** The code of the refusal a call ends in; `ok` when it is none. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'ok'
  } catch (error) {
    return (error as { data?: { error?: string } }).data?.error ?? String(error)
  }
}

/** The seed with other scopes. */
export function seedWithScopes(...scopes: string[]): SlackSeed {
  return { ...seed, app: { ...seed.app, scopes } }
}
