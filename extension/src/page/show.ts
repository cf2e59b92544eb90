/** Brings a mark into sight: opens what hides it, scrolls to it, and flashes it. */

import type { Mark } from './mark'
import { view } from './lines'
import type { Painter } from './painter'
import { liveRange } from './selection'

const FLASH_MS = 1600

export async function showMark(mark: Mark, painter: Painter, signal: AbortSignal): Promise<void> {
  const { range } = mark
  if (!range) return
  bringIntoSight(range)
  painter.flash(range)
  await new Promise((resolve) => setTimeout(resolve, FLASH_MS))
  if (!signal.aborted) painter.flash(null)
}

export function bringIntoSight(range: AbstractRange): void {
  reveal(range.startContainer)
  scrollTo(range)
}

/** Folded details, and sections hidden until something in them is looked for. */
function reveal(node: Node): void {
  for (let at: Node | null = node; at; at = at.parentNode ?? (at as ShadowRoot).host ?? null) {
    if (at instanceof HTMLDetailsElement) at.open = true
    if (at instanceof Element && at.getAttribute('hidden') === 'until-found') {
      at.dispatchEvent(new Event('beforematch', { bubbles: true }))
      at.removeAttribute('hidden')
    }
  }
}

/** First what scrolls around it, so that it can be seen at all, then the passage to the middle. */
function scrollTo(range: AbstractRange): void {
  const { startContainer } = range
  const element = startContainer instanceof Element ? startContainer : startContainer.parentElement
  element?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  const [box] = liveRange(range).getClientRects()
  if (!box) return
  const { top, height } = view()
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  window.scrollBy({
    top: box.top + box.height / 2 - (top + height * 0.4),
    behavior: calm ? 'instant' : 'smooth',
  })
}
