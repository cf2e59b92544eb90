/**
 * How soon the toolbar stands by a selection: from the release of the mouse, as the browser dates
 * it, to the end of the frame that shows the toolbar.
 */

import type { Page } from 'puppeteer-core'
import { drag } from '../../e2e/passage'
import type { Reader } from '../../e2e/reader'

const PASSAGES = ['A bell rings at noon of every day.', 'The pen adds.']

export interface Toolbar {
  /** The first selection on a page has to have the page script loaded. */
  first: number
  later: number
}

/** In milliseconds. */
export async function toolbarOf(reader: Reader, url: string): Promise<Toolbar> {
  const page = await reader.profile.browser.newPage()
  await page.goto(url)
  await page.bringToFront()
  const first = await select(page, PASSAGES[0]!)
  await page.keyboard.press('Escape')
  const later = await select(page, PASSAGES[1]!)
  await page.close()
  return { first, later }
}

declare global {
  var toolbarShown: Promise<number>
}

async function select(page: Page, passage: string): Promise<number> {
  await page.evaluate(() => {
    globalThis.toolbarShown = new Promise((resolve) => {
      addEventListener('pointerup', ({ timeStamp }) => {
        const look = () => {
          const root = document.querySelector('postil-ui')?.shadowRoot
          if (!root?.querySelector('[role="toolbar"]')) return requestAnimationFrame(look)
          // A message of its own comes after the frame, sooner than any timer.
          const { port1, port2 } = new MessageChannel()
          port1.onmessage = () => resolve(performance.now() - timeStamp)
          port2.postMessage(null)
        }
        requestAnimationFrame(look)
      }, { once: true })
    })
  })
  await drag(page, passage)
  return page.evaluate(() => globalThis.toolbarShown)
}
