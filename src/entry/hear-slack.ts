import { App, type AppOptions, HTTPReceiver, LogLevel } from '@slack/bolt'
import type { Log } from '../app/ports.ts'
import type { HttpServer } from './http-server.ts'

/** A started Bolt app. */
export type Hearing = { stop(): Promise<unknown> }

/** Slack's largest payload is a view with its state, 250 kB before it is encoded for the form (platform: D4). */
const bodyLimit = 1024 * 1024

type Options = {
  token: string
  apiUrl: string | undefined
  /** Binds the listeners; the same ones however Slack's requests come in. */
  register(app: App): void
  log: Log
}

/** Hears Slack over connections that the bot opens (Socket Mode). Resolves when the first one is open. */
export async function hearOverSockets(appToken: string, options: Options): Promise<Hearing> {
  const app = new App({ ...appOptions(options), appToken, socketMode: true })
  options.register(app)
  await app.start()
  return { stop: () => app.stop() }
}

/** Hears Slack's requests on a server that listens already, and tells there whether the bot is well. */
export function hearOverHttp(
  server: HttpServer,
  signingSecret: string,
  options: Options & { isWell(): boolean },
): Hearing {
  const receiver = new HTTPReceiver({ signingSecret, bodyLimit, logLevel: LogLevel.ERROR })
  const app = new App({ ...appOptions(options), receiver })
  options.register(app)
  const problem =
    'A request was not signed by Slack just now. Check SLACK_SIGNING_SECRET and the clock of this computer.'
  server.serve(receiver.requestListener, {
    isWell: options.isWell,
    unverified: () => options.log('slack.failed', { listener: 'http', code: 'not_verified', problem }),
  })
  return { stop: () => server.close() }
}

function appOptions({ token, apiUrl }: Options): AppOptions {
  return {
    // Given the token itself, Bolt asks Slack whose it is, once, and where that fails it fails every request after.
    authorize: async () => ({ botToken: token }),
    logLevel: LogLevel.ERROR,
    clientOptions: {
      ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
      timeout: 2500,
      retryConfig: { retries: 0 },
    },
  }
}
