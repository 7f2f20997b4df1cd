/// <reference lib="dom" />
import type { PageState } from '../page-state.ts'
import { type Loose, renderBlocks } from './blocks.ts'
import { followEnd } from './follow-end.ts'
import { renderModal } from './modal.ts'
import { type Reader, renderMrkdwn } from './mrkdwn.ts'
import type { Page, Pane } from './page.ts'
import { timeOfDay } from './slack-time.ts'
import { texts } from './texts.ts'
import { plainText } from './view-elements.ts'
import { type Child, h, type VNode } from './vnode.ts'

type Slack = PageState['slack']
type Message = Slack['channels'][number]['messages'][number]
type Conversation = { id: string; name: string; messages: Message[] }

/** One person's Slack: conversations, messages, their open form, and a line to type commands in. */
export function renderSlackPane(page: Page, index: 0 | 1): VNode {
  const { state, ui, choose } = page
  const pane = ui.panes[index]
  const conversations = conversationsOf(state.slack, pane.personId)
  const open = openConversation(pane, conversations, index)
  const reader = readerOf(state, pane.personId)
  const role = texts.roles[pane.personId]?.[ui.language]
  const view = state.slack.views[pane.personId]?.at(-1)
  const people = state.slack.users.filter(({ isBot, deleted }) => !isBot && !deleted)
  return h(
    'section',
    { class: 'card slack', 'aria-label': `${texts.slackOf[ui.language]} ${reader.userName(pane.personId)}` },
    h(
      'div',
      { class: 'person' },
      avatar(reader.userName(pane.personId), pane.personId),
      h('label', { class: 'unseen', for: `person-${index}` }, texts.slackOf[ui.language]),
      h(
        'select',
        {
          id: `person-${index}`,
          onchange: ({ target }: { target: HTMLSelectElement }) =>
            choose(chosen => {
              const other = chosen.panes[index]
              other.personId = target.value
              delete other.notice
            }),
        },
        people.map(({ id, realName }) => h('option', { value: id, selected: id === pane.personId }, realName)),
      ),
      role !== undefined && h('span', { class: 'role' }, role),
    ),
    h(
      'div',
      { class: 'tabs', role: 'group', 'aria-label': texts.conversations[ui.language] },
      conversations.map(conversation => renderTab(page, index, conversation, conversation.id === open?.id)),
    ),
    open && renderMessages(page, open, reader, pane),
    pane.notice !== undefined &&
      h(
        'p',
        { class: 'notice', role: 'alert', key: 'notice' },
        h('span', {}, pane.notice),
        h(
          'button',
          {
            type: 'button',
            onclick: () =>
              choose(() => {
                delete pane.notice
              }),
          },
          texts.dismiss[ui.language],
        ),
      ),
    open && renderComposer(page, index, open),
    view && renderModal(page, pane, view, reader),
  )
}

/** Where that person is: first the conversation with the app, then their channels. */
function conversationsOf(slack: Slack, personId: string): Conversation[] {
  const seen = (messages: Message[]) =>
    messages.filter(({ ephemeralFor }) => ephemeralFor === undefined || ephemeralFor === personId)
  const direct = slack.directMessages.filter(({ userId }) => userId === personId)
  const channels = slack.channels.filter(({ members, isArchived }) => members.includes(personId) && !isArchived)
  return [
    ...direct.map(({ id, messages }) => ({ id, name: slack.app.name, messages: seen(messages) })),
    ...channels.map(({ id, name, messages }) => ({ id, name: `#${name}`, messages: seen(messages) })),
  ]
}

/** The one chosen; at first the requester looks at their messages from the app, the approver at the first channel. */
function openConversation(pane: Pane, conversations: Conversation[], index: 0 | 1): Conversation | undefined {
  const chosen = conversations.find(({ id }) => id === pane.open[pane.personId])
  const first = index === 1 ? conversations.find(({ name }) => name.startsWith('#')) : undefined
  return chosen ?? first ?? conversations[0]
}

function renderTab(page: Page, index: 0 | 1, { id, name, messages }: Conversation, isOpen: boolean): VNode {
  const { ui, choose } = page
  const { personId } = ui.panes[index]
  const last = messages.at(-1)
  const place = `${personId} ${id}`
  if (isOpen && last) ui.seen[place] = last.ts
  const unread = last !== undefined && last.ts > (ui.seen[place] ?? '')
  const onclick = () =>
    choose(chosen => {
      chosen.panes[index].open[personId] = id
    })
  return h(
    'button',
    { type: 'button', 'aria-pressed': String(isOpen), onclick, key: id },
    name,
    unread && h('span', { class: 'unread' }, h('span', { class: 'unseen' }, ` (${texts.unread[ui.language]})`)),
  )
}

function renderMessages(page: Page, { id, messages }: Conversation, reader: Reader, pane: Pane): VNode {
  const { ui, choose } = page
  // The page stays; where a link would lead is said instead.
  const onclick = (event: MouseEvent) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (!link) return
    event.preventDefault()
    choose(() => {
      pane.notice = `${texts.noLinks[ui.language]} ${link.href}`
    })
  }
  return h(
    'div',
    {
      class: 'messages',
      key: `${pane.personId} ${id}`,
      role: 'log',
      tabindex: '0',
      'aria-label': texts.messages[ui.language],
      onclick,
      onmount: followEnd,
    },
    messages.length === 0 && h('p', { class: 'none' }, texts.noMessages[ui.language]),
    messages.map(message => renderMessage(page, pane, id, message, reader)),
  )
}

