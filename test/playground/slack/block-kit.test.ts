import { expect, test } from 'vitest'
import { checkMessageBlocks, checkView, withIds } from '../../../src/playground/slack/block-kit.ts'

const x = (length: number) => 'x'.repeat(length)
const plain = (text: string) => ({ type: 'plain_text', text })
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text })
const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))
const option = (text: string, value = text) => ({ text: plain(text), value })
const button = (more: object = {}) => ({ type: 'button', text: plain('Go'), ...more })
const actions = (...elements: object[]) => ({ type: 'actions', elements })
const section = (more: object = {}) => ({ type: 'section', text: mrkdwn('x'), ...more })
const input = (element: object, more: object = {}) => ({ type: 'input', label: plain('Label'), element, ...more })
const select = (more: object = {}) => ({ type: 'static_select', options: [option('a')], ...more })
const view = (more: object = {}) => ({
  type: 'modal',
  title: plain('Title'),
  submit: plain('Go'),
  blocks: [section()],
  ...more,
})
const confirm = (more: object = {}) => ({ text: plain('Sure?'), ...more })

test.each<[string, unknown[]]>([
  ['fifty blocks', times(50, () => section())],
  ['a section of 3,000 characters', [{ type: 'section', text: mrkdwn(x(3000)) }]],
  ['ten fields of 2,000 characters', [{ type: 'section', fields: times(10, () => plain(x(2000))) }]],
  ['a header of 150 characters', [{ type: 'header', text: plain(x(150)) }]],
  ['ten context elements', [{ type: 'context', elements: times(10, () => mrkdwn('x')) }]],
  ['twenty-five buttons', [actions(...times(25, () => button()))]],
  ['a full button', [actions(button({ text: plain(x(75)), value: x(2000), url: `https://${x(2992)}` }))]],
  ['a full confirmation', [actions(button({ confirm: confirm({ title: plain(x(100)), confirm: plain(x(30)) }) }))]],
  ['a hundred options', [actions(select({ options: times(100, index => option(`${index}`)) }))]],
  ['a full option', [actions(select({ options: [option(x(75), x(75))] }))]],
  ['ten radio buttons', [actions({ type: 'radio_buttons', options: times(10, index => option(`${index}`)) })]],
  ['a full block_id', [{ type: 'divider', block_id: x(255) }]],
  ['an image beside a section', [section({ accessory: { type: 'image', image_url: 'https://a/b', alt_text: 'b' } })]],
  ['12,000 characters of markdown', [{ type: 'markdown', text: x(12_000) }]],
  ['a table', [{ type: 'table', rows: times(100, () => times(20, () => ({ type: 'raw_text', text: 'x' }))) }]],
  ['rich text', [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [] }] }]],
])('a message takes %s', (_what, blocks) => {
  expect(checkMessageBlocks(blocks)).toEqual([])
})

