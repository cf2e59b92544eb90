/** Builds the extension as the browser tests need it, once before the first of them. */

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const EXTENSION = join(import.meta.dirname, '..', '..', 'extension')

/** The same as what is shipped, but for the shadow root, which tests can look into. */
export const TEST_BUILDS = {
  chromium: join(EXTENSION, 'dist', 'test', 'chrome'),
  firefox: join(EXTENSION, 'dist', 'test', 'firefox'),
}

export async function setup(): Promise<void> {
  await promisify(execFile)(process.execPath, ['build.mjs', '--test'], { cwd: EXTENSION })
}
