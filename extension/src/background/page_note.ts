/** A note on a whole page: its editor opens in the page, where nothing of ours may run yet. */
import { announceToTab } from './announce'

/** Throws where the browser lets no extension in. */
export async function openPageNote(tab: number): Promise<void> {
  await chrome.scripting.executeScript({ target: { tabId: tab }, files: ['page.js'] })
  await announceToTab(tab, { type: 'page:note' })
}
