/** What notes are shown and written in: a document of its own, but on a page in a sandbox. */

import type { ElementHandle, Frame, Page } from 'puppeteer-core'
import { vi } from 'vitest'

// A dialog within a shadow tree has our interface in that tree.
/** The open editor, or the choice where highlights overlap. */
export const ROOM = '>>> postil-ui >>> .card.furnished'
/** The glance at a note. */
export const GLANCE = '>>> postil-ui >>> .preview.said'

/** Where the reader writes; what is in another document is no element that puppeteer types into. */
export async function typeInRoom(page: Page, selector: string, text: string): Promise<void> {
  await (await inRoom(page, selector)).evaluate((field) => field.focus())
  await page.keyboard.type(text)
}

/** Once it is there. */
export async function roomIn(page: Page, of = ROOM): Promise<Frame> {
  const room = await page.waitForSelector(of, { visible: true })
  const frame = await room!.$('iframe')
  return frame ? frame.contentFrame() : page.mainFrame()
}

/** Something in it, by a selector of its own. */
export async function inRoom<K extends keyof HTMLElementTagNameMap>(
  page: Page,
  selector: K,
  of?: string,
): Promise<ElementHandle<HTMLElementTagNameMap[K]>>
export async function inRoom(
  page: Page,
  selector: string,
  of?: string,
): Promise<ElementHandle<HTMLElement>>
export async function inRoom(page: Page, selector: string, of?: string): Promise<ElementHandle> {
  const room = await roomIn(page, of)
  if (room === page.mainFrame()) {
    return (await room.waitForSelector(`>>> postil-ui >>> ${selector}`, { visible: true }))!
  }
  // Firefox: a page of the extension forbids what puppeteer's own waiting does (`eval`).
  const seek = async (): Promise<ElementHandle> => {
    const found = (await room.evaluateHandle(seenIn, selector)).asElement()
    if (!found) throw new Error(`Nothing is shown in the room by ${selector}.`)
    return found as ElementHandle
  }
  return vi.waitFor(seek, { timeout: 20_000, interval: 50 })
}

/** What all of these say. */
export async function wordsInRoom(page: Page, selector: string, of?: string): Promise<string[]> {
  const room = await roomIn(page, of)
  return room.evaluate((selector) => {
    const all = document.querySelector('postil-ui')!.shadowRoot!.querySelectorAll<HTMLElement>(selector)
    return [...all].map((one) => one.dataset['text'] ?? one.textContent ?? '')
  }, selector)
}

/** Runs in the room. */
function seenIn(selector: string): Element | null {
  const found = document.querySelector('postil-ui')?.shadowRoot?.querySelector(selector)
  return found?.checkVisibility() ? found : null
}
