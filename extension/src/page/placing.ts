/**
 * Where a card goes: beside the passage it is about, never over it, never out of sight.
 *
 * Pure numbers in the coordinates of `getBoundingClientRect`, so that it is tested without a page.
 */

export interface Box {
  left: number
  top: number
  width: number
  height: number
}

export interface Size {
  width: number
  height: number
}

export interface Placed {
  x: number
  y: number
  side: 'above' | 'below' | 'beside' | 'edge'
}

/** Between the passage and the card, and between the card and the edge of the view. */
export const GAP = 8

/** The handles of a selection made by touch hang below it. */
export const HANDLES = 40

/**
 * @param lines the boxes of the passage's lines, in order; at least one
 * @param view what can be seen: the visual viewport
 * @param prefer the side to try first; fingers cover what is above, system menus too
 * @param clearance how far under the passage a card has to stay
 */
export function place(
  lines: readonly Box[],
  size: Size,
  view: Box,
  prefer: 'above' | 'below',
  clearance = GAP,
): Placed {
  const seen = lines.filter((line) => overlaps(line, view))
  const [first, last] = [seen[0] ?? lines[0]!, seen.at(-1) ?? lines.at(-1)!]
  const top = Math.min(...seen.map((line) => line.top), first.top)
  const bottom = Math.max(...seen.map((line) => line.top + line.height), last.top + last.height)

  const above = { y: top - GAP - size.height, line: first, side: 'above' as const }
  const below = { y: bottom + clearance, line: last, side: 'below' as const }
  const order = prefer === 'above' ? [above, below] : [below, above]
  const fitting = order.find(({ y }) => {
    return y >= view.top + GAP && y + size.height <= view.top + view.height - GAP
  })
  const low = view.top + view.height - size.height - GAP
  if (!fitting) {
    const x = besideOf(seen, size, view)
    const y = clamp(last.top + last.height - size.height, view.top + GAP, low)
    if (x !== null) return { x, y, side: 'beside' }
  }
  // A passage that fills the view leaves no room around it: the lower edge covers least of what
  // is being read.
  const chosen = fitting ?? { y: low, line: last, side: 'edge' as const }
  const centre = chosen.line.left + chosen.line.width / 2
  return {
    x: clamp(centre - size.width / 2, view.left + GAP, view.left + view.width - size.width - GAP),
    y: clamp(chosen.y, view.top + GAP, low),
    side: chosen.side,
  }
}

/** Right of the passage, or left of it, where there is room; null where there is none. */
function besideOf(seen: readonly Box[], size: Size, view: Box): number | null {
  const right = Math.max(...seen.map((line) => line.left + line.width)) + GAP
  const left = Math.min(...seen.map((line) => line.left)) - GAP - size.width
  if (right >= view.left && right + size.width <= view.left + view.width - GAP) return right
  return left >= view.left + GAP && left + size.width <= view.left + view.width ? left : null
}

/** Whether anything of the passage can still be seen, or nearly. */
export function inSight(lines: readonly Box[], view: Box): boolean {
  return lines.some((line) => overlaps(line, view))
}

function overlaps(box: Box, view: Box): boolean {
  return (
    box.top < view.top + view.height &&
    box.top + box.height > view.top &&
    box.left < view.left + view.width &&
    box.left + box.width > view.left
  )
}

/** Where even the card is wider than the view, its beginning is what stays. */
function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(value, high))
}
