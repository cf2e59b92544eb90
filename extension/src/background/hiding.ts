/** Highlights out of sight for now: a page is read, or shown to somebody, without them. */
import { forgetFirstListed } from '../ui/first_listed'
import { announceToPages, announceToTab } from './announce'
import { hideIn, isHidden } from './tabs'

export async function hide(tab: number, hidden: boolean): Promise<void> {
  await Promise.all([hideIn(tab, hidden), forgetFirstListed([tab])])
  announceToTab(tab, { type: 'highlights:hide', hidden })
  // Who shows the state of tabs reads it anew.
  announceToPages({ type: 'notes:changed', pages: [] })
}

export async function toggleHidden(tab: chrome.tabs.Tab): Promise<void> {
  if (tab.id === undefined || tab.url === undefined) return
  await hide(tab.id, !(await isHidden(tab.id, tab.url)))
}
