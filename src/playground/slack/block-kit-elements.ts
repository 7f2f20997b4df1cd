import { limits } from './block-kit-limits.ts'
import {
  anything,
  boolean,
  byType,
  type Check,
  type Checking,
  integer,
  isObject,
  list,
  oneOf,
  refuse,
  shape,
  string,
} from './shape.ts'

/** A text object of `max` characters; only plain_text where Slack takes nothing else. */
export function text(max: number, kind: 'plain_text' | 'mrkdwn or plain_text' = 'plain_text'): Check {
  const plain = shape({ type: anything, text: string(max, 1) }, { emoji: boolean })
  const mrkdwn = shape({ type: anything, text: string(max, 1) }, { verbatim: boolean })
  return byType(kind === 'plain_text' ? { plain_text: plain } : { plain_text: plain, mrkdwn })
}

const confirm = shape(
  { text: text(limits.confirmText, 'mrkdwn or plain_text') },
  {
    title: text(limits.confirmTitle),
    confirm: text(limits.confirmButton),
    deny: text(limits.confirmButton),
    style: oneOf('primary', 'danger'),
  },
)

const actionId: Check = (value, at, checking) => {
  string(limits.actionId, 1)(value, at, checking)
  if (checking.actionIds.has(String(value))) refuse(checking, at, `action_id "${value}" already exists in this block`)
  checking.actionIds.add(String(value))
}

const focusOnLoad: Check = (value, at, checking) => {
  boolean(value, at, checking)
  if (value === true && ++checking.focused > 1) refuse(checking, at, 'only one element can have focus_on_load')
}

const url = string(limits.url, 1, /^(https?|mailto|slack):/)
const option = shape(
  { text: text(limits.optionText), value: string(limits.optionValue, 1) },
  { description: text(limits.optionDescription) },
)
const richOption = shape(
  { text: text(limits.optionText, 'mrkdwn or plain_text'), value: string(limits.optionValue, 1) },
  { description: text(limits.optionDescription, 'mrkdwn or plain_text') },
)
const overflowOption = shape(
  { text: text(limits.optionText), value: string(limits.optionValue, 1) },
  { description: text(limits.optionDescription), url },
)
const optionGroup = shape({ label: text(limits.optionText), options: list(option, limits.options) })

const base = { action_id: actionId, confirm, focus_on_load: focusOnLoad }
const placeholder = { placeholder: text(limits.placeholder) }
const multi = { max_selected_items: integer(1, 100) }
const ids = list(string(50, 1), 100, 0)
const conversationFilter = shape(
  {},
  {
    include: list(oneOf('im', 'mpim', 'private', 'public'), 4),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
)
const dispatchActionConfig = shape(
  {},
  { trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 2) },
)

/** What there is to choose from in an element, groups flattened. */
export function optionsOf(element: Record<string, unknown>): Record<string, unknown>[] {
  const groups = Array.isArray(element['option_groups']) ? element['option_groups'].filter(isObject) : []
  const lists = [element['options'], ...groups.map(group => group['options'])]
  return lists.flatMap(some => (Array.isArray(some) ? some.filter(isObject) : []))
}

function initialAmongOptions(element: Record<string, unknown>, at: string, checking: Checking): void {
  const known = new Set(optionsOf(element).map(fingerprint))
  if (element['initial_option'] !== undefined && !known.has(fingerprint(element['initial_option']))) {
    refuse(checking, `${at}/initial_option`, 'must be one of the provided options')
  }
  const several = Array.isArray(element['initial_options']) ? element['initial_options'] : []
  several.forEach((one, index) => {
    if (!known.has(fingerprint(one))) {
      refuse(checking, `${at}/initial_options/${index}`, 'must be one of the provided options')
    }
  })
}

/** Slack asks for an exact match, so the words count as well as the value. */
function fingerprint(value: unknown): string {
  const words = (some: unknown) => (isObject(some) ? [some['type'], some['text']] : null)
  return isObject(value) ? JSON.stringify([value['value'], words(value['text']), words(value['description'])]) : ''
}

function optionsOrGroups(element: Record<string, unknown>, at: string, checking: Checking): void {
  const given = ['options', 'option_groups'].filter(key => element[key] !== undefined)
  if (given.length === 0) refuse(checking, at, 'missing required field: options')
  if (given.length === 2) refuse(checking, at, 'options and option_groups cannot both be given')
  initialAmongOptions(element, at, checking)
}

const statics = { options: list(option, limits.options), option_groups: list(optionGroup, limits.optionGroups) }
const type = { type: anything }
const typed = {
  ...placeholder,
  action_id: actionId,
  focus_on_load: focusOnLoad,
  dispatch_action_config: dispatchActionConfig,
}