function renderMessage(page: Page, pane: Pane, channelId: string, message: Message, reader: Reader): VNode {
  const { state } = page
  const name = message.user === 'USLACKBOT' ? 'Slackbot' : reader.userName(message.user)
  const isApp = message.user === state.slack.app.botUserId
  const blocks =
    message.blocks.length > 0
      ? renderBlocks(message.blocks, reader, (element, block) =>
          button(element, () => click(page, pane, { channelId, ts: message.ts }, element, block)),
        )
      : [h('div', { class: 'block' }, renderMrkdwn(message.text, reader))]
  return h(
    'article',
    { class: message.ephemeralFor === undefined ? 'message' : 'message ephemeral', key: message.ts },
    avatar(name, message.user, isApp),
    h(
      'div',
      { class: 'body' },
      message.ephemeralFor !== undefined && h('div', { class: 'only' }, texts.onlyVisible[reader.language]),
      h(
        'div',
        { class: 'author' },
        h('b', {}, name),
        isApp && h('span', { class: 'app' }, texts.app[reader.language]),
        h('time', {}, timeOfDay(Number(message.ts) * 1000, reader)),
        message.edited !== undefined && h('span', {}, texts.edited[reader.language]),
      ),
      blocks,
    ),
  )
}

/** A button of a message or a view; what else stands there is not for clicking, and left out. */
export function button(element: Loose, onclick: () => void): Child[] {
  if (element['type'] !== 'button') return []
  const label = plainText(element['text']) ?? ''
  const style = String(element['style'] ?? '')
  return [h('button', { type: 'button', class: style, onclick, key: String(element['action_id']) }, label)]
}

/** Sends a click, after the question the app wants asked; what Slack then says against it becomes the pane's notice. */
export async function click(
  page: Page,
  pane: Pane,
  place: { channelId: string; ts: string } | { viewId: string },
  element: Loose,
  block: Loose,
): Promise<void> {
  const question = element['confirm'] as Loose | undefined
  const words = question && [question['title'], question['text']].map(text => plainText(text) ?? '')
  if (words && !window.confirm(words.join('\n\n'))) return
  const { userId, actionId, blockId } = {
    userId: pane.personId,
    actionId: String(element['action_id']),
    blockId: String(block['block_id']),
  }
  const result = await page.act(
    'viewId' in place
      ? { type: 'clickView', userId, actionId, blockId, viewId: place.viewId }
      : { type: 'click', userId, actionId, blockId, channelId: place.channelId, ts: place.ts },
  )
  notice(page, pane, result.ok ? undefined : (result.message ?? texts.notPossible[page.ui.language]))
}

function notice(page: Page, pane: Pane, text: string | undefined): void {
  page.choose(() => {
    if (text === undefined) delete pane.notice
    else pane.notice = text
  })
}

function renderComposer(page: Page, index: 0 | 1, { id }: Conversation): VNode {
  const { ui, act, state } = page
  const pane = ui.panes[index]
  const send = async (text: string) => {
    if (!text.startsWith('/')) return notice(page, pane, text === '' ? undefined : texts.onlyCommands[ui.language])
    // What came of it stands in the conversation, in Slack's words when the app did not answer.
    await act({ type: 'command', userId: pane.personId, channelId: id, text })
    notice(page, pane, undefined)
  }
  const onsubmit = (event: SubmitEvent) => {
    event.preventDefault()
    const input = (event.target as HTMLFormElement).querySelector('input')
    const text = input?.value.trim() ?? ''
    if (input && text.startsWith('/')) input.value = ''
    return send(text)
  }
  return h(
    'form',
    { class: 'composer', key: 'composer', onsubmit },
    state.slack.app.commands.map(command =>
      h('button', { type: 'button', class: 'command-button', onclick: () => send(command) }, `⚡ ${command}`),
    ),
    h('label', { class: 'unseen', for: `compose-${index}` }, texts.compose[ui.language]),
    h('input', {
      id: `compose-${index}`,
      type: 'text',
      autocomplete: 'off',
      placeholder: texts.compose[ui.language],
      maxlength: 500,
    }),
    h('button', { type: 'submit', title: texts.send[ui.language], 'aria-label': texts.send[ui.language] }, '➤'),
  )
}

const colours = 6

function avatar(name: string, id: string, isApp = false): VNode {
  const colour = [...id].reduce((sum, char) => sum + char.charCodeAt(0), 0) % colours
  return h(
    'span',
    { class: `avatar ${isApp ? 'bot-avatar' : `colour-${colour}`}`, 'aria-hidden': 'true' },
    name.slice(0, 1),
  )
}

function readerOf({ slack, clock }: PageState, personId: string): Reader {
  const person = slack.users.find(({ id }) => id === personId)
  return {
    now: clock.at,
    timeZone: person?.tz ?? 'UTC',
    locale: person?.locale ?? 'en-US',
    language: person?.locale === 'ja-JP' ? 'ja' : 'en',
    userName: id => slack.users.find(user => user.id === id)?.realName ?? id,
    channelName: id => slack.channels.find(channel => channel.id === id)?.name ?? id,
    groupName: id => slack.userGroups.find(group => group.id === id)?.handle ?? id,
  }
}
