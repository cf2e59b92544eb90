/** Builds the extension as the browser tests need it, once before the first of them. */

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const EXTENSION = join(import.meta.dirname, '..', '..', 'extension')

/** `test` is the same as what is shipped, but for the shadow root, which tests can look into. */
export type Build = 'shipped' | 'test'

export const BUILDS = {
  shipped: {
    chromium: join(EXTENSION, 'dist', 'chrome'),
    firefox: join(EXTENSION, 'dist', 'firefox'),
  },
  test: {
    chromium: join(EXTENSION, 'dist', 'test', 'chrome'),
    firefox: join(EXTENSION, 'dist', 'test', 'firefox'),
  },
}

export async function setup(): Promise<void> {
  const run = promisify(execFile)
  await run(process.execPath, ['build.mjs'], { cwd: EXTENSION })
  await run(process.execPath, ['build.mjs', '--test'], { cwd: EXTENSION })
}
