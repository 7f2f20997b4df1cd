import type {
  ActionsBlock,
  Button,
  ContextBlock,
  KnownBlock,
  MrkdwnElement,
  PlainTextElement,
  PlainTextOption,
  SectionBlock,
  StaticSelect,
} from '@slack/types'
import { shorten, visible } from './mrkdwn.ts'

/** A message as it is posted: `text` is what notifications and screen readers say. */
export type Message = { text: string; blocks: KnownBlock[] }

/** Formatted text; what people typed in it must have been escaped. `verbatim`: Slack makes no links of its own. */
function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true }
}

/** Unformatted text, cut to the limit of its place. */
export function plain(text: string, limit: number): PlainTextElement {
  return { type: 'plain_text', text: shorten(visible(text), limit) || '–', emoji: true }
}

/** A paragraph of at most 3,000 characters; never folded behind "See more" when an approver must have read it. */
export function section(text: string, options: { unfolded?: boolean } = {}): SectionBlock {
  return { type: 'section', text: mrkdwn(text), ...(options.unfolded ? { expand: true } : {}) }
}

/** Up to ten labelled facts in two columns. */
export function fields(facts: { label: string; value: string }[]): SectionBlock {
  return { type: 'section', fields: facts.map(({ label, value }) => mrkdwn(`*${label}*\n${value}`)) }
}

/** Small print, line by line (Slack would put several elements side by side). */
export function context(...lines: string[]): ContextBlock {
  return { type: 'context', elements: [mrkdwn(lines.join('\n'))] }
}

/** A row of buttons. */
export function actions(...elements: Button[]): ActionsBlock {
  return { type: 'actions', elements }
}

/** A button that carries an id and nothing else. */
export function button(actionId: string, label: string, value: string, style?: 'primary' | 'danger'): Button {
  return { type: 'button', action_id: actionId, text: plain(label, 75), value, ...(style ? { style } : {}) }
}

/** What Slack asks before it sends a click: a title, a sentence, and what the two buttons say. */
export type Question = { title: string; text: string; yes: string; no: string }

/** The same button, which asks back before it acts. */
export function askingBack(element: Button, { title, text, yes, no }: Question): Button {
  const confirm = { title: plain(title, 100), text: plain(text, 300), confirm: plain(yes, 30), deny: plain(no, 30) }
  return { ...element, confirm }
}

/** One thing to choose; Slack allows 75 characters for either. */
export type Choice = { value: string; label: string }

/** A menu; Slack takes 100 options in a list, so longer ones become groups of 100. An unknown `chosen` chooses nothing. */
export function select(actionId: string, choices: Choice[], chosen?: string): StaticSelect {
  const options = choices.map(
    ({ value, label }): PlainTextOption => ({ text: plain(label, 75), value: shorten(value, 75) }),
  )
  const initial = options.find(option => option.value === chosen)
  return {
    type: 'static_select',
    action_id: actionId,
    ...(options.length <= pageSize ? { options } : { option_groups: pages(options) }),
    ...(initial ? { initial_option: initial } : {}),
  }
}

const pageSize = 100

function pages(options: PlainTextOption[]): { label: PlainTextElement; options: PlainTextOption[] }[] {
  const starts = Array.from({ length: Math.ceil(options.length / pageSize) }, (_, page) => page * pageSize)
  return starts.map(start => {
    const some = options.slice(start, start + pageSize)
    return { label: plain(`${start + 1}–${start + some.length}`, 75), options: some }
  })
}
