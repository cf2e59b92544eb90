/**
 * The way to a highlight inside a link. A click on a link belongs to the page, highlighted or not:
 * readers who meant to follow it must not be stopped. So while the pointer rests there a small
 * button stands above the line, and that one opens the highlight.
 */

import { t } from '../ui/strings'
import { h, icon } from './element'
import type { Host } from './host'
import { view } from './lines'
import type { Mark } from './mark'
import { place, type Box } from './placing'
import { liveRange } from './selection'

/** Long enough to get from the link to the button. */
const LINGER_MS = 600

export class Chip {
  readonly #button = h('button', { type: 'button', class: 'chip-button' })
  #marks: readonly Mark[] = []
  #timer = 0

  constructor(
    readonly host: Host,
    readonly open: (marks: readonly Mark[]) => void,
    signal: AbortSignal,
  ) {
    const label = t('pageOpenHighlight')
    this.#button.setAttribute('aria-label', label)
    this.#button.title = label
    this.#button.append(icon('note'))
    this.#button.addEventListener('pointerenter', () => clearTimeout(this.#timer))
    this.#button.addEventListener('pointerleave', () => this.leave())
    this.#button.addEventListener('mousedown', (event) => event.preventDefault())
    this.#button.addEventListener('click', () => {
      const marks = this.#marks
      this.hide()
      this.open(marks)
    })
    addEventListener('scroll', () => this.hide(), { passive: true, capture: true, signal })
    signal.addEventListener('abort', () => this.hide())
  }

  show(marks: readonly Mark[], x: number, y: number): void {
    clearTimeout(this.#timer)
    const [mark] = marks
    if (!mark?.range || sameMarks(marks, this.#marks)) return
    const line = lineAt(liveRange(mark.range), x, y)
    if (!line) return
    this.#marks = marks
    this.#button.className = `chip-button ${mark.annotation.color}`
    this.host.add(this.#button, mark.range.startContainer)
    const { offsetWidth: width, offsetHeight: height } = this.#button
    const near = { ...line, left: x, width: 1 }
    const spot = place([near], { width, height }, view(), 'above')
    Object.assign(this.#button.style, { left: `${spot.x}px`, top: `${spot.y}px` })
  }

  /** The pointer is elsewhere; it may be on its way here. */
  leave(): void {
    clearTimeout(this.#timer)
    if (this.#marks.length) this.#timer = setTimeout(() => this.hide(), LINGER_MS)
  }

  hide(): void {
    clearTimeout(this.#timer)
    this.#marks = []
    this.#button.remove()
  }
}

function lineAt(range: Range, x: number, y: number): Box | undefined {
  return [...range.getClientRects()].find((box) => {
    return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom
  })
}

function sameMarks(some: readonly Mark[], others: readonly Mark[]): boolean {
  return some.length === others.length && some.every((mark, at) => mark === others[at])
}
