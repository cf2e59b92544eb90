/**
 * Telling a page what its reader asked for by a key, a menu or the popup. Nothing of ours may run
 * there yet, so the page script is loaded first. Where none may run, the popup opens and says why:
 * a key that does nothing looks like a fault.
 */
import type { Announcement } from '../model'
import { lookInto, whyNoNotes } from '../ui/not_an_article'
import { announceToTab } from './announce'
import { Refused } from './notes'
import { isPaused } from './paused'

/** Throws where the browser lets no extension in. */
export async function tellPage(tab: number, announcement: Announcement): Promise<void> {
  const load = { target: { tabId: tab }, files: ['page.js'] }
  await chrome.scripting.executeScript(load).catch(() => {
    throw new Refused('no-page')
  })
  announceToTab(tab, announcement)
}

export async function tellPageOrExplain(tab: number, announcement: Announcement): Promise<void> {
  const looked = await lookInto(tab)
  const { url } = looked
  const open = url !== undefined && whyNoNotes(looked) === null && !(await isPaused(url))
  if (open) await tellPage(tab, announcement)
  // Some browsers open it only from within the press itself; the button's own words remain there.
  else await chrome.action.openPopup().catch(() => {})
}
