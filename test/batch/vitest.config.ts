import { defineConfig } from 'vitest/config'

/** The batch suite's kills in full: ten of them, on a thousand lines. */
export default defineConfig({
  test: {
    include: ['test/batch/kill.test.ts', 'test/batch/storm.test.ts'],
    globalSetup: ['test/one-temporary-folder.ts'],
    env: { BATCH_KILLS: '10', BATCH_LINES: '1000' },
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
