/**
 * How soon the toolbar stands by a selection: from the release of the mouse, as the browser dates
 * it, to the end of the frame that shows the toolbar.
 */

import type { Page } from 'puppeteer-core'
import { drag, middleOf } from '../../e2e/passage'
import type { Reader } from '../../e2e/reader'

const PASSAGES = ['A bell rings at noon of every day.', 'The pen adds.']

/** As long as a quick hand holds the button down. */
const QUICK = { count: 2, delay: 60 } as const // milliseconds

export interface Toolbar {
  /** The first selection on a page has to have the page script loaded. */
  first: number
  /** By a double click: what is loaded while the hand still holds the button is not waited for. */
  byHand: number
  later: number
}

/** In milliseconds. */
export async function toolbarOf(reader: Reader, url: string): Promise<Toolbar> {
  const [page, another] = [await opened(reader, url), await opened(reader, url)]
  await page.bringToFront()
  const first = await timed(page, () => drag(page, PASSAGES[0]!))
  await page.keyboard.press('Escape')
  const later = await timed(page, () => drag(page, PASSAGES[1]!))
  await another.bringToFront()
  const { x, y } = await middleOf(another, PASSAGES[0]!)
  const byHand = await timed(another, () => another.mouse.click(x, y, QUICK))
  await Promise.all([page.close(), another.close()])
  return { first, byHand, later }
}

async function opened(reader: Reader, url: string): Promise<Page> {
  const page = await reader.profile.browser.newPage()
  await page.goto(url)
  return page
}

declare global {
  var toolbarShown: Promise<number>
}

async function timed(page: Page, select: () => Promise<unknown>): Promise<number> {
  await page.evaluate(() => {
    globalThis.toolbarShown = new Promise((resolve) => {
      // Of the release that leaves something selected.
      addEventListener('pointerup', ({ timeStamp }) => {
        if (getSelection()?.isCollapsed) return
        const look = () => {
          const root = document.querySelector('postil-ui')?.shadowRoot
          if (!root?.querySelector('[role="toolbar"]')) return requestAnimationFrame(look)
          // A message of its own comes after the frame, sooner than any timer.
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => resolve(performance.now() - timeStamp)
          port2.postMessage(null)
        }
        requestAnimationFrame(look)
      })
    })
  })
  await select()
  return page.evaluate(() => globalThis.toolbarShown)
}
