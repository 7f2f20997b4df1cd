import type { KnownBlock } from '@slack/types'
import { checkMessageBlocks, withIds } from '../block-kit.ts'
import { messageObject } from '../payloads.ts'
import { tiers } from '../rate-limits.ts'
import { isObject } from '../shape.ts'
import { type MessageMetadata, nextTs, type SlackMessage } from '../state.ts'
import type { Workspace } from '../workspace.ts'
import { type Args, type Method, Refusal, refusalWithMessages } from './method.ts'
import { postablePlace, visiblePlace } from './places.ts'

/** chat.postMessage cuts longer text; this refuses it, so that nothing is lost unseen. */
const postedTextLimit = 40_000
const updatedTextLimit = 4000
/** Slack's documents name `metadata_too_large` and, elsewhere, 16 kB (unconfirmed). */
const metadataBytes = 16_000

/** Reads the content of a message from a call's arguments, refusing what Slack refuses. */
export function messageContent(args: Args, textLimit = postedTextLimit): { text: string; blocks: KnownBlock[] } {
  if (args.has('attachments')) throw new Refusal('attachments_not_simulated')
  const blocks = args.json('blocks', 'invalid_blocks_format') ?? []
  if (!Array.isArray(blocks)) throw new Refusal('invalid_blocks_format')
  const problems = checkMessageBlocks(blocks)
  if (problems.length > 0) throw refusalWithMessages('invalid_blocks', problems)
  const text = args.text('text')
  if (text.trim() === '' && blocks.length === 0) throw new Refusal('no_text')
  if (text.length > textLimit) throw new Refusal('msg_too_long')
  return { text, blocks: withIds(blocks as KnownBlock[]) }
}

function messageMetadata(args: Args): { metadata?: MessageMetadata } {
  const metadata = args.json('metadata', 'invalid_metadata_format')
  if (metadata === undefined) return {}
  if (!isObject(metadata)) throw new Refusal('invalid_metadata_format')
  if (JSON.stringify(metadata).length > metadataBytes) throw new Refusal('metadata_too_large')
  const { event_type, event_payload } = metadata
  if (typeof event_type !== 'string' || event_type === '' || !isObject(event_payload)) {
    throw new Refusal('invalid_metadata_schema')
  }
  return { metadata: { event_type, event_payload } }
}

function ownMessage(workspace: Workspace, args: Args, otherwise: string): { channelId: string; message: SlackMessage } {
  const channelId = args.text('channel')
  const place = visiblePlace(workspace, channelId)
  if (place.kind === 'channel' && place.channel.isArchived) throw new Refusal('is_archived')
  const message = workspace.message(channelId, args.text('ts'))
  if (!message || message.ephemeralFor !== undefined) throw new Refusal('message_not_found')
  if (message.user !== workspace.seed.app.botUserId) throw new Refusal(otherwise)
  return { channelId, message }
}

const postMessage: Method = {
  scopes: ['chat:write'],
  rate: tiers.posting,
  // A person's id and the direct conversation named after it are one place.
  rateKey: args => args.text('channel').replace(/^U/, 'D'),
  required: ['channel'],
  run(args, { workspace }) {
    const content = { ...messageContent(args), ...messageMetadata(args) }
    const { id } = postablePlace(workspace, args.text('channel'))
    const threadTs = args.text('thread_ts')
    if (threadTs && !workspace.message(id, threadTs)) throw new Refusal('thread_not_found')
    const message = workspace.post(id, {
      user: workspace.seed.app.botUserId,
      ...content,
      ...(threadTs && { threadTs }),
    })
    return { channel: id, ts: message.ts, message: messageObject(workspace, message, true) }
  },
}

const postEphemeral: Method = {
  scopes: ['chat:write'],
  rate: tiers.tier4,
  required: ['channel', 'user'],
  run(args, { workspace }) {
    const content = messageContent(args)
    const { id, place } = postablePlace(workspace, args.text('channel'))
    const user = args.text('user')
    const present = place.kind === 'im' ? place.im.userId === user : place.channel.members.includes(user)
    if (!present) throw new Refusal('user_not_in_channel')
    const message = workspace.post(id, { user: workspace.seed.app.botUserId, ...content, ephemeralFor: user })
    return { message_ts: message.ts }
  },
}

const update: Method = {
  scopes: ['chat:write'],
  rate: tiers.tier3,
  required: ['channel', 'ts'],
  run(args, { workspace }) {
    const content = messageContent(args, updatedTextLimit)
    const metadata = messageMetadata(args)
    const { channelId, message: old } = ownMessage(workspace, args, 'cant_update_message')
    // Text without blocks takes the blocks away and marks the message edited; blocks do not mark it. Blocks without
    // text take the text away (unconfirmed: callers send both). Metadata stays unless given.
    const { edited: _edited, ...kept } = old
    const by = { user: old.user, ts: nextTs(workspace.state, workspace.worldNow()) }
    const message: SlackMessage = {
      ...kept,
      ...content,
      ...metadata,
      updatedAt: workspace.worldNow(),
      ...(content.blocks.length === 0 && { edited: by }),
    }
    workspace.change({ type: 'message.updated', data: { channelId, message } })
    return {
      channel: channelId,
      ts: message.ts,
      text: message.text,
      message: messageObject(workspace, message, true),
    }
  },
}

const remove: Method = {
  scopes: ['chat:write'],
  rate: tiers.tier3,
  required: ['channel', 'ts'],
  run(args, { workspace }) {
    const { channelId, message } = ownMessage(workspace, args, 'cant_delete_message')
    workspace.change({ type: 'message.deleted', data: { channelId, ts: message.ts } })
    return { channel: channelId, ts: message.ts }
  },
}

/** chat.*: the app's messages. */
export const chatMethods: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.postEphemeral': postEphemeral,
  'chat.update': update,
  'chat.delete': remove,
}
