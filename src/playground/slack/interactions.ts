import type { Deliver } from './envelopes.ts'
import { type Placed, placedElements, shownValues } from './input-state.ts'
import { Args, Refusal, type World } from './methods/method.ts'
import { actorFields, channelFields, messageObject, viewObject } from './payloads.ts'
import { sayAnswer } from './response-posts.ts'
import type { ResponseUrls } from './response-urls.ts'
import type { SlackUser } from './seed.ts'
import type { OpenView } from './views.ts'
import type { Conversation } from './workspace.ts'

/** Slack's own failure, in the words people see. */
export type SlackFailure = {
  ok: false
  error: 'dispatch_failed' | 'operation_timeout' | 'invalid_command'
  message: string
}

/** What somebody saw after a command; `text` is the app's answer in the acknowledgement, also posted as a message. */
export type CommandOutcome = { ok: true; text?: string } | SlackFailure

/** What somebody saw after a click. */
export type ClickOutcome = { ok: true } | SlackFailure

/** Everything people's actions work on. */
export type Stage = World & {
  responseUrls: ResponseUrls
  deliver: Deliver
  violated(code: string, detail: string): void
}

/** Slack's own voice. */
const slackbot = 'USLACKBOT'

/** The person who acts. Throws for whom Slack does not let in: the unknown, the deactivated, bots. */
export function actor(stage: Stage, userId: string): SlackUser {
  const user = stage.workspace.state.users.get(userId)
  if (!user) throw new Error(`There is no user ${userId}.`)
  if (user.deleted || user.isBot) throw new Error(`${userId} cannot act: deactivated, or a bot.`)
  return user
}

/** Types a slash command. Throws when that person is not in that conversation. */
export async function typeCommand(
  stage: Stage,
  act: { userId: string; channelId: string; command: string; text?: string },
): Promise<CommandOutcome> {
  const { workspace, triggers, responseUrls, deliver } = stage
  const user = actor(stage, act.userId)
  const place = placeOf(stage, act.channelId, user)
  const sayFailure = (error: SlackFailure['error'], message: string): SlackFailure => {
    workspace.post(act.channelId, { user: slackbot, text: message, blocks: [], ephemeralFor: user.id })
    return { ok: false, error, message }
  }
  // To people of another organisation the app's commands do not exist.
  if (!workspace.seed.app.commands.includes(act.command) || workspace.isOutsider(user)) {
    return sayFailure('invalid_command', `${act.command} is not a valid command.`)
  }
  const channel = channelFields(place)
  const { team, app } = workspace.seed
  const target = { channelId: act.channelId, userId: user.id }
  const result = await deliver({
    type: 'slash_commands',
    acceptsResponsePayload: true,
    payload: {
      token: 'verification-token',
      team_id: team.id,
      team_domain: team.domain,
      channel_id: channel.id,
      channel_name: channel.name,
      user_id: user.id,
      user_name: user.name,
      command: act.command,
      text: act.text ?? '',
      api_app_id: app.id,
      is_enterprise_install: 'false',
      response_url: `http://${stage.host()}${responseUrls.make(target)}`,
      trigger_id: triggers.make({ userId: user.id }),
    },
  })
  if (!result.acknowledged) return sayFailure(result.error, noResponse(act.command))
  const answer = new Args(result.payload)
  if (!answer.has('text') && !answer.has('blocks')) return { ok: true }
  try {
    return { ok: true, text: sayAnswer(workspace, target, answer).text }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    stage.violated(error.code, `acknowledgement of ${act.command}`)
    return sayFailure('dispatch_failed', noResponse(act.command))
  }
}

function noResponse(what: string): string {
  return `${what} failed because the app did not respond`
}

/** Clicks a button of a message. Throws when there is no such button, or the person does not see the message. */
export async function clickMessage(
  stage: Stage,
  act: { userId: string; channelId: string; ts: string; actionId: string; blockId?: string },
): Promise<ClickOutcome> {
  const { workspace, triggers, responseUrls } = stage
  const user = actor(stage, act.userId)
  const place = placeOf(stage, act.channelId, user)
  const message = workspace.message(act.channelId, act.ts)
  if (!message || (message.ephemeralFor !== undefined && message.ephemeralFor !== user.id)) {
    throw new Error(`${user.id} sees no message ${act.ts} in ${act.channelId}.`)
  }
  const ephemeral = message.ephemeralFor !== undefined
  const button = findButton(message.blocks, act)
  const target = { channelId: act.channelId, userId: user.id, ts: message.ts }
  return sendBlockActions(stage, {
    ...actorFields(workspace, user),
    container: { type: 'message', message_ts: message.ts, channel_id: act.channelId, is_ephemeral: ephemeral },
    trigger_id: triggers.make({ userId: user.id }),
    channel: channelFields(place),
    // An ephemeral message is kept nowhere, so its payload does not carry it.
    ...(!ephemeral && { message: messageObject(workspace, message, true) }),
    state: { values: shownValues(message.blocks) },
    response_url: `http://${stage.host()}${responseUrls.make(target)}`,
    actions: [buttonAction(stage, button)],
  })
}

/** Sends the block_actions of an element in an open view; `held` is what the element holds, for the action. */
export function sendViewAction(
  stage: Stage,
  user: SlackUser,
  open: OpenView,
  action: Record<string, unknown>,
): Promise<ClickOutcome> {
  return sendBlockActions(stage, {
    ...actorFields(stage.workspace, user),
    container: { type: 'view', view_id: open.id },
    trigger_id: stage.triggers.make({ userId: user.id, viewId: open.id }),
    view: viewObject(stage.workspace, open),
    actions: [action],
  })
}

/** The one button meant. Throws when there is none, or more than one. */
export function findButton(blocks: readonly unknown[], act: { actionId: string; blockId?: string }): Placed {
  const found = placedElements(blocks).filter(
    ({ element, actionId, blockId }) =>
      element['type'] === 'button' && actionId === act.actionId && (act.blockId ?? blockId) === blockId,
  )
  const [button] = found
  if (!button) throw new Error(`There is no button "${act.actionId}" here.`)
  if (found.length > 1) throw new Error(`Several buttons are called "${act.actionId}": say which block.`)
  return button
}

/** A button's entry in `actions`. */
export function buttonAction(stage: Stage, { element, blockId, actionId }: Placed): Record<string, unknown> {
  const { text, value, url, style } = element
  return {
    action_id: actionId,
    block_id: blockId,
    type: 'button',
    text,
    ...(value !== undefined && { value }),
    ...(url !== undefined && { url }),
    ...(style !== undefined && { style }),
    action_ts: actionTs(stage),
  }
}

/** The world's time in the form of a ts. */
export function actionTs(stage: Stage): string {
  return (stage.workspace.worldNow() / 1000).toFixed(6)
}

async function sendBlockActions(stage: Stage, payload: Record<string, unknown>): Promise<ClickOutcome> {
  const result = await stage.deliver({
    type: 'interactive',
    acceptsResponsePayload: false,
    payload: { type: 'block_actions', ...payload },
  })
  if (result.acknowledged) return { ok: true }
  return { ok: false, error: result.error, message: noResponse('This button') }
}

function placeOf(stage: Stage, channelId: string, user: SlackUser): Conversation {
  const place = stage.workspace.conversation(channelId)
  const isIn = place?.kind === 'im' ? place.im.userId === user.id : place?.channel.members.includes(user.id)
  if (!place || !isIn) throw new Error(`${user.id} is not in ${channelId}.`)
  return place
}
