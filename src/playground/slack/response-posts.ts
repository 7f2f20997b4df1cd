import { messageContent } from './methods/chat.ts'
import { type Args, Refusal } from './methods/method.ts'
import type { ResponseTarget, ResponseUrls } from './response-urls.ts'
import type { Workspace } from './workspace.ts'

/**
 * Does what a post to a response_url asks for: say something, or replace or delete the message it came from.
 * Throws a Refusal. Without `replace_original` the original stays: unconfirmed for clicks, so say which.
 */
export function answerResponseUrl(workspace: Workspace, urls: ResponseUrls, path: string, args: Args): void {
  const used = urls.use(path)
  if ('error' in used) throw new Refusal(used.error)
  const { target } = used
  const original = target.ts === undefined ? undefined : workspace.message(target.channelId, target.ts)
  if (args.flag('delete_original')) {
    if (!original) throw new Refusal('message_not_found')
    workspace.change({ type: 'message.deleted', data: { channelId: target.channelId, ts: original.ts } })
  } else if (args.flag('replace_original')) {
    if (!original) throw new Refusal('message_not_found')
    const message = { ...original, ...messageContent(args), updatedAt: workspace.worldNow() }
    workspace.change({ type: 'message.updated', data: { channelId: target.channelId, message } })
  } else {
    sayAnswer(workspace, target, args)
  }
}

/** Posts an answer to a command or click: to that person only, unless it says `in_channel`. Throws a Refusal. */
export function sayAnswer(workspace: Workspace, target: ResponseTarget, args: Args): { text: string } {
  return workspace.post(target.channelId, {
    user: workspace.seed.app.botUserId,
    ...messageContent(args),
    ...(args.text('response_type') !== 'in_channel' && { ephemeralFor: target.userId }),
  })
}
