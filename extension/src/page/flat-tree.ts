/** A page as it is shown: what is put into a slot is within that slot, a shadow tree in its host. */

export function shownIn(node: Node): Node | null {
  const slot = node instanceof Element || node instanceof Text ? node.assignedSlot : null
  return slot ?? node.parentNode ?? (node instanceof ShadowRoot ? node.host : null)
}

/** The elements around a node, from the inside out; an element is the first of its own. */
export function* shownAround(node: Node): Generator<Element> {
  for (let at: Node | null = node; at; at = shownIn(at)) if (at instanceof Element) yield at
}
