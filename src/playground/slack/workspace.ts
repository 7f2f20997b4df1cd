import type { Journal } from '../journal.ts'
import type { WorldClock } from '../world-clock.ts'
import type { SlackChannel, SlackSeed, SlackUser } from './seed.ts'
import {
  applyEvent,
  type DirectMessage,
  initialState,
  nextTs,
  type SlackEvent,
  type SlackMessage,
  type SlackState,
} from './state.ts'

/** A place where messages are: a channel or a direct conversation with the app. */
export type Conversation = { kind: 'channel'; channel: SlackChannel } | { kind: 'im'; im: DirectMessage }

/** The lasting part of simulated Slack: its state, and the only way to change it. */
export type Workspace = {
  seed: SlackSeed
  /** Read only for everybody else; changes go through `change`. */
  state: SlackState
  /** Milliseconds since 1970, by the world's clock. */
  worldNow(): number
  /** Writes the change to the journal, applies it and tells the listeners. */
  change(event: SlackEvent): void
  /** Tells the listeners of a change that is not journalled, e.g. an open view. */
  changed(): void
  onChange(listener: () => void): () => void
  post(channelId: string, message: Omit<SlackMessage, 'ts'>): SlackMessage
  message(channelId: string, ts: string): SlackMessage | undefined
  conversation(id: string): Conversation | undefined
  /** The app's conversation with that person, made when there was none. */
  directMessageWith(userId: string): { im: DirectMessage; existed: boolean }
  isOutsider(user: SlackUser): boolean
}

/** Makes the workspace of the seed and replays what the journal holds of it. */
export function openWorkspace(options: { journal: Journal; clock: WorldClock; seed: SlackSeed }): Workspace {
  const { journal, clock, seed } = options
  const state = initialState(seed)
  // The proof of this cast: entries of this source are written by `change` below and nowhere else.
  for (const entry of journal.entries('slack')) applyEvent(state, entry as unknown as SlackEvent)
  const listeners = new Set<() => void>()
  const changed = () => {
    for (const listener of listeners) listener()
  }
  const change = (event: SlackEvent) => {
    journal.append({ at: new Date(clock.now()).toISOString(), source: 'slack', ...event })
    applyEvent(state, event)
    changed()
  }
  return {
    seed,
    state,
    worldNow: () => clock.now(),
    change,
    changed,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    post(channelId, content) {
      const message = { ts: nextTs(state, clock.now()), ...content }
      change({ type: 'message.posted', data: { channelId, message } })
      return message
    },
    message: (channelId, ts) => state.messages.get(channelId)?.find(message => message.ts === ts),
    conversation(id) {
      const channel = state.channels.get(id)
      if (channel) return { kind: 'channel', channel }
      const im = state.directMessages.get(id)
      return im && { kind: 'im', im }
    },
    directMessageWith(userId) {
      const found = [...state.directMessages.values()].find(im => im.userId === userId)
      if (found) return { im: found, existed: true }
      const im = { id: `D${userId.slice(1)}`, userId }
      change({ type: 'direct-message.opened', data: im })
      return { im, existed: false }
    },
    isOutsider: user => user.teamId !== undefined && user.teamId !== seed.team.id,
  }
}
