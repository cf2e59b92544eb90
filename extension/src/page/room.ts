/**
 * Where a note is shown and written: a document of its own, in a frame on our stage. A page hears
 * no key that is pressed in it, whoever listened first, and finds no text in it (`window.find`
 * looks through closed shadow trees, in Chromium through their fields as well, but not into this).
 *
 * In Chromium it is an empty document: the page has no way to the frame, for frames in shadow trees
 * are on no list ("document-tree child navigables" in HTML). In Firefox events lead to what is in
 * closed trees (`originalTarget`), so there it is a page of the extension: the frame's document is
 * denied to all scripts of the page, and we may reach into it. No policy of a page forbids either.
 *
 * Only a page that its server put in a sandbox can have neither: what is in them would be out of our
 * reach as well. There, notes are shown and written on the page itself; see exposure.ts.
 */

import { h, type Maker, makerIn, PAGE } from './element'
import { makeStage, settle } from './stage'

/** What stands left and right of it: its border, and its way to the edges of a narrow window. */
const BESIDE = 18 // pixels

/** Chromium takes every listener from what stands in a frame that goes. */
const PROBE = 'postil-probe'

/** Its page in this browser, if any: see build.mjs. */
declare const ROOM_PAGE: string | null

/** Read while the extension is there to be asked. The sample article is a page of its own already. */
const OWN =
  ROOM_PAGE && location.protocol !== 'moz-extension:' ? chrome.runtime.getURL(ROOM_PAGE) : null

export interface RoomOptions {
  /** What a screen reader calls the frame. */
  label: string
  /** At most so many pixels wide, and no wider than what is in it; else as its style has it. */
  widest?: number
  /** Makes what is to stand in it, once there is a document for that. */
  furnish: (make: Maker) => HTMLElement
  /** What has the focus first. */
  first?: () => HTMLElement | null
  /** What was in it is lost, or can't be pressed any more: it has to be made anew. */
  torn: () => void
}

export class Room {
  readonly element: HTMLElement
  /** Told once of what stands in it. */
  opened: (content: HTMLElement) => void = () => undefined
  /** Told whenever that stands there anew, and has its size. */
  furnished: () => void = () => undefined
  readonly #frame: HTMLIFrameElement
  #content: HTMLElement | null = null
  #stage: HTMLElement | null = null
  #document: Document | null = null
  /** The document the frame began with, once it was sent to our own page. */
  #sent: Document | null = null
  #torn = false
  #entering = false
  #active: HTMLElement | null = null
  #hears = false

  constructor(readonly options: RoomOptions) {
    // Where there is nothing to press, Tab does not go.
    const tabindex = options.first ? undefined : -1
    this.#frame = h('iframe', { 'aria-label': options.label, tabindex })
    this.element = h('div', { class: options.widest ? 'room narrow' : 'room' }, this.#frame)
    this.#frame.addEventListener('load', () => {
      if (this.#furnish()) this.furnished()
    })
  }

  get content(): HTMLElement | null {
    return this.#content
  }

  /**
   * Takes the focus in, at once or as soon as there is what takes it. To be called before it is
   * furnished: later, Firefox lets nobody take it from a page into one of another origin.
   */
  enter(): void {
    this.#entering = true
    // What is typed until there is something goes nowhere, rather than to the page.
    const first = this.#settled ? this.options.first?.() : this.#frame
    first?.focus({ preventScroll: true })
  }

  /** As large as what is in it, but no higher than the window. */
  fit(): void {
    // One that was sent tells when it has arrived.
    if (!this.#settled && !this.#sent && this.#furnish()) this.furnished()
    if (!this.#settled || !this.#content || !this.#document) return
    const { widest } = this.options
    const { style } = this.#frame
    this.#content.style.setProperty('--window-height', `${innerHeight}px`)
    if (widest) {
      // Said of itself: in Firefox it learns the width of its frame too late to be measured by it.
      this.#content.style.maxWidth = `${Math.min(widest + 16, innerWidth) - BESIDE}px`
      style.width = `${Math.ceil(this.#content.getBoundingClientRect().width)}px`
    }
    // Heights are told in whole pixels: one more, and nothing has to be scrolled for a part of one.
    style.height = `${this.#content.scrollHeight + 1}px`
  }

  /** Whether all stands where it belongs; without a document of its own, on the page. */
  get #settled(): boolean {
    return this.#content !== null && this.#document === this.#frame.contentDocument
  }

  /**
   * A frame that was taken out, or to another place, begins with an empty document again. Whether
   * something was put into it now.
   */
  #furnish(): boolean {
    if (!this.#frame.isConnected || this.#settled || this.#torn) return false
    const { contentDocument } = this.#frame
    if (!contentDocument && !this.#sent) this.element.replaceChildren(this.#make(PAGE))
    else if (OWN ? !this.#arrived(OWN) : !contentDocument?.body) return false
    else if (!this.#settle(contentDocument!)) return this.#tear()
    this.element.classList.add('furnished')
    this.fit()
    const active = this.#active ?? (this.#entering ? this.options.first?.() : null)
    active?.focus({ preventScroll: true })
    return true
  }

  /**
   * Whether our own page is there. It is asked for by the frame's window, not by an attribute: that
   * the page could read. Firefox lets nobody keep what stood in it, so it is furnished once.
   */
  #arrived(own: string): boolean {
    const { contentDocument, contentWindow } = this.#frame
    if (!this.#sent) {
      this.#sent = contentDocument
      contentWindow?.location.replace(own)
    } else if (contentDocument !== this.#sent) {
      return (!this.#content && contentDocument?.URL === own) || this.#tear()
    }
    return false
  }

  #tear(): false {
    this.#torn = true
    queueMicrotask(this.options.torn)
    return false
  }

  #make(make: Maker): HTMLElement {
    const content = (this.#content = this.options.furnish(make))
    content.addEventListener(PROBE, () => (this.#hears = true))
    content.addEventListener('focusin', ({ target }) => (this.#active = target as HTMLElement))
    content.addEventListener('focusout', () => {
      if (this.#frame.isConnected) this.#active = null
    })
    this.opened(content)
    return content
  }

  #settle(document: Document): boolean {
    const make = makerIn(document)
    const content = this.#content ?? this.#make(make)
    const stage = (this.#stage ??= makeStage(make))
    content.dispatchEvent(new Event(PROBE))
    if (!this.#hears) return false
    this.#hears = false
    this.#document = document
    stage.append(content)
    const [element] = settle(document, 'postil-ui', stage)
    const { style } = document.documentElement
    style.overflow = 'hidden'
    style.colorScheme = 'light dark'
    document.body.append(element)
    return true
  }
}
