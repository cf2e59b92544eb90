/**
 * From a note to the page it stands on. The page may still have to load, and its passage to be
 * found: so what is wanted is remembered by tab, and done when the page script tells of places.
 */
import type { Place } from '../model'
import { announceToTab } from './announce'
import type { Database } from './database'
import { Refused } from './notes'
import { tabsShowing } from './tabs'

interface Wanted {
  id: string
  /** Milliseconds of the epoch: a page that jumps a minute later would startle. */
  until: number
}

const PATIENCE_MS = 20_000

export async function openNote(database: Database, id: string): Promise<void> {
  const kept = await database.get('annotations', id)
  if (!kept || kept.annotation.deleted) throw new Refused('no-note')
  const [shown] = await tabsShowing(new Set(kept.keys))
  const open = shown && (await chrome.tabs.get(shown.tab).catch(() => undefined))
  if (open?.id !== undefined) {
    await chrome.tabs.update(open.id, { active: true })
    await chrome.windows.update(open.windowId, { focused: true })
    await announceToTab(open.id, { type: 'note:show', id })
    return
  }
  const made = await chrome.tabs.create({ url: kept.annotation.url }).catch(() => undefined)
  if (made?.id === undefined) throw new Refused('cannot-open')
  const wanted: Wanted = { id, until: Date.now() + PATIENCE_MS }
  await chrome.storage.session.set({ [keyOf(made.id)]: wanted })
}

/** The page script of a tab has told where its notes stand. */
export async function showWanted(tab: number, places: Record<string, Place>): Promise<void> {
  const name = keyOf(tab)
  const wanted = (await chrome.storage.session.get(name))[name] as Wanted | undefined
  if (!wanted) return
  const found = wanted.id in places && places[wanted.id]?.kind !== 'orphan'
  if (!found && Date.now() < wanted.until) return
  await chrome.storage.session.remove(name)
  if (found) await announceToTab(tab, { type: 'note:show', id: wanted.id })
}

function keyOf(tab: number): string {
  return `wanted:${tab}`
}
