import type { ModalView } from '@slack/types'
import { checkView } from '../block-kit.ts'
import { limits } from '../block-kit-limits.ts'
import { viewObject } from '../payloads.ts'
import { tiers } from '../rate-limits.ts'
import type { Trigger } from '../triggers.ts'
import { type OpenView, type Views, viewStackLimit } from '../views.ts'
import { type Args, type Method, Refusal, refusalWithMessages, type World } from './method.ts'

/** Takes a modal as an app sends it, or throws what Slack would say. `replaced` is the view whose place it takes. */
export function admitView(view: unknown, views: Views, replaced?: OpenView): ModalView {
  const problems = checkView(view)
  if (problems.length > 0) throw refusalWithMessages('invalid_arguments', problems)
  if (Buffer.byteLength(JSON.stringify(view)) > limits.viewBytes) throw new Refusal('view_too_large')
  // checkView has looked at every field.
  const modal = view as ModalView
  const twin = modal.external_id ? views.findExternal(modal.external_id) : undefined
  if (twin && twin !== replaced) throw new Refusal('duplicate_external_id')
  return modal
}

/** The view is judged before the trigger is used up: unconfirmed, but the only order that lets an app try again. */
function sentView(args: Args, world: World, replaced?: OpenView): ModalView {
  return admitView(args.json('view', 'invalid_arguments'), world.views, replaced)
}

function exchange(args: Args, world: World): Trigger {
  const used = world.triggers.exchange(args.text('trigger_id'))
  if ('error' in used) throw new Refusal(used.error)
  return used.trigger
}

const open: Method = {
  rate: tiers.tier4,
  required: ['trigger_id', 'view'],
  run(args, world) {
    const view = sentView(args, world)
    const { userId } = exchange(args, world)
    return { view: viewObject(world.workspace, world.views.open(userId, view)) }
  },
}

const push: Method = {
  rate: tiers.tier4,
  required: ['trigger_id', 'view'],
  run(args, world) {
    const view = sentView(args, world)
    const { userId, viewId } = exchange(args, world)
    const stack = world.views.of(userId)
    if (viewId === undefined || !stack.some(one => one.id === viewId)) throw new Refusal('invalid_trigger_id')
    if (stack.length >= viewStackLimit) throw new Refusal('push_limit_reached')
    return { view: viewObject(world.workspace, world.views.push(userId, view)) }
  },
}

const update: Method = {
  rate: tiers.tier4,
  required: ['view'],
  run(args, world) {
    const byId = args.has('view_id')
    if (!byId && !args.has('external_id')) {
      throw refusalWithMessages('invalid_arguments', ['[ERROR] missing required field: view_id or external_id'])
    }
    const found = byId ? world.views.find(args.text('view_id')) : world.views.findExternal(args.text('external_id'))
    const view = sentView(args, world, found)
    if (!found) throw new Refusal('not_found')
    if (args.has('hash') && args.text('hash') !== found.hash) throw new Refusal('hash_conflict')
    world.views.update(found, view)
    return { view: viewObject(world.workspace, found) }
  },
}

/** views.*: modals. They need no scope. */
export const viewMethods: Record<string, Method> = {
  'views.open': open,
  'views.push': push,
  'views.update': update,
}
