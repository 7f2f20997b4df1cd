import { emoji } from './emoji.ts'
import { type ReaderTime, slackDate } from './slack-time.ts'
import { type Child, h, type VNode } from './vnode.ts'

/** Who reads a message, and how the ids in it are called. */
export type Reader = ReaderTime & {
  /** Of Slack's own words around the messages. */
  language: 'en' | 'ja'
  userName(id: string): string
  channelName(id: string): string
  groupName(id: string): string
}

/** Slack's formatted text as elements (docs.slack.dev/messaging/formatting-message-text). */
export function renderMrkdwn(text: string, reader: Reader): Child[] {
  // Odd parts are what stood between ``` and ```.
  return text.split(/```([\s\S]*?)```/).flatMap((part, index) => {
    if (index % 2 === 0) return renderLines(part.replace(index === 0 ? /\n$/ : /^\n|\n$/g, ''), reader)
    return [h('pre', {}, unescapeEntities(part.replace(/^\n|\n$/g, '')))]
  })
}

/** Unformatted text: emoji names and line breaks, nothing else. */
export function renderPlain(text: string): Child[] {
  return brokenLines(text.split('\n').map(line => [withEmoji(line)]))
}

function renderLines(text: string, reader: Reader): Child[] {
  const rendered: Child[] = []
  let lines: Child[][] = []
  let quoted: Child[][] = []
  const flush = () => {
    if (quoted.length > 0) rendered.push(h('blockquote', {}, brokenLines(quoted)))
    rendered.push(...brokenLines(lines))
    lines = []
    quoted = []
  }
  for (const line of text === '' ? [] : text.split('\n')) {
    const [, quote] = /^(?:>|&gt;)\s?(.*)$/.exec(line) ?? []
    if ((quote === undefined ? quoted : lines).length > 0) flush()
    if (quote === undefined) lines.push(renderInline(line, reader))
    else quoted.push(renderInline(quote, reader))
  }
  flush()
  return rendered
}

function brokenLines(lines: Child[][]): Child[] {
  return lines.flatMap((line, index) => (index === 0 ? line : [h('br'), ...line])).filter(child => child !== '')
}

/** First character of Unicode's private use area: stands for a finished piece while the rest is being formatted. */
const firstPlace = 0xe000
const places = /[\ue000-\uf8ff]/g

function renderInline(line: string, reader: Reader): Child[] {
  const pieces: Child[] = []
  const hold = (piece: Child) => String.fromCharCode(firstPlace + pieces.push(piece) - 1)
  const held = line
    .replace(places, '')
    .replace(/`([^`]+)`/g, (_, code: string) => hold(h('code', {}, unescapeEntities(code))))
    .replace(/<([^<>]+)>/g, (_, inside: string) => hold(renderAngle(inside, reader)))
  return format(withEmoji(held), pieces)
}

const marks: Record<string, string> = { '*': 'strong', _: 'em', '~': 's' }

/** Marks count only around a word: not inside one, and not with a blank, of no width even, on their inner side. */
const marked = /(?<![\p{L}\p{N}])([*_~])(?=[^\s\u200b*_~])(.*?[^\s\u200b])\1(?![\p{L}\p{N}])/u

function format(text: string, pieces: Child[]): Child[] {
  const found = marked.exec(text)
  if (!found) return expand(text, pieces)
  const [whole, mark = '', inside = ''] = found
  return [
    ...expand(text.slice(0, found.index), pieces),
    h(marks[mark] ?? 'span', {}, format(inside, pieces)),
    ...format(text.slice(found.index + whole.length), pieces),
  ]
}

function expand(text: string, pieces: Child[]): Child[] {
  return text
    .split(/([\ue000-\uf8ff])/)
    .filter(part => part !== '')
    .map(part => pieces[part.charCodeAt(0) - firstPlace] ?? unescapeEntities(part))
}

/** What stands between < and >: a mention, a date or a link. */
function renderAngle(inside: string, reader: Reader): VNode {
  const [target = '', label] = inside.split('|', 2)
  const id = target.slice(1)
  if (target.startsWith('@')) return mention(`@${reader.userName(id)}`)
  if (target.startsWith('#')) return mention(`#${reader.channelName(id)}`)
  if (target.startsWith('!subteam^')) return mention(`@${reader.groupName(target.slice('!subteam^'.length))}`)
  if (target.startsWith('!date^')) {
    const [, seconds, tokens = ''] = target.split('^')
    const at = Number(seconds) * 1000
    return h('time', { datetime: new Date(at).toISOString() }, slackDate(tokens, at, reader))
  }
  if (target.startsWith('!')) return mention(`@${label ?? id}`)
  const shown = unescapeEntities(label ?? target)
  const href = unescapeEntities(target)
  return /^(https?:|mailto:)/.test(href) ? h('a', { href, title: href }, shown) : h('span', {}, shown)
}

function mention(name: string): VNode {
  return h('span', { class: 'mention' }, name)
}

function withEmoji(text: string): string {
  return text.replace(/:([a-z0-9_+-]+):/g, (written, name: string) => emoji[name] ?? written)
}

function unescapeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
