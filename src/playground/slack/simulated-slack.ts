import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Journal } from '../journal.ts'
import type { WorldClock } from '../world-clock.ts'
import type { Deliver } from './envelopes.ts'
import { createFaults, type Faults } from './faults.ts'
import type { InputValue } from './input-state.ts'
import { type ClickOutcome, type CommandOutcome, clickMessage, type Stage, typeCommand } from './interactions.ts'
import { createObservedLog, type ObservedLog } from './observed-log.ts'
import { createRateLimits } from './rate-limits.ts'
import { type RealTime, realTime } from './real-time.ts'
import { createRequestUrl } from './request-url.ts'
import { createResponseUrls } from './response-urls.ts'
import type { SlackChannel, SlackSeed, SlackUser } from './seed.ts'
import { type SlackSnapshot, takeSnapshot } from './snapshot.ts'
import { createSocketMode } from './socket-mode.ts'
import { createTriggers } from './triggers.ts'
import { changeInput, clickView, closeView, type SubmitOutcome, submitView } from './view-interactions.ts'
import { createViews } from './views.ts'
import { createWebApi, type ObservedCall } from './web-api.ts'
import { openWorkspace } from './workspace.ts'

/**
 * Something the app did that Slack refuses: Slack's error code, or ours for a broken acknowledgement. Rate limits,
 * injected faults and `users_not_found` are not among them: they happen to well-behaved apps.
 */
type Violation = { code: string; detail: string; at: string }

/** What a button is part of: a message, or an open view. */
type ButtonPlace = { channelId: string; ts: string } | { viewId: string }

/**
 * A Slack workspace with one app installed, on loopback. The app talks to it over the wire only; people act through
 * the functions here, which resolve with what that person then saw and throw for what Slack's client offers no way to do.
 */
export type SimulatedSlack = {
  /** Base of the Web API, `http://127.0.0.1:<port>/api/`: the value for SLACK_API_URL. */
  url: string
  close(): Promise<void>
  snapshot(): SlackSnapshot
  /** Called after each change of the snapshot; returns the function that ends it. */
  onChange(listener: () => void): () => void

  command(act: { userId: string; channelId: string; command: string; text?: string }): Promise<CommandOutcome>
  click(act: { userId: string; actionId: string; blockId?: string } & ButtonPlace): Promise<ClickOutcome>
  changeInput(act: {
    userId: string
    viewId: string
    blockId: string
    actionId: string
    value: InputValue
  }): Promise<ClickOutcome>
  /** `values`: block_id → what to enter before submitting. */
  submitView(act: { userId: string; viewId: string; values?: Record<string, InputValue> }): Promise<SubmitOutcome>
  closeView(act: { userId: string; viewId: string }): Promise<void>

  /** Where commands and interactions are posted, as in the app's settings; without one they go over its sockets. */
  setRequestUrl(url: string | undefined): void
  setUserGroup(id: string, users: string[]): void
  setUser(id: string, patch: Partial<Omit<SlackUser, 'id'>>): void
  setChannel(id: string, patch: Partial<Omit<SlackChannel, 'id'>>): void

  faults: Faults
  /** The latest calls of the app, 500 of them. */
  calls: ObservedLog<ObservedCall>
  violations: ObservedLog<Violation>
}

/**
 * Starts simulated Slack on the seed and on what the journal holds of it. Port 0, the usual, picks a free one.
 * `rateLimits: 'off'` is for measuring the bot rather than Slack's quota; `real` is for tests of deadlines.
 */
export async function startSimulatedSlack(options: {
  journal: Journal
  clock: WorldClock
  seed: SlackSeed
  port?: number
  rateLimits?: 'enforced' | 'off'
  real?: RealTime
}): Promise<SimulatedSlack> {
  const { seed, real = realTime, rateLimits = 'enforced' } = options
  const workspace = openWorkspace(options)
  const views = createViews(workspace.changed)
  const triggers = createTriggers(real)
  const responseUrls = createResponseUrls(real)
  const faults = createFaults()
  const calls = createObservedLog<ObservedCall>(500)
  const violations = createObservedLog<Violation>(500)
  const violated = (code: string, detail: string) =>
    violations.add({ code, detail, at: new Date(workspace.worldNow()).toISOString() })

  const server = createServer()
  const host = () => `127.0.0.1:${(server.address() as AddressInfo).port}`
  const sockets = createSocketMode({ server, appId: seed.app.id, real, violated, changed: workspace.changed })
  const requestUrl = createRequestUrl({ signingSecret: seed.app.signingSecret, real, violated })
  const deliver: Deliver = envelope => {
    const url = requestUrl.get()
    return url === undefined ? sockets.deliver(envelope) : requestUrl.deliver(url, envelope)
  }
  const stage: Stage = { workspace, views, triggers, sockets, host, responseUrls, deliver, violated }
  const answer = createWebApi({
    world: stage,
    responseUrls,
    rateLimits: rateLimits === 'enforced' ? createRateLimits(real) : undefined,
    strike: faults.strike,
    called: calls.add,
    violated,
  })
  server.on('request', (request, response) => {
    // Only a client that left before it was answered, or a mistake of ours, gets here; neither may stop the world.
    answer(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })

  return {
    url: `http://${host()}/api/`,
    async close() {
      await sockets.close()
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
    snapshot: () => takeSnapshot(workspace, views, sockets.connections()),
    onChange: workspace.onChange,
    command: act => typeCommand(stage, act),
    click: async act => ('viewId' in act ? clickView(stage, act) : clickMessage(stage, act)),
    changeInput: act => changeInput(stage, act),
    submitView: act => submitView(stage, act),
    closeView: act => closeView(stage, act),
    setRequestUrl: requestUrl.set,
    setUserGroup: (id, users) => workspace.change({ type: 'user-group.set', data: { id, users } }),
    setUser: (id, patch) => workspace.change({ type: 'user.set', data: { id, patch } }),
    setChannel: (id, patch) => workspace.change({ type: 'channel.set', data: { id, patch } }),
    faults,
    calls,
    violations,
  }
}
