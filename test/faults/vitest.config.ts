import { defineConfig } from 'vitest/config'

/** The fault suite in full: every fault, 30 rounds of `kill -9`, 100,000 odd bodies. */
export default defineConfig({
  test: {
    include: ['test/faults/*.test.ts', 'test/server/kill.test.ts'],
    globalSetup: ['test/one-temporary-folder.ts'],
    env: { FAULTS: 'full', KILL_ROUNDS: '30', FUZZ_BODIES: '100000' },
    testTimeout: 1_800_000,
    hookTimeout: 120_000,
    fileParallelism: false,
  },
})
