import type { KnownBlock } from '@slack/types'
import type { SlackChannel, SlackSeed, SlackUser, SlackUserGroup } from './seed.ts'

/** Application data carried by a message, unseen by readers. */
export type MessageMetadata = { event_type: string; event_payload: Record<string, unknown> }

/** One message. `ts` is its id in its channel: seconds of the world's clock with six decimals. */
export type SlackMessage = {
  ts: string
  /** Author; `USLACKBOT` for Slack's own words. */
  user: string
  text: string
  /** As posted, with the ids Slack fills in. */
  blocks: KnownBlock[]
  metadata?: MessageMetadata
  threadTs?: string
  /** Set by a text-only update, as Slack marks such messages "(edited)". */
  edited?: { user: string; ts: string }
  /** World time of the last update in milliseconds, marked or not. */
  updatedAt?: number
  /** Set for an ephemeral message: the only person who sees it. */
  ephemeralFor?: string
}

/** A direct conversation between the app and one person. */
export type DirectMessage = { id: string; userId: string }

/** Everything of the workspace that survives a restart. */
export type SlackState = {
  users: Map<string, SlackUser>
  channels: Map<string, SlackChannel>
  userGroups: Map<string, SlackUserGroup>
  directMessages: Map<string, DirectMessage>
  /** By channel or direct conversation, oldest first. */
  messages: Map<string, SlackMessage[]>
  /** The last message ts, in microseconds: the next one is later. */
  lastTs: number
}

/** One change of the workspace, as the journal holds it. */
export type SlackEvent =
  | { type: 'message.posted'; data: { channelId: string; message: SlackMessage } }
  | { type: 'message.updated'; data: { channelId: string; message: SlackMessage } }
  | { type: 'message.deleted'; data: { channelId: string; ts: string } }
  | { type: 'direct-message.opened'; data: DirectMessage }
  | { type: 'user-group.set'; data: { id: string; users: string[] } }
  | { type: 'user.set'; data: { id: string; patch: Partial<Omit<SlackUser, 'id'>> } }
  | { type: 'channel.set'; data: { id: string; patch: Partial<Omit<SlackChannel, 'id'>> } }

/** The workspace as the seed describes it, before any event. */
export function initialState(seed: SlackSeed): SlackState {
  const bot: SlackUser = {
    id: seed.app.botUserId,
    name: seed.app.name.toLowerCase(),
    realName: seed.app.name,
    email: '',
    tz: 'UTC',
    locale: 'en-US',
    isBot: true,
  }
  return {
    users: new Map([...seed.users, bot].map(user => [user.id, { ...user }])),
    channels: new Map(seed.channels.map(channel => [channel.id, { ...channel, members: [...channel.members] }])),
    userGroups: new Map(seed.userGroups.map(group => [group.id, { ...group, users: [...group.users] }])),
    directMessages: new Map(),
    messages: new Map(),
    lastTs: 0,
  }
}

/** The one reducer: applies an event to the state, in place. Events about things that do not exist change nothing. */
export function applyEvent(state: SlackState, event: SlackEvent): void {
  switch (event.type) {
    case 'message.posted': {
      const { channelId, message } = event.data
      const list = state.messages.get(channelId)
      if (list) list.push(message)
      else state.messages.set(channelId, [message])
      state.lastTs = Math.max(state.lastTs, microseconds(message.ts))
      return
    }
    case 'message.updated': {
      const { channelId, message } = event.data
      const old = state.messages.get(channelId) ?? []
      state.messages.set(
        channelId,
        old.map(other => (other.ts === message.ts ? message : other)),
      )
      return
    }
    case 'message.deleted': {
      const { channelId, ts } = event.data
      const old = state.messages.get(channelId) ?? []
      state.messages.set(
        channelId,
        old.filter(message => message.ts !== ts),
      )
      return
    }
    case 'direct-message.opened':
      state.directMessages.set(event.data.id, event.data)
      return
    case 'user-group.set': {
      const group = state.userGroups.get(event.data.id)
      if (group) state.userGroups.set(group.id, { ...group, users: event.data.users })
      return
    }
    case 'user.set': {
      const user = state.users.get(event.data.id)
      if (user) state.users.set(user.id, { ...user, ...event.data.patch })
      return
    }
    case 'channel.set': {
      const channel = state.channels.get(event.data.id)
      if (channel) state.channels.set(channel.id, { ...channel, ...event.data.patch })
      return
    }
    default:
      event satisfies never
  }
}

/** The ts of the next message: the world's time, or one microsecond after the last one where that is later. */
export function nextTs(state: SlackState, worldNow: number): string {
  const next = Math.max(Math.floor(worldNow * 1000), state.lastTs + 1)
  return `${Math.floor(next / 1e6)}.${String(next % 1e6).padStart(6, '0')}`
}

/** A message ts as a number of microseconds; NaN when it is not one. */
export function microseconds(ts: string): number {
  const parts = /^(\d+)(?:\.(\d{1,6}))?$/.exec(ts)
  return parts ? Number(parts[1]) * 1e6 + Number((parts[2] ?? '').padEnd(6, '0')) : Number.NaN
}
