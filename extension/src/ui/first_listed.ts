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
  tab: number
  /** What the tab showed then. */
  url: string
  state: TabState
  names: ColorNames
}

/**
 * As many of its notes as there is room for; nothing where that is none of them. `active`: it is
 * the tab that its window shows.
 */
export async function keepFirstListed(first: FirstListed, active: boolean): Promise<void> {
  let left = MOST_CHARACTERS
  const annotations = first.state.annotations.filter((one) => {
    left -= JSON.stringify(one).length
    return left > 0
  })
  const { tab } = first
  if (first.state.inUse.notes && !annotations.length) return forgetFirstListed([tab])
  const kept: FirstListed = { ...first, state: { ...first.state, annotations } }
  const shown = active || (await read(SHOWN))?.tab === tab
  await chrome.storage.session.set({ [nameOf(tab)]: kept, ...(shown && { [SHOWN]: kept }) })
}

/** Its window shows this tab from now on. */
export async function showsFirstListed(tab: number): Promise<void> {
  const kept = await read(nameOf(tab))
  if (kept) await chrome.storage.session.set({ [SHOWN]: kept })
}

/**
 * Read at once, before the browser has said which tab the panel is of: `fixed`, or else mostly the
 * one that was shown last. Then null where none is kept of that tab, or it is of another page.
 */
export function firstListed(
  fixed: number | null,
): (tab: number, url: string) => Promise<FirstListed | null> {
  const reading = read(fixed === null ? SHOWN : nameOf(fixed)).catch(() => undefined)
  return async (tab, url) => {
    const ahead = await reading
    const first = fixed === tab || ahead?.tab === tab ? ahead : await read(nameOf(tab))
    return first?.url === url ? first : null
  }
}

/** Of these tabs, or of all. */
export async function forgetFirstListed(tabs?: readonly number[]): Promise<void> {
  const all = async () => Object.keys(await chrome.storage.session.get(null))
  const names = tabs?.map(nameOf) ?? (await all()).filter((name) => name.startsWith(PREFIX))
  await chrome.storage.session.remove([...names, SHOWN])
}

const PREFIX = 'first:'

/** The tab that was shown last has a copy here. */
const SHOWN = `${PREFIX}shown`

function nameOf(tab: number): string {
  return `${PREFIX}${tab}`
}

async function read(name: string): Promise<FirstListed | undefined> {
  return (await chrome.storage.session.get(name))[name] as FirstListed | undefined
}
