import { messageObject } from '../payloads.ts'
import { tiers } from '../rate-limits.ts'
import { microseconds } from '../state.ts'
import { type Args, type Method, Refusal } from './method.ts'
import { botIsIn, canBeWrittenTo, needReadingScope, visiblePlace } from './places.ts'

const open: Method = {
  scopes: ['im:write'],
  rate: tiers.tier3,
  run(args, { workspace }) {
    if (args.has('channel')) {
      const place = visiblePlace(workspace, args.text('channel'))
      if (place.kind !== 'im') throw new Refusal('method_not_supported_for_channel_type')
      return { no_op: true, already_open: true, channel: { id: place.im.id } }
    }
    const users = args.text('users').split(',').filter(Boolean)
    const [userId] = users
    if (userId === undefined) throw new Refusal('users_list_not_supplied')
    if (users.length > 1) throw new Refusal('group_conversations_not_simulated')
    const user = workspace.state.users.get(userId)
    if (!user) throw new Refusal('user_not_found')
    if (user.deleted) throw new Refusal('user_disabled')
    if (user.isBot) throw new Refusal('cannot_dm_bot')
    if (!canBeWrittenTo(workspace, user)) throw new Refusal('user_not_visible')
    const { im, existed } = workspace.directMessageWith(userId)
    const more = args.flag('return_im') ? { created: 0, is_im: true, is_open: true, user: userId } : {}
    return { ...(existed && { no_op: true, already_open: true }), channel: { id: im.id, ...more } }
  },
}

const info: Method = {
  rate: tiers.tier3,
  required: ['channel'],
  run(args, { workspace }) {
    const place = visiblePlace(workspace, args.text('channel'))
    needReadingScope(workspace, place, 'read')
    if (place.kind === 'im') {
      return { channel: { id: place.im.id, is_im: true, user: place.im.userId, is_archived: false } }
    }
    const { id, name, isPrivate = false, isExtShared = false, isArchived = false, members } = place.channel
    return {
      channel: {
        id,
        name,
        name_normalized: name,
        is_channel: !isPrivate,
        is_group: isPrivate,
        is_im: false,
        is_mpim: false,
        is_private: isPrivate,
        is_archived: isArchived,
        is_general: false,
        is_shared: isExtShared,
        is_ext_shared: isExtShared,
        is_org_shared: false,
        is_pending_ext_shared: false,
        pending_shared: [],
        is_member: botIsIn(workspace, place),
        context_team_id: workspace.seed.team.id,
        ...(args.flag('include_num_members') && { num_members: members.length }),
      },
    }
  },
}

const history: Method = {
  rate: tiers.tier3,
  required: ['channel'],
  run(args, { workspace }) {
    const { size, before } = page(args, 100, 999)
    const bound = (key: string, otherwise: number) => {
      const at = args.has(key) ? microseconds(args.text(key)) : otherwise
      if (Number.isNaN(at)) throw new Refusal(`invalid_ts_${key}`)
      return at
    }
    const oldest = bound('oldest', 0)
    const latest = bound('latest', Number.POSITIVE_INFINITY)
    const place = visiblePlace(workspace, args.text('channel'))
    needReadingScope(workspace, place, 'history')
    if (!botIsIn(workspace, place)) throw new Refusal('not_in_channel')
    const inclusive = args.flag('inclusive')
    const found = (workspace.state.messages.get(args.text('channel')) ?? [])
      .filter(message => message.ephemeralFor === undefined && message.threadTs === undefined)
      .filter(({ ts }) => {
        const at = microseconds(ts)
        const within = (at > oldest && at < latest) || (inclusive && (at === oldest || at === latest))
        return within && (before === undefined || at < microseconds(before))
      })
      .reverse()
    const messages = found.slice(0, size)
    const last = messages.at(-1)
    const more = found.length > size && last !== undefined
    return {
      messages: messages.map(message => messageObject(workspace, message, args.flag('include_all_metadata'))),
      has_more: more,
      pin_count: 0,
      ...(more && { response_metadata: { next_cursor: cursor(last.ts) } }),
    }
  },
}

const members: Method = {
  rate: tiers.tier4,
  required: ['channel'],
  run(args, { workspace }) {
    const { size, before } = page(args, 100, 1000)
    const place = visiblePlace(workspace, args.text('channel'))
    needReadingScope(workspace, place, 'read')
    const all = place.kind === 'im' ? [place.im.userId, workspace.seed.app.botUserId] : place.channel.members
    const from = before === undefined ? 0 : Number(before)
    const next = from + size < all.length ? cursor(String(from + size)) : ''
    return { members: all.slice(from, from + size), response_metadata: { next_cursor: next } }
  },
}

function page(args: Args, usual: number, most: number): { size: number; before?: string } {
  const size = args.has('limit') ? Number(args.text('limit')) : usual
  if (!Number.isInteger(size) || size < 1 || size > most) throw new Refusal('invalid_limit')
  if (!args.has('cursor')) return { size }
  const [, before] = /^next:([\d.]+)$/.exec(Buffer.from(args.text('cursor'), 'base64').toString()) ?? []
  if (before === undefined) throw new Refusal('invalid_cursor')
  return { size, before }
}

function cursor(place: string): string {
  return Buffer.from(`next:${place}`).toString('base64')
}

/** conversations.*: channels and direct conversations. */
export const conversationMethods: Record<string, Method> = {
  'conversations.open': open,
  'conversations.info': info,
  'conversations.history': history,
  'conversations.members': members,
}
