import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openingRequest } from './opening.ts'
import type { PageWorld } from './page/page-world.ts'
import { servePage } from './page/serve-page.ts'
import { firstPreset, type Preset, presets, probesOf } from './presets.ts'
import { awsSeed } from './story-aws.ts'
import { startWorld } from './world.ts'

/** A world with its page, which can begin anew with another story. */
export type Playground = {
  url: string
  /** Starts the bot and opens the story; throws when the bot does not start or answer. */
  begin(): Promise<void>
  /** Ends everything, whatever is under way. */
  close(): Promise<void>
}

/** Opens the playground in `folder`, in the story and at the point where it was left, with its page on `port`. */
export async function openPlayground(folder: string, port: number): Promise<Playground> {
  const home = join(folder, 'world')
  let closing = false
  let world = await startWorld({ folder: home })
  const page = await servePage(shown(), port)
  // A start and the changes of the story, one after the other.
  let turn = Promise.resolve()

  function shown(): PageWorld {
    const preset = readPreset(home)
    const story = { preset, begin: (next: Preset) => inTurn(() => change(next)) }
    return { ...world, nextEnd: world.table.nextEnd, people: awsSeed.people, probes: probesOf(preset), story }
  }

  function inTurn(job: () => Promise<void>): Promise<void> {
    turn = turn.catch(() => {}).then(job)
    return turn
  }

  async function begin(): Promise<void> {
    if (closing) return
    await world.bot.start()
    await openingRequest(world, readPreset(home))
  }

  async function change(next: Preset): Promise<void> {
    if (closing) return
    const readers = world.slack.snapshot().users
    await world.close()
    rmSync(home, { recursive: true, force: true })
    writePreset(home, next)
    world = await startWorld({ folder: home })
    // Who reads Japanese is no part of the story.
    for (const { id, locale } of readers) world.slack.setUser(id, { locale })
    page.show(shown())
    await begin()
  }

  return {
    url: page.url,
    begin: () => inTurn(begin),
    async close() {
      closing = true
      // A bot that is being waited for will not come any more.
      await world.bot.stop()
      await turn.catch(() => {})
      await Promise.all([page.close(), world.close()])
    },
  }
}

/** The story goes with its world: whoever deletes the one deletes the other. */
function presetFile(home: string): string {
  return join(home, 'preset')
}

function readPreset(home: string): Preset {
  try {
    const written = readFileSync(presetFile(home), 'utf8')
    return presets.find(preset => preset === written) ?? firstPreset
  } catch {
    return firstPreset
  }
}

function writePreset(home: string, preset: Preset): void {
  mkdirSync(home, { recursive: true })
  writeFileSync(presetFile(home), preset)
}
