/** A disk without room, as the browser tells of it. */

import { describe, expect } from 'vitest'
import { endBackground } from './pressing'
import { Profile } from './profile'
import { Reader } from './reader'
import { story } from './story'
import { withManifest } from './variant'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'
const SLOW = { timeout: 120_000 }

describe('a disk without room', () => {
  // What a browser grants an extension of unlimited storage can't be used up within a test.
  const told = story.extend('reader', async ({}, { onCleanup }) => {
    const variant = await withManifest('chromium', ({ permissions, ...manifest }) => {
      const some = (permissions as string[]).filter((one) => one !== 'unlimitedStorage')
      return { ...manifest, permissions: some }
    })
    const reader = new Reader(await Profile.openWith('chromium', variant.folder))
    onCleanup(() => reader.close().then(variant.remove))
    return reader
  })

  const full = `postil-ui >>> .toast ::-p-text(${words('problemStorageFull')})`

  told('is told of, and what was done is kept in the end', SLOW, async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlight(BELL, 'blue')
    await expect.poll(() => reader.texts()).toEqual({ blue: [BELL] })
    const options = await reader.profile.extensionPage('options.html')
    const session = await options.createCDPSession()
    const { origin } = reader.profile.extension
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 })
    await reader.page.bringToFront()
    // Chromium believes for half a minute what it was last told of the room there is, unless nobody
    // had the database open for some seconds.
    let next: 'pink' | 'green' = 'pink'
    const tried = async () => {
      next = next === 'pink' ? 'green' : 'pink'
      await reader.recolour(BELL, next)
      const told = await reader.page.waitForSelector(full, { timeout: 1000 }).catch(() => null)
      if (!told) await endBackground(reader)
      return told !== null
    }
    await expect.poll(tried, { timeout: 60_000, interval: 3000 }).toBe(true)

    await session.send('Storage.overrideQuotaForOrigin', { origin })
    const again = `postil-ui >>> .toast button::-p-text(${words('pageTryAgain')})`
    const kept = async () => {
      await (await reader.page.$(again))?.click()
      return (await reader.page.$(full)) === null
    }
    await expect.poll(kept, { timeout: 60_000, interval: 500 }).toBe(true)
    await reader.reload()
    await expect.poll(() => reader.texts()).toEqual({ [next]: [BELL] })
  })
})
