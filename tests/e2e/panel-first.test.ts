/** What the panel draws first: the list as background made it last; then the list as it is. */

import type { Page } from 'puppeteer-core'
import { describe, expect } from 'vitest'
import type { First } from '../../extension/src/panel/first'
import type { FirstListed } from '../../extension/src/ui/first_listed'
import { tabOf } from './many-notes'
import { PanelPage } from './panel'
import { endBackground } from './pressing'
import type { Reader } from './reader'
import { story } from './story'

const BELL = 'A bell rings at noon of every day.'
const KEPT = 'As it was.'
const NOW = 'As it is.'

describe('a panel that opens', () => {
  const told = story.extend('page', async ({ site, reader }) => {
    await reader.open(site.url('tides'))
    await reader.highlightWithNote(BELL, NOW)
    await expect.poll(() => reader.texts()).toEqual({ yellow: [BELL] })
    const asking = await reader.profile.extensionPage('options.html')
    const tab = await tabOf(reader, 1)
    await expect.poll(() => keptNotes(asking, tab)).toEqual([NOW])
    return { tab, asking }
  })

  told('shows what was listed last, and then what is so', async ({ reader, page }) => {
    await keep(page.asking, page.tab, { note: KEPT })
    await endBackground(reader)
    const shown = await openWatched(reader, page.tab)
    await expect.poll(() => shown()).toEqual([KEPT, NOW])
  })

  told('shows nothing of another page', async ({ reader, page }) => {
    await keep(page.asking, page.tab, { note: KEPT, url: 'https://example.org/' })
    const shown = await openWatched(reader, page.tab)
    await expect.poll(() => shown()).toEqual([NOW])
  })

  told('has at hand what the tab shown last has, and takes nothing of another', async ({
    reader,
    page,
  }) => {
    await page.asking.evaluate(() => chrome.storage.session.remove('first:shown'))
    await reader.page.bringToFront()
    await expect.poll(() => keptNotes(page.asking, 'shown')).toEqual([NOW])
    const panel = await PanelPage.beside(reader)
    /** What it has at hand when it opens again; the page may have been listed anew before. */
    const opened = async (change: { note: string; tab?: number }) => {
      await keep(page.asking, 'shown', change)
      await panel.page.reload()
      return readFirst(panel.page)
    }
    await expect.poll(() => opened({ note: KEPT })).toEqual([KEPT])
    await expect.poll(() => panel.notes()).toMatchObject([{ note: NOW }])
    // Of another tab than the panel's it is of no use.
    await expect.poll(() => opened({ note: KEPT, tab: 0 })).toEqual([NOW])
  })

  told('keeps no more than there is room for', async ({ reader, page }) => {
    await reader.page.bringToFront()
    await reader.openNote(BELL)
    await reader.paste('At length. '.repeat(3000))
    await reader.write('')
    await expect.poll(() => keptNotes(page.asking, page.tab)).toEqual([])
    const shown = await openWatched(reader, page.tab)
    await expect.poll(() => shown()).toEqual([expect.stringContaining('At length. At length.')])
  })

  told('has nothing to show once everything is forgotten', async ({ reader, page }) => {
    await reader.page.close()
    await page.asking.evaluate(() => chrome.runtime.sendMessage({ type: 'everything:forget' }))
    const left = () =>
      page.asking.evaluate(async () => Object.keys(await chrome.storage.session.get(null)))
    expect((await left()).filter((name) => name.startsWith('first:'))).toEqual([])
  })
})

async function keptNotes(asking: Page, tab: number | 'shown'): Promise<string[]> {
  const kept = await asking.evaluate(async (name) => {
    return (await chrome.storage.session.get(name))[name] as FirstListed | undefined
  }, `first:${tab}`)
  return kept?.state.annotations.map(({ note }) => note) ?? []
}

/** Puts another note, or another address, into what background keeps. */
async function keep(
  asking: Page,
  tab: number | 'shown',
  { note, ...other }: { note: string; url?: string; tab?: number },
): Promise<void> {
  const name = `first:${tab}`
  await asking.evaluate(
    async (name, note, other) => {
      const kept = (await chrome.storage.session.get(name))[name] as FirstListed
      for (const annotation of kept.state.annotations) annotation.note = note
      await chrome.storage.session.set({ [name]: { ...kept, ...other } })
    },
    name,
    note,
    other,
  )
}

/** The notes a panel had at hand when it opened. */
async function readFirst(panel: Page): Promise<string[] | undefined> {
  const first = await panel.evaluate(
    () => (globalThis as unknown as { postilFirst: First }).postilFirst.kept,
  )
  return first?.state.annotations.map(({ note }) => note)
}

/** Opens the panel of a tab; answers, again and again, which notes have stood in it so far. */
async function openWatched(reader: Reader, tab: number): Promise<() => Promise<string[]>> {
  const page = await reader.profile.browser.newPage()
  await page.evaluateOnNewDocument(() => {
    const seen: string[] = []
    const look = (): void => {
      const note = document.querySelector('.rows .written')?.textContent
      if (note && note !== seen.at(-1)) seen.push(note)
    }
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
    })
    Object.assign(globalThis, { seen })
  })
  await page.goto(`${reader.profile.extension.origin}/panel.html?tab=${tab}`)
  return () => page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)
}
