import { accessory, actionsElement, imageElement, inputElement, text } from './block-kit-elements.ts'
import { limits } from './block-kit-limits.ts'
import {
  anything,
  boolean,
  byType,
  type Check,
  type Checking,
  isObject,
  list,
  oneOf,
  refuse,
  shape,
  string,
} from './shape.ts'

/** What Slack would say against a message's `blocks`, as `response_metadata.messages`; empty when it would take them. */
export function checkMessageBlocks(blocks: unknown): string[] {
  const checking = start()
  list(messageBlock, limits.blocksPerMessage, 0)(blocks, '/blocks', checking)
  const markdown = (Array.isArray(blocks) ? blocks : []).filter(isObject).filter(block => block['type'] === 'markdown')
  if (markdown.reduce((sum, block) => sum + String(block['text']).length, 0) > limits.markdown) {
    refuse(checking, '/blocks', `must be less than ${limits.markdown + 1} characters of markdown in total`)
  }
  return checking.problems
}

/** What Slack would say against a modal's `view`; empty when it would take it. Its size in bytes is not looked at. */
export function checkView(view: unknown): string[] {
  const checking = start()
  modal(view, '/view', checking)
  return checking.problems
}

function start(): Checking {
  return { problems: [], blockIds: new Set(), actionIds: new Set(), focused: 0 }
}

const blockId: Check = (value, at, checking) => {
  string(limits.blockId, 1)(value, at, checking)
  if (checking.blockIds.has(String(value))) refuse(checking, at, `block_id "${value}" already exists`)
  checking.blockIds.add(String(value))
}

const common = { block_id: blockId }
const type = { type: anything }

const richTextBlock = shape(
  {
    ...type,
    elements: list((value, at, checking) => {
      const known = ['rich_text_section', 'rich_text_list', 'rich_text_quote', 'rich_text_preformatted']
      if (!isObject(value)) return refuse(checking, at, 'must provide an object')
      oneOf(...known)(value['type'], `${at}/type`, checking)
      if (!Array.isArray(value['elements'])) refuse(checking, at, 'missing required field: elements')
    }, 1000),
  },
  common,
)

const tableCell = byType({
  raw_text: shape({ ...type, text: string(limits.textObject, 1) }),
  raw_number: shape({ ...type, value: anything, text: string(limits.textObject, 1) }),
  rich_text: richTextBlock,
})

const everywhere: Record<string, Check> = {
  section: shape(
    type,
    {
      ...common,
      text: text(limits.textObject, 'mrkdwn or plain_text'),
      fields: list(text(limits.sectionField, 'mrkdwn or plain_text'), limits.sectionFields),
      accessory,
      expand: boolean,
    },
    (value, at, checking) => {
      if (value['text'] === undefined && value['fields'] === undefined) {
        refuse(checking, at, 'missing required field: text or fields')
      }
    },
  ),
  divider: shape(type, common),
  header: shape({ ...type, text: text(limits.header) }, common),
  context: shape(
    {
      ...type,
      elements: list(
        (value, at, checking) =>
          isObject(value) && value['type'] === 'image'
            ? imageElement(value, at, checking)
            : text(limits.textObject, 'mrkdwn or plain_text')(value, at, checking),
        limits.contextElements,
      ),
    },
    common,
  ),
  actions: shape({ ...type, elements: list(actionsElement, limits.actionsElements) }, common),
  image: shape(
    { ...type, image_url: string(limits.url, 1, /^https?:/), alt_text: string(limits.imageAltText, 1) },
    { ...common, title: text(limits.imageTitle) },
  ),
  rich_text: richTextBlock,
}

const messageBlock = block({
  ...everywhere,
  markdown: shape({ ...type, text: string(limits.markdown, 1) }, common),
  table: shape(
    { ...type, rows: list(list(tableCell, limits.tableCells), limits.tableRows) },
    {
      ...common,
      column_settings: list(
        shape({}, { align: oneOf('left', 'center', 'right'), is_wrapped: boolean }),
        limits.tableCells,
      ),
    },
  ),
})

const modalBlock = block({
  ...everywhere,
  input: shape(
    { ...type, label: text(limits.inputLabel), element: inputElement },
    { ...common, hint: text(limits.inputHint), optional: boolean, dispatch_action: boolean },
  ),
})

function block(checks: Record<string, Check>): Check {
  const check = byType(checks)
  return (value, at, checking) => {
    checking.actionIds = new Set()
    check(value, at, checking)
  }
}

const modal = byType({
  modal: shape(
    { ...type, title: text(limits.modalTitle), blocks: list(modalBlock, limits.blocksPerModal) },
    {
      submit: text(limits.modalButton),
      close: text(limits.modalButton),
      private_metadata: string(limits.privateMetadata),
      callback_id: string(limits.callbackId),
      external_id: string(limits.externalId),
      clear_on_close: boolean,
      notify_on_close: boolean,
      submit_disabled: boolean,
    },
    (value, at, checking) => {
      const blocks = Array.isArray(value['blocks']) ? value['blocks'].filter(isObject) : []
      if (value['submit'] === undefined && blocks.some(one => one['type'] === 'input')) {
        refuse(checking, at, 'missing required field: submit')
      }
    },
  ),
})

/** Fills in the block_ids and action_ids that the app left to Slack; the blocks must have passed their check. */
export function withIds<Block>(blocks: readonly Block[]): Block[] {
  return blocks.map((one, index) => {
    const block = { block_id: madeUpId(index), ...one } as Record<string, unknown>
    for (const key of ['element', 'accessory']) {
      if (isObject(block[key]) && block[key]['type'] !== 'image') {
        block[key] = { action_id: madeUpId(index), ...block[key] }
      }
    }
    if (block['type'] === 'actions' && Array.isArray(block['elements'])) {
      block['elements'] = block['elements'].map((element, place) => ({ action_id: madeUpId(place), ...element }))
    }
    return block as Block
  })
}

function madeUpId(place: number): string {
  return `${Math.random().toString(36).slice(2, 6).padEnd(4, '0')}${place}`
}
