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
}

/** Where browsers let no extension in, though the address looks like any other. */
const CLOSED = new Set(['chromewebstore.google.com', 'addons.mozilla.org'])

export async function showsPage(tab: number, address: PageAddress): Promise<void> {
  const before = await shown(tab)
  const same = before?.address.url === address.url
  await keep(tab, { address, places: same ? before.places : {} })
}

export async function showsPlaces(
  tab: number,
  address: PageAddress,
  places: Record<string, Place>,
): Promise<void> {
  await keep(tab, { address, places })
}

export async function forgetTab(tab: number): Promise<void> {
  await chrome.storage.session.remove(key(tab))
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
    return { page: null, paused: false, annotations: [], places: {} }
  }
  const told = await shown(tab)
  const current = told && pageKey(told.address.url) === pageKey(url) ? told : undefined
  const page: PageAddress = current?.address ?? { url }
  if (title !== undefined) page.title = title
  return {
    page,
    paused: await isPaused(url),
    annotations: await notesOn(await database(), page),
    places: current?.places ?? {},
  }
}

function isOpen(url: string): boolean {
  const { protocol, hostname } = new URL(url)
  return /^(https?|file):$/.test(protocol) && !CLOSED.has(hostname)
}

async function shown(tab: number): Promise<Shown | undefined> {
  return (await chrome.storage.session.get(key(tab)))[key(tab)] as Shown | undefined
}

async function keep(tab: number, value: Shown): Promise<void> {
  await chrome.storage.session.set({ [key(tab)]: value })
}

function key(tab: number): string {
  return `tab:${tab}`
}
