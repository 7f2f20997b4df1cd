import { defineConfig } from 'vitest/config'

/** Two cores in CI: two workers, files side by side, each test with its own servers on port 0. */
export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    maxWorkers: 2,
    reporters: process.env['CI'] ? ['default'] : ['dot'],
  },
})
