/** What can be seen of a page's boxes: whatever scrolls within the page hides what it scrolled. */

import { shownIn } from './flat-tree'

/** Looks at each element once; for one drawing. */
export class Clips {
  readonly #known = new Map<Node, DOMRect | null>()

  /** Whether what stands in `node` at the height of `line` is scrolled out of its surroundings. */
  hides(node: Node, line: DOMRect): boolean {
    const seen = this.#around(node)
    if (!seen) return false
    return (
      line.top >= seen.bottom || line.bottom <= seen.top ||
      line.left >= seen.right || line.right <= seen.left
    )
  }

  /** The part of the window that what is in the node can be seen in; null: all of it. */
  #around(node: Node): DOMRect | null {
    const known = this.#known.get(node)
    if (known !== undefined) return known
    const outer = shownIn(node)
    let seen = outer ? this.#around(outer) : null
    if (node instanceof Element && clips(node)) seen = within(node.getBoundingClientRect(), seen)
    this.#known.set(node, seen)
    return seen
  }
}

/** What the root or the body would cut is scrolled with the window. */
function clips(element: Element): boolean {
  if (element === document.documentElement || element === document.body) return false
  const { display, overflowX, overflowY } = getComputedStyle(element)
  if (display === 'inline' || display === 'contents') return false
  return overflowX !== 'visible' || overflowY !== 'visible'
}

function within(box: DOMRect, around: DOMRect | null): DOMRect {
  if (!around) return box
  const left = Math.max(box.left, around.left)
  const top = Math.max(box.top, around.top)
  const right = Math.min(box.right, around.right)
  const bottom = Math.min(box.bottom, around.bottom)
  return new DOMRect(left, top, Math.max(0, right - left), Math.max(0, bottom - top))
}
