/**
 * Whether the browser lets the extension into pages at all. Readers may take that away, for some
 * sites or for all of them, and some browsers ask them first.
 */

const PAGES = { origins: ['<all_urls>'] }

/** Into all of them. */
export function mayEnterPages(): Promise<boolean> {
  return chrome.permissions.contains(PAGES)
}

/**
 * Into what a tab shows now. Where its reader has to be asked first, some browsers would let a
 * script wait for that, and never say so: look here before one is run.
 */
export async function mayEnter(tab: number): Promise<boolean> {
  const { url } = await chrome.tabs.get(tab)
  return url !== undefined // told of no other
}

/** To be called at once when a button was pressed: after any wait a browser asks its reader nothing. */
export async function askToEnterPages(): Promise<void> {
  await chrome.permissions.request(PAGES).catch(() => false)
}

/** Calls `changed` whenever the reader let it in somewhere, or out, until `signal` is aborted. */
export function onAccess(changed: () => void, signal?: AbortSignal): void {
  const { onAdded, onRemoved } = chrome.permissions
  for (const event of [onAdded, onRemoved]) event.addListener(changed)
  signal?.addEventListener('abort', () => {
    for (const event of [onAdded, onRemoved]) event.removeListener(changed)
  })
}
