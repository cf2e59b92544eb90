/**
 * The browser's own keys and menus. It gives tests no way to press them, so the extension is told
 * of them as the browser tells it; Chromium only.
 */

import type { WebWorker } from 'puppeteer-core'
import type { Reader } from './reader'

export async function background({ profile }: Reader): Promise<WebWorker> {
  const { origin } = profile.extension
  const target = await profile.browser.waitForTarget(
    (one) => one.type() === 'service_worker' && one.url().startsWith(origin),
  )
  return (await target.worker())!
}

/** Ends the background script, as the browser does where nothing was asked of it for a while. */
export async function endBackground(reader: Reader): Promise<void> {
  const worker = await background(reader)
  await worker.close().catch((error: unknown) => {
    // It may be gone before puppeteer lets go of it, and gone is what it should be.
    if (!String(error).includes('No session with given id')) throw error
  })
}

/** A command of the manifest, in the tab being read. */
export async function press(reader: Reader, command: string): Promise<void> {
  await (await background(reader)).evaluate(
    async (command, url) => {
      const tabs = await chrome.tabs.query({})
      const event = chrome.commands.onCommand as unknown as {
        dispatch(command: string, tab: unknown): void
      }
      event.dispatch(command, tabs.find((tab) => tab.url === url))
    },
    command,
    reader.page.url(),
  )
}

/** An item of the context menu, in the tab being read. */
export async function choose(reader: Reader, menuItemId: string): Promise<void> {
  await (await background(reader)).evaluate(
    async (menuItemId, url) => {
      const tabs = await chrome.tabs.query({})
      const event = chrome.contextMenus.onClicked as unknown as {
        dispatch(info: unknown, tab: unknown): void
      }
      event.dispatch({ menuItemId }, tabs.find((tab) => tab.url === url))
    },
    menuItemId,
    reader.page.url(),
  )
}
