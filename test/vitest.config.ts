import { defineConfig } from 'vitest/config'
import { LongestFirst } from './longest-first.js'

export default defineConfig({
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    globalSetup: ['test/one-temporary-folder.ts'],
    setupFiles: ['test/seed-properties.ts'],
    testTimeout: 60_000,
    hookTimeout: 240_000,
    // Files share the modules of a worker: loading them for each file anew took as long as half of the tests.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    maxWorkers: 2,
  },
})
