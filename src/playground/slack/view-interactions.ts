import { clientRefusals, enteredValue, type InputValue, placedElements } from './input-state.ts'
import {
  actionTs,
  actor,
  buttonAction,
  type ClickOutcome,
  findButton,
  type SlackFailure,
  type Stage,
  sendViewAction,
} from './interactions.ts'
import { Refusal } from './methods/method.ts'
import { admitView } from './methods/views.ts'
import { actorFields, viewObject } from './payloads.ts'
import { isObject } from './shape.ts'
import { type OpenView, viewStackLimit } from './views.ts'

/** What somebody saw after submitting a modal. */
export type SubmitOutcome =
  | { ok: true; outcome: 'closed' }
  | { ok: true; outcome: 'updated' | 'pushed'; viewId: string }
  /** Refused by the client, with nothing sent, or by the app; a sentence per block_id, also kept on the view. */
  | { ok: false; error: 'client' | 'app'; errors: Record<string, string> }
  | SlackFailure

const trouble = 'We had some trouble connecting. Try again?'

/** Clicks a button inside an open view. Throws when there is none. */
export function clickView(
  stage: Stage,
  act: { userId: string; viewId: string; actionId: string; blockId?: string },
): Promise<ClickOutcome> {
  const user = actor(stage, act.userId)
  const open = topView(stage, act)
  return sendViewAction(stage, user, open, buttonAction(stage, findButton(open.view.blocks, act)))
}

/** Enters a value; the app hears of it where the block asks for that. Throws for what the element does not offer. */
export async function changeInput(
  stage: Stage,
  act: { userId: string; viewId: string; blockId: string; actionId: string; value: InputValue },
): Promise<ClickOutcome> {
  const user = actor(stage, act.userId)
  const open = topView(stage, act)
  const placed = placedElements(open.view.blocks).find(
    one => one.blockId === act.blockId && one.actionId === act.actionId,
  )
  if (!placed) throw new Error(`The view has no ${act.blockId}/${act.actionId}.`)
  const state = enteredValue(placed.element, act.value)
  enter(stage, open, act.blockId, act.actionId, state)
  if (placed.block['type'] === 'input' && placed.block['dispatch_action'] !== true) return { ok: true }
  const action = { ...state, action_id: act.actionId, block_id: act.blockId, action_ts: actionTs(stage) }
  return sendViewAction(stage, user, open, action)
}

function enter(stage: Stage, open: OpenView, blockId: string, actionId: string, state: { type: string }): void {
  const { [blockId]: _gone, ...errors } = open.errors
  const values = { ...open.values, [blockId]: { ...open.values[blockId], [actionId]: state } }
  stage.views.note(open, { values, errors })
}

/** Enters the values, if any (block_id → value of its element), and submits the view. */
export async function submitView(
  stage: Stage,
  act: { userId: string; viewId: string; values?: Record<string, InputValue> },
): Promise<SubmitOutcome> {
  const user = actor(stage, act.userId)
  const open = topView(stage, act)
  if (!open.view.submit) throw new Error('This view has no submit button.')
  const placed = placedElements(open.view.blocks)
  for (const [blockId, value] of Object.entries(act.values ?? {})) {
    const input = placed.find(one => one.blockId === blockId)
    if (!input) throw new Error(`The view has no input ${blockId}.`)
    enter(stage, open, blockId, input.actionId, enteredValue(input.element, value))
  }
  const refusals = clientRefusals(open.view.blocks, open.values)
  if (Object.keys(refusals).length > 0) {
    stage.views.note(open, { errors: refusals })
    return { ok: false, error: 'client', errors: refusals }
  }
  stage.views.note(open, { errors: {} })
  const result = await stage.deliver({
    type: 'interactive',
    acceptsResponsePayload: true,
    payload: {
      type: 'view_submission',
      ...actorFields(stage.workspace, user),
      trigger_id: stage.triggers.make({ userId: user.id, viewId: open.id }),
      view: viewObject(stage.workspace, open),
      response_urls: [],
    },
  })
  return result.acknowledged ? honour(stage, open, result.payload) : failed(stage, open, result.error)
}

function honour(stage: Stage, open: OpenView, answer: Record<string, unknown>): SubmitOutcome {
  const refuse = (code: string, detail: string) => {
    stage.violated(code, `acknowledgement of view_submission: ${detail}`)
    return failed(stage, open, 'dispatch_failed')
  }
  const action = answer['response_action']
  switch (action) {
    case undefined:
      stage.views.close(open)
      return { ok: true, outcome: 'closed' }
    case 'clear':
      stage.views.closeAll(open.userId)
      return { ok: true, outcome: 'closed' }
    case 'errors': {
      const errors = isObject(answer['errors']) ? (answer['errors'] as Record<string, string>) : {}
      const inputs = new Set(open.view.blocks.filter(block => block.type === 'input').map(block => block.block_id))
      const unknown = Object.keys(errors).filter(blockId => !inputs.has(blockId))
      if (unknown.length > 0) return refuse('invalid_error_block_id', unknown.join(', '))
      if (Object.keys(errors).length === 0) return refuse('invalid_errors', 'no errors given')
      stage.views.note(open, { errors })
      return { ok: false, error: 'app', errors }
    }
    case 'update':
    case 'push':
      try {
        const view = admitView(answer['view'], stage.views, action === 'update' ? open : undefined)
        if (action === 'push' && stage.views.of(open.userId).length >= viewStackLimit) {
          throw new Refusal('push_limit_reached')
        }
        if (action === 'update') stage.views.update(open, view)
        const shown = action === 'update' ? open : stage.views.push(open.userId, view)
        return { ok: true, outcome: action === 'update' ? 'updated' : 'pushed', viewId: shown.id }
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return refuse(error.code, JSON.stringify(error.more))
      }
    default:
      return refuse('invalid_response_action', String(action))
  }
}

function failed(stage: Stage, open: OpenView, error: SlackFailure['error']): SlackFailure {
  stage.views.note(open, { notice: trouble })
  return { ok: false, error, message: trouble }
}

/** Closes the view on top with its close button; the app hears of it if the view asked for that. */
export async function closeView(stage: Stage, act: { userId: string; viewId: string }): Promise<void> {
  const user = actor(stage, act.userId)
  const open = topView(stage, act)
  const cleared = open.view.clear_on_close === true
  const closing = cleared ? [...stage.views.of(user.id)].reverse() : [open]
  if (cleared) stage.views.closeAll(user.id)
  else stage.views.close(open)
  for (const closed of closing.filter(one => one.view.notify_on_close)) {
    await stage.deliver({
      type: 'interactive',
      acceptsResponsePayload: false,
      payload: {
        type: 'view_closed',
        ...actorFields(stage.workspace, user),
        view: viewObject(stage.workspace, closed),
        is_cleared: cleared,
      },
    })
  }
}

function topView(stage: Stage, { userId, viewId }: { userId: string; viewId: string }): OpenView {
  const top = stage.views.of(userId).at(-1)
  if (top?.id !== viewId) throw new Error(`${userId} has no view ${viewId} on top.`)
  return top
}
