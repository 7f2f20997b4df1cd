/// <reference lib="dom" />
import { type Loose, objects, renderText } from './blocks.ts'
import type { Reader } from './mrkdwn.ts'
import { type Child, h, type PropValue, type VNode } from './vnode.ts'

/** What can be entered: text, an option's value, a date; UNIX seconds for a datetimepicker; several; null for nothing. */
export type Entered = string | number | string[] | null

/** What surrounds the inputs of one view. `held` gives what Slack knows of an input: `view.state.values`. */
export type InputContext = {
  reader: Reader
  /** Starts the ids in the page, which must differ between the views that are open. */
  idPrefix: string
  held(blockId: string, actionId: string): Loose | undefined
  enter(blockId: string, actionId: string, value: Entered): void
  users: { id: string; name: string }[]
  channels: { id: string; name: string }[]
}

/** The control of an interactive element that holds a value; its `name` is the block's id. */
export function renderInput(element: Loose, block: Loose, context: InputContext): VNode {
  const type = String(element['type'])
  const blockId = String(block['block_id'])
  const actionId = String(element['action_id'])
  const held = context.held(blockId, actionId) ?? {}
  const enter = (value: Entered) => context.enter(blockId, actionId, value)
  const base = {
    name: blockId,
    id: controlId(context.idPrefix, blockId),
    'data-type': type,
    'data-action': actionId,
    placeholder: plainText(element['placeholder']),
  }
  const onchange = (event: { target: HTMLInputElement }) => enter(event.target.value || null)
  const typed = (kind: string, value: unknown, more: Record<string, PropValue> = {}) =>
    h('input', { ...base, type: kind, value: value === null ? '' : String(value ?? ''), onchange, ...more })
  switch (type) {
    case 'plain_text_input': {
      const value = String(held['value'] ?? '')
      return element['multiline'] ? h('textarea', { ...base, rows: 3, value, onchange }) : typed('text', value)
    }
    case 'number_input':
      return typed('text', held['value'], { inputmode: 'decimal' })
    case 'email_text_input':
      return typed('email', held['value'])
    case 'url_text_input':
      return typed('url', held['value'])
    case 'datepicker':
      return typed('date', held['selected_date'])
    case 'timepicker':
      return typed('time', held['selected_time'])
    case 'datetimepicker': {
      const zone = context.reader.timeZone
      const seconds = held['selected_date_time']
      const change = (event: { target: HTMLInputElement }) => enter(secondsFromLocal(event.target.value, zone))
      const value = typeof seconds === 'number' ? localFromSeconds(seconds, zone) : ''
      return h('input', { ...base, type: 'datetime-local', value, onchange: change })
    }
    case 'radio_buttons':
      return choices('radio', element, [held['selected_option']], base, context, enter)
    case 'checkboxes':
      return choices('checkbox', element, objects(held['selected_options']), base, context, enter)
    default:
      return renderSelect(element, held, base, context, enter)
  }
}

/** The id of the control of a block; of the first one where it has several. */
export function controlId(prefix: string, blockId: string): string {
  return `${prefix}-${blockId}`
}

function choices(
  kind: 'radio' | 'checkbox',
  element: Loose,
  chosen: unknown[],
  base: Record<string, PropValue> & { id: string },
  { reader }: InputContext,
  enter: (value: Entered) => void,
): VNode {
  const values = new Set(objects(chosen).map(option => option['value']))
  const onchange = (event: { target: HTMLInputElement }) => {
    if (kind === 'radio') return enter(event.target.value)
    const boxes = event.target.closest('.choices')?.querySelectorAll<HTMLInputElement>('input:checked') ?? []
    enter([...boxes].map(box => box.value))
  }
  return h(
    'div',
    { class: 'choices', role: kind === 'radio' ? 'radiogroup' : 'group', 'aria-labelledby': `${base.id}-label` },
    objects(element['options']).map((option, index) =>
      h(
        'label',
        {},
        h('input', {
          ...base,
          placeholder: undefined,
          // Radio buttons of one name exclude each other, across the whole page.
          name: kind === 'radio' ? base.id : base['name'],
          id: index === 0 ? base.id : `${base.id}-${index}`,
          type: kind,
          value: String(option['value']),
          checked: values.has(option['value']),
          onchange,
        }),
        h(
          'span',
          {},
          renderText(option['text'], reader),
          option['description'] ? h('small', {}, renderText(option['description'], reader)) : null,
        ),
      ),
    ),
  )
}

