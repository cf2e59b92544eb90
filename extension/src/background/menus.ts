/** The context menu on selected text. */
import { t } from '../ui/strings'
import { announceToTab } from './announce'

const HIGHLIGHT = 'highlight'
const HIGHLIGHT_NOTE = 'highlight-note'

/** Browsers keep menus across restarts: made anew on each install and update. */
export async function createMenus(): Promise<void> {
  await chrome.contextMenus.removeAll()
  const documentUrlPatterns = ['http://*/*', 'https://*/*', 'file:///*']
  for (const [id, title] of [
    [HIGHLIGHT, t('menuHighlight')],
    [HIGHLIGHT_NOTE, t('menuHighlightNote')],
  ] as const) {
    chrome.contextMenus.create({ id, title, contexts: ['selection'], documentUrlPatterns })
  }
}

export async function chooseMenu(item: string | number, tab: number): Promise<void> {
  if (item !== HIGHLIGHT && item !== HIGHLIGHT_NOTE) return
  await announceToTab(tab, { type: 'selection:highlight', note: item === HIGHLIGHT_NOTE })
}
