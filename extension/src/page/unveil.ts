/**
 * Opens what hides a passage, from the outside in: folded details, sections hidden until something
 * in them is looked for, and what a button of the page says it unfolds.
 */

export function unveil(node: Node): void {
  const around: Element[] = []
  for (let at = parentOf(node); at; at = parentOf(at)) if (at instanceof Element) around.push(at)
  for (const element of around.reverse()) {
    if (element instanceof HTMLDetailsElement && !isInSummary(node, element)) element.open = true
    if (element.getAttribute('hidden') === 'until-found') {
      element.dispatchEvent(new Event('beforematch', { bubbles: true }))
      element.removeAttribute('hidden')
    }
    if (!element.checkVisibility()) controlOf(element)?.click()
  }
}

/** As it is shown: what is put into a slot is within that slot. */
function parentOf(node: Node): Node | null {
  const slot = node instanceof Element || node instanceof Text ? node.assignedSlot : null
  return slot ?? node.parentNode ?? (node instanceof ShadowRoot ? node.host : null)
}

function isInSummary(node: Node, details: Element): boolean {
  return details.querySelector(':scope > summary')?.contains(node) ?? false
}

/** WAI-ARIA: the disclosure button, or the tab, of what it names in `aria-controls`. */
function controlOf({ id, ownerDocument }: Element): HTMLElement | null {
  if (!id) return null
  const control = ownerDocument.querySelector<HTMLElement>(
    `[aria-controls~="${CSS.escape(id)}"]:is([aria-expanded=false], [aria-selected=false])`,
  )
  // What leads elsewhere, or sends a form, is the reader's to press.
  if (!control || control.matches('a[href]:not([href^="#"]), form [type=submit]')) return null
  return control
}
