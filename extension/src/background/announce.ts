/** Telling everybody. Who is not there, or cannot hear, is not missed. */
import type { Announcement } from '../model'

export async function announceEverywhere(announcement: Announcement): Promise<void> {
  const tabs = await chrome.tabs.query({})
  await Promise.all([
    announceToPages(announcement),
    ...tabs.map((tab) => (tab.id === undefined ? null : announceToTab(tab.id, announcement))),
  ])
}

/** The extension's own pages. */
export async function announceToPages(announcement: Announcement): Promise<void> {
  await chrome.runtime.sendMessage(announcement).catch(ignore)
}

export async function announceToTab(tab: number, announcement: Announcement): Promise<void> {
  await chrome.tabs.sendMessage(tab, announcement).catch(ignore)
}

/** A tab without our script rejects; so does a message when no page of ours is open. */
function ignore(): void {}
