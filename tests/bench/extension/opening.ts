/**
 * Opening the panel: from the navigation to its document to the first frame with notes on the
 * screen. Each time in a new tab, as wide as a side panel; what starts a process is in it.
 *
 * How long a page of an extension takes at the least, on this machine and at this hour, says a page
 * beside it that has one item and no more.
 */

import type { Page } from 'puppeteer-core'
import { BARE } from './bare'
import { endBackground } from '../../e2e/pressing'
import type { Reader } from '../../e2e/reader'

const SIDE_PANEL = { width: 360, height: 860 }

/** Whichever of them a page has; what it stands in is a block, which element timing asks for. */
const ITEM = '.rows .note:not(.blank) .quote, .bare li'

export interface Way {
  file: 'bare' | 'panel'
  /** A background script that runs has its process, which the page then shares. */
  background: 'awake' | 'asleep'
}

/** In milliseconds. The panel is that of the page which is read. */
export async function openingOf(
  reader: Reader,
  tab: number,
  way: Way,
): Promise<number> {
  const { profile } = reader
  const { file } = way
  const page = await profile.browser.newPage()
  await page.setViewport(SIDE_PANEL)
  await watchFor(page)
  await wake(reader)
  if (way.background === 'asleep') await endBackground(reader)
  const path = file === 'bare' ? BARE : `panel.html?tab=${tab}`
  await page.goto(`${profile.extension.origin}/${path}`)
  const shown = await page.evaluate(() => globalThis.shown)
  await page.close()
  return shown
}

/**
 * Of a panel that its browser opens background hears nothing, but of a tab it does: it is awake
 * before anything is timed, and ended no sooner, for else it would be started again meanwhile.
 */
async function wake(reader: Reader): Promise<void> {
  const page = await reader.profile.extensionPage(BARE)
  await page.evaluate(() => chrome.runtime.sendMessage({ type: 'page:here' }))
  await page.close()
}

declare global {
  /** Milliseconds after the beginning of the navigation. */
  var shown: Promise<number>
}

/** The frame's own time, when it was handed to the screen: not when its elements were made. */
async function watchFor(page: Page): Promise<void> {
  await page.evaluateOnNewDocument((item) => {
    globalThis.shown = new Promise((resolve) => {
      const drawn = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) resolve(entry.startTime)
      })
      drawn.observe({ type: 'element' })
    })
    const made = new MutationObserver(() => {
      const found = document.querySelector(item)
      if (!found) return
      made.disconnect()
      found.setAttribute('elementtiming', 'first')
    })
    made.observe(document, { subtree: true, childList: true })
  }, ITEM)
}
