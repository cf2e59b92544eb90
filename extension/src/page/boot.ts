/**
 * The only script that runs on every page, so it does next to nothing: it asks background whether
 * there are notes here, and has the page script loaded when there are or when text is selected.
 *
 * It starts with the document, before any script of the page, for one reason: keys typed into our
 * interface must reach it first. A page could read a note from them, or take a letter for a
 * shortcut; they are handed to the page script and go no further.
 *
 * It runs in frames too, each on its own. Most frames are advertisements: one with less room than a
 * paragraph asks nothing until it grows, or text is selected in it.
 */

import type { Announcement } from '../model'
import { canonicalRule } from './canonical'
import type { Frame } from './frame'
import { onNavigate } from './navigation'

/** Also where the focus goes: a page that keeps it within a dialog would take it away again. */
const TYPING =
  'keydown keypress keyup beforeinput input compositionstart compositionupdate compositionend ' +
  'copy cut paste focus focusin'

declare global {
  interface Document {
    /** Chromium's; its reader has not gone there yet. */
    readonly prerendering?: boolean
  }
}

// Called where it is written: of a function that is called later, a browser reads the text twice.
globalThis.postil ?? (function start() {
  /** More than the commonest advertisement (300 by 250) has. */
  const PARAGRAPH = 76_000 // square pixels

  const page = document
  const believed = canonicalRule()
  let paused = false
  let stale = false
  let asked = false

  const frame: Frame = (globalThis.postil = {
    trees: [],
    stepAside,
    address() {
      const link = page.querySelector<HTMLLinkElement>('link[rel~=canonical i][href]')
      const canonical = believed(location.href, link?.href)
      return {
        url: location.href,
        title: page.title.slice(0, 1024),
        ...(canonical && { canonical }),
      }
    },
  })

  async function send(type: string, content?: object) {
    try {
      return await chrome.runtime.sendMessage({ type, ...content })
    } catch {
      stepAside()
    }
  }

  function end() {
    frame.ended = true
    frame.page?.abort()
  }

  async function hello() {
    const small = window !== top && !frame.page && innerWidth * innerHeight < PARAGRAPH
    // What a browser makes ready beforehand is the page of no tab yet.
    if (frame.ended || page.prerendering || isLoading() || small) return
    asked = true
    const here = (await send('page:hello', frame.address()))?.ok
    if (!here) return
    paused = here.paused
    if (paused) frame.page?.abort()
    else if (here.notes) load()
  }

  function load() {
    if (!frame.page && !frame.ended) void send('page:load')
  }

  /** A hidden page asks when it is looked at again, not at every change elsewhere. */
  function changed() {
    if (frame.page) return
    stale = page.hidden
    if (!stale) void hello()
  }

  function heard({ type }: Announcement) {
    if (type === 'site:changed') void hello()
    if (type === 'notes:changed') changed()
  }

  /** After an update the old scripts still run, cut off from the extension. */
  function stepAside() {
    if (chrome.runtime?.id) return false
    end()
    return true
  }

  function isLoading() {
    return page.readyState === 'loading'
  }

  /** For good: a signal to take them away by would cost each page more than they do. */
  function on(target: EventTarget, types: string, listener: (event: Event) => void) {
    const told = (event: Event) => frame.ended || listener(event)
    for (const type of types.split(' ')) target.addEventListener(type, told, true)
  }

  on(window, TYPING, (event) => {
    if (!event.composedPath().includes(frame.host!)) return
    event.stopImmediatePropagation()
    frame.typed?.(event)
  })
  on(window, 'pointerdown pointerup pointercancel', (event) => {
    frame.pressed = event.type === 'pointerdown'
    frame.touched = (event as PointerEvent).pointerType !== 'mouse'
    frame.trees = event.composedPath().filter((node) => node instanceof ShadowRoot)
  })
  on(page, 'selectionchange', () => {
    const selection = getSelection()
    const composed = selection?.getComposedRanges?.({ shadowRoots: frame.trees })
    const some = selection?.type === 'Range' || composed?.some((range) => !range.collapsed)
    if (some && !paused) load()
  })
  on(window, 'resize', () => asked || hello())
  on(page, 'visibilitychange', () => stale && changed())
  on(window, 'pageshow', (event) => (event as PageTransitionEvent).persisted && hello())
  // A copy from before an update can only be in a page that was there before.
  if (!isLoading()) page.dispatchEvent(new Event('postil-boot'))
  on(page, 'postil-boot', stepAside)
  onNavigate(hello)
  chrome.runtime.onMessage.addListener(heard)
  on(page, 'DOMContentLoaded prerenderingchange', hello)
  const root = page.documentElement
  // A page that is written anew (`document.open`) has taken every listener with it.
  new MutationObserver((_, observer) => {
    if (root?.isConnected) return
    observer.disconnect()
    end()
    start()
  }).observe(page, { childList: true })
  void hello()
})()
