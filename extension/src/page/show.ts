/** Brings a mark into sight: opens what hides it, scrolls to it, and flashes it. */

import type { Mark } from './mark'
import { view } from './lines'
import type { Painter } from './painter'
import { liveRange } from './selection'
import { unveil } from './unveil'

const FLASH_MS = 1600

/** What is unfolded may take its time. */
const UNFOLDING_MS = 400
const LOOK_MS = 40

export async function showMark(mark: Mark, painter: Painter, signal: AbortSignal): Promise<void> {
  const { range } = mark
  if (!range) return
  await bringIntoSight(range)
  painter.flash(range)
  await wait(FLASH_MS)
  if (!signal.aborted) painter.flash(null)
}

export async function bringIntoSight(range: AbstractRange): Promise<void> {
  unveil(range.startContainer)
  const until = performance.now() + UNFOLDING_MS
  while (!liveRange(range).getClientRects().length && performance.now() < until) {
    await wait(LOOK_MS)
  }
  scrollTo(range)
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
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
