/** What a reader does on the options page: pairs, parts, and reads what is said there. */

import type { Page } from 'puppeteer-core'
import type { Profile } from './profile'
import { words } from './words'

/** Fills the form in and presses the button; the page stays open for a look at what came of it. */
export async function tryToPair(profile: Profile, server: string, code: string): Promise<Page> {
  const page = await profile.extensionPage('options.html')
  await fill(page, 'code', code)
  await fill(page, 'server', server)
  await press(page, words('optionsPair'))
  return page
}

/** Pairs and comes back once the page says so. */
export async function pair(profile: Profile, server: string, code: string): Promise<void> {
  const page = await tryToPair(profile, server, code)
  await page.waitForSelector('.paired, [role="alert"]')
  const problem = await alert(page)
  if (problem !== null) throw new Error(`Pairing failed: ${problem}`)
  await page.close()
}

/** The sentence of the first problem shown; null where there is none. */
export async function alert(page: Page): Promise<string | null> {
  return page.evaluate(() => document.querySelector('[role="alert"]')?.textContent ?? null)
}

/** Presses a button of an extension's page by what stands on it. */
export async function press(page: Page, name: string): Promise<void> {
  const button = await page.waitForSelector(`button::-p-text(${name})`, { visible: true })
  await button!.click()
}

/** All that an extension's page says. */
export async function textOf(page: Page): Promise<string> {
  return page.evaluate(() => document.body.innerText)
}

async function fill(page: Page, name: string, value: string): Promise<void> {
  const field = await page.waitForSelector(`input[name="${name}"]`, { visible: true })
  await field!.evaluate((element) => (element as HTMLInputElement).select())
  await field!.type(value)
}
