/** The boxes a passage fills on the screen, and what can be seen of the screen. */

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

/** In the coordinates of `getBoundingClientRect`, smaller than the window when pinched open. */
export function view(): Box {
  const seen = window.visualViewport
  const { clientWidth, clientHeight } = document.documentElement
  if (!seen) return { left: 0, top: 0, width: clientWidth, height: clientHeight }
  // In quirks mode the root's height is the document's; a scroll bar is not in the visual viewport.
  return { left: seen.offsetLeft, top: seen.offsetTop, width: seen.width, height: seen.height }
}
