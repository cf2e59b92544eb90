/**
 * The beginning and the end of every story: a web site, a server, and a reader. Each is made when a
 * test first asks for it; site and server are gone when the test is over.
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
  .extend('reader', ({ kind }) => sharedReader(kind))

/** In a browser of its own, for what no forgetting takes back. */
export const alone = story.extend('reader', async ({ kind }, { onCleanup }) => {
  const reader = new Reader(await Profile.open(kind))
  onCleanup(() => reader.close())
  return reader
})

const shared = new Map<string, Promise<Reader>>()

afterAll(async () => {
  await Promise.all([...shared.values()].map(async (opening) => (await opening).close()))
})

/**
 * A browser that the stories of a file share, for a start of it takes longer than many a story.
 * Each finds an extension that knows nothing. `number` tells machines of one kind apart.
 */
export async function sharedReader(kind: Kind, number = 1): Promise<Reader> {
  const name = `${kind} ${number}`
  const known = shared.get(name)
  if (known) {
    const reader = await known
    await reader.beginAnew()
    return reader
  }
  const opening = Profile.open(kind).then((profile) => new Reader(profile))
  shared.set(name, opening)
  // One that did not start is not what the next story has to go by.
  opening.catch(() => shared.delete(name))
  return opening
}
