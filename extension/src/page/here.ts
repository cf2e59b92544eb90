/**
 * What background has run in a page to learn what it is: the file comes to `Here`, or to nothing
 * where no page is yet. It also sees to it that the page is asked again when that was not the end
 * of it.
 */

import type { Announcement } from '../model'
import { addressOf } from './address'
import { isSmall, type Frame, type Here } from './frame'

declare global {
  interface Document {
    /** Chromium's; its reader has not gone there yet. */
    readonly prerendering?: boolean
  }
}

// The build calls it, as the last thing in the file.
if (globalThis.postil) globalThis.postil.here ??= () => here(listening(globalThis.postil!))

/** A page that wrote itself anew before it was asked has taken away all that listened. */
function listening(frame: Frame): Frame {
  dispatchEvent(new Event(frame.probe))
  if (frame.heard !== frame.probe) frame.startAnew()
  return globalThis.postil!
}

function here(frame: Frame): Here | null {
  // What a browser makes ready beforehand is the page of no tab yet.
  const early = document.prerendering || document.readyState === 'loading'
  if (frame.ended || early || isSmall(frame)) return null
  if (!frame.asked) listen(frame)
  frame.asked = true
  frame.paused = false
  return { address: addressOf(frame), loaded: Boolean(frame.page) }
}

function listen(frame: Frame): void {
  const shown = () => frame.ended || frame.shown()
  // A page that is kept as it is left comes back with the next such event, and only then.
  addEventListener('pagehide', () => addEventListener('pageshow', shown, { once: true }))
  watchRoot(frame)
  if (window !== top) hear(frame)
}

/** A page that is written anew (`document.open`) has taken every listener with it. */
function watchRoot(frame: Frame): void {
  const isRootGone = ({ removedNodes }: MutationRecord) => {
    return [...removedNodes].some((node) => node instanceof Element && !node.isConnected)
  }
  new MutationObserver((changes, observer) => {
    if (!changes.some(isRootGone)) return
    observer.disconnect()
    if (!frame.ended) frame.startAnew()
  }).observe(document, { childList: true })
}

/** Of frames without notes background keeps no account: they hear of changes, and ask. */
function hear(frame: Frame): void {
  let stale = false
  /** A hidden page asks when it is looked at again, not at every change elsewhere. */
  const changed = () => {
    stale = document.hidden
    if (!stale && !frame.page && !frame.ended) frame.shown()
  }
  chrome.runtime.onMessage.addListener(({ type }: Announcement) => {
    if (type === 'notes:changed') changed()
  })
  document.addEventListener('visibilitychange', () => stale && changed())
}
