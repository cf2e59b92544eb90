/** The browser's own keyboard commands, which readers set to keys of their choice. */
import { toggleHidden } from './hiding'
import { togglePanelOf } from './panel'
import { tellPageOrExplain } from './reaching'

export function carryOut(command: string, tab: chrome.tabs.Tab | undefined): void {
  // First of all, and at once: after any wait the browser no longer knows that a key was pressed.
  if (command === 'toggle-panel' && tab) return togglePanelOf(tab.windowId)
  void inTab(command, tab).catch((error: unknown) => {
    console.warn('Postil:', error)
  })
}

async function inTab(command: string, known: chrome.tabs.Tab | undefined): Promise<void> {
  const tab = known ?? (await activeTab())
  if (tab?.id === undefined) return
  switch (command) {
    case 'highlight':
    case 'highlight-note': {
      const note = command === 'highlight-note'
      return tellPageOrExplain(tab.id, { type: 'selection:highlight', note })
    }
    case 'next-highlight':
    case 'previous-highlight': {
      const forward = command === 'next-highlight'
      return tellPageOrExplain(tab.id, { type: 'highlight:step', forward })
    }
    case 'toggle-highlights':
      return toggleHidden(tab)
  }
}

async function activeTab(): Promise<chrome.tabs.Tab | undefined> {
  const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true })
  return tab
}
