import type { SlackUser } from '../seed.ts'
import type { Conversation, Workspace } from '../workspace.ts'
import { Refusal } from './method.ts'

/** Throws `missing_scope` unless the bot token carries the scope. */
export function needScope(workspace: Workspace, scope: string): void {
  const { scopes } = workspace.seed.app
  if (!scopes.includes(scope)) throw new Refusal('missing_scope', { needed: scope, provided: scopes.join(',') })
}

/** Throws the scope's refusal for reading this kind of conversation: `channels:read`, `groups:history`, `im:read` … */
export function needReadingScope(workspace: Workspace, place: Conversation, right: 'read' | 'history'): void {
  const family = place.kind === 'im' ? 'im' : place.channel.isPrivate ? 'groups' : 'channels'
  needScope(workspace, `${family}:${right}`)
}

/** The conversation, as far as the app can see it; a private channel without the bot is not there for it. */
export function visiblePlace(workspace: Workspace, id: string): Conversation {
  const place = workspace.conversation(id)
  if (!place || (place.kind === 'channel' && place.channel.isPrivate && !botIsIn(workspace, place))) {
    throw new Refusal('channel_not_found')
  }
  return place
}

/** Where a message may go: a channel the bot is in, a direct conversation, or a person's id. */
export function postablePlace(workspace: Workspace, id: string): { id: string; place: Conversation } {
  const user = workspace.state.users.get(id)
  if (user) {
    if (!canBeWrittenTo(workspace, user)) throw new Refusal('channel_not_found')
    const { im } = workspace.directMessageWith(user.id)
    return { id: im.id, place: { kind: 'im', im } }
  }
  const place = visiblePlace(workspace, id)
  if (place.kind === 'im') {
    if (workspace.state.users.get(place.im.userId)?.deleted) throw new Refusal('is_archived')
  } else {
    if (place.channel.isArchived) throw new Refusal('is_archived')
    if (!botIsIn(workspace, place) && !workspace.seed.app.scopes.includes('chat:write.public')) {
      throw new Refusal('not_in_channel')
    }
  }
  return { id, place }
}

/** Whether the bot is a member; it is one of its own direct conversations. */
export function botIsIn(workspace: Workspace, place: Conversation): boolean {
  return place.kind === 'im' || place.channel.members.includes(workspace.seed.app.botUserId)
}

/** Whether the app may start a conversation. People of other organisations: unconfirmed, the stricter reading. */
export function canBeWrittenTo(workspace: Workspace, user: SlackUser): boolean {
  return !user.deleted && !user.isBot && !workspace.isOutsider(user)
}
