/**
 * Modal dialogs, and whatever fills the screen: everything outside of the one on top is inert. It
 * takes no click and no focus, however far above it is painted.
 */

import { shownAround } from './flat-tree'

/** They show nothing that is put into them. */
const CHILDLESS = 'video, audio, img, canvas, iframe, embed, object'

/** Where an element has to be for its reader to reach it; `beside` can be reached. */
export function reachable(beside?: Node): Element {
  const modal = topModal(beside)
  return modal && !modal.matches(CHILDLESS) ? modal : document.documentElement
}

/** The one on top: that of what can be reached, or of what has the focus, or the last. */
export function topModal(beside?: Node): Element | null {
  const around = modalAround(beside) ?? modalAround(focused())
  return around ?? [...document.querySelectorAll(':modal')].at(-1) ?? null
}

export function modalAround(node: Node | null | undefined): Element | null {
  if (node) for (const element of shownAround(node)) if (element.matches(':modal')) return element
  return null
}

/** Tells of each that may have opened or closed. */
export function onModal(changed: () => void, signal: AbortSignal): void {
  const heard = { capture: true, signal }
  for (const type of ['toggle', 'fullscreenchange']) {
    document.addEventListener(type, changed, heard)
  }
  // Of one within a shadow tree nobody outside hears, but it takes the focus, and gives it back.
  const within = ({ target }: Event) => {
    if (target instanceof Element && target.shadowRoot) changed()
  }
  for (const type of ['focusin', 'focusout']) document.addEventListener(type, within, heard)
}

function focused(): Element | null {
  let active = document.activeElement
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement
  return active
}
