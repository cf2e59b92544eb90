/**
 * The open shadow trees of a page. What happens in one is heard of by nobody outside of it, and a
 * tree that comes into being tells nobody: so they are looked for.
 */

import type { Steps } from '../anchoring'

const ELEMENTS_PER_STEP = 256

/** Those within an element, its own among them, and those within those. */
export function* shadowTrees(within: Document | Element | ShadowRoot): Steps<ShadowRoot[]> {
  const trees: ShadowRoot[] = []
  const left: (Document | Element | ShadowRoot)[] = [within]
  let visited = 0
  for (let root = left.pop(); root; root = left.pop()) {
    if (root instanceof Element && root.shadowRoot) left.push(found(root.shadowRoot))
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT)
    while (walker.nextNode()) {
      if (++visited % ELEMENTS_PER_STEP === 0) yield
      const { shadowRoot, localName } = walker.currentNode as Element
      if (shadowRoot && !localName.startsWith('postil-')) left.push(found(shadowRoot))
    }
  }
  return trees

  function found(tree: ShadowRoot): ShadowRoot {
    trees.push(tree)
    return tree
  }
}
