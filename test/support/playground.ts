import { openingRequest } from '../../src/playground/opening.ts'
import { servePage } from '../../src/playground/page/serve-page.ts'
import { firstPreset, type Preset, probesOf } from '../../src/playground/presets.ts'
import { awsSeed } from '../../src/playground/story-aws.ts'
import type { World } from '../../src/playground/world.ts'

/** The page of `npm start` for a world whose bot runs, opened where its story opens, on any free port. */
export async function servePlayground(
  world: World,
  preset: Preset = firstPreset,
): Promise<{ url: string; close(): Promise<void> }> {
  const story = { preset, begin: () => Promise.reject(new Error('This world has one story.')) }
  const probes = probesOf(preset)
  const page = await servePage({ ...world, nextEnd: world.table.nextEnd, people: awsSeed.people, probes, story }, 0)
  await openingRequest(world, preset)
  return page
}