const refusedBlocks: [unknown[], string][] = [
  [times(51, () => section()), 'no more than 50 items allowed [json-pointer:/blocks]'],
  [
    [{ type: 'section', text: mrkdwn(x(3001)) }],
    'must be less than 3001 characters [json-pointer:/blocks/0/text/text]',
  ],
  [[{ type: 'section', text: mrkdwn('') }], 'must be more than 0 characters [json-pointer:/blocks/0/text/text]'],
  [[{ type: 'section' }], 'missing required field: text or fields [json-pointer:/blocks/0]'],
  [
    [{ type: 'section', fields: [plain(x(2001))] }],
    'must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]',
  ],
  [
    [{ type: 'section', fields: times(11, () => plain('x')) }],
    'no more than 10 items allowed [json-pointer:/blocks/0/fields]',
  ],
  [[{ type: 'header', text: plain(x(151)) }], 'must be less than 151 characters [json-pointer:/blocks/0/text/text]'],
  [[{ type: 'header', text: mrkdwn('x') }], 'unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]'],
  [
    [{ type: 'context', elements: times(11, () => plain('x')) }],
    'no more than 10 items allowed [json-pointer:/blocks/0/elements]',
  ],
  [[actions()], 'no fewer than 1 items allowed [json-pointer:/blocks/0/elements]'],
  [[actions(...times(26, () => button()))], 'no more than 25 items allowed [json-pointer:/blocks/0/elements]'],
  [
    [actions(button({ text: plain(x(76)) }))],
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]',
  ],
  [[actions(button({ text: mrkdwn('x') }))], 'unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/text/type]'],
  [
    [actions(button({ value: x(2001) }))],
    'must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]',
  ],
  [
    [actions(button({ url: `https://${x(2993)}` }))],
    'must be less than 3001 characters [json-pointer:/blocks/0/elements/0/url]',
  ],
  [[actions(button({ style: 'green' }))], 'must be one of: primary, danger [json-pointer:/blocks/0/elements/0/style]'],
  [
    [actions(button({ accessibility_label: x(76) }))],
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/accessibility_label]',
  ],
  [
    [actions(button({ action_id: x(256) }))],
    'must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]',
  ],
  [
    [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
    'action_id "a" already exists in this block [json-pointer:/blocks/0/elements/1/action_id]',
  ],
  [
    [actions(button({ confirm: confirm({ title: plain(x(101)) }) }))],
    'must be less than 101 characters [json-pointer:/blocks/0/elements/0/confirm/title/text]',
  ],
  [
    [actions(button({ confirm: { text: plain(x(301)) } }))],
    'must be less than 301 characters [json-pointer:/blocks/0/elements/0/confirm/text/text]',
  ],
  [
    [actions(button({ confirm: confirm({ deny: plain(x(31)) }) }))],
    'must be less than 31 characters [json-pointer:/blocks/0/elements/0/confirm/deny/text]',
  ],
  [[actions(button({ colour: 'red' }))], 'invalid additional property: colour [json-pointer:/blocks/0/elements/0]'],
  [[actions({ type: 'button' })], 'missing required field: text [json-pointer:/blocks/0/elements/0]'],
  [
    [{ type: 'divider', block_id: 'b' }, section({ block_id: 'b' })],
    'block_id "b" already exists [json-pointer:/blocks/1/block_id]',
  ],
  [[{ type: 'divider', block_id: x(256) }], 'must be less than 256 characters [json-pointer:/blocks/0/block_id]'],
  [
    [actions(select({ options: times(101, index => option(`${index}`)) }))],
    'no more than 100 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    [actions(select({ options: [option(x(76), 'v')] }))],
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]',
  ],
  [
    [actions(select({ options: [option('t', x(76))] }))],
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/value]',
  ],
  [
    [actions(select({ options: [{ ...option('t'), description: plain(x(76)) }] }))],
    'must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/description/text]',
  ],
  [
    [actions(select({ options: [{ text: mrkdwn('t'), value: 'v' }] }))],
    'unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/options/0/text/type]',
  ],
  [
    [actions(select({ initial_option: option('b') }))],
    'must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]',
  ],
  [[actions({ type: 'static_select' })], 'missing required field: options [json-pointer:/blocks/0/elements/0]'],
  [
    [actions(select({ placeholder: plain(x(151)) }))],
    'must be less than 151 characters [json-pointer:/blocks/0/elements/0/placeholder/text]',
  ],
  [
    [actions({ type: 'checkboxes', options: times(11, index => option(`${index}`)) })],
    'no more than 10 items allowed [json-pointer:/blocks/0/elements/0/options]',
  ],
  [
    [actions({ type: 'plain_text_input' })],
    'unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]',
  ],
  [[input({ type: 'plain_text_input' })], 'unsupported type: input [json-pointer:/blocks/0/type]'],
  [[{ type: 'fireworks' }], 'unsupported type: fireworks [json-pointer:/blocks/0/type]'],
  [[{}], 'missing required field: type [json-pointer:/blocks/0]'],
  [['text'], 'must provide an object [json-pointer:/blocks/0]'],
  [[{ type: 'image', image_url: 'https://a/b' }], 'missing required field: alt_text [json-pointer:/blocks/0]'],
  [
    [
      { type: 'markdown', text: x(6001) },
      { type: 'markdown', text: x(6000) },
    ],
    'must be less than 12001 characters of markdown in total [json-pointer:/blocks]',
  ],
]

test.each(refusedBlocks.map(([blocks, problem]) => ({ blocks, problem })))('a message: $problem', ({
  blocks,
  problem,
}) => {
  expect(checkMessageBlocks(blocks)).toEqual([`[ERROR] ${problem}`])
})

const textInput = { type: 'plain_text_input' }

test.each<[string, object]>([
  ['a hundred blocks', { blocks: times(100, () => section()) }],
  ['a title, submit and close of 24 characters', { title: plain(x(24)), submit: plain(x(24)), close: plain(x(24)) }],
  ['3,000 characters of private_metadata', { private_metadata: x(3000) }],
  ['a label and hint of 2,000', { blocks: [input(textInput, { label: plain(x(2000)), hint: plain(x(2000)) })] }],
  ['an initial option', { blocks: [input(select({ initial_option: option('a') }))] }],
  [
    'a hundred groups of options',
    {
      blocks: [
        input({
          type: 'static_select',
          option_groups: times(100, index => ({ label: plain('g'), options: [option(`${index}`)] })),
        }),
      ],
    },
  ],
  [
    'every kind of input',
    {
      blocks: [
        input({ type: 'multi_static_select', options: [option('a')], max_selected_items: 2 }),
        input({ type: 'users_select' }),
        input({ type: 'multi_users_select', initial_users: ['U1'] }),
        input({ type: 'conversations_select', filter: { include: ['im'] } }),
        input({ type: 'channels_select' }),
        input({ type: 'radio_buttons', options: [{ text: mrkdwn('*a*'), value: 'a' }] }),
        input({ type: 'checkboxes', options: [option('a')], initial_options: [option('a')] }),
        input({ type: 'datepicker', initial_date: '2026-11-21' }),
        input({ type: 'timepicker', initial_time: '23:59' }),
        input({ type: 'datetimepicker', initial_date_time: 1_795_251_600 }),
        input({ type: 'number_input', is_decimal_allowed: false, min_value: '1' }),
        input({ type: 'email_text_input' }),
        input({ type: 'url_text_input' }),
        input({ type: 'external_select', min_query_length: 0 }),
        input({ ...textInput, multiline: true, min_length: 1, max_length: 3000, focus_on_load: true }),
      ],
    },
  ],
])('a modal takes %s', (_what, more) => {
  expect(checkView(view(more))).toEqual([])
})

