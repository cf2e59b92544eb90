import { visitAll } from './visiting'
import { wakeTab } from './waking'

/** Tabs that were open before the extension was there get its script now; `before` as in `wakeTab`. */
export async function wakeOpenTabs(before?: (tab: number) => Promise<void>): Promise<void> {
  await Promise.all((await openTabs()).map((tab) => wakeTab(tab, before)))
}

/** Tabs that a browser brought back may have been there before anybody listened. */
export async function visitOpenTabs(): Promise<void> {
  await Promise.all((await openTabs()).map(visitAll))
}

async function openTabs(): Promise<number[]> {
  const tabs = await chrome.tabs.query({ url: ['http://*/*', 'https://*/*', 'file:///*'] })
  return tabs.flatMap(({ id, discarded }) => (id === undefined || discarded ? [] : [id]))
}
