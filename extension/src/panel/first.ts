/**
 * The panel's first question. A script of its own asks it, small enough to run before the rest is
 * even read: background wakes and looks the notes up meanwhile, not afterwards.
 */
import type { Answer, TabState } from '../model'
import { ask, onAnnouncement } from '../ui/ask'

export interface First {
  /** `?tab=` names a tab where the panel is opened as a page of its own. */
  fixed: number | null
  /** The one it names, or else the one that is shown beside the panel. */
  tab: Promise<{ id: number | undefined; window: number | undefined }>
  /** The answer, once; null where it is of another tab, or something happened since. */
  take(tab: number): Promise<Answer<TabState> | null>
}

/** More notes than any window shows; all of them are asked for once these are seen. */
const MOST = 50

declare global {
  var postilFirst: First
}

globalThis.postilFirst = askFirst()

function askFirst(): First {
  const named = new URLSearchParams(location.search).get('tab')
  const fixed = named === null ? null : Number(named)
  const tab = fixed === null ? shown() : Promise.resolve({ id: fixed, window: undefined })
  const answer = tab.then(({ id }) => (id === undefined ? null : ask('tab:state', { tab: id, most: MOST })))

  const updated = new Set<number>()
  let old = false
  const listening = new AbortController()
  onAnnouncement(({ type }) => type !== 'sync:changed' && (old = true), listening.signal)
  const update = (id: number) => updated.add(id)
  chrome.tabs.onUpdated.addListener(update)
  const take = async (id: number) => {
    const taken = old || updated.has(id)
    old = true
    listening.abort()
    chrome.tabs.onUpdated.removeListener(update)
    return !taken && (await tab).id === id ? answer : null
  }
  return { fixed, tab, take }
}

async function shown() {
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true })
  return { id: tab?.id, window: tab?.windowId }
}
