/**
 * What each tab shows, as its page script told. Kept in `storage.session`: it outlives the
 * background script, and is gone with the browser.
 */
import type { PageAddress, Place, TabState } from '../model'
import { pageKey } from '../page_key'
import { database } from './connection'
import { notesOn } from './notes'
import { isPaused } from './paused'
import { keysOf } from './record'

interface Shown {
  address: PageAddress
  places: Record<string, Place>
  /** Ids, as they stand on the page: the browser keeps the places in an order of its own. */
  order: string[]
}

/** Where browsers let no extension in, though the address looks like any other. */
const CLOSED = new Set(['chromewebstore.google.com', 'addons.mozilla.org'])

export async function showsPage(tab: number, address: PageAddress): Promise<void> {
  const before = await toldOf(tab)
  const same = before?.address.url === address.url
  await keep(tab, same ? { ...before, address } : { address, places: {}, order: [] })
}

export async function showsPlaces(
  tab: number,
  address: PageAddress,
  places: Record<string, Place>,
): Promise<void> {
  await keep(tab, { address, places, order: Object.keys(places) })
}

/** For now: until another page is read in the tab. */
export async function hideIn(tab: number, hidden: boolean): Promise<void> {
  const { url } = await chrome.tabs.get(tab)
  if (hidden && url !== undefined) {
    await chrome.storage.session.set({ [hiddenKey(tab)]: pageKey(url) })
  } else await chrome.storage.session.remove(hiddenKey(tab))
}

export async function isHidden(tab: number, url: string): Promise<boolean> {
  const name = hiddenKey(tab)
  return (await chrome.storage.session.get(name))[name] === pageKey(url)
}

export async function forgetTab(tab: number): Promise<void> {
  await chrome.storage.session.remove([key(tab), hiddenKey(tab)])
}

/** The tabs that show a page of these keys, or all, with their addresses. */
export async function tabsShowing(
  keys?: ReadonlySet<string>,
): Promise<{ tab: number; address: PageAddress }[]> {
  const all = await chrome.storage.session.get(null)
  return Object.entries(all)
    .filter(([name]) => name.startsWith('tab:'))
    .map(([name, value]) => ({
      tab: Number(name.slice('tab:'.length)),
      address: (value as Shown).address,
    }))
    .filter(({ address }) =>
      keys ? keysOf(address.url, address.canonical).some((one) => keys.has(one)) : true,
    )
}

export async function tabState(tab: number): Promise<TabState> {
  const { url, title } = await chrome.tabs.get(tab)
  if (url === undefined || !isOpen(url)) {
    return { page: null, paused: false, annotations: [], places: {}, order: [], hidden: false }
  }
  const told = await toldOf(tab)
  const current = told && pageKey(told.address.url) === pageKey(url) ? told : undefined
  const page: PageAddress = current?.address ?? { url }
  if (title !== undefined) page.title = title
  return {
    page,
    paused: await isPaused(url),
    annotations: await notesOn(await database(), page),
    places: current?.places ?? {},
    order: current?.order ?? [],
    hidden: await isHidden(tab, url),
  }
}

function isOpen(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return /^(https?|file):$/.test(protocol) && !CLOSED.has(hostname)
}

/** What the page script of a tab told last. */
export async function toldOf(tab: number): Promise<Shown | undefined> {
  return (await chrome.storage.session.get(key(tab)))[key(tab)] as Shown | undefined
}

async function keep(tab: number, value: Shown): Promise<void> {
  await chrome.storage.session.set({ [key(tab)]: value })
}

function hiddenKey(tab: number): string {
  return `hidden:${tab}`
}

function key(tab: number): string {
  return `tab:${tab}`
}
