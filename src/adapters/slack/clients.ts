import { LogLevel, WebClient } from '@slack/web-api'

/**
 * The two Web API clients: `interactive` for what must happen before an acknowledgement (Slack waits 3 s), `worker` for
 * due work. Neither retries by itself nor queues behind a rate limit, as the SDK's defaults would for half an hour:
 * what failed is due again.
 */
export function createSlackClients(token: string, apiUrl?: string): { interactive: WebClient; worker: WebClient } {
  const create = (timeout: number) =>
    new WebClient(token, {
      ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
      timeout,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      allowAbsoluteUrls: false,
      logLevel: LogLevel.ERROR,
    })
  return { interactive: create(2500), worker: create(10_000) }
}
