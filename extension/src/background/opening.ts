/**
 * From a note to the page it stands on. The page may still have to load, and its passage to be
 * found: so what is wanted is remembered by tab, and done when the page script tells of places.
 */
import type { Place } from '../model'
import { pageKey } from '../page_key'
import { announceToTab } from './announce'
import type { Database } from './database'
import { Refused } from './notes'
import { isThere, placesShowing } from './shown'

interface Wanted {
  id: string
  /** Milliseconds of the epoch: a page that jumps a minute later would startle. */
  until: number
}

const PATIENCE_MS = 20_000

export async function openNote(database: Database, id: string): Promise<void> {
  const kept = await database.get('annotations', id)
  if (!kept || kept.annotation.deleted) throw new Refused('no-note')
  const open = await tabOf(kept.keys)
  if (open?.id !== undefined) {
    // A tab whose page the browser put away loads it again when it is turned to.
    if (open.discarded) await remember(open.id, id)
    await chrome.tabs.update(open.id, { active: true })
    await chrome.windows.update(open.windowId, { focused: true })
    announceToTab(open.id, { type: 'note:show', id })
    return
  }
  const made = await chrome.tabs.create({ url: kept.annotation.url }).catch(() => undefined)
  if (made?.id === undefined) throw new Refused('cannot-open')
  await remember(made.id, id)
}

/**
 * A tab that shows one of these pages, itself or in a frame; one that did, and went elsewhere, does
 * not count.
 */
async function tabOf(keys: readonly string[]): Promise<chrome.tabs.Tab | undefined> {
  for (const { spot, address } of await placesShowing(new Set(keys))) {
    const open = await chrome.tabs.get(spot.tab).catch(() => undefined)
    if (open?.url === undefined) continue
    if (spot.frame === 0 && pageKey(open.url) === pageKey(address.url)) return open
    if (spot.frame !== 0 && (await isThere(spot, address.url))) return open
  }
  return undefined
}

async function remember(tab: number, id: string): Promise<void> {
  const wanted: Wanted = { id, until: Date.now() + PATIENCE_MS }
  await chrome.storage.session.set({ [keyOf(tab)]: wanted })
}

/** The page script of a tab has told where its notes stand. */
export async function showWanted(tab: number, places: Record<string, Place>): Promise<void> {
  const name = keyOf(tab)
  const wanted = (await chrome.storage.session.get(name))[name] as Wanted | undefined
  if (!wanted) return
  const found = wanted.id in places && places[wanted.id]?.kind !== 'orphan'
  if (!found && Date.now() < wanted.until) return
  await chrome.storage.session.remove(name)
  if (found) announceToTab(tab, { type: 'note:show', id: wanted.id })
}

function keyOf(tab: number): string {
  return `wanted:${tab}`
}
