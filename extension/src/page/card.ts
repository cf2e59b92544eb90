/**
 * A card stands beside a passage: it follows when the page scrolls, and goes on Escape, on a click
 * elsewhere, or when its passage is out of sight. The toolbar and the editor are cards.
 */

import { keepAwake } from './awake'
import { isWithin } from './frame'
import type { Host } from './host'
import { inSight, place, type Box } from './placing'
import { view } from './lines'
import type { Room } from './room'

export interface CardOptions {
  label: string
  /** Where the passage is now; empty once it is no longer on the page. */
  lines: () => Box[]
  /** What it stands by, for pages with modal dialogs. */
  beside: Node | undefined
  prefer: 'above' | 'below'
  /** How far below the passage it has to stay; see placing.ts. */
  clearance?: number
  /** Stays though its passage was scrolled away: something is being written. */
  stays?: boolean
  /** Whose element it is, if so. */
  room?: Room
  onClose: () => void
  /** The note it is about was changed, here or elsewhere. */
  refresh?: () => void
}

export class Card {
  readonly #stop = new AbortController()
  readonly #returnTo = document.activeElement
  #frame = 0

  constructor(
    readonly host: Host,
    readonly element: HTMLElement,
    readonly options: CardOptions,
    signal: AbortSignal,
  ) {
    const mine = AbortSignal.any([signal, this.#stop.signal])
    element.classList.add('card')
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing) return
      event.preventDefault()
      this.close()
    }
    const begin = (content: HTMLElement) => {
      content.setAttribute('aria-label', options.label)
      content.addEventListener('keydown', escape, { signal: mine })
    }
    const { room } = options
    if (room) Object.assign(room, { opened: begin, furnished: () => this.place() })
    else begin(element)
    host.add(element, options.beside)
    this.place()
    keepAwake(mine)

    const follow = () => this.#follow()
    const passive = { passive: true, capture: true, signal: mine }
    addEventListener('scroll', follow, passive)
    addEventListener('resize', follow, passive)
    window.visualViewport?.addEventListener('scroll', follow, passive)
    window.visualViewport?.addEventListener('resize', follow, passive)
    // Pictures and letters that come late move what is below them.
    const grown = new ResizeObserver(follow)
    grown.observe(document.body)
    mine.addEventListener('abort', () => grown.disconnect())
    addEventListener('pointerdown', (event) => {
      if (!host.heard(event)) this.close()
    }, passive)
    // A press in a frame is heard there only.
    addEventListener('blur', () => isWithin() && this.close(), passive)
    addEventListener('keydown', escape, { capture: true, signal: mine })
    signal.addEventListener('abort', () => this.close(), { signal: this.#stop.signal })
  }

  /** Aborted when it is closed. */
  get closed(): AbortSignal {
    return this.#stop.signal
  }

  get open(): boolean {
    return !this.#stop.signal.aborted
  }

  close(): void {
    if (!this.open) return
    const focused = this.element.contains(this.host.active)
    this.#stop.abort()
    cancelAnimationFrame(this.#frame)
    this.options.onClose()
    this.element.remove()
    if (focused && this.#returnTo instanceof HTMLElement) {
      this.#returnTo.focus({ preventScroll: true })
    }
  }

  refresh(): void {
    this.options.refresh?.()
    this.place()
  }

  /** Anew, after its size or its passage changed. */
  place(): void {
    const lines = this.options.lines()
    this.options.room?.fit()
    if (!lines.length) return
    const { offsetWidth: width, offsetHeight: height } = this.element
    const { prefer, clearance } = this.options
    const { x, y, side } = place(lines, { width, height }, view(), prefer, clearance)
    this.element.style.left = `${Math.round(x)}px`
    this.element.style.top = `${Math.round(y)}px`
    this.element.dataset['side'] = side
  }

  #follow(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = requestAnimationFrame(() => {
      if (!this.options.stays && !inSight(this.options.lines(), view())) this.close()
      else this.place()
    })
  }
}
