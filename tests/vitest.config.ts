import { defineConfig } from 'vitest/config'

const BROWSERS = {
  globalSetup: 'e2e/build.ts',
  expect: { poll: { timeout: 15_000, interval: 50 } },
  maxWorkers: 2,
  isolate: false, // so that stories share browsers beyond their file
  testTimeout: 60_000,
  hookTimeout: 120_000,
}

/** What takes long and changes seldom: `make everywhere` tells it. */
const LONG = process.env['EVERYWHERE']
  ? []
  : ['e2e/full-disk.test.ts', 'e2e/panel-many.test.ts', 'e2e/sidebar.test.ts']

/** Plain Node for what needs no browser; `e2e` runs real ones; `pictures` takes theirs to look at. */
export default defineConfig({
  test: {
    maxWorkers: 2, // of itself it takes one of two cores
    projects: [
      { test: { name: 'extension', include: ['extension/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'sync', include: ['sync/**/*.test.ts'] } },
      {
        test: {
          ...BROWSERS,
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: ['e2e/looks*.test.ts', ...LONG],
        },
      },
      {
        test: {
          ...BROWSERS,
          name: 'pictures',
          include: ['e2e/looks*.test.ts', 'e2e/panel-looks.test.ts'],
          env: { PICTURES: '1' },
        },
      },
      { test: { ...BROWSERS, name: 'speed', include: ['bench/extension/*.test.ts'] } },
    ],
  },
})
