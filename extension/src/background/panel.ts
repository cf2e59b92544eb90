/**
 * Which windows have their panel open. A key that opens one must do so at once, so this stands
 * ready in memory; when this script ends the panel sees its port close, and opens another.
 */
import { PANEL_PORT } from '../model'
import { togglePanel } from '../ui/open_panel'

const open = new Map<number, chrome.runtime.Port>()

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
export function togglePanelOf(window: number): void {
  const port = open.get(window)
  togglePanel(window, port && (() => port.postMessage('close')))
}
