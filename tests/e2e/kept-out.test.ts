/** A browser that keeps extensions out of pages until its reader lets them in. */

import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import { problemsSeen } from './axe'
import { pair, press, textOf } from './options'
import { Profile } from './profile'
import { Reader } from './reader'
import { alone, story } from './story'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'

describe('an extension that Firefox keeps out of pages', () => {
  const told = story.extend('reader', async ({}, { onCleanup }) => {
    const reader = new Reader(await Profile.openKeepingOut())
    onCleanup(() => reader.close())
    return reader
  })

  told('says so, and is let in by a button, pages that are open too', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    const popup = await popupBeside(reader)
    await expect.poll(() => textOf(popup)).toContain(words('noNotesKeptOut'))
    const welcome = await reader.profile.extensionPage('onboarding.html')
    await expect.poll(() => textOf(welcome)).toContain(words('accessKeptOut'))
    expect(await problemsSeen(welcome)).toEqual([])
    expect(await problemsSeen(popup)).toEqual([])

    await press(welcome, words('accessLetIn'))
    await expect.poll(() => textOf(welcome)).not.toContain(words('accessKeptOut'))
    await expect.poll(() => textOf(popup)).toContain(words('popupEmpty'))
    await reader.page.bringToFront()
    await reader.highlight(BELL, 'green')
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
  })

  told('is paired all the same', async ({ server, reader }) => {
    await pair(reader.profile, server.url, server.pairing.code)
  })
})

describe('an extension that Chromium lets into pages where its button is pressed', () => {
  alone('says so, and comes into the page then', async ({ site, reader }) => {
    const { profile } = reader
    await profile.allowPages('ON_CLICK')
    await reader.open(site.url('tides'))
    const popup = await popupBeside(reader)
    await expect.poll(() => textOf(popup)).toContain(words('noNotesKeptOut'))
    const welcome = await profile.extensionPage('onboarding.html')
    await expect.poll(() => textOf(welcome)).toContain(words('accessKeptOut'))

    // The first press lets it in, and Chromium says so itself; with the second the popup opens.
    await reader.page.bringToFront()
    await profile.pressButton(reader.page)
    const told = () =>
      popup.evaluate(async () => (await chrome.tabs.query({})).map(({ url }) => url))
    await expect.poll(told).toContain(reader.page.url())
    await popup.reload()
    await expect.poll(() => textOf(popup)).toContain(words('popupEmpty'))
    await reader.page.bringToFront()
    await reader.highlight(BELL, 'green')
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })

    await profile.allowPages('ON_ALL_SITES')
    await expect.poll(() => textOf(welcome)).not.toContain(words('accessKeptOut'))
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
  })
})

/** The popup as it opens over the page that is read, in a tab of its own. */
async function popupBeside({ profile }: Reader): Promise<Page> {
  const finder = await profile.extensionPage('options.html')
  // The one the browser began with, the page, and this one: it tells no addresses.
  const tab = await finder.evaluate(async () => (await chrome.tabs.query({}))[1]?.id)
  await finder.close()
  return profile.extensionPage(`popup.html?tab=${tab}`)
}
