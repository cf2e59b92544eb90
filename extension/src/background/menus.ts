/** The context menu: on selected text, and on a page as a whole. */
import { t, type Key } from '../ui/strings'
import { tellPageOrExplain } from './reaching'

type Where = `${chrome.contextMenus.ContextType}`

const ITEMS = {
  highlight: { title: 'menuHighlight', where: 'selection' },
  'highlight-note': { title: 'menuHighlightNote', where: 'selection' },
  'copy-quote': { title: 'menuCopyQuote', where: 'selection' },
  'page-note': { title: 'menuPageNote', where: 'page' },
} as const satisfies Record<string, { title: Key; where: Where }>

/** Browsers keep menus across restarts: made anew on each install and update. */
export async function createMenus(): Promise<void> {
  await chrome.contextMenus.removeAll()
  const documentUrlPatterns = ['http://*/*', 'https://*/*', 'file:///*']
  for (const [id, { title, where }] of Object.entries(ITEMS)) {
    chrome.contextMenus.create({ id, title: t(title), contexts: [where], documentUrlPatterns })
  }
}

export async function chooseMenu(item: string | number, tab: number): Promise<void> {
  switch (item as keyof typeof ITEMS) {
    case 'highlight':
      return tellPageOrExplain(tab, { type: 'selection:highlight', note: false })
    case 'highlight-note':
      return tellPageOrExplain(tab, { type: 'selection:highlight', note: true })
    case 'copy-quote':
      return tellPageOrExplain(tab, { type: 'selection:quote' })
    case 'page-note':
      return tellPageOrExplain(tab, { type: 'page:note' })
  }
}
