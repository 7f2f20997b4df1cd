import { defineConfig } from 'vitest/config'

/**
 * Two cores in CI: two workers, files side by side, each test with its own servers on port 0. A worker keeps its modules
 * from file to file, as loading them anew takes a quarter of a small file's time: no test may leave anything behind.
 */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    isolate: false,
    reporters: process.env['CI'] ? ['default'] : ['dot'],
  },
})
