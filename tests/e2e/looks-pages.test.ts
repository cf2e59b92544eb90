/** Pictures of the first page, the options, and what stands in pages: as in looks.test. */

import { mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { drag } from './passage'
import { Profile } from './profile'
import { Reader } from './reader'
import { typeInRoom } from './room'
import { story } from './story'
import { speaking } from './variant'

const FOLDER = join(import.meta.dirname, '..', '.output', 'screenshots')
const BELL = 'A bell rings at noon of every day.'
const NARROW = { width: 390, height: 844 }

type Scheme = 'light' | 'dark' | 'forced'

async function picture(page: Page, name: string, fullPage = false): Promise<void> {
  await mkdir(FOLDER, { recursive: true })
  const path = join(FOLDER, `${name}.png`) as `${string}.png`
  await page.screenshot({ path, fullPage })
  expect((await stat(path)).size).toBeGreaterThan(2000)
}

/** No picture of a thing half faded in. */
async function dress(page: Page, scheme: Scheme): Promise<void> {
  const session = await page.createCDPSession()
  const features = [
    { name: 'prefers-reduced-motion', value: 'reduce' },
    { name: 'prefers-color-scheme', value: scheme === 'light' ? 'light' : 'dark' },
    ...(scheme === 'forced' ? [{ name: 'forced-colors', value: 'active' }] : []),
  ]
  await session.send('Emulation.setEmulatedMedia', { features })
}

/** Nothing is wider than the window: what has to be scrolled sideways is not read. */
async function fits(page: Page): Promise<boolean> {
  return page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
}

async function lookAt(reader: Reader, url: string, scheme: Scheme, suffix: string): Promise<void> {
  for (const [file, wait] of [
    ['onboarding', 'article p'],
    ['options', 'input[name="forget"]'],
  ] as const) {
    const page = await reader.profile.extensionPage(`${file}.html`)
    await dress(page, scheme)
    await page.waitForSelector(wait)
    expect(await fits(page)).toBe(true)
    await picture(page, `${file}-${suffix}`, true)
    await page.setViewport(NARROW)
    expect(await fits(page)).toBe(true)
    await picture(page, `${file}-narrow-${suffix}`, true)
    await page.close()
  }
  await reader.open(url)
  const { page } = reader
  await dress(page, scheme)
  await drag(page, BELL)
  await page.waitForSelector('postil-ui >>> [role="toolbar"]', { visible: true })
  await picture(page, `page-toolbar-${suffix}`)
  await (await page.waitForSelector('postil-ui >>> .tool'))!.click()
  await typeInRoom(page, 'textarea', 'A bell, of all things.')
  await typeInRoom(page, '.tag-input', 'sound')
  await page.keyboard.press('Enter')
  await picture(page, `page-editor-${suffix}`)
  await page.setViewport(NARROW)
  await picture(page, `page-editor-narrow-${suffix}`)
}

describe.each(['light', 'dark', 'forced'] as const)('in %s', (scheme) => {
  story('first page, options, toolbar and editor', async ({ site, reader }) => {
    await lookAt(reader, site.url('tides'), scheme, scheme)
  })
})

describe.each(['ar', 'de', 'ja'])('in %s', (language) => {
  const told = story.extend('reader', async ({}, { onCleanup }) => {
    const variant = await speaking('chromium', language)
    const reader = new Reader(await Profile.openWith('chromium', variant.folder))
    onCleanup(() => reader.close().then(variant.remove))
    return reader
  })

  told('first page, options, toolbar and editor', async ({ site, reader }) => {
    await lookAt(reader, site.url('tides'), 'light', language)
    const { page } = reader
    const direction = await page.$eval('postil-ui >>> .stage', (stage) => stage.getAttribute('dir'))
    expect(direction).toBe(language === 'ar' ? 'rtl' : 'ltr')
  })
})
