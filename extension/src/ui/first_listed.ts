/**
 * The first screenful of a tab's notes as background listed it last, in `storage.session`: the
 * panel draws it while background is still asleep, and asks for what is true now right after.
 */
import type { ColorNames, TabState } from '../model'

/** More than a window shows. */
export const MOST_LISTED = 20

/** The browser keeps 10 MB for all tabs together, and what they show is more to be told than this. */
const MOST_CHARACTERS = 30_000

export interface FirstListed {
  /** What the tab showed then. */
  url: string
  state: TabState
  names: ColorNames
}

/** As many of its notes as there is room for; nothing where that is none of them. */
export async function keepFirstListed(tab: number, first: FirstListed): Promise<void> {
  let left = MOST_CHARACTERS
  const annotations = first.state.annotations.filter((one) => {
    left -= JSON.stringify(one).length
    return left > 0
  })
  if (first.state.inUse.notes && !annotations.length) return forgetFirstListed([tab])
  const state = { ...first.state, annotations }
  await chrome.storage.session.set({ [nameOf(tab)]: { ...first, state } })
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
