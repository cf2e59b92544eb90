/**
 * A selection that touches a shadow tree, as a range within that one tree: none can cross from
 * tree to tree. Browsers let a selection end before the first word of what follows the tree.
 */

export function withinTree(range: AbstractRange): Range {
  const { startContainer, startOffset, endContainer, endOffset } = range
  const start = startContainer.getRootNode()
  const tree = start instanceof ShadowRoot ? start : endContainer.getRootNode()
  const live = document.createRange()
  live.selectNodeContents(tree)
  if (tree === start) live.setStart(startContainer, startOffset)
  if (tree === endContainer.getRootNode()) live.setEnd(endContainer, endOffset)

  const [first, last] = wordsIn(live, tree)
  if (!first || !last) return live
  if (first !== startContainer) live.setStart(first, 0)
  if (last !== endContainer) live.setEnd(last, last.data.length)
  return live
}

/** The first and the last text in it that is more than space. */
function wordsIn(range: Range, tree: Node): [Text?, Text?] {
  const found: [Text?, Text?] = []
  const walker = document.createTreeWalker(tree, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const text = walker.currentNode as Text
    if (!range.intersectsNode(text) || !/\S/.test(text.data)) continue
    if (text.parentElement?.matches('style, script')) continue
    found[0] ??= text
    found[1] = text
  }
  return found
}
