/**
 * The only script that runs on every page, so it does next to nothing: it listens, and has the page
 * script loaded when text is selected. What page this is, and that it has notes, background finds
 * out (`background/visiting.ts`, `here.ts`). It stays away from the document and from what the
 * browser has for extensions until there is need: to make either for it takes longer than all else
 * here.
 *
 * It starts with the document, before any script of the page, for one reason: keys pressed in our
 * interface must reach it first. A page could take them for its shortcuts or, where notes can't be
 * written out of its reach (`room.ts`), read a note from them; they are handed to the page script
 * and go no further.
 *
 * It runs in frames too, each on its own, and there it tells background that it is there. Most
 * frames are advertisements: one with less room than a paragraph tells nothing until it grows, or
 * text is selected in it.
 */

import { isSmall, type Frame } from './frame'

/** Also where the focus goes: a page that keeps it within a dialog would take it away again. */
const PRESSING = 'keydown keypress keyup focus focusin'
/** What fields tell. Ours are in documents of their own, but on a page in a sandbox. */
const WRITING =
  ' beforeinput input compositionstart compositionupdate compositionend copy cut paste'
const POINTING = ' pointerdown pointerup pointercancel selectionchange'
const SHOWING = ' prerenderingchange'
/** Where the browser tells background nothing of a page. */
const COMING = ' DOMContentLoaded resize'

// Called where it is written: of a function that is called later, a browser reads the text twice.
// One listener for all, and nothing made before it is needed: that is a quarter of what it costs.
globalThis.postil ?? (function start(anew?: boolean) {
  const probe = String(Math.random())
  const frame: Frame = (globalThis.postil = { trees: [], probe, shown, startAnew, stepAside })
  let loading = false

  function hear(event: Event) {
    frame.heard = event.type
    if (frame.ended) return
    switch (event.type) {
      case 'pointerdown':
      case 'pointerup':
      case 'pointercancel':
        return pointed(event as PointerEvent)
      case 'selectionchange':
        return selected()
      case 'prerenderingchange':
      case 'DOMContentLoaded':
        return shown()
      case 'resize':
        return frame.asked || shown()
      default:
        typed(event)
    }
  }

  function typed(event: Event) {
    if (!frame.host || !event.composedPath().includes(frame.host)) return
    event.stopImmediatePropagation()
    frame.typed?.(event)
  }

  function pointed(event: PointerEvent) {
    frame.pressed = event.type === 'pointerdown'
    frame.touched = event.pointerType !== 'mouse'
    frame.trees = event.composedPath().filter((node) => node instanceof ShadowRoot)
  }

  function selected() {
    const selection = getSelection()
    const composed = selection?.getComposedRanges?.({ shadowRoots: frame.trees })
    const some = selection?.type === 'Range' || composed?.some((range) => !range.collapsed)
    if (some) void load()
  }

  async function load() {
    if (frame.page || frame.paused || loading) return
    loading = true
    await send('page:load')
    loading = false
  }

  async function send(type: string) {
    try {
      await chrome.runtime.sendMessage({ type })
    } catch {
      stepAside()
    }
  }

  function shown() {
    if (!isSmall(frame)) void send('page:shown')
  }

  function stepAside() {
    if (chrome.runtime?.id) return false
    end()
    return true
  }

  function end() {
    frame.ended = true
    frame.page?.abort()
  }

  function startAnew() {
    end()
    start(true)
  }

  // For good: a signal to take them away by would cost each page more than they do.
  const types =
    PRESSING +
    POINTING +
    SHOWING +
    (origin === 'null' ? WRITING : '') +
    (window !== top || anew ? COMING : '')
  for (const type of [...types.split(' '), probe]) addEventListener(type, hear, true)
  if (anew) selected()
})()
