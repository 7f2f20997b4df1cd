import type { Language } from '../../core/entitlement.ts'
import { context, type Message } from './blocks.ts'
import { code, shorten } from './mrkdwn.ts'

/** The message with one line on why it is not where it belongs, in `channel`, and what to do about it. */
export function withElsewhere(
  { text, blocks }: Message,
  channel: string,
  problem: string,
  language: Language,
): Message {
  return { text, blocks: [...blocks, context(line(`<#${channel}>`, code(shorten(problem, 200)))[language])] }
}

const line = (channel: string, problem: string) => ({
  en: `:warning: It is here because ${channel} cannot be posted to: ${problem}. Invite the bot there again, or correct the catalogue.`,
  ja: `:warning: ${channel} に投稿できないため、ここに表示しています: ${problem}。ボットを再度招待するか、カタログを修正してください。`,
})
