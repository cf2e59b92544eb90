/**
 * Which marks stand in which text of the page: what tells, of a change somewhere, whose passage it
 * may have touched. A range that is not live knows nothing of it, and asking all of them after
 * every change would cost a page with thousands of highlights dear.
 */

import type { Mark } from './mark'

export class Ground {
  readonly #marks = new WeakMap<Node, Set<Mark>>()
  readonly #texts = new WeakMap<Mark, readonly Text[]>()

  /** To be called whenever a mark was found in another place, or in none. */
  settle(mark: Mark): void {
    for (const text of this.#texts.get(mark) ?? []) this.#marks.get(text)?.delete(mark)
    const texts = mark.range ? textsIn(mark.range) : []
    this.#texts.set(mark, texts)
    for (const text of texts) {
      const marks = this.#marks.get(text)
      if (marks) marks.add(mark)
      else this.#marks.set(text, new Set([mark]))
    }
  }

  /** The marks that stand in this text node, wholly or in part. */
  in(text: Node): Iterable<Mark> {
    return this.#marks.get(text) ?? []
  }

  /** Where two of these marks or more stand over one another, a text node at a time. */
  overlaps(marks: readonly Mark[]): StaticRange[] {
    const texts = new Set<Text>()
    for (const mark of marks) {
      for (const text of this.#texts.get(mark) ?? []) {
        if ((this.#marks.get(text)?.size ?? 0) > 1) texts.add(text)
      }
    }
    const shown = new Set(marks)
    return [...texts].flatMap((text) => {
      const here = [...this.in(text)].filter((mark) => shown.has(mark) && mark.range)
      return doubled(here.map(({ range }) => stretchIn(text, range!))).map(
        ([from, to]) =>
          new StaticRange({
            startContainer: text,
            startOffset: from,
            endContainer: text,
            endOffset: to,
          }),
      )
    })
  }
}

type Stretch = [from: number, to: number]

function stretchIn(text: Text, range: StaticRange): Stretch {
  const { startContainer, startOffset, endContainer, endOffset } = range
  return [
    startContainer === text ? startOffset : 0,
    endContainer === text ? endOffset : text.data.length,
  ]
}

/** What is covered twice or more, in order. */
export function doubled(stretches: readonly Stretch[]): Stretch[] {
  const found: Stretch[] = []
  let reach = 0
  for (const [from, to] of [...stretches].sort((a, b) => a[0] - b[0])) {
    const twice = Math.min(reach, to)
    const last = found.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], twice)
    else if (twice > from) found.push([from, twice])
    reach = Math.max(reach, to)
  }
  return found
}

/** The text nodes that a range begins in, ends in, and has between. */
export function textsIn({ startContainer, endContainer }: AbstractRange): Text[] {
  const texts: Text[] = []
  const walker = document.createTreeWalker(startContainer.getRootNode(), NodeFilter.SHOW_TEXT)
  walker.currentNode = startContainer
  let node: Node | null = startContainer instanceof Text ? startContainer : walker.nextNode()
  // Where a passage goes on in a shadow tree, its end is not met: there it ends with its tree.
  const tree = endContainer.getRootNode() === startContainer.getRootNode()
  for (; node; node = walker.nextNode()) {
    if (tree && node !== endContainer && follows(node, endContainer)) break
    texts.push(node as Text)
    if (node === endContainer) return texts
  }
  if (!tree && endContainer instanceof Text) texts.push(endContainer)
  return texts
}

function follows(node: Node, other: Node): boolean {
  const where = other.compareDocumentPosition(node)
  return (
    (where & Node.DOCUMENT_POSITION_FOLLOWING) > 0 &&
    (where & Node.DOCUMENT_POSITION_CONTAINED_BY) === 0
  )
}
