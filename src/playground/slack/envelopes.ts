/** One command or interaction on its way to the app. */
export type Envelope = {
  type: 'slash_commands' | 'interactive'
  payload: Record<string, unknown>
  /** Whether the acknowledgement may carry an answer: yes for commands and submitted forms. */
  acceptsResponsePayload: boolean
}

/** What became of an envelope: acknowledged, perhaps with an answer, or Slack's own failure. */
export type Acknowledgement =
  | { acknowledged: true; payload: Record<string, unknown> }
  | { acknowledged: false; error: 'dispatch_failed' | 'operation_timeout' }

/** Takes an envelope to the app by whichever way is set up, and waits for the acknowledgement. */
export type Deliver = (envelope: Envelope) => Promise<Acknowledgement>

/**
 * Commands and interactions must be acknowledged within three seconds, over a socket and over HTTP alike
 * (docs.slack.dev/apis/events-api/using-socket-mode, docs.slack.dev/interactivity/handling-user-interaction).
 */
export const ackMilliseconds = 3000
