import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What keeps both cores busy goes beside what needs one, and the two bots beside what mostly waits. */
const first = [
  'e2e/killed-anywhere',
  'app/crash-anywhere-leashed',
  'app/crash-anywhere-roles',
  'entry/check-live',
  'e2e/two-bots',
  'entry/check-pin',
  'e2e/operators',
  'e2e/slack-down',
]

class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = first.findIndex(name => moduleId.includes(`${name}.test`))
      return place < 0 ? first.length : place
    }
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}

/**
 * Two cores in CI: two workers, files side by side, each test with its own servers on port 0. A worker keeps its modules
 * from file to file, as loading them anew takes a quarter of a small file's time: no test may leave anything behind.
 */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/compile-cache.ts',
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    isolate: false,
    sequence: { sequencer: Sequencer },
    reporters: process.env['CI'] ? ['default'] : ['dot'],
  },
})
