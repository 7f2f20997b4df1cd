import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api'
import { asFault, Fault } from '../../core/errors.ts'

/**
 * Calls Slack and turns what the SDK throws into a Fault: `message_gone`, `channel_gone` (nothing can be posted there:
 * deleted, archived, closed to the bot or to its words, or a person who cannot be written to), `not_in_channel` (the
 * reader), `slack_refused`, `rate_limited`, `slack_unavailable` or `slack_unreachable`. The message names the method and
 * Slack's own error.
 */
export async function askSlack<T>(method: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw faultOf(method, error)
  }
}

/** Slack's own word when it answered with a definite refusal; undefined for every other fault. */
export function refusalOf(error: unknown): string | undefined {
  const { retryable, cause } = asFault(error)
  return !retryable && cause instanceof WebAPIPlatformError ? cause.data.error : undefined
}

function faultOf(method: string, cause: unknown): Fault {
  const fault = (code: string, detail: string, known: ConstructorParameters<typeof Fault>[2]) =>
    new Fault(code, `Slack ${method}: ${detail}`, { ...known, cause })
  if (cause instanceof WebAPIPlatformError) {
    const said = cause.data.error
    const kind = platformErrors[said]
    // The SDK also puts a body that is not JSON here, e.g. a proxy's page: not Slack's answer.
    if (!/^[a-z_]+$/.test(said)) return fault('slack_unavailable', 'no readable answer', unheard)
    if (kind === 'rate_limited') return fault(kind, said, { retryable: true, answered: true })
    if (kind === 'slack_unavailable') return fault(kind, said, unheard)
    return fault(kind ?? 'slack_refused', said, { retryable: false, answered: true })
  }
  if (cause instanceof WebAPIRateLimitedError) {
    const { retryAfter: retryAfterSeconds } = cause
    const known = { retryable: true, answered: true, retryAfterSeconds }
    return fault('rate_limited', `again in ${retryAfterSeconds} s`, known)
  }
  if (cause instanceof WebAPIHTTPError) {
    const known = cause.statusCode >= 500 ? unheard : { retryable: false, answered: true }
    return fault(cause.statusCode >= 500 ? 'slack_unavailable' : 'slack_refused', `HTTP ${cause.statusCode}`, known)
  }
  if (cause instanceof WebAPIRequestError) return fault('slack_unreachable', cause.original.message, unheard)
  return asFault(cause)
}

/** What may have taken effect although nobody heard so. */
const unheard = { retryable: true, answered: false }

type Kind = 'message_gone' | 'channel_gone' | 'not_in_channel' | 'rate_limited' | 'slack_unavailable'

/** Slack's words that mean something else than "refused". Of the server's own errors Slack says they may have happened. */
const platformErrors: Record<string, Kind> = {
  message_not_found: 'message_gone',
  channel_not_found: 'channel_gone',
  is_archived: 'channel_gone',
  not_in_channel: 'channel_gone',
  restricted_action: 'channel_gone',
  restricted_action_read_only_channel: 'channel_gone',
  restricted_action_thread_only_channel: 'channel_gone',
  user_disabled: 'channel_gone',
  user_not_found: 'channel_gone',
  user_not_visible: 'channel_gone',
  cannot_dm_bot: 'channel_gone',
  messages_tab_disabled: 'channel_gone',
  user_not_in_channel: 'not_in_channel',
  ratelimited: 'rate_limited',
  rate_limited: 'rate_limited',
  internal_error: 'slack_unavailable',
  fatal_error: 'slack_unavailable',
  service_unavailable: 'slack_unavailable',
  request_timeout: 'slack_unavailable',
}
