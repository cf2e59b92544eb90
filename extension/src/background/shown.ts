/**
 * What each tab shows, as the page scripts in it told: the page itself (frame 0), and those of its
 * frames that have notes. Kept in `storage.session`: it outlives the background script, and is
 * gone with the browser.
 */
import type { PageAddress, Place } from '../model'
import { pageKey } from '../page_key'
import { mayEnter } from '../ui/access'
import { keysOf } from './record'

/** Frame 0 is the page itself. */
export interface Spot {
  tab: number
  frame: number
}

export interface Shown {
  address: PageAddress
  places: Record<string, Place>
  /** Ids, as they stand on the page: the browser keeps the places in an order of its own. */
  order: string[]
}

export async function showsPage(spot: Spot, address: PageAddress): Promise<void> {
  const before = await toldOf(spot)
  const same = before?.address.url === address.url
  await keep(spot, same ? { ...before, address } : { address, places: {}, order: [] })
}

export async function showsPlaces(
  spot: Spot,
  address: PageAddress,
  places: Record<string, Place>,
): Promise<void> {
  await keep(spot, { address, places, order: Object.keys(places) })
}

/** What the page script of a frame told last. */
export async function toldOf(spot: Spot): Promise<Shown | undefined> {
  const name = nameOf(spot)
  return (await chrome.storage.session.get(name))[name] as Shown | undefined
}

/**
 * What a tab shows: its page, as far as that told of itself, and the frames within it that have
 * notes. Nobody tells when a frame goes, so each is asked whether it still shows what it did.
 */
export async function shownIn(tab: number): Promise<{ page?: Shown; frames: Shown[] }> {
  const mine = (await everything()).filter(({ spot }) => spot.tab === tab)
  const page = mine.find(({ spot }) => spot.frame === 0)?.shown
  const frames = await Promise.all(
    mine.map(async ({ spot, shown }) => {
      if (spot.frame === 0) return []
      if (await isThere(spot, shown.address.url)) return [shown]
      await chrome.storage.session.remove(nameOf(spot))
      return []
    }),
  )
  return { ...(page && { page }), frames: frames.flat() }
}

/** Where pages of these keys, or all, are shown. */
export async function placesShowing(
  keys?: ReadonlySet<string>,
): Promise<{ spot: Spot; address: PageAddress }[]> {
  const all = (await everything()).map(({ spot, shown }) => ({ spot, address: shown.address }))
  if (!keys) return all
  return all.filter(({ address }) => {
    return keysOf(address.url, address.canonical).some((one) => keys.has(one))
  })
}

/** Whether a frame still shows a page of this address. */
export async function isThere({ tab, frame }: Spot, url: string): Promise<boolean> {
  try {
    if (!(await mayEnter(tab))) return false
    const [told] = await chrome.scripting.executeScript({
      target: { tabId: tab, frameIds: [frame] },
      func: () => globalThis.postil && location.href,
    })
    return typeof told?.result === 'string' && pageKey(told.result) === pageKey(url)
  } catch {
    return false // The frame went, or shows what no extension is let into.
  }
}

export async function forgetFrame(spot: Spot): Promise<void> {
  await chrome.storage.session.remove(nameOf(spot))
}

export async function forgetTab(tab: number): Promise<void> {
  const mine = (await everything()).filter(({ spot }) => spot.tab === tab)
  await chrome.storage.session.remove(mine.map(({ spot }) => nameOf(spot)))
}

async function everything(): Promise<{ spot: Spot; shown: Shown }[]> {
  const all = await chrome.storage.session.get(null)
  return Object.entries(all).flatMap(([name, value]) => {
    const [, tab, frame] = NAME.exec(name) ?? []
    if (tab === undefined) return []
    const spot = { tab: Number(tab), frame: Number(frame ?? 0) }
    return [{ spot, shown: value as Shown }]
  })
}

async function keep(spot: Spot, value: Shown): Promise<void> {
  await chrome.storage.session.set({ [nameOf(spot)]: value })
}

const NAME = /^tab:(\d+)(?::(\d+))?$/

function nameOf({ tab, frame }: Spot): string {
  return frame === 0 ? `tab:${tab}` : `tab:${tab}:${frame}`
}
