/**
 * The panel's first question. A script of its own asks it, small enough to run before the rest is
 * even read. What background listed last is drawn first, then; where that is not known, background
 * wakes and looks the notes up meanwhile, not afterwards.
 */
import type { Answer, TabState } from '../model'
import { ask, onAnnouncement } from '../ui/ask'
import { type FirstListed, firstListed } from '../ui/first_listed'

export interface First {
  /** `?tab=` names a tab where the panel is opened as a page of its own. */
  fixed: number | null
  /** The one it names, or else the one that is shown beside the panel. */
  tab: Promise<ShownTab>
  /** What background listed last; null where that is not known, or of another page. */
  kept: Promise<FirstListed | null>
  /** The answer, once; null where it is of another tab, or something happened since. */
  take(tab: number): Promise<FirstAnswer | null>
}

export interface ShownTab {
  id: number | undefined
  window: number | undefined
  url: string | undefined
}

/** `kept` where it is as background listed it last, and is only drawn until that is asked. */
export type SeenState = TabState & { kept?: boolean }
export type FirstAnswer = Answer<SeenState>

/** More notes than any window shows; all of them are asked for once these are seen. */
const MOST = 50

declare global {
  var postilFirst: First
}

globalThis.postilFirst = askFirst()

function askFirst(): First {
  const named = new URLSearchParams(location.search).get('tab')
  const fixed = named === null ? null : Number(named)
  const tab = shown(fixed)
  const listed = firstListed(fixed)
  const kept = tab
    .then(({ id, url }) => (id === undefined || url === undefined ? null : listed(id, url)))
    .catch(() => null) // background then says what is wrong
  const answer = kept.then((first) => answerFrom(first, tab))

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
  return { fixed, tab, kept, take }
}

async function answerFrom(
  kept: FirstListed | null,
  tab: Promise<ShownTab>,
): Promise<FirstAnswer | null> {
  if (kept) return { ok: { ...kept.state, kept: true } }
  const { id } = await tab
  return id === undefined ? null : ask('tab:state', { tab: id, most: MOST })
}

async function shown(fixed: number | null): Promise<ShownTab> {
  if (fixed !== null) {
    const named = await chrome.tabs.get(fixed).catch(() => undefined) // closed meanwhile
    return { id: fixed, window: named?.windowId, url: named?.url }
  }
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true })
  return { id: tab?.id, window: tab?.windowId, url: tab?.url }
}
