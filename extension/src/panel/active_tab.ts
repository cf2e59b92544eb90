/** The tab the panel is about: the one its window shows, as the reader goes from one to another. */
import { useLayoutEffect, useState } from 'preact/hooks'

export interface ActiveTab {
  id: number
  /** Grows whenever the tab has gone to another page, or has come to the end of loading one. */
  moved: number
}

export function useActiveTab(fixed: number | null): ActiveTab | null {
  const [tab, setTab] = useState<ActiveTab | null>(fixed === null ? null : { id: fixed, moved: 0 })
  // Not after the frame that is still empty: all else in the panel waits for this.
  useLayoutEffect(() => {
    let window: number | undefined
    const show = (id: number | undefined) => {
      if (id !== undefined) setTab((now) => (now?.id === id ? now : { id, moved: 0 }))
    }
    const activated = (to: { tabId: number; windowId: number }) => {
      if (to.windowId === window) show(to.tabId)
    }
    const updated = (id: number, change: { url?: string; status?: string; title?: string }) => {
      if (!change.url && !change.title && change.status !== 'complete') return
      setTab((now) => (now?.id === id ? { id, moved: now.moved + 1 } : now))
    }
    chrome.tabs.onUpdated.addListener(updated)
    if (fixed === null) {
      chrome.tabs.onActivated.addListener(activated)
      const found = ({ id, windowId }: { id?: number | undefined; windowId?: number | undefined }) => {
        window = windowId
        show(id)
      }
      const ask = chrome.tabs.query({ active: true, currentWindow: true })
      // Known already, if the reader has not gone elsewhere since.
      void postilFirst.tab.then(({ id, window }) => found({ id, windowId: window }))
      void ask.then(([active]) => active && found(active))
    }
    return () => {
      chrome.tabs.onUpdated.removeListener(updated)
      chrome.tabs.onActivated.removeListener(activated)
    }
  }, [fixed])
  return tab
}
