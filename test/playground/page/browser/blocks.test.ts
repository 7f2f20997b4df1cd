import { expect, test } from 'vitest'
import { renderBlocks } from '../../../../src/playground/page/browser/blocks.ts'
import type { Reader } from '../../../../src/playground/page/browser/mrkdwn.ts'
import {
  type InputContext,
  localFromSeconds,
  renderInput,
  secondsFromLocal,
} from '../../../../src/playground/page/browser/view-elements.ts'
import { h, textOf } from '../../../../src/playground/page/browser/vnode.ts'

const reader: Reader = {
  now: 0,
  timeZone: 'UTC',
  locale: 'en-US',
  language: 'en',
  userName: id => `name of ${id}`,
  channelName: id => id,
  groupName: id => id,
}
const draw = (element: Record<string, unknown>) => [h('button', {}, String(element['action_id']))]

test('every kind of block is drawn with what it says', () => {
  const blocks = [
    { type: 'header', block_id: 'a', text: { type: 'plain_text', text: 'Title :tada:' } },
    { type: 'section', block_id: 'b', text: { type: 'mrkdwn', text: '*Asks* <@U1>' } },
    {
      type: 'section',
      block_id: 'c',
      fields: [
        { type: 'mrkdwn', text: '*Until*\nnoon' },
        { type: 'plain_text', text: '*as it is*' },
      ],
    },
    { type: 'divider', block_id: 'd' },
    { type: 'context', block_id: 'e', elements: [{ type: 'mrkdwn', text: 'small `print`' }] },
    { type: 'actions', block_id: 'f', elements: [{ type: 'button', action_id: 'approve' }] },
  ]
  const drawn = renderBlocks(blocks, reader, draw)
  expect(drawn.map(node => [node.tag, node.props['key'], textOf(node)])).toEqual([
    ['h3', 'a', 'Title 🎉'],
    ['div', 'b', 'Asks @name of U1'],
    ['div', 'c', 'Until\nnoon*as it is*'],
    ['hr', 'd', ''],
    ['div', 'e', 'small print'],
    ['div', 'f', 'approve'],
  ])
})

const option = (value: string) => ({ text: { type: 'plain_text', text: value.toUpperCase() }, value })
const context = (held: Record<string, unknown>, entered: unknown[] = []): InputContext => ({
  reader,
  idPrefix: 'V1',
  held: () => held,
  enter: (...all) => entered.push(all),
  users: [{ id: 'U1', name: 'Alice' }],
  channels: [],
})

test('a menu offers its options and shows the chosen one', () => {
  const element = { type: 'static_select', action_id: 'x', options: [option('a'), option('b')] }
  const entered: unknown[] = []
  const drawn = renderInput(
    element,
    { block_id: 'what' },
    context({ type: 'static_select', selected_option: option('b') }, entered),
  )
  expect(drawn.tag).toBe('select')
  expect(drawn.children.map(child => typeof child !== 'string' && [textOf(child), child.props['selected']])).toEqual([
    ['', false],
    ['A', false],
    ['B', true],
  ])
  const onchange = drawn.props['onchange'] as (event: unknown) => void
  onchange({ target: { value: 'a' } })
  expect(entered).toEqual([['what', 'x', 'a']])
})

test('radio buttons and text carry what Slack holds', () => {
  const radios = renderInput(
    { type: 'radio_buttons', action_id: 'x', options: [option('a'), option('b')] },
    { block_id: 'b' },
    context({ type: 'radio_buttons', selected_option: option('a') }),
  )
  const boxes = radios.children.map(label => typeof label !== 'string' && label.children[0])
  expect(boxes.map(box => typeof box === 'object' && box.props['checked'])).toEqual([true, false])
  const text = renderInput(
    { type: 'plain_text_input', action_id: 'x', multiline: true },
    { block_id: 'b' },
    context({ type: 'plain_text_input', value: 'because' }),
  )
  expect([text.tag, text.props['value'], text.props['name']]).toEqual(['textarea', 'because', 'b'])
})

test('a moment is entered in the time zone of the person, also around a change of the clocks', () => {
  expect(secondsFromLocal('2026-11-21T18:30', 'Asia/Tokyo')).toBe(Date.parse('2026-11-21T09:30:00Z') / 1000)
  expect(secondsFromLocal('2026-10-25T03:00', 'Europe/London')).toBe(Date.parse('2026-10-25T03:00:00Z') / 1000)
  expect(secondsFromLocal('', 'UTC')).toBeNull()
  expect(localFromSeconds(Date.parse('2026-07-01T09:30:00Z') / 1000, 'Europe/London')).toBe('2026-07-01T10:30')
})
