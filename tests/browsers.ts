/**
 * Where the browsers of the tests are. They are never downloaded: what a machine has is found, and
 * where it has none the sentence says what to install.
 */

import { accessSync, constants, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

type Playwright = typeof import('playwright-core')

/** The path of a Chromium or Chrome; throws with a sentence where there is none. */
export function findChromium(): string {
  return find({
    variable: 'CHROMIUM',
    commands: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    places: [
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ],
    atLast: playwrights,
    debian: 'chromium',
    name: 'Chromium',
  })
}

/**
 * The path of a Firefox; throws with a sentence where there is none. Playwright's own does not do:
 * it is patched, and speaks no WebDriver BiDi.
 */
export function findFirefox(): string {
  return find({
    variable: 'FIREFOX',
    commands: ['firefox-esr', 'firefox', 'firefox-developer-edition', 'firefox-nightly'],
    places: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
    debian: 'firefox-esr',
    name: 'Firefox',
  })
}

/** Playwright takes a second to load, and few need to be told where it has its own. */
function playwrights(): string {
  const { chromium } = createRequire(import.meta.url)('playwright-core') as Playwright
  return chromium.executablePath()
}

interface Browser {
  variable: string
  commands: string[]
  places: string[]
  /** Another place, where it is in none of these. */
  atLast?: () => string
  debian: string
  name: string
}

function find({ variable, commands, places, atLast, debian, name }: Browser): string {
  const told = process.env[variable]
  if (told) {
    if (isProgram(told)) return told
    throw new Error(`${variable} is set to ${told}, which is not a program that can be started.`)
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)
  const candidates = commands.flatMap((command) => folders.map((folder) => join(folder, command)))
  const found = [...candidates, ...places].find(isProgram) ?? [atLast?.() ?? ''].find(isProgram)
  if (found) return found
  throw new Error(
    `The tests need ${name}, and none was found. On Debian or Ubuntu: ` +
      `apt-get install ${debian}. Elsewhere: install ${name}, or set ${variable} to its path.`,
  )
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}
