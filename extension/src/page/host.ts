/**
 * The one element Postil adds to a page, and only once there is something to show: `<postil-ui>`
 * outside the body, with a closed shadow root; what that keeps from a page, and what not, says stage.ts.
 */

import { h, PAGE } from './element'
import type { Frame } from './frame'
import { onModal, reachable } from './modal'
import { makeStage, settle } from './stage'

/** Pages that take out elements they do not know leave a plain one alone. */
const KNOWN_AFTER = 3

/** A page that takes out whatever it did not put there wins in the end. */
const MAX_RETURNS = 20

export class Host {
  readonly #stage = makeStage(PAGE)
  readonly #status = h('div', { class: 'live', role: 'status', 'aria-live': 'polite' })
  readonly #frame: Frame
  readonly #signal: AbortSignal
  readonly #gone = new MutationObserver(() => this.#return())
  #element: HTMLElement
  #root: ShadowRoot
  #returns = 0

  constructor(frame: Frame, signal: AbortSignal) {
    this.#frame = frame
    this.#signal = signal
    this.#stage.append(this.#status)
    ;[this.#element, this.#root] = this.#settle('postil-ui')
    frame.typed = (event) => this.#deliver(event)
    this.#watch(document.documentElement)
    this.#shield()
    onModal(() => this.follow(), signal)
    signal.addEventListener('abort', () => {
      this.#gone.disconnect()
      // A page script that came after this one may have its own by now.
      if (frame.host === this.#element) frame.host = frame.typed = null
      this.#element.remove()
    })
  }

  /** Puts a card on the stage, above whatever the page holds on top. */
  add(card: HTMLElement, beside?: Node): void {
    this.#stage.append(card)
    this.#attach(beside)
  }

  /** Says a few words to those who listen rather than look. */
  announce(words: string): void {
    this.#attach()
    // Emptied first: the same words twice in a row are news too.
    this.#status.textContent = ''
    requestAnimationFrame(() => (this.#status.textContent = words))
  }

  get active(): HTMLElement | null {
    return this.#root.activeElement as HTMLElement | null
  }

  owns(node: EventTarget | null): boolean {
    return node === this.#element
  }

  /** Whether an event comes from in here; from within a shadow tree of the page, too. */
  heard(event: Event): boolean {
    return event.composedPath().includes(this.#element)
  }

  /** Goes where the reader is, if that has changed. */
  follow(): void {
    if (this.#empty) return
    if (!this.#element.isConnected || this.#element.parentNode !== reachable()) this.#attach()
  }

  #settle(name: string): [HTMLElement, ShadowRoot] {
    const [element, root] = settle(document, name, this.#stage)
    for (const type of LEAVING) {
      root.addEventListener(type, (event) => event.stopPropagation(), { signal: this.#signal })
    }
    this.#frame.host = element
    return [element, root]
  }

  #attach(beside?: Node): void {
    if (this.#signal.aborted) return
    const parent = reachable(beside)
    const { active } = this
    if (this.#element.parentNode !== parent) {
      move(this.#element, parent)
      this.#watch(parent)
    }
    // Cards are placed in pixels of the window, whatever the page makes of its own.
    this.#stage.style.zoom = String(1 / this.#element.currentCSSZoom)
    this.#rise()
    if (this.active !== active) active?.focus({ preventScroll: true })
  }

  /** The top layer is above every z-index; entering it again puts us above who came later. */
  #rise(): void {
    if (!this.#element.isConnected) return
    const risen = this.#element.matches(':popover-open')
    // To leave it for a moment would take the focus from whoever writes here.
    if (risen && this.active) return
    this.#element.popover = 'manual'
    if (risen) this.#element.hidePopover()
    this.#element.showPopover()
  }

  get #empty(): boolean {
    return this.#stage.childElementCount === 1
  }

  #watch(parent: Element): void {
    this.#gone.disconnect()
    for (const one of [document.documentElement, parent]) this.#gone.observe(one, { childList: true })
  }

  /** In the next frame, not at once: a page that removes it from an observer would spin. */
  #return(): void {
    if (this.#element.isConnected || this.#empty) return
    if (++this.#returns > MAX_RETURNS) return
    const focused = this.active
    requestAnimationFrame(() => {
      if (this.#returns === KNOWN_AFTER) [this.#element, this.#root] = this.#settle('div')
      this.#attach()
      focused?.focus()
    })
  }

  /**
   * Pages close their menus and dialogs at a press beside them, forbid it, or take the focus back.
   * A press in here is none of theirs, so they hear neither of it nor that the focus went here.
   */
  #shield(): void {
    const caught = { capture: true, signal: this.#signal }
    const pressed = (event: Event) => {
      if (!event.isTrusted || !this.heard(event)) return
      const target = this.#under(event)
      if (!target) return
      event.stopImmediatePropagation()
      this.#deliver(event, target)
    }
    for (const type of POINTING) {
      // What may hold up a finger that scrolls is not listened to so.
      addEventListener(type, pressed, { ...caught, passive: type.startsWith('touch') })
    }
    const left = (event: FocusEvent) => {
      if (event.relatedTarget === this.#element) event.stopImmediatePropagation()
    }
    for (const type of ['blur', 'focusout'] as const) addEventListener(type, left, caught)
  }

  /**
   * What of ours is pressed; a key presses the button that has the focus. Null where nobody can
   * tell: assistive technology presses what has no focus, and says no place.
   */
  #under(event: Event): Element | null {
    if (event instanceof MouseEvent && event.type === 'click' && !event.detail) {
      return this.active?.closest('button') ?? null
    }
    const touched = 'changedTouches' in event && (event as TouchEvent).changedTouches[0]
    const { clientX, clientY } = touched || (event as MouseEvent)
    return this.#root.elementFromPoint(clientX, clientY)
  }

  /** What was caught on its way to the page is heard by whoever it was for. */
  #deliver(event: Event, target: Element = this.active ?? this.#stage): void {
    const copy = copyOf(event)
    target.dispatchEvent(copy)
    if (copy.defaultPrevented) event.preventDefault()
  }
}

/** What is written in a frame goes along, focus and all, where the browser can do that. */
function move(element: Element, parent: Element): void {
  if (element.isConnected && parent.moveBefore) parent.moveBefore(element, null)
  else parent.append(element)
}

/** All that tells of a press. */
const POINTING = [
  'pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'dblclick', 'contextmenu',
  'touchstart', 'touchend',
]

/** So that what is done in here is not also done beside it. */
const LEAVING = [...POINTING, 'wheel', 'focusin', 'focusout']

/**
 * A plain event that carries a key's properties: Firefox makes every KeyboardEvent composed,
 * whatever it is told, and a composed copy would go out to the page and come back to us.
 */
function copyOf(event: Event): Event {
  const { type, cancelable } = event
  const copy = new Event(type, { bubbles: true, cancelable, composed: false })
  if (event instanceof FocusEvent) {
    return Object.assign(copy, { relatedTarget: event.relatedTarget })
  }
  if (!(event instanceof KeyboardEvent)) return copy
  const { key, code, location, repeat, isComposing, ctrlKey, shiftKey, altKey, metaKey } = event
  const pressed = { key, code, location, repeat, isComposing, ctrlKey, shiftKey, altKey, metaKey }
  return Object.assign(copy, pressed)
}
