/** The state of a tab, as the popup and the panel show it: its page and the frames within it. */
import type { Annotation, PageAddress, Place, TabState } from '../model'
import { pageKey } from '../page_key'
import { keepFirstListed, MOST_LISTED } from '../ui/first_listed'
import { colorNames, lastColor } from './colors'
import { database } from './connection'
import { inListOrder, inUse, list } from './listing'
import { notesIn } from './page_notes'
import { hostOf, pausedHosts } from './paused'
import { shownIn } from './shown'
import { wakeTab } from './waking'

/** Where browsers let no extension in, though the address looks like any other. */
const CLOSED = new Set(['chromewebstore.google.com', 'addons.mozilla.org'])

/** For now: until another page is read in the tab. */
export async function hideIn(tab: number, hidden: boolean): Promise<void> {
  const { url } = await chrome.tabs.get(tab)
  if (hidden && url !== undefined) {
    await chrome.storage.session.set({ [hiddenKey(tab)]: pageKey(url) })
  } else await showIn(tab)
}

export async function showIn(tab: number): Promise<void> {
  await chrome.storage.session.remove(hiddenKey(tab))
}

export async function isHidden(tab: number, url: string): Promise<boolean> {
  return (await hiddenIn(tab)) === pageKey(url)
}

/** The key of the page whose highlights are hidden in a tab. */
async function hiddenIn(tab: number): Promise<unknown> {
  const name = hiddenKey(tab)
  return (await chrome.storage.session.get(name))[name]
}

/** With no more than the first `most` of its notes, where that is said. */
export async function tabState(tab: number, most?: number): Promise<TabState> {
  return (await addressed(tab, most)).state
}

/** Has the beginning of the list at hand for a panel that opens while nobody is awake. */
export async function listFirst(tab: number): Promise<void> {
  const { url, active, state } = await addressed(tab, MOST_LISTED)
  const names = await colorNames(await database())
  if (url !== undefined && state.page) await keepFirstListed({ tab, url, state, names }, active)
}

/** The state, what address the tab then showed, and whether its window showed the tab. */
async function addressed(
  tab: number,
  most = Infinity,
): Promise<{ url: string | undefined; active: boolean; state: TabState }> {
  // The panel opens no sooner than this is answered: what can be read side by side, is.
  const [{ url, active, title }, shown, hidden, paused, color] = await Promise.all([
    chrome.tabs.get(tab),
    shownIn(tab),
    hiddenIn(tab),
    pausedHosts(),
    database().then(lastColor),
  ])
  if (url === undefined || !isOpen(url)) {
    const nothing = { annotations: [], places: {}, inUse: inUse([], 0), hidden: false }
    return { url, active, state: { page: null, paused: false, ...nothing, color } }
  }
  // Its reader may have let the extension in just now, by the press that opened the popup.
  if (!shown.page) void wakeTab(tab)
  const key = pageKey(url)
  const told = shown.page && pageKey(shown.page.address.url) === key ? shown.page : undefined
  const page: PageAddress = told?.address ?? { url }
  if (title !== undefined) page.title = title
  const pages = [told ?? { address: page, places: {}, order: [] }, ...shown.frames]
  const { annotations, places, order } = await notesIn(pages)
  const { found, lost } = inListOrder(annotations, places, order)
  const listed = [...found, ...lost].slice(0, most)
  const state: TabState = {
    page,
    paused: paused.includes(hostOf(url)),
    annotations: listed.map(list),
    places: placesOf(listed, places),
    inUse: inUse(annotations, lost.length),
    hidden: hidden === key,
    color,
  }
  return { url, active, state }
}

function placesOf(annotations: readonly Annotation[], places: Readonly<Record<string, Place>>) {
  const some: Record<string, Place> = {}
  for (const { id } of annotations) {
    if (places[id]) some[id] = places[id]
  }
  return some
}

function isOpen(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return /^(https?|file):$/.test(protocol) && !CLOSED.has(hostname)
}

function hiddenKey(tab: number): string {
  return `hidden:${tab}`
}
