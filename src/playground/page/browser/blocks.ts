import { type Reader, renderMrkdwn, renderPlain } from './mrkdwn.ts'
import { type Child, h, type VNode } from './vnode.ts'

/** A block or an element as it came from the app: Slack has checked it, the page reads what it knows of it. */
export type Loose = Record<string, unknown>

/** Draws the element of an input block, or what stands at the side of a section. */
export type DrawElement = (element: Loose, block: Loose) => Child[]

/** Blocks as elements, one per block. What a block kind unknown here says is shown as nothing: Slack has its `text`. */
export function renderBlocks(blocks: readonly unknown[], reader: Reader, draw: DrawElement): VNode[] {
  return blocks.map((block, index) => {
    const rendered = renderBlock(block as Loose, reader, draw)
    return { ...rendered, props: { ...rendered.props, key: String((block as Loose)['block_id'] ?? index) } }
  })
}

function renderBlock(block: Loose, reader: Reader, draw: DrawElement): VNode {
  const kind = String(block['type'])
  switch (kind) {
    case 'header':
      return h('h3', { class: 'block header' }, renderText(block['text'], reader))
    case 'divider':
      return h('hr', { class: 'block' })
    case 'section':
      return h(
        'div',
        { class: 'block section' },
        h(
          'div',
          { class: 'section-text' },
          block['text'] ? h('div', {}, renderText(block['text'], reader)) : null,
          block['fields'] ? renderFields(objects(block['fields']), reader) : null,
        ),
        block['accessory'] ? h('div', { class: 'accessory' }, draw(block['accessory'] as Loose, block)) : null,
      )
    case 'context':
      return h(
        'div',
        { class: 'block context' },
        objects(block['elements']).map(element => h('div', {}, renderText(element, reader))),
      )
    case 'actions':
      return h(
        'div',
        { class: 'block actions' },
        objects(block['elements']).map(element => draw(element, block)),
      )
    case 'input':
      return h('div', { class: 'block input' }, draw(block['element'] as Loose, block))
    case 'image':
      return h('div', { class: 'block context' }, String(block['alt_text'] ?? ''))
    default:
      return h('div', { class: 'block' })
  }
}

function renderFields(fields: Loose[], reader: Reader): VNode {
  return h(
    'div',
    { class: 'fields' },
    fields.map(field => h('div', {}, renderText(field, reader))),
  )
}

/** A text object: formatted or plain. An image among the elements of a context says its alternative text. */
export function renderText(text: unknown, reader: Reader): Child[] {
  if (typeof text !== 'object' || text === null) return []
  const { type, text: content, alt_text } = text as Loose
  if (type === 'image') return [String(alt_text ?? '')]
  return type === 'mrkdwn' ? renderMrkdwn(String(content), reader) : renderPlain(String(content))
}

/** The objects of a list; nothing for what is no list. */
export function objects(list: unknown): Loose[] {
  return Array.isArray(list) ? list.filter(one => typeof one === 'object' && one !== null) : []
}
