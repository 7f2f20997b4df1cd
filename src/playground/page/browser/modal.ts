/// <reference lib="dom" />
import type { PageState } from '../page-state.ts'
import { type Loose, renderBlocks, renderText } from './blocks.ts'
import type { Reader } from './mrkdwn.ts'
import type { Page, Pane } from './page.ts'
import { button, click } from './slack-pane.ts'
import { texts } from './texts.ts'
import { controlId, enteredValues, type InputContext, plainText, renderInput } from './view-elements.ts'
import { type Child, h, type VNode } from './vnode.ts'

type OpenView = PageState['slack']['views'][string][number]

/** The form or notice that lies over a person's Slack. */
export function renderModal(page: Page, pane: Pane, open: OpenView, reader: Reader): VNode {
  const { ui, act, state } = page
  const { view } = open
  const userId = pane.personId
  const close = () => act({ type: 'close', userId, viewId: open.id })
  const onsubmit = (event: SubmitEvent) => {
    event.preventDefault()
    const values = enteredValues(event.target as HTMLElement, reader.timeZone)
    return act({ type: 'submit', userId, viewId: open.id, values })
  }
  const context: InputContext = {
    reader,
    idPrefix: open.id,
    held: (blockId, actionId) => open.values[blockId]?.[actionId],
    enter: (blockId, actionId, value) => void act({ type: 'input', userId, viewId: open.id, blockId, actionId, value }),
    users: state.slack.users.filter(({ isBot }) => !isBot).map(({ id, realName }) => ({ id, name: realName })),
    channels: state.slack.channels.map(({ id, name }) => ({ id, name: `#${name}` })),
  }
  const draw = (element: Loose, block: Loose): Child[] => {
    if (element['type'] === 'button')
      return button(element, () => click(page, pane, { viewId: open.id }, element, block))
    if (block['type'] === 'input') return renderField(block, element, open, context)
    return [renderInput(element, block, context)]
  }
  return h(
    'div',
    {
      class: 'shade',
      key: open.id,
      onmount: (element: HTMLElement) => focusFirst(element),
      onkeydown: (event: KeyboardEvent) => event.key === 'Escape' && close(),
    },
    h(
      'form',
      { class: 'modal', role: 'dialog', 'aria-labelledby': `${open.id}-title`, novalidate: true, onsubmit },
      h('h3', { id: `${open.id}-title` }, plainText(view.title)),
      open.notice !== undefined && h('p', { class: 'notice', role: 'alert' }, open.notice),
      h('div', { class: 'scroll' }, renderBlocks(view.blocks, reader, draw)),
      h(
        'div',
        { class: 'modal-buttons' },
        h('button', { type: 'button', onclick: close }, plainText(view.close) ?? texts.dismiss[ui.language]),
        view.submit && h('button', { type: 'submit', class: 'primary' }, plainText(view.submit)),
      ),
    ),
  )
}

function focusFirstInvalid(problem: HTMLElement): void {
  problem.closest('form')?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
}

function focusFirst(element: HTMLElement): void {
  element.querySelector<HTMLElement>('select, textarea, input, button')?.focus({ preventScroll: true })
}

function renderField(block: Loose, element: Loose, open: OpenView, context: InputContext): VNode[] {
  const blockId = String(block['block_id'])
  const id = controlId(open.id, blockId)
  const said = open.errors[blockId]
  // Slack's own words follow the reader; the app's come as it wrote them.
  const problem = said === texts.required.en ? texts.required[context.reader.language] : said
  const control = renderInput(element, block, context)
  const described = [block['hint'] ? `${id}-hint` : '', problem ? `${id}-problem` : ''].filter(Boolean).join(' ')
  const props = {
    ...control.props,
    'aria-invalid': problem ? 'true' : undefined,
    'aria-describedby': described || undefined,
  }
  return [
    h(
      'label',
      { for: id, id: `${id}-label` },
      plainText(block['label']),
      block['optional'] === true && h('span', { class: 'optional' }, ` ${texts.optional[context.reader.language]}`),
    ),
    { ...control, props: { ...props, key: `${element['type']} ${element['action_id']}` } },
    ...(problem
      ? [h('p', { class: 'problem', id: `${id}-problem`, role: 'alert', onmount: focusFirstInvalid }, problem)]
      : []),
    ...(block['hint']
      ? [h('p', { class: 'field-hint', id: `${id}-hint` }, renderText(block['hint'], context.reader))]
      : []),
  ]
}