/** The check for each interactive element, by type. */
const element = {
  button: shape(
    { ...type, text: text(limits.buttonText) },
    {
      action_id: actionId,
      confirm,
      url,
      value: string(limits.buttonValue),
      style: oneOf('primary', 'danger'),
      accessibility_label: string(limits.accessibilityLabel),
    },
  ),
  static_select: shape(type, { ...base, ...placeholder, ...statics, initial_option: option }, optionsOrGroups),
  multi_static_select: shape(
    type,
    { ...base, ...placeholder, ...multi, ...statics, initial_options: list(option, limits.options) },
    optionsOrGroups,
  ),
  external_select: shape(type, {
    ...base,
    ...placeholder,
    initial_option: option,
    min_query_length: integer(0, 3000),
  }),
  multi_external_select: shape(type, {
    ...base,
    ...placeholder,
    ...multi,
    initial_options: list(option, limits.options),
    min_query_length: integer(0, 3000),
  }),
  users_select: shape(type, { ...base, ...placeholder, initial_user: string(50, 1) }),
  multi_users_select: shape(type, { ...base, ...placeholder, ...multi, initial_users: ids }),
  channels_select: shape(type, {
    ...base,
    ...placeholder,
    initial_channel: string(50, 1),
    response_url_enabled: boolean,
  }),
  multi_channels_select: shape(type, { ...base, ...placeholder, ...multi, initial_channels: ids }),
  conversations_select: shape(type, {
    ...base,
    ...placeholder,
    initial_conversation: string(50, 1),
    default_to_current_conversation: boolean,
    filter: conversationFilter,
    response_url_enabled: boolean,
  }),
  multi_conversations_select: shape(type, {
    ...base,
    ...placeholder,
    ...multi,
    initial_conversations: ids,
    default_to_current_conversation: boolean,
    filter: conversationFilter,
  }),
  radio_buttons: shape(
    { ...type, options: list(richOption, limits.radioOrCheckboxOptions) },
    { ...base, initial_option: richOption },
    initialAmongOptions,
  ),
  checkboxes: shape(
    { ...type, options: list(richOption, limits.radioOrCheckboxOptions) },
    { ...base, initial_options: list(richOption, limits.radioOrCheckboxOptions) },
    initialAmongOptions,
  ),
  overflow: shape({ ...type, options: list(overflowOption, limits.overflowOptions) }, { action_id: actionId, confirm }),
  datepicker: shape(type, { ...base, ...placeholder, initial_date: string(10, 10, /^\d{4}-\d\d-\d\d$/) }),
  timepicker: shape(type, {
    ...base,
    ...placeholder,
    initial_time: string(5, 5, /^([01]\d|2[0-3]):[0-5]\d$/),
    timezone: string(100),
  }),
  datetimepicker: shape(type, { ...base, initial_date_time: integer(1_000_000_000, 9_999_999_999) }),
  plain_text_input: shape(
    type,
    {
      ...typed,
      initial_value: string(limits.plainTextInput),
      multiline: boolean,
      min_length: integer(0, limits.plainTextInput),
      max_length: integer(1, limits.plainTextInput),
    },
    (value, at, checking) => {
      if (Number(value['min_length']) > Number(value['max_length'])) {
        refuse(checking, at, 'min_length must be less than max_length')
      }
    },
  ),
  number_input: shape(
    { ...type, is_decimal_allowed: boolean },
    { ...typed, initial_value: string(100), min_value: string(100), max_value: string(100) },
  ),
  email_text_input: shape(type, { ...typed, initial_value: string(limits.plainTextInput) }),
  url_text_input: shape(type, { ...typed, initial_value: string(limits.plainTextInput) }),
} satisfies Record<string, Check>

/** The image element of sections and context blocks. */
export const imageElement = shape({
  ...type,
  image_url: string(limits.url, 1, /^https?:/),
  alt_text: string(limits.imageAltText, 1),
})

const { plain_text_input, number_input, email_text_input, url_text_input, ...clickable } = element
const { button: _button, overflow: _overflow, ...choosable } = clickable

/** What an input block takes: everything with a value, so no buttons and no overflow menu. */
export const inputElement = byType({
  ...choosable,
  plain_text_input,
  number_input,
  email_text_input,
  url_text_input,
})

const { datetimepicker: _datetimepicker, ...accessories } = clickable

/** What a section takes at its side. */
export const accessory = byType({ ...accessories, image: imageElement })

/** What an actions block takes: everything but typed text. */
export const actionsElement = byType(clickable)
