import type { Language } from '../../core/entitlement.ts'
import { type Instant, localTime, millisecondsOf } from '../../core/instant.ts'

/**
 * Makes text that people typed safe inside mrkdwn: one line, nothing hidden, no mention, link, emoji name or formatting.
 * May grow fivefold (`&` becomes `&amp;`): shorten first. Blocks are sent `verbatim`, so bare URLs stay text too.
 */
export function escapeText(text: string): string {
  return escapeEntities(visible(text))
    .replace(/`|(?<![\p{L}\p{N}])[*_~](?=\S)|:(?=[a-z0-9_+'-]+:)/giu, `$&${zeroWidthSpace}`)
    .trim()
}

/** An identifier as it is, to be read and copied exactly. */
export function code(text: string): string {
  return `\`${escapeEntities(visible(text)).replaceAll('`', "'") || ' '}\``
}

/** Lines shown exactly, in one block that nothing inside can close. */
export function codeBlock(lines: string[]): string {
  const exact = lines.map(line => escapeEntities(line.replace(hidden, '')).replaceAll('`', "'"))
  return `\`\`\`\n${exact.join('\n')}\n\`\`\``
}

/** What somebody wrote, line by line, set off so that it cannot pass for ours. */
export function quote(text: string): string {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).filter(line => visible(line) !== '')
  return lines.map(line => `> ${escapeText(line)}`).join('\n') || '> –'
}

/** Text for places that show no formatting: one line, nothing hidden. */
export function visible(text: string): string {
  return text.toWellFormed().replace(/\s+/g, ' ').replace(hidden, '').trim()
}

/** At most `limit` UTF-16 units, cut between code points and marked with an ellipsis. */
export function shorten(text: string, limit: number): string {
  if (text.length <= limit) return text
  let kept = ''
  for (const codePoint of text) {
    if (kept.length + codePoint.length > limit - 1) break
    kept += codePoint
  }
  return `${kept}…`
}

/** Names a Slack user. */
export function mention(userId: string): string {
  return `<@${userId}>`
}

/** The moment in each reader's own time zone; Slack falls back to UTC where it cannot. */
export function slackTime(at: Instant, language: Language): string {
  const seconds = Math.floor(millisecondsOf(at) / 1000)
  return `<!date^${seconds}^{date_short_pretty} {time}|${localTime(at, 'UTC', language)}>`
}

const zeroWidthSpace = '\u200b'

/** Control and format characters (bidi overrides, zero widths, tags); joiners stay, emoji and some scripts need them. */
const hidden = /(?![\u200c\u200d])[\p{Cc}\p{Cf}]/gu

/** https://docs.slack.dev/messaging/formatting-message-text#escaping: these three, and only once. */
function escapeEntities(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
