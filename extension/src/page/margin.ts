/**
 * Marks in the margin where a highlight has a note: to be seen while reading, and the way to the
 * notes for the keyboard and for those who do not see highlights. They scroll with the page, and
 * stand only where the margin has room for them.
 */

import { t } from '../ui/strings'
import { Clips } from './clip'
import { h, icon } from './element'
import type { Host } from './host'
import { headingOf } from './lines'
import { isNoted, type Mark } from './mark'
import { modalAround, onModal, topModal } from './modal'
import type { Notes } from './notes'
import type { Preview } from './preview'
import { liveRange } from './selection'
import { shorten } from './shorten'

const SIZE = 24
const GAP = 4

/** From one mark to the next, where fingers press them. */
const APART_FOR_FINGERS = 44

/** In heights of the window: how far beyond it marks are kept ready. */
const AHEAD = 1

/** Pages resize and scroll in bursts. */
const QUIET_MS = 120

export class Margin {
  readonly #buttons = new Map<Mark, HTMLElement>()
  #timer = 0
  #frame = 0

  constructor(
    readonly notes: Notes,
    readonly host: Host,
    readonly preview: Preview,
    readonly open: (mark: Mark) => void,
    signal: AbortSignal,
  ) {
    const later = () => this.later()
    const scrolled = (event: Event) => {
      later()
      if (event.target !== document) this.#follow()
    }
    addEventListener('scroll', scrolled, { passive: true, capture: true, signal })
    addEventListener('resize', later, { passive: true, signal })
    addEventListener('load', later, { signal })
    onModal(later, signal)
    const grown = new ResizeObserver(later)
    grown.observe(document.documentElement)
    grown.observe(document.body)
    signal.addEventListener('abort', () => {
      clearTimeout(this.#timer)
      cancelAnimationFrame(this.#frame)
      grown.disconnect()
      for (const button of this.#buttons.values()) button.remove()
    })
  }

  later(): void {
    this.#timer ||= setTimeout(() => {
      this.#timer = 0
      this.host.follow()
      this.#draw((this.notes.hidden ? [] : this.notes.all()).filter((mark) => isNoted(mark)))
    }, QUIET_MS)
  }

  /** Those on show stay by their lines where a part of the page is scrolled, not the window. */
  #follow(): void {
    if (!this.#buttons.size) return
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw(this.notes.all().filter((mark) => this.#buttons.has(mark)))
    })
  }

  /** Reads all boxes first, then writes: the page is laid out once. */
  #draw(noted: readonly Mark[]): void {
    const clips = new Clips()
    const modal = topModal()
    const spots = new Map<Mark, Spot>()
    const apart = matchMedia('(pointer: coarse)').matches ? APART_FOR_FINGERS : SIZE
    let last = { x: -apart, y: -apart }
    for (const mark of noted) {
      // What a modal dialog covers has no mark on top of it.
      const covered = modal && modalAround(mark.range?.startContainer) !== modal
      const spot = covered ? null : spotOf(mark, clips)
      if (!spot) continue
      // Two on one line stand one below the other.
      const meets = last.y <= spot.y && spot.y < last.y + apart
      if (meets && Math.abs(spot.x - last.x) < apart) spot.y = last.y + apart
      last = spot
      spots.set(mark, spot)
    }
    for (const [mark, button] of this.#buttons) {
      if (spots.has(mark)) continue
      button.remove()
      this.#buttons.delete(mark)
    }
    for (const [mark, { x, y, text }] of spots) {
      const button = this.#buttons.get(mark) ?? this.#button(mark)
      const { quote, color } = mark.annotation
      // By words of the page, which may read this; the note itself is said in a room (preview.ts).
      const name = quote ? t('pageNoteOn', shorten(quote.exact, 60)) : t('pageWholePage')
      button.setAttribute('aria-label', name)
      button.className = `margin ${color}`
      Object.assign(button.style, { left: `${x}px`, top: `${y}px` })
      button.style.setProperty('--page-text', text)
    }
  }

  #button(mark: Mark): HTMLElement {
    const button = h('button', { type: 'button', class: 'margin' })
    button.append(icon('note'))
    const show = () => this.preview.show(mark)
    const hide = () => this.preview.hide()
    button.addEventListener('pointerenter', show)
    button.addEventListener('focus', () => button.matches(':focus-visible') && show())
    button.addEventListener('pointerleave', hide)
    button.addEventListener('blur', hide)
    button.addEventListener('keydown', (event) => event.key === 'Escape' && hide())
    button.addEventListener('click', () => {
      hide()
      this.open(mark)
    })
    this.#buttons.set(mark, button)
    this.host.add(button)
    return button
  }
}

/** In the coordinates of the document. */
interface Spot {
  x: number
  y: number
  /** The colour of the text it stands by: what the page's ground is, whatever the system prefers. */
  text: string
}

function spotOf(mark: Mark, clips: Clips): Spot | null {
  const { range, place } = mark
  const line = range
    ? liveRange(range).getClientRects()[0]
    : place.kind === 'page'
      ? headingOf(document)?.getBoundingClientRect()
      : undefined
  if (!line || line.top < -AHEAD * innerHeight || line.top > (1 + AHEAD) * innerHeight) return null
  const block = range ? blockAround(range.startContainer) : headingOf(document)
  if (!block || clips.hides(block, line)) return null
  const { direction, writingMode, color: text } = getComputedStyle(block)
  const around = partAround(block, line)
  const spot = writingMode.startsWith('horizontal')
    ? besideLine(line, around, direction === 'rtl')
    : underLine(line, around)
  return spot && { x: Math.round(spot.x + scrollX), y: Math.round(spot.y + scrollY), text }
}

/** What of the block stands in the column of the line. */
function partAround(block: Element, line: DOMRect): DOMRect {
  const parts = [...block.getClientRects()]
  const middle = line.left + line.width / 2
  const own = parts.find(({ left, right }) => left <= middle && middle <= right)
  return own ?? block.getBoundingClientRect()
}

function besideLine(line: DOMRect, { left, right }: DOMRect, leftward: boolean) {
  const x = leftward ? left - GAP - SIZE : right + GAP
  if (x < 0 || x + SIZE > document.documentElement.clientWidth) return null
  return { x, y: line.top + (Math.min(line.height, 2 * SIZE) - SIZE) / 2 }
}

/** Lines that run downward have their margin where they end, or else where they begin. */
function underLine(line: DOMRect, { top, bottom }: DOMRect) {
  const { scrollHeight } = document.documentElement
  const under = bottom + GAP
  const y = under + SIZE + scrollY <= scrollHeight ? under : top - GAP - SIZE
  if (y + scrollY < 0) return null
  return { x: line.left + (Math.min(line.width, 2 * SIZE) - SIZE) / 2, y }
}

function blockAround(node: Node): Element | null {
  let element = node instanceof Element ? node : node.parentElement
  while (element && /^(inline|contents|ruby)/.test(getComputedStyle(element).display)) {
    element = element.parentElement ?? (element.getRootNode() as ShadowRoot).host ?? null
  }
  return element
}
