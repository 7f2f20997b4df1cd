import type { SlackUser } from './seed.ts'
import type { SlackMessage } from './state.ts'
import type { OpenView } from './views.ts'
import type { Conversation, Workspace } from './workspace.ts'

type Json = Record<string, unknown>

/** The app's bot id: what messages carry beside the bot's user id. */
export function botId(workspace: Workspace): string {
  return `B${workspace.seed.app.botUserId.slice(1)}`
}

/** A message as the Web API and interaction payloads give it. */
export function messageObject(workspace: Workspace, message: SlackMessage, withMetadata: boolean): Json {
  const { app, team } = workspace.seed
  return {
    type: 'message',
    ...(message.user === app.botUserId && { bot_id: botId(workspace), app_id: app.id }),
    user: message.user,
    text: message.text,
    ts: message.ts,
    team: team.id,
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(message.edited && { edited: message.edited }),
    ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
    ...(withMetadata && message.metadata && { metadata: message.metadata }),
  }
}

/** A view as views.* answer it and interaction payloads carry it. */
export function viewObject(workspace: Workspace, open: OpenView): Json {
  const { app, team } = workspace.seed
  return {
    private_metadata: '',
    callback_id: '',
    external_id: '',
    clear_on_close: false,
    notify_on_close: false,
    submit: null,
    close: null,
    ...open.view,
    id: open.id,
    team_id: team.id,
    state: { values: open.values },
    hash: open.hash,
    root_view_id: open.rootViewId,
    previous_view_id: open.previousViewId ?? null,
    app_id: app.id,
    app_installed_team_id: team.id,
    bot_id: botId(workspace),
  }
}

/**
 * A user as users.info gives it. People of another organisation carry their own team and no e-mail address, and
 * `is_stranger` is false for them: they share a channel with the app.
 */
export function userObject(workspace: Workspace, user: SlackUser, options: { email: boolean; locale: boolean }): Json {
  const outsider = workspace.isOutsider(user)
  const zone = timeZone(user.tz, workspace.worldNow())
  return {
    id: user.id,
    team_id: user.teamId ?? workspace.seed.team.id,
    name: user.name,
    deleted: user.deleted ?? false,
    real_name: user.realName,
    // A deactivated person has no time zone any more.
    ...(!user.deleted && { tz: user.tz, tz_label: zone.label, tz_offset: zone.offsetSeconds }),
    profile: {
      real_name: user.realName,
      display_name: user.name,
      team: user.teamId ?? workspace.seed.team.id,
      ...(options.email && !outsider && !user.isBot && { email: user.email }),
    },
    is_admin: false,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: user.isGuest ?? false,
    is_ultra_restricted: false,
    is_bot: user.isBot ?? false,
    is_app_user: false,
    ...(outsider && { is_stranger: false }),
    ...(!outsider && { is_email_confirmed: user.emailConfirmed ?? true }),
    ...(options.locale && { locale: user.locale }),
    updated: 0,
  }
}

function timeZone(tz: string, at: number): { label: string; offsetSeconds: number } {
  const part = (timeZoneName: 'long' | 'longOffset') =>
    new Intl.DateTimeFormat('en-US', { timeZone: tz, timeZoneName })
      .formatToParts(at)
      .find(p => p.type === 'timeZoneName')?.value ?? ''
  const offset = /([+-])(\d\d):(\d\d)/.exec(part('longOffset'))
  const seconds = offset ? (Number(offset[2]) * 60 + Number(offset[3])) * 60 : 0
  return { label: part('long'), offsetSeconds: offset?.[1] === '-' ? -seconds : seconds }
}

/** Who acts and where the app is installed: the part that commands and interactions share. */
export function actorFields(workspace: Workspace, user: SlackUser): Json {
  const { team, app } = workspace.seed
  return {
    // An outsider's own team is here and only here; `team` is the app's.
    user: { id: user.id, username: user.name, name: user.name, team_id: user.teamId ?? team.id },
    team: { id: team.id, domain: team.domain },
    api_app_id: app.id,
    token: 'verification-token',
    enterprise: null,
    is_enterprise_install: false,
  }
}

/** A conversation as interaction payloads name it. */
export function channelFields(conversation: Conversation): { id: string; name: string } {
  if (conversation.kind === 'im') return { id: conversation.im.id, name: 'directmessage' }
  const { channel } = conversation
  return { id: channel.id, name: channel.isPrivate ? 'privategroup' : channel.name }
}
