/**
 * Holds a port open to the background script, which listens to the server as long as there is one.
 * When the browser ends that script the port closes, and opening another starts it again.
 */
import { LIVE_PORT } from '../model'

/** An open port alone does not keep a service worker from its end; now and then a word does. */
const WORD_MS = 20_000
const AGAIN_MS = 500

export function stayLive(): void {
  let port: chrome.runtime.Port | null = null
  const open = () => {
    try {
      port = chrome.runtime.connect({ name: LIVE_PORT })
    } catch {
      return // The extension is gone: updated, or removed.
    }
    port.onDisconnect.addListener(() => {
      port = null
      setTimeout(open, AGAIN_MS)
    })
  }
  open()
  setInterval(() => port?.postMessage('here'), WORD_MS)
}
