/**
 * Opening and closing the panel. Browsers open it only within the reader's own gesture, which is
 * over at the first `await`: so what is known of open panels stands ready in memory.
 */
import { PANEL_PORT } from '../model'

/** By window. A panel whose port was closed with this script opens another at once. */
const open = new Map<number, chrome.runtime.Port>()

/** Chrome has a side panel, Firefox a sidebar. */
interface Beside {
  sidePanel?: { open(where: { windowId: number }): Promise<void> }
  sidebarAction?: { toggle(): Promise<void> }
}

export function welcomePanel(port: chrome.runtime.Port): void {
  const ours = port.sender?.url?.startsWith(chrome.runtime.getURL(''))
  if (!port.name.startsWith(PANEL_PORT) || !ours) return
  const window = Number(port.name.slice(PANEL_PORT.length))
  open.set(window, port)
  port.onDisconnect.addListener(() => {
    if (open.get(window) === port) open.delete(window)
  })
}

/** To be called at once when a key was pressed, before anything is waited for. */
export function togglePanel(window: number): void {
  const { sidePanel, sidebarAction } = chrome as unknown as Beside
  const panel = open.get(window)
  if (sidebarAction) void sidebarAction.toggle()
  else if (panel) panel.postMessage('close')
  else void sidePanel?.open({ windowId: window })
}
