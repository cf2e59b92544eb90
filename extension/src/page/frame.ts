/**
 * What the boot script and the page script of one frame share. Both run in the extension's isolated
 * world, whose global no page can see; each is bundled alone, so this object is their only tie.
 */

import type { PageAddress } from '../model'

export interface Frame {
  /** Whether this copy of the extension is no longer the one in charge of the frame. */
  ended?: boolean
  /** The address to ask and to file under, now. */
  address(): PageAddress
  /** Ends this copy if the extension it belongs to is gone; says whether it is. */
  stepAside(): boolean
  /** The page script's run, while there is one; aborting it takes all of Postil off the page. */
  page?: AbortController | null
  /** Whether a mouse button is down: a selection may still be growing. */
  pressed?: boolean
  /** Whether it was a finger, or a pen, that pointed last. */
  touched?: boolean
  /** The shadow trees around what it pointed at: what is selected in them only they can tell. */
  trees: ShadowRoot[]
  /** The element our interface lives in. */
  host?: Element | null
  /** Receives what is typed into our interface, and its focus: the page is not to see either. */
  typed?: ((event: Event) => void) | null
}

/** Whether the reader is in this frame: not in one around it, nor in one within. */
export function isIn(): boolean {
  return !isWithin() && (window === top || document.hasFocus())
}

/** Whether the reader went into a frame within this one. */
export function isWithin(): boolean {
  return /^i?frame$/.test(document.activeElement?.localName ?? '')
}

declare global {
  var postil: Frame | undefined
}
