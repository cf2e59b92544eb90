/**
 * Telling everybody. Who is not there, or cannot hear, is not missed; and nobody's answer is waited
 * for: a page that stands still (a dialog of its own, a tab the browser has frozen) would hold up
 * whoever tells it, a sync among them.
 */
import type { Announcement } from '../model'

/** Comes back when all of them are on their way. */
export async function announceEverywhere(announcement: Announcement): Promise<void> {
  announceToPages(announcement)
  for (const { id } of await chrome.tabs.query({})) {
    if (id !== undefined) announceToTab(id, announcement)
  }
}

/** The extension's own pages. */
export function announceToPages(announcement: Announcement): void {
  chrome.runtime.sendMessage(announcement).catch(ignore)
}

export function announceToTab(tab: number, announcement: Announcement): void {
  chrome.tabs.sendMessage(tab, announcement).catch(ignore)
}

/** A tab without our script rejects; so does a message when no page of ours is open. */
function ignore(): void {}
