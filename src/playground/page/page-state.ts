import type { CallRecord } from '../aws/call-log.ts'
import type { AwsSnapshot } from '../aws/snapshot.ts'
import type { WhoCanRow } from '../aws/who-can.ts'
import type { Preset } from '../presets.ts'
import type { SlackSnapshot } from '../slack/snapshot.ts'
import { leashedGrant, policyGrant, type Steps, stepsOf } from './browser/steps.ts'
import type { PageWorld, Probe } from './page-world.ts'
import { type StandingFaults, standingFaults } from './standing-faults.ts'
import { createTerminals, type TerminalState } from './terminals.ts'

/** Everything the page shows. It travels part by part: only parts that changed are sent. */
export type PageState = {
  /** Milliseconds since 1970, by the world's clock. */
  clock: { at: number; nextEnd: number | null }
  bot: { state: 'stopped' | 'starting' | 'ready'; lastLine: string }
  slack: SlackSnapshot
  aws: Omit<AwsSnapshot, 'at'>
  /** Newest first, without readings of the clock. */
  calls: CallRecord[]
  /** Cells in the order of the probes. */
  matrix: WhoCanRow[]
  terminals: TerminalState[]
  steps: Steps
  faults: StandingFaults
  probes: Probe[]
  people: { id: string; name: string }[]
  /** The story the world opened with. */
  preset: Preset
}

/** Parts of the state, as they are sent. */
export type PageUpdate = Partial<PageState>

const tickMilliseconds = 1000
const coalesceMilliseconds = 100
const messagesShown = 50
const callsShown = 40

/**
 * Follows the world. Listeners hear of changes at most ten times a second, and once a second of what the clock alone
 * changes; the terminals repeat their commands at the same beat.
 */
export function followWorld(world: PageWorld) {
  const terminals = createTerminals(world)
  const listeners = new Set<(update: PageUpdate) => void>()
  let nextEnd: number | undefined
  let asking = false
  let sent: Partial<Record<keyof PageState, string>> = {}
  let pending: NodeJS.Timeout | undefined

  const matrix = () => {
    const actions = world.probes.map(({ id, action, resource, accountId }) => ({
      label: id,
      action,
      resource,
      accountId,
    }))
    return world.aws.whoCan({ actions })
  }
  // The steps follow what is in front, and so does the refusal they wait for.
  const grantIn = world.story.preset === 'identityCenter' ? leashedGrant : policyGrant
  const whole = (): PageState => {
    const now = world.clock.now()
    const [front] = terminals.list()
    const { at: _at, ...aws } = world.aws.snapshot()
    // The bot reads the clock of AWS with this one, and hardly anything else would be left to see.
    const calls = world.aws.calls().filter(({ operation }) => operation !== 'GetCallerIdentity')
    return {
      clock: { at: now, nextEnd: nextEnd !== undefined && nextEnd > now ? nextEnd : null },
      bot: { state: world.bot.state(), lastLine: world.bot.lastLine() },
      slack: latestMessages(world.slack.snapshot()),
      aws,
      calls: calls.slice(-callsShown).reverse(),
      matrix: matrix(),
      terminals: terminals.list(),
      steps: stepsOf({
        now,
        grant: grantIn(world.journal.entries('aws')),
        bot: world.bot.state(),
        switches: world.journal.entries('bot'),
        refusedAt: front?.lastRefusedAt ?? undefined,
      }),
      faults: standingFaults(world),
      probes: world.probes,
      people: world.people.map(({ id, name }) => ({ id, name })),
      preset: world.story.preset,
    }
  }
  const send = () => {
    clearTimeout(pending)
    pending = undefined
    const state = whole()
    const parts = Object.entries(state) as [keyof PageState, unknown][]
    const texts = parts.map(([part, value]) => [part, JSON.stringify(value)] as const)
    const changed = new Set(texts.filter(([part, text]) => sent[part] !== text).map(([part]) => part))
    sent = Object.fromEntries(texts)
    if (changed.size === 0) return
    const update = Object.fromEntries(parts.filter(([part]) => changed.has(part)))
    for (const listener of listeners) listener(update)
  }
  const soon = () => {
    pending ??= setTimeout(send, coalesceMilliseconds)
  }
  const askNextEnd = async () => {
    if (asking) return
    asking = true
    try {
      nextEnd = await world.nextEnd()
    } catch {
      // The table may be closing or, on purpose, out of order: the last known end stands.
    } finally {
      asking = false
    }
  }
  const tick = () => {
    terminals.tick(matrix())
    void askNextEnd()
    send()
  }
  const ends = [
    world.slack.onChange(soon),
    world.aws.onCall(soon),
    world.journal.subscribe(soon),
    world.bot.onChange(soon),
  ]
  terminals.tick(matrix())
  void askNextEnd()
  const timer = setInterval(tick, tickMilliseconds)
  return {
    whole,
    /** To be called after a change that the world does not announce: listeners hear of it at once, not at the next beat. */
    look: soon,
    /** Asks anew when the next grant ends. */
    async nextEnd(): Promise<number | undefined> {
      await askNextEnd()
      return whole().clock.nextEnd ?? undefined
    },
    onUpdate(listener: (update: PageUpdate) => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close(): void {
      clearInterval(timer)
      clearTimeout(pending)
      for (const end of ends) end()
    },
  }
}

/** The world as the page follows it. */
export type WorldFeed = ReturnType<typeof followWorld>

function latestMessages(slack: SlackSnapshot): SlackSnapshot {
  const latest = <T extends { messages: unknown[] }>(place: T): T => ({
    ...place,
    messages: place.messages.slice(-messagesShown),
  })
  return { ...slack, channels: slack.channels.map(latest), directMessages: slack.directMessages.map(latest) }
}
