import { randomBytes } from 'node:crypto'
import type { ModalView } from '@slack/types'
import { withIds } from './block-kit.ts'
import { type InputValues, shownValues } from './input-state.ts'

/** A modal somebody has open. */
export type OpenView = {
  id: string
  userId: string
  /** Changes with every update; an update may name the one it was made from. */
  hash: string
  rootViewId: string
  previousViewId?: string
  /** As the app sent it, with block_ids and action_ids filled in. */
  view: ModalView
  values: InputValues
  /** Sentences at inputs, by block_id: what the app or the client itself refused. */
  errors: Record<string, string>
  /** Slack's own words on top of the modal, e.g. when the app did not answer. */
  notice?: string
}

/** A person has at most three views on top of each other (docs.slack.dev/surfaces/modals). */
export const viewStackLimit = 3

/**
 * The modals that are open, one stack per person. They live in memory: a restart closes them, as reloading Slack's
 * client does. Views given here have passed their check.
 */
export function createViews(changed: () => void) {
  const stacks = new Map<string, OpenView[]>()
  const all = () => [...stacks.values()].flat()
  const set = (userId: string, stack: OpenView[]) => {
    stacks.set(userId, stack)
    changed()
  }
  const make = (userId: string, view: ModalView, below: OpenView | undefined): OpenView => {
    const id = `V${randomBytes(5).toString('hex').toUpperCase()}`
    return {
      id,
      userId,
      rootViewId: below?.rootViewId ?? id,
      ...(below && { previousViewId: below.id }),
      ...content(view),
    }
  }
  return {
    of: (userId: string): OpenView[] => stacks.get(userId) ?? [],
    all,
    find: (viewId: string) => all().find(open => open.id === viewId),
    findExternal: (externalId: string) => all().find(open => open.view.external_id === externalId),
    /** Opens a view as the person's only one. */
    open(userId: string, view: ModalView): OpenView {
      const opened = make(userId, view, undefined)
      set(userId, [opened])
      return opened
    },
    /** Lays a view over the one on top; the caller minds the limit. */
    push(userId: string, view: ModalView): OpenView {
      const stack = stacks.get(userId) ?? []
      const opened = make(userId, view, stack.at(-1))
      set(userId, [...stack, opened])
      return opened
    },
    /** Replaces a view's content; what was entered stays where its input stays. */
    update(open: OpenView, view: ModalView): void {
      delete open.notice
      Object.assign(open, content(view, open.values))
      changed()
    },
    /** Notes what was entered, refused or said, without a new hash. */
    note(open: OpenView, patch: Partial<Pick<OpenView, 'values' | 'errors' | 'notice'>>): void {
      if (patch.notice === undefined) delete open.notice
      Object.assign(open, patch)
      changed()
    },
    /** Closes a view and what lies on it; one that is closed already stays so, and the others stay open. */
    close(open: OpenView): void {
      const stack = stacks.get(open.userId) ?? []
      if (stack.includes(open)) set(open.userId, stack.slice(0, stack.indexOf(open)))
    },
    closeAll: (userId: string) => set(userId, []),
  }
}

function content(sent: ModalView, before?: InputValues): Pick<OpenView, 'view' | 'values' | 'errors' | 'hash'> {
  const view = { ...sent, blocks: withIds(sent.blocks) }
  return {
    view,
    values: shownValues(view.blocks, before),
    errors: {},
    hash: `${Date.now()}.${randomBytes(4).toString('hex')}`,
  }
}

/** The modals that are open. */
export type Views = ReturnType<typeof createViews>
