/** A browser that keeps extensions out of pages until its reader lets them in. */

import { describe, expect } from 'vitest'
import { problemsSeen } from './axe'
import { pair, press, textOf } from './options'
import { Profile } from './profile'
import { Reader } from './reader'
import { story } from './story'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'

describe('an extension that is kept out of pages', () => {
  const told = story.extend('reader', async ({}, { onCleanup }) => {
    const reader = new Reader(await Profile.openKeepingOut())
    onCleanup(() => reader.close())
    return reader
  })

  told('says so, and is let in by a button, pages that are open too', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    const finder = await reader.profile.extensionPage('options.html')
    // The one the browser began with, the page, and this one: it tells no addresses.
    const tab = await finder.evaluate(async () => (await chrome.tabs.query({}))[1]?.id)
    await finder.close()
    const popup = await reader.profile.extensionPage(`popup.html?tab=${tab}`)
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
