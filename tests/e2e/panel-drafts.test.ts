/** What is being written in the panel, whatever comes to an end meanwhile. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect } from 'vitest'
import type { Settings } from '../../extension/src/background/database'
import { pair } from './options'
import { PanelPage } from './panel'
import { Profile } from './profile'
import { Reader } from './reader'
import { story } from './story'
import { words } from './words'

const BELL = 'A bell rings at noon of every day.'
const SLOW = { timeout: 90_000 }

describe('a browser that is killed', () => {
  const told = story.extend('home', async ({}, { onCleanup }) => {
    const home = await mkdtemp(join(tmpdir(), 'postil-home-'))
    onCleanup(() => rm(home, { recursive: true, maxRetries: 10 }))
    return home
  })

  told('has kept what was being written in the panel', SLOW, async ({ site, home }) => {
    const first = new Reader(await Profile.openAt(home))
    await (await first.profile.welcome()).close()
    const panel = await beginToWrite(first, site.url('tides'))
    const field = await panel.page.waitForSelector('.rows textarea')
    await field!.type('Half a thought')
    await panel.choose(words('panelPageNote'))
    const whole = await panel.page.waitForSelector('.page-note textarea')
    await whole!.type('On all of it')
    await expect.poll(() => drafts(panel)).toEqual(['Half a thought', 'On all of it'])
    await first.profile.kill()

    const second = new Reader(await Profile.openAt(home))
    try {
      await second.open(site.url('tides'))
      const again = await PanelPage.open(second)
      await expect
        .poll(async () => (await again.notes()).map(({ passage, note }) => [passage, note]))
        .toEqual([['', 'On all of it'], [BELL, 'Half a thought']])
      await expect.poll(() => drafts(again)).toEqual([])
    } finally {
      await second.close()
    }
  })
})

describe('what is written on a note that was deleted meanwhile', () => {
  story('brings it back, deleted here', async ({ site, reader }) => {
    const panel = await beginToWrite(reader, site.url('tides'))
    await panel.write(BELL, 'Half a')
    await reader.page.bringToFront()
    await reader.delete(BELL)
    await expect.poll(() => reader.texts()).toEqual({})
    // It is not taken from under the reader's hands.
    await panel.front()
    await expect.poll(() => panel.text()).toContain(words('panelDeletedMeanwhile'))
    await panel.page.type('.gone textarea', ' thought')
    await panel.page.close()
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
    await reader.openNote(BELL)
    expect(await reader.note()).toBe('Half a thought')
  })

  story('brings it back, deleted elsewhere', async ({ site, server, reader }) => {
    const token = await server.token()
    await pair(reader.profile, server.url, server.pairing.code)
    const url = site.url('tides')
    const panel = await beginToWrite(reader, url)
    await expect.poll(() => server.kept(token, url)).toEqual([[BELL, 'green', '']])
    await panel.write(BELL, 'Half a thought')
    await server.delete(token, url)
    await expect.poll(() => reader.texts()).toEqual({})
    await panel.choose(words('noteSave'))
    await expect.poll(() => server.kept(token, url)).toEqual([[BELL, 'green', 'Half a thought']])
    await expect.poll(() => reader.texts()).toEqual({ green: [BELL] })
    await expect.poll(() => panel.notes()).toEqual([
      { passage: BELL, note: 'Half a thought', tags: [] },
    ])
    expect(await panel.text()).not.toContain(words('panelDeletedMeanwhile'))
  })
})

describe('a note that is written on in its page and in the panel', () => {
  story('is shown as it is, and keeps both texts', async ({ site, reader }) => {
    const panel = await beginToWrite(reader, site.url('tides'))
    await reader.page.bringToFront()
    await reader.openNote(BELL)
    await reader.write('In the page.')
    await panel.front()
    const field = await panel.page.waitForSelector('.rows textarea')
    const shown = () => field!.evaluate((one) => (one as HTMLTextAreaElement).value)
    await expect.poll(shown).toBe('In the page.')
    await panel.write(BELL, 'In the panel.')

    await reader.page.bringToFront()
    await reader.openNote(BELL)
    await reader.write(' Once more.')
    await panel.front()
    expect(await shown()).toBe('In the panel.')
    await panel.choose(words('noteSave'))
    await expect.poll(() => panel.text()).toContain(words('conflict'))
    await expect
      .poll(async () => (await panel.notes()).map(({ note }) => note))
      .toEqual(['In the page. Once more.', 'In the panel.'])
  })
})

/** The panel, with the editor open of a passage that was just highlighted. */
async function beginToWrite(reader: Reader, url: string): Promise<PanelPage> {
  await reader.open(url)
  await reader.highlight(BELL, 'green')
  const panel = await PanelPage.open(reader)
  await panel.press(BELL, words('noteAdd'))
  return panel
}

/** What stands in the database as being written, in any page of the extension. */
async function drafts({ page }: PanelPage): Promise<string[]> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result)
        request.onerror = () => reject(request.error!)
      })
    const database = await done(indexedDB.open('postil'))
    const settings = database.transaction('settings').objectStore('settings')
    const kept = (await done(settings.get('drafts'))) as
      | Settings['drafts']
      | undefined
    database.close()
    return Object.values(kept ?? {})
      .flat()
      .map((one) => ('draft' in one ? one.draft.note : (one.edit.set?.note ?? '')))
  })
}