function renderSelect(
  element: Loose,
  held: Loose,
  base: Record<string, PropValue>,
  { users, channels }: InputContext,
  enter: (value: Entered) => void,
): VNode {
  const type = String(element['type'])
  const several = type.startsWith('multi_')
  const named = (list: { id: string; name: string }[]) =>
    list.map(({ id, name }) => h('option', { value: id, selected: isHeld(held, id) }, name))
  const option = (one: Loose) =>
    h('option', { value: String(one['value']), selected: isHeld(held, one['value']) }, plainText(one['text']))
  const groups = objects(element['option_groups']).map(group =>
    h('optgroup', { label: plainText(group['label']) }, objects(group['options']).map(option)),
  )
  const own = type.includes('users') ? named(users) : /channels|conversations/.test(type) ? named(channels) : []
  const onchange = ({ target }: { target: HTMLSelectElement }) =>
    enter(several ? [...target.selectedOptions].map(one => one.value) : target.value || null)
  const nothing = !several && h('option', { value: '', selected: !isAnyHeld(held) }, plainText(element['placeholder']))
  const options: Child[] = [...groups, ...objects(element['options']).map(option), ...own]
  return h('select', { ...base, placeholder: undefined, multiple: several, onchange }, nothing, options)
}

function heldValues(held: Loose): unknown[] {
  const { type: _type, ...rest } = held
  return Object.values(rest)
    .flat()
    .map(one => (typeof one === 'object' && one !== null ? (one as Loose)['value'] : one))
    .filter(one => one !== null && one !== undefined)
}

const isHeld = (held: Loose, value: unknown) => heldValues(held).includes(value)
const isAnyHeld = (held: Loose) => heldValues(held).length > 0

/** The words of a plain text object. */
export function plainText(text: unknown): string | undefined {
  return typeof text === 'object' && text !== null ? String((text as Loose)['text']) : undefined
}

/** What a form holds now, by block_id: also what was typed and not yet told to Slack. */
export function enteredValues(form: HTMLElement, timeZone: string): Record<string, Entered> {
  const values: Record<string, Entered> = {}
  for (const control of form.querySelectorAll<HTMLInputElement>('input[data-type], textarea, select')) {
    const type = control.dataset['type'] ?? ''
    // Choices tell Slack at once, so it knows them.
    if (type === 'radio_buttons' || type === 'checkboxes' || control instanceof HTMLSelectElement) continue
    values[control.name] = type === 'datetimepicker' ? secondsFromLocal(control.value, timeZone) : control.value || null
  }
  return values
}

/** `2026-11-21T18:30` in that time zone, as UNIX seconds; null when it is empty. */
export function secondsFromLocal(local: string, timeZone: string): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(local)) return null
  const asUtc = Date.parse(`${local}:00Z`)
  // The offset is taken twice: near a change of the clocks the first one may be that of the other side.
  const guess = asUtc - offsetAt(asUtc, timeZone)
  return (asUtc - offsetAt(guess, timeZone)) / 1000
}

/** UNIX seconds as `2026-11-21T18:30` in that time zone. */
export function localFromSeconds(seconds: number, timeZone: string): string {
  return new Date(seconds * 1000 + offsetAt(seconds * 1000, timeZone)).toISOString().slice(0, 16)
}

function offsetAt(at: number, timeZone: string): number {
  const name = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find(part => part.type === 'timeZoneName')?.value
  const [, sign, hours = '0', minutes = '0'] = /([+-])(\d\d):(\d\d)/.exec(name ?? '') ?? []
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}
