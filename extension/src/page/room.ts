/**
 * Where notes are written: a document of its own, in a frame on our stage. A page hears no key that
 * is pressed in it, whoever listened first; finds no text in it (`window.find` looks through closed
 * shadow trees, in Chromium through their fields as well, but not into frames); and has no way to
 * it, for frames in shadow trees are on no list ("document-tree child navigables" in HTML), but in
 * Firefox, whose events tell of closed trees (`originalTarget`). It loads nothing, so there is
 * nothing in it for a policy of the page to forbid.
 *
 * Only a page that its server put in a sandbox can have no such frame: what is in it would be out
 * of our reach as well. There, notes are written on the page itself.
 */

import { h } from './element'
import { makeStage, settle } from './stage'

/** Chromium takes every listener from what stands in a frame that goes. */
const PROBE = 'postil-probe'

export class Room {
  readonly element: HTMLElement
  readonly #frame: HTMLIFrameElement
  readonly #stage = makeStage()
  #document: Document | null = null
  #active: HTMLElement | null = null
  #hears = false

  /**
   * `label` is what a screen reader calls the frame; `torn` is called when nothing in it can be
   * pressed any more, and it has to be made anew.
   */
  constructor(
    readonly content: HTMLElement,
    label: string,
    readonly torn: () => void,
  ) {
    this.#frame = h('iframe', { 'aria-label': label })
    this.element = h('div', { class: 'room' }, this.#frame)
    this.#stage.append(content)
    this.#frame.addEventListener('load', () => this.#furnish())
    content.addEventListener(PROBE, () => (this.#hears = true))
    content.addEventListener('focusin', ({ target }) => (this.#active = target as HTMLElement))
    content.addEventListener('focusout', () => {
      if (this.#frame.isConnected) this.#active = null
    })
  }

  /** As high as what is in it, but no higher than the window. */
  fit(): void {
    this.#furnish()
    this.content.style.setProperty('--window-height', `${innerHeight}px`)
    // Heights are told in whole pixels: one more, and nothing has to be scrolled for a part of one.
    this.#frame.style.height = `${this.content.scrollHeight + 1}px`
  }

  /** A frame that was taken out, or to another place, begins with an empty document again. */
  #furnish(): void {
    if (!this.#frame.isConnected) return
    const { contentDocument } = this.#frame
    if (!contentDocument) return this.element.replaceChildren(this.content)
    if (!contentDocument.body || contentDocument === this.#document) return
    this.content.dispatchEvent(new Event(PROBE))
    if (!this.#hears) return queueMicrotask(this.torn)
    this.#hears = false
    const active = this.#active
    this.#document = contentDocument
    const [element] = settle(contentDocument, 'postil-ui', this.#stage)
    contentDocument.documentElement.style.overflow = 'hidden'
    contentDocument.body.append(element)
    active?.focus({ preventScroll: true })
  }
}
