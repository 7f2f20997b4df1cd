import { optionsOf } from './block-kit-elements.ts'
import { isObject } from './shape.ts'

type Loose = Record<string, unknown>

/** What an element holds, in Slack's shape for its type, e.g. `{ type: 'users_select', selected_user: 'U1' }`. */
export type ElementState = { type: string } & Record<string, unknown>

/** `view.state.values`: block_id → action_id → what the element holds. */
export type InputValues = Record<string, Record<string, ElementState>>

/**
 * What a person enters: text, an option's value, a user's or channel's id, a date; UNIX seconds for a datetimepicker;
 * several of them for checkboxes and multi selects; null to clear.
 */
export type InputValue = string | number | string[] | null

/** An interactive element and the block it stands in. */
export type Placed = { block: Loose; element: Loose; blockId: string; actionId: string }

/** For each element type: where its value is kept, and where the app gives the first one. */
const fields: Record<string, { value: string; initial: string; several?: true }> = {
  plain_text_input: { value: 'value', initial: 'initial_value' },
  number_input: { value: 'value', initial: 'initial_value' },
  email_text_input: { value: 'value', initial: 'initial_value' },
  url_text_input: { value: 'value', initial: 'initial_value' },
  static_select: { value: 'selected_option', initial: 'initial_option' },
  external_select: { value: 'selected_option', initial: 'initial_option' },
  radio_buttons: { value: 'selected_option', initial: 'initial_option' },
  checkboxes: { value: 'selected_options', initial: 'initial_options', several: true },
  multi_static_select: { value: 'selected_options', initial: 'initial_options', several: true },
  multi_external_select: { value: 'selected_options', initial: 'initial_options', several: true },
  users_select: { value: 'selected_user', initial: 'initial_user' },
  multi_users_select: { value: 'selected_users', initial: 'initial_users', several: true },
  channels_select: { value: 'selected_channel', initial: 'initial_channel' },
  multi_channels_select: { value: 'selected_channels', initial: 'initial_channels', several: true },
  conversations_select: { value: 'selected_conversation', initial: 'initial_conversation' },
  multi_conversations_select: { value: 'selected_conversations', initial: 'initial_conversations', several: true },
  datepicker: { value: 'selected_date', initial: 'initial_date' },
  timepicker: { value: 'selected_time', initial: 'initial_time' },
  datetimepicker: { value: 'selected_date_time', initial: 'initial_date_time' },
}

/** Every interactive element of these blocks, in reading order. */
export function placedElements(blocks: readonly unknown[]): Placed[] {
  return blocks.filter(isObject).flatMap(block => {
    const several = block['type'] === 'actions' && Array.isArray(block['elements']) ? block['elements'] : []
    return [block['element'], block['accessory'], ...several]
      .filter(isObject)
      .filter(element => typeof element['action_id'] === 'string')
      .map(element => ({
        block,
        element,
        blockId: String(block['block_id']),
        actionId: String(element['action_id']),
      }))
  })
}

/**
 * What the inputs of these blocks hold when shown: what was entered before where block_id, action_id and type are
 * still the same (Slack keeps such input across views.update), else the app's initial value.
 */
export function shownValues(blocks: readonly unknown[], before: InputValues = {}): InputValues {
  const values: InputValues = {}
  for (const { element, blockId, actionId } of placedElements(blocks)) {
    const type = String(element['type'])
    const field = fields[type]
    if (!field) continue
    const kept = before[blockId]?.[actionId]
    const initial = element[field.initial] ?? (field.several ? [] : null)
    const state = kept && kept.type === type && stillOffered(element, kept) ? kept : { type, [field.value]: initial }
    values[blockId] = { ...values[blockId], [actionId]: state }
  }
  return values
}

function stillOffered(element: Loose, kept: ElementState): boolean {
  if (element['options'] === undefined && element['option_groups'] === undefined) return true
  const offered = new Set(optionsOf(element).map(option => option['value']))
  const chosen = [kept['selected_option'], ...((kept['selected_options'] as unknown[] | undefined) ?? [])]
  return chosen.filter(isObject).every(option => offered.has(option['value']))
}

/** The element's state after somebody entered `value`. Throws when the element offers no such thing. */
export function enteredValue(element: Loose, value: InputValue): ElementState {
  const type = String(element['type'])
  const field = fields[type]
  if (!field) throw new Error(`Nothing can be entered into a ${type}.`)
  if (type.includes('external')) throw new Error('External selects are not simulated.')
  const choose = (one: unknown) => {
    if (!/^(selected_options?)$/.test(field.value)) return one
    const option = optionsOf(element).find(candidate => candidate['value'] === one)
    if (!option) throw new Error(`The ${type} "${element['action_id']}" offers no option "${one}".`)
    return option
  }
  if (field.several) return { type, [field.value]: [value ?? []].flat().map(choose) }
  if (Array.isArray(value)) throw new Error(`A ${type} holds one value.`)
  if (value === null || value === '') return { type, [field.value]: null }
  return { type, [field.value]: type === 'datetimepicker' ? Number(value) : choose(String(value)) }
}

/** The bare value of an element's state: text, id, number, or the chosen values. */
function bare(state: ElementState | undefined): unknown {
  const held = state?.[fields[state.type]?.value ?? '']
  return held ?? undefined
}

/** What Slack's own client says at each input before anything is sent, by block_id; empty when it would submit. */
export function clientRefusals(blocks: readonly unknown[], values: InputValues): Record<string, string> {
  const refusals: Record<string, string> = {}
  for (const { block, element, blockId, actionId } of placedElements(blocks)) {
    if (block['type'] !== 'input') continue
    const value = bare(values[blockId]?.[actionId])
    const empty = value === undefined || (Array.isArray(value) && value.length === 0)
    const refusal = empty
      ? block['optional']
        ? undefined
        : 'Please complete this required field.'
      : check(element, value)
    if (refusal) refusals[blockId] = refusal
  }
  return refusals
}

function check(element: Loose, value: unknown): string | undefined {
  const text = String(value)
  const number = (key: string, otherwise: number) => (element[key] === undefined ? otherwise : Number(element[key]))
  switch (element['type']) {
    case 'plain_text_input':
      if (text.length < number('min_length', 0)) return `Please enter at least ${element['min_length']} characters.`
      return text.length > number('max_length', 3000)
        ? `Please enter ${number('max_length', 3000)} characters or fewer.`
        : undefined
    case 'number_input': {
      const pattern = element['is_decimal_allowed'] ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/
      if (!pattern.test(text)) return 'Please enter a valid number.'
      if (Number(text) < number('min_value', -Infinity))
        return `Please enter a number of at least ${element['min_value']}.`
      return Number(text) > number('max_value', Infinity)
        ? `Please enter a number of at most ${element['max_value']}.`
        : undefined
    }
    case 'email_text_input':
      return /^\S+@\S+\.\S+$/.test(text) ? undefined : 'Please enter a valid email.'
    case 'url_text_input':
      return URL.canParse(text) ? undefined : 'Please enter a valid URL.'
    default:
      return Array.isArray(value) && value.length > number('max_selected_items', Infinity)
        ? `Please choose ${element['max_selected_items']} or fewer.`
        : undefined
  }
}
