/** The open editor: in a document of its own, but on a page that was put in a sandbox. */

import type { ElementHandle, Frame, Page } from 'puppeteer-core'

// A dialog within a shadow tree has our interface in that tree.
export const ROOM = '>>> postil-ui >>> .room'

/** Where the reader writes; what is in another document is no element that puppeteer types into. */
export async function typeInRoom(page: Page, selector: string, text: string): Promise<void> {
  await (await inRoom(page, selector)).evaluate((field) => field.focus())
  await page.keyboard.type(text)
}

/** What a page has open for writing, once that is so. */
export async function roomIn(page: Page): Promise<Frame> {
  const room = await page.waitForSelector(ROOM, { visible: true })
  const frame = await room!.$('iframe')
  return frame ? frame.contentFrame() : page.mainFrame()
}

/** Something in it, by a selector of its own. */
export async function inRoom<K extends keyof HTMLElementTagNameMap>(
  page: Page,
  selector: K,
): Promise<ElementHandle<HTMLElementTagNameMap[K]>>
export async function inRoom(page: Page, selector: string): Promise<ElementHandle<HTMLElement>>
export async function inRoom(page: Page, selector: string): Promise<ElementHandle> {
  const room = await roomIn(page)
  return (await room.waitForSelector(`postil-ui >>> ${selector}`, { visible: true }))!
}
