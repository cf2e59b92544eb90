/**
 * What the scripts of one frame share: boot, the one that tells what page it is, and the page
 * script. All run in the extension's isolated world, whose global no page can see; each is bundled
 * alone, so this object is their only tie.
 */

import type { PageAddress } from '../model'
import type { canonicalRule } from './canonical'

export interface Frame {
  /** Whether this copy of the extension is no longer the one in charge of the frame. */
  ended?: boolean
  /** No page can know it: an event of this name is heard until a page takes our listeners away. */
  probe: string
  /** The kind of event that boot heard last. */
  heard?: string
  /** Tells background that there is a page to ask, if there is room for one. */
  shown(): void
  /** Ends this copy, and begins another: the page took away all that listened. */
  startAnew(): void
  /** Ends this copy if the extension it belongs to is gone; says whether it is. */
  stepAside(): boolean
  /** What background asks; null where no page is yet, or no room for one. */
  here?(): Here | null
  /** Whether it was asked, and answered. */
  asked?: boolean
  /** Tells which canonical address is this page's own. */
  believed?: ReturnType<typeof canonicalRule>
  /** Whether background said that its reader wants the site left alone. */
  paused?: boolean
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

export interface Here {
  address: PageAddress
  /** Whether the page script runs. */
  loaded: boolean
}

/** More than the commonest advertisement (300 by 250) has. */
const PARAGRAPH = 76_000 // square pixels

/** Whether this is a frame within a page, and has no room for a note. */
export function isSmall({ page }: Frame): boolean {
  return window !== top && !page && innerWidth * innerHeight < PARAGRAPH
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
