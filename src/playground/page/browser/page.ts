import type { Act, ActResult } from '../acts.ts'
import type { PageState } from '../page-state.ts'

/** The languages of the page itself; Slack's texts follow each person's own, or the channel's. */
export type Language = 'en' | 'ja'

/** One person's Slack on the page. */
export type Pane = {
  personId: string
  /** The conversation each person looks at. */
  open: Record<string, string>
  /** What the client said last, e.g. that the app did not respond. */
  notice?: string
}

/** What is chosen on this page, which the world knows nothing of. */
export type Ui = {
  language: Language
  panes: [Pane, Pane]
  probeId?: string
  /** By person and conversation, the ts of the last message that was in view. */
  seen: Record<string, string>
  /** What went wrong with the world itself, e.g. why the bot did not start. */
  problem?: string
  /** Whether another story is being prepared. */
  beginning?: boolean
  /** Whether the playground still answers. */
  connected: boolean
}

/** All that the parts of the page are drawn from, and what they can do. */
export type Page = {
  state: PageState
  ui: Ui
  act(act: Act): Promise<ActResult>
  /** Changes something that is chosen, and draws the page anew. */
  choose(change: (ui: Ui) => void): void
}
