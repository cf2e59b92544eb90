/** The count of this page's notes, on the toolbar button. */
import type { PageAddress } from '../model'
import { counted, t } from '../ui/strings'
import { database } from './connection'
import { notesOn } from './notes'
import { tabsShowing } from './tabs'

export async function refreshBadges(keys: ReadonlySet<string>): Promise<void> {
  const tabs = await tabsShowing(keys)
  await Promise.all(
    tabs.map(async ({ tab, address }) => showBadge(tab, await countOn(address))),
  )
}

export async function showBadge(tab: number, count: number): Promise<void> {
  const title = count ? counted('actionCount', count) : t('actionTitle')
  const text = count === 0 ? '' : count > 999 ? '999+' : String(count)
  try {
    await Promise.all([
      chrome.action.setBadgeText({ tabId: tab, text }),
      chrome.action.setTitle({ tabId: tab, title }),
    ])
  } catch {
    // The tab was closed meanwhile.
  }
}

export async function colorBadges(): Promise<void> {
  await chrome.action.setBadgeBackgroundColor({ color: '#22304d' })
  await chrome.action.setBadgeTextColor({ color: '#ffffff' })
}

async function countOn(address: PageAddress): Promise<number> {
  return (await notesOn(await database(), address)).length
}
