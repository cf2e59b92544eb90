/**
 * The beginning and the end of every story: a web site, a server, and a reader. Each is made when a
 * test first asks for it; site and server are gone when the test is over, the browser is kept.
 */

import { test } from 'vitest'
import { Browsers } from './browsers'
import { type Kind, Profile } from './profile'
import { Reader } from './reader'
import { PostilServer } from './server'
import { openSite } from './site'

const browsers = new Browsers()

export const story = test
  .extend('kind', 'chromium' as Kind)
  .extend('site', async ({}, { onCleanup }) => {
    const site = await openSite()
    onCleanup(() => site.close())
    return site
  })
  .extend('server', async ({}, { onCleanup }) => {
    const server = await PostilServer.start()
    onCleanup(() => server.remove())
    return server
  })
  .extend('browsers', { scope: 'worker' }, ({}, { onCleanup }) => {
    onCleanup(() => browsers.close())
    return browsers
  })
  .extend('reader', ({ kind, browsers }) => browsers.take(kind))

/** In a browser of its own, for what no forgetting takes back. */
export const alone = story.extend('reader', async ({ kind }, { onCleanup }) => {
  const reader = new Reader(await Profile.open(kind))
  onCleanup(() => reader.close())
  return reader
})
