import { expect, test } from 'vitest'
import {
  clientRefusals,
  enteredValue,
  type InputValue,
  shownValues,
} from '../../../src/playground/slack/input-state.ts'

const option = (value: string) => ({ text: { type: 'plain_text', text: value.toUpperCase() }, value })
const a = option('a')
const b = option('b')
const options = [a, b]
const block = (element: object, more: object = {}) => ({
  type: 'input',
  block_id: 'block',
  element: { action_id: 'it', ...element },
  ...more,
})

test.each<[object, InputValue, object]>([
  [{ type: 'plain_text_input' }, 'text', { value: 'text' }],
  [{ type: 'plain_text_input' }, '', { value: null }],
  [{ type: 'number_input' }, '3', { value: '3' }],
  [{ type: 'email_text_input' }, 'a@b.example', { value: 'a@b.example' }],
  [{ type: 'url_text_input' }, 'https://a/', { value: 'https://a/' }],
  [{ type: 'static_select', options }, 'b', { selected_option: b }],
  [{ type: 'static_select', option_groups: [{ options: [a] }, { options: [b] }] }, 'b', { selected_option: b }],
  [{ type: 'static_select', options }, null, { selected_option: null }],
  [{ type: 'radio_buttons', options }, 'a', { selected_option: a }],
  [{ type: 'checkboxes', options }, ['a', 'b'], { selected_options: [a, b] }],
  [{ type: 'checkboxes', options }, null, { selected_options: [] }],
  [{ type: 'multi_static_select', options }, ['b'], { selected_options: [b] }],
  [{ type: 'users_select' }, 'U1', { selected_user: 'U1' }],
  [{ type: 'multi_users_select' }, ['U1', 'U2'], { selected_users: ['U1', 'U2'] }],
  [{ type: 'channels_select' }, 'C1', { selected_channel: 'C1' }],
  [{ type: 'multi_channels_select' }, ['C1'], { selected_channels: ['C1'] }],
  [{ type: 'conversations_select' }, 'C1', { selected_conversation: 'C1' }],
  [{ type: 'multi_conversations_select' }, ['C1'], { selected_conversations: ['C1'] }],
  [{ type: 'datepicker' }, '2026-11-21', { selected_date: '2026-11-21' }],
  [{ type: 'timepicker' }, '09:30', { selected_time: '09:30' }],
  [{ type: 'datetimepicker' }, 1795251600, { selected_date_time: 1795251600 }],
])('what is entered into %o is held in the shape Slack has for it', (element, value, held) => {
  expect(enteredValue(element as Record<string, unknown>, value)).toEqual({
    type: (element as { type: string }).type,
    ...held,
  })
})

test.each<[string, object, InputValue]>([
  ['an option that is not offered', { type: 'static_select', options }, 'c'],
  ['several values into one', { type: 'users_select' }, ['U1', 'U2']],
  ['anything into a button', { type: 'button' }, 'x'],
])('nobody can enter %s', (_what, element, value) => {
  expect(() => enteredValue(element as Record<string, unknown>, value)).toThrow()
})

test('inputs start with the initial values of the app, and without any they are empty', () => {
  const blocks = [
    { type: 'actions', block_id: 'one', elements: [{ type: 'button', action_id: 'b' }] },
    { ...block({ type: 'static_select', options, initial_option: a }), block_id: 'two' },
    { ...block({ type: 'checkboxes', options }), block_id: 'three' },
    { type: 'section', block_id: 'four', accessory: { type: 'users_select', action_id: 'who' } },
  ]
  expect(shownValues(blocks)).toEqual({
    two: { it: { type: 'static_select', selected_option: a } },
    three: { it: { type: 'checkboxes', selected_options: [] } },
    four: { who: { type: 'users_select', selected_user: null } },
  })
})

test('a choice that an updated view no longer offers is dropped', () => {
  const before = { block: { it: { type: 'static_select', selected_option: b } } }
  expect(shownValues([block({ type: 'static_select', options })], before)).toEqual(before)
  expect(shownValues([block({ type: 'static_select', options: [a], initial_option: a })], before)).toEqual({
    block: { it: { type: 'static_select', selected_option: a } },
  })
})

test.each<[string, object, InputValue, string]>([
  ['an empty required input', { type: 'plain_text_input' }, null, 'Please complete this required field.'],
  ['no checkbox ticked', { type: 'checkboxes', options }, [], 'Please complete this required field.'],
  ['too short a text', { type: 'plain_text_input', min_length: 3 }, 'ab', 'Please enter at least 3 characters.'],
  ['too long a text', { type: 'plain_text_input', max_length: 3 }, 'abcd', 'Please enter 3 characters or fewer.'],
  ['no number', { type: 'number_input', is_decimal_allowed: false }, '1.5', 'Please enter a valid number.'],
  [
    'too small a number',
    { type: 'number_input', is_decimal_allowed: true, min_value: '2' },
    '1.5',
    'Please enter a number of at least 2.',
  ],
  [
    'too large a number',
    { type: 'number_input', is_decimal_allowed: true, max_value: '2' },
    '2.5',
    'Please enter a number of at most 2.',
  ],
  ['no address', { type: 'email_text_input' }, 'alice', 'Please enter a valid email.'],
  ['no link', { type: 'url_text_input' }, 'alice', 'Please enter a valid URL.'],
  ['too many people', { type: 'multi_users_select', max_selected_items: 1 }, ['U1', 'U2'], 'Please choose 1 or fewer.'],
])('the client minds %s', (_what, element, value, refusal) => {
  const held = enteredValue(element as Record<string, unknown>, value)
  expect(clientRefusals([block(element)], { block: { it: held } })).toEqual({ block: refusal })
})

test.each<[string, object, InputValue]>([
  ['text', { type: 'plain_text_input', min_length: 3, max_length: 3 }, 'abc'],
  ['number', { type: 'number_input', is_decimal_allowed: true, min_value: '1', max_value: '1' }, '1'],
])('the client submits a %s right at its bounds', (_what, element, value) => {
  const held = enteredValue(element as Record<string, unknown>, value)
  expect(clientRefusals([block(element)], { block: { it: held } })).toEqual({})
})

test('an optional input may stay empty, and what is no input block is never required', () => {
  expect(clientRefusals([block({ type: 'plain_text_input' }, { optional: true })], {})).toEqual({})
  const menu = { type: 'users_select', action_id: 'who' }
  expect(clientRefusals([{ type: 'section', block_id: 'x', accessory: menu }], {})).toEqual({})
})
