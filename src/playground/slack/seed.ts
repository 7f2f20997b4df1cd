/** What the simulated workspace holds before anything has happened; plain data. */
export type SlackSeed = {
  team: { id: string; name: string; domain: string }
  app: SlackApp
  users: SlackUser[]
  channels: SlackChannel[]
  userGroups: SlackUserGroup[]
}

/** The one app installed in the workspace. Its bot user is a user of the workspace without being listed in `users`. */
type SlackApp = {
  id: string
  botUserId: string
  name: string
  botToken: string
  /** App-level token; carries `connections:write` and nothing else. */
  appToken: string
  /** Scopes of the bot token, e.g. `chat:write`. */
  scopes: string[]
  signingSecret: string
  /** Slash commands, with the slash. */
  commands: string[]
}

/** Somebody, or some other app's bot, that the workspace knows. */
export type SlackUser = {
  id: string
  /** The handle, without @. */
  name: string
  realName: string
  email: string
  /** IANA time zone. */
  tz: string
  locale: 'en-US' | 'ja-JP'
  isGuest?: boolean
  isBot?: boolean
  deleted?: boolean
  /** Set for people of another organisation, who meet this one in a shared channel. */
  teamId?: string
  /** Confirmed unless false. */
  emailConfirmed?: boolean
}

/** A public or private channel. `members` are user ids; the bot's own id is among them where it was invited. */
export type SlackChannel = {
  id: string
  name: string
  members: string[]
  isPrivate?: boolean
  isExtShared?: boolean
  isArchived?: boolean
}

/** A user group, e.g. @platform. */
export type SlackUserGroup = { id: string; handle: string; name: string; users: string[] }
