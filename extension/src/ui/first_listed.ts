/**
 * The first screenful of a tab's notes as background listed it last, in `storage.session`: the
 * panel draws it while background is still asleep, and asks for what is true now right after.
 */
import type { ColorNames, TabState } from '../model'

/** More than a window shows, and little enough to be kept for every tab. */
export const MOST_LISTED = 20

export interface FirstListed {
  /** What the tab showed then. */
  url: string
  state: TabState
  names: ColorNames
}

export async function keepFirstListed(tab: number, first: FirstListed): Promise<void> {
  await chrome.storage.session.set({ [nameOf(tab)]: first })
}

/** Null where none is kept, or it is of another page. */
export async function firstListed(tab: number, url: string): Promise<FirstListed | null> {
  const name = nameOf(tab)
  const first = (await chrome.storage.session.get(name))[name] as FirstListed | undefined
  return first?.url === url ? first : null
}

/** Of these tabs, or of all. */
export async function forgetFirstListed(tabs?: readonly number[]): Promise<void> {
  const all = async () => Object.keys(await chrome.storage.session.get(null))
  const names = tabs?.map(nameOf) ?? (await all()).filter((name) => name.startsWith(PREFIX))
  await chrome.storage.session.remove(names)
}

const PREFIX = 'first:'

function nameOf(tab: number): string {
  return `${PREFIX}${tab}`
}
