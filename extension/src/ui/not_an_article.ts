/**
 * Why there is nothing to mark in a tab: a picture, a PDF in the browser's own viewer, a page of
 * the browser, a shop of add-ons, a file the browser keeps to itself. Each has its own sentence,
 * for silence looks like a fault.
 */
import { mayEnterPages } from './access'
import type { Key } from './strings'

export interface Looked {
  /** The tab's address; undefined where the browser does not even tell that. */
  url: string | undefined
  /** `document.contentType`, as far as a script got in to read it. */
  contentType: string | null
  /** Whether the browser keeps the extension out of pages: it then tells no address either. */
  keptOut?: boolean
}

/** Where browsers let no extension in, though the address looks like any other. */
const SHOPS = new Set(['chromewebstore.google.com', 'addons.mozilla.org', 'chrome.google.com'])

/** What a reader can change, and is offered to. */
export const KEPT_OUT: Key = 'noNotesKeptOut'

/** The sentence's key; null where notes can be made. */
export function whyNoNotes({ url, contentType, keptOut }: Looked): Key | null {
  if (keptOut && contentType === null) return KEPT_OUT
  const parsed = url === undefined ? null : URL.parse(url)
  if (!parsed) return 'noNotesBrowser'
  if (parsed.href.startsWith('about:reader')) return 'noNotesReader'
  if (parsed.protocol === 'file:' && contentType === null && !isPdf(parsed)) return 'noNotesFile'
  if (!/^(https?|file):$/.test(parsed.protocol)) return 'noNotesBrowser'
  if (SHOPS.has(parsed.hostname)) return 'noNotesShop'
  if (contentType === 'application/pdf' || isPdf(parsed)) return 'noNotesPdf'
  if (contentType === null) return 'noNotesBrowser'
  if (contentType.startsWith('image/') && !contentType.includes('svg')) return 'noNotesPicture'
  if (/^(audio|video)\//.test(contentType)) return 'noNotesFilm'
  return null
}

/** Looks into a tab. Reading the type of its document is all it does there. */
export async function lookInto(tab: number): Promise<Looked> {
  const url = await chrome.tabs.get(tab).then(
    (found) => found.url,
    () => undefined,
  )
  // Not tried: see `mayEnter`.
  if (url === undefined) return { url, contentType: null, keptOut: !(await mayEnterPages()) }
  try {
    const func = () => document.contentType
    const target = { tabId: tab }
    // At once, for a page that takes long to load is one already.
    const [frame] = await chrome.scripting.executeScript({ target, func, injectImmediately: true })
    return { url, contentType: frame?.result ?? null }
  } catch {
    return { url, contentType: null, keptOut: !(await mayEnterPages()) }
  }
}

/** A viewer built into the browser shows no script what it shows. */
function isPdf({ pathname }: URL): boolean {
  return /\.pdf$/i.test(pathname)
}
