/**
 * The beginning and the end of every story: a web site, a server, and readers in fresh profiles.
 * Each is made when a test first asks for it, and gone when the test is over.
 */

import { afterAll, test } from 'vitest'
import { type Kind, Profile } from './profile'
import { Reader } from './reader'
import { PostilServer } from './server'
import { openSite } from './site'

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
  .extend('reader', async ({ kind }, { onCleanup }) => {
    const reader = new Reader(await Profile.open(kind))
    onCleanup(() => reader.close())
    return reader
  })

/**
 * The same in one browser for all stories of a `describe`, which costs a start of the browser each
 * less. Every story has a site of its own, so none sees what another did on its pages.
 */
export function inOneBrowser(kind: Kind) {
  let opening: Promise<Reader> | null = null
  afterAll(async () => (await opening)?.close())
  return story.override({ kind }).extend('reader', async ({}, { onCleanup }) => {
    opening ??= Profile.open(kind).then((profile) => new Reader(profile))
    const reader = await opening
    onCleanup(() => reader.leave())
    return reader
  })
}
