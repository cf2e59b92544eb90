/** The boxes a passage fills on the screen, and what can be seen of the screen. */

import type { Mark } from './mark'
import type { Box } from './placing'
import { liveRange } from './selection'

/** Beyond this, the box around it all says as much as a thousand lines, and costs less. */
const MANY = 20_000

export function linesOf(ranges: readonly AbstractRange[]): Box[] {
  const boxes = ranges.flatMap((one) => {
    const range = liveRange(one)
    const long = range.toString().length > MANY
    return long ? [range.getBoundingClientRect()] : [...range.getClientRects()]
  })
  return boxes.filter((box) => box.width > 0 && box.height > 0)
}

/** Where a mark is; a note on the whole page stands in the corner that is read last. */
export function linesOfMark({ range, place }: Mark): Box[] {
  if (range) return linesOf([range])
  if (place.kind !== 'page') return []
  const { left, top, width } = view()
  const leftward = getComputedStyle(document.documentElement).direction === 'rtl'
  return [{ left: leftward ? left : left + width - 1, top, width: 1, height: 1 }]
}

/** The box of the page's heading: where a note on the whole page has its mark. */
export function headingOf(page: Document): Element | null {
  const headings = page.body.querySelectorAll('article h1, main h1, [role=main] h1, h1')
  return [...headings].find((one) => one.checkVisibility({ visibilityProperty: true })) ?? null
}

/** In the coordinates of `getBoundingClientRect`, smaller than the window when pinched open. */
export function view(): Box {
  const seen = window.visualViewport
  const { clientWidth, clientHeight } = document.documentElement
  if (!seen) return { left: 0, top: 0, width: clientWidth, height: clientHeight }
  // In quirks mode the root's height is the document's; a scroll bar is not in the visual viewport.
  return { left: seen.offsetLeft, top: seen.offsetTop, width: seen.width, height: seen.height }
}
