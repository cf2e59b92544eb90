/**
 * Private windows leave no traces, so nothing made in one is kept unless its reader says so. What
 * they said is remembered in memory only, and forgotten with the browser's session.
 */

const KEY = 'private:keep'

export async function mayKeepPrivate(): Promise<boolean> {
  return (await chrome.storage.session.get(KEY))[KEY] === true
}

export async function keepPrivate(): Promise<void> {
  await chrome.storage.session.set({ [KEY]: true })
}

/** A panel and a popup stand in no tab; they belong to the window their reader is in. */
export async function isPrivate({ tab }: chrome.runtime.MessageSender): Promise<boolean> {
  return tab ? tab.incognito : (await chrome.windows.getLastFocused()).incognito
}
