import { defineConfig } from 'vitest/config'

/** Plain Node for what needs no browser; `e2e` runs real ones, one file at a time. */
export default defineConfig({
  test: {
    projects: [
      { test: { name: 'extension', include: ['extension/**/*.test.ts'] } },
      { test: { name: 'sync', include: ['sync/**/*.test.ts'] } },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          globalSetup: 'e2e/build.ts',
          expect: { poll: { timeout: 15_000, interval: 50 } },
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
