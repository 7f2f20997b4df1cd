import type { SeedPerson } from '../aws/seed.ts'
import type { SimulatedAws } from '../aws/simulated-aws.ts'
import type { Journal } from '../journal.ts'
import type { Preset } from '../presets.ts'
import type { SimulatedSlack } from '../slack/simulated-slack.ts'
import type { WorldClock } from '../world-clock.ts'

/** The bot as the page sees it: a switch. `stop` kills it. */
export type BotSwitch = {
  state(): 'stopped' | 'starting' | 'ready'
  start(): Promise<void>
  stop(): Promise<void>
  onChange(listener: () => void): () => void
  lastLine(): string
}

/** Something the page asks AWS about all the time: a line of the matrix, and a command of the terminal. */
export type Probe = {
  id: string
  label: { en: string; ja: string }
  accountId: string
  action: string
  resource: string
  /** `as` is the id of one of `PageWorld.people`. */
  terminal: { command: string; as: string }
}

/** The world that the page shows and acts on. */
export type PageWorld = {
  clock: WorldClock
  slack: SimulatedSlack
  aws: SimulatedAws
  bot: BotSwitch
  journal: Journal
  /** When the next active grant ends, in milliseconds since 1970, by the bot's table; undefined when there is none. */
  nextEnd(): Promise<number | undefined>
  probes: Probe[]
  /** Those who act; `id` is their Slack user id. */
  people: SeedPerson[]
  /** The story the world opened with. `begin` erases this world and begins another one, also with the same story. */
  story: { preset: Preset; begin(preset: Preset): Promise<void> }
}
