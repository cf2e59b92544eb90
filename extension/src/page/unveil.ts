/**
 * Opens what hides a passage, from the outside in: folded details, sections hidden until something
 * in them is looked for, and what a button of the page says it unfolds.
 */

import { shownAround } from './flat-tree'

export function unveil(node: Node): void {
  for (const element of [...shownAround(node)].reverse()) {
    if (element instanceof HTMLDetailsElement && !isInSummary(node, element)) element.open = true
    if (element.getAttribute('hidden') === 'until-found') {
      element.dispatchEvent(new Event('beforematch', { bubbles: true }))
      element.removeAttribute('hidden')
    }
    if (!element.checkVisibility()) controlOf(element)?.click()
  }
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