const refusedViews: [object, string][] = [
  [{ blocks: times(101, () => section()) }, 'no more than 100 items allowed [json-pointer:/view/blocks]'],
  [{ title: plain(x(25)) }, 'must be less than 25 characters [json-pointer:/view/title/text]'],
  [{ title: mrkdwn('x') }, 'unsupported type: mrkdwn [json-pointer:/view/title/type]'],
  [{ title: undefined }, 'missing required field: title [json-pointer:/view]'],
  [{ submit: plain(x(25)) }, 'must be less than 25 characters [json-pointer:/view/submit/text]'],
  [{ close: plain(x(25)) }, 'must be less than 25 characters [json-pointer:/view/close/text]'],
  [{ private_metadata: x(3001) }, 'must be less than 3001 characters [json-pointer:/view/private_metadata]'],
  [{ callback_id: x(256) }, 'must be less than 256 characters [json-pointer:/view/callback_id]'],
  [{ external_id: x(256) }, 'must be less than 256 characters [json-pointer:/view/external_id]'],
  [{ type: 'home' }, 'unsupported type: home [json-pointer:/view/type]'],
  [{ submit: undefined, blocks: [input(textInput)] }, 'missing required field: submit [json-pointer:/view]'],
  [
    { blocks: [input(textInput, { label: mrkdwn('x') })] },
    'unsupported type: mrkdwn [json-pointer:/view/blocks/0/label/type]',
  ],
  [
    { blocks: [input(textInput, { label: plain(x(2001)) })] },
    'must be less than 2001 characters [json-pointer:/view/blocks/0/label/text]',
  ],
  [
    { blocks: [input(textInput, { hint: plain(x(2001)) })] },
    'must be less than 2001 characters [json-pointer:/view/blocks/0/hint/text]',
  ],
  [{ blocks: [input(button())] }, 'unsupported type: button [json-pointer:/view/blocks/0/element/type]'],
  [
    { blocks: [input({ ...textInput, min_length: 3001 })] },
    'must be at most 3000 [json-pointer:/view/blocks/0/element/min_length]',
  ],
  [
    { blocks: [input({ ...textInput, max_length: 3001 })] },
    'must be at most 3000 [json-pointer:/view/blocks/0/element/max_length]',
  ],
  [
    { blocks: [input({ ...textInput, min_length: 5, max_length: 4 })] },
    'min_length must be less than max_length [json-pointer:/view/blocks/0/element]',
  ],
  [
    { blocks: [input({ type: 'number_input' })] },
    'missing required field: is_decimal_allowed [json-pointer:/view/blocks/0/element]',
  ],
  [
    { blocks: [input({ type: 'datetimepicker', initial_date_time: 1 })] },
    'must be at least 1000000000 [json-pointer:/view/blocks/0/element/initial_date_time]',
  ],
  [
    { blocks: [input({ type: 'radio_buttons', options: [option('a')], initial_option: option('a', 'b') })] },
    'must be one of the provided options [json-pointer:/view/blocks/0/element/initial_option]',
  ],
  [
    { blocks: [input({ type: 'static_select', options: [option('a')], option_groups: [group()] })] },
    'options and option_groups cannot both be given [json-pointer:/view/blocks/0/element]',
  ],
  [
    { blocks: [input({ ...textInput, focus_on_load: true }), input({ ...textInput, focus_on_load: true })] },
    'only one element can have focus_on_load [json-pointer:/view/blocks/1/element/focus_on_load]',
  ],
  [{ blocks: [{ type: 'markdown', text: 'x' }] }, 'unsupported type: markdown [json-pointer:/view/blocks/0/type]'],
]

test.each(refusedViews.map(([more, problem]) => ({ more, problem })))('a modal: $problem', ({ more, problem }) => {
  expect(checkView(JSON.parse(JSON.stringify(view(more))))).toEqual([`[ERROR] ${problem}`])
})

function group() {
  return { label: plain('g'), options: [option('a')] }
}

test('every problem is named at once', () => {
  expect(checkMessageBlocks([{ type: 'header' }, { type: 'nothing' }])).toEqual([
    '[ERROR] missing required field: text [json-pointer:/blocks/0]',
    '[ERROR] unsupported type: nothing [json-pointer:/blocks/1/type]',
  ])
})

test('ids the app left out are filled in, and given ones are kept', () => {
  const [first, second] = withIds<object>([
    actions(button({ action_id: 'mine' }), button()),
    section({ block_id: 'b', accessory: select() }),
  ])
  expect(first).toMatchObject({
    block_id: expect.any(String),
    elements: [{ action_id: 'mine' }, { action_id: expect.any(String) }],
  })
  expect(second).toMatchObject({ block_id: 'b', accessory: { action_id: expect.any(String) } })
})
