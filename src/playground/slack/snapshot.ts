import type { SlackChannel, SlackSeed, SlackUser, SlackUserGroup } from './seed.ts'
import type { SlackMessage } from './state.ts'
import type { OpenView, Views } from './views.ts'
import type { Workspace } from './workspace.ts'

/** The workspace as plain JSON, for whoever draws or asserts it. */
export type SlackSnapshot = {
  team: SlackSeed['team']
  /** `connections`: how many sockets of the app are open; with none and no request URL, people see Slack's failure. */
  app: { id: string; botUserId: string; name: string; commands: string[]; connections: number }
  /** The app's bot user included. */
  users: SlackUser[]
  /** Messages oldest first. */
  channels: (SlackChannel & { messages: SlackMessage[] })[]
  directMessages: { id: string; userId: string; messages: SlackMessage[] }[]
  userGroups: SlackUserGroup[]
  /** By user id: the modals that person has open, the one on top last. */
  views: Record<string, OpenView[]>
}

/** Takes the snapshot: a copy, which later changes do not touch. */
export function takeSnapshot(workspace: Workspace, views: Views, connections: number): SlackSnapshot {
  const { seed, state } = workspace
  const messages = (id: string) => state.messages.get(id) ?? []
  return structuredClone({
    team: seed.team,
    app: {
      id: seed.app.id,
      botUserId: seed.app.botUserId,
      name: seed.app.name,
      commands: seed.app.commands,
      connections,
    },
    users: [...state.users.values()],
    channels: [...state.channels.values()].map(channel => ({ ...channel, messages: messages(channel.id) })),
    directMessages: [...state.directMessages.values()].map(im => ({ ...im, messages: messages(im.id) })),
    userGroups: [...state.userGroups.values()],
    views: Object.fromEntries(Map.groupBy(views.all(), open => open.userId)),
  })
}
