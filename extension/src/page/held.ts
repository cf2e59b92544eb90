/**
 * A finger held on a highlight inside a link, or on anything else whose tap is the page's own. The
 * tap follows the link, as everywhere; while the finger rests there, the way to the highlight shows.
 * What the browser does after a longer while (its menu of the link, a selection) is left to it.
 */

import type { Host } from './host'
import type { Mark } from './mark'
import { isInteractive, marksAt, spotOf } from './pointer'

/** Shorter than the browsers' own long press, which ends all that follows. */
const HELD_MS = 350

/** In pixels: fingers tremble; further than this they scroll. */
const TREMBLE = 10

export interface HeldOptions {
  host: Host
  marks: () => Mark[]
  held: (marks: Mark[], x: number, y: number) => void
}

export function onHeld({ host, marks, held }: HeldOptions, signal: AbortSignal): void {
  let timer = 0
  let from = { x: 0, y: 0 }
  const end = () => clearTimeout(timer)
  const begin = (event: PointerEvent) => {
    end()
    if (event.pointerType === 'mouse' || !event.isPrimary || host.heard(event)) return
    const spot = (from = spotOf(event))
    if (!isInteractive(spot)) return
    const look = () => {
      const on = marksAt(spot, marks())
      if (on.length) held(on, spot.x, spot.y)
    }
    timer = setTimeout(look, HELD_MS)
  }
  const move = ({ clientX, clientY }: PointerEvent) => {
    if (Math.hypot(clientX - from.x, clientY - from.y) > TREMBLE) end()
  }
  const passive = { passive: true, capture: true, signal }
  addEventListener('pointerdown', begin, passive)
  addEventListener('pointermove', move, passive)
  for (const type of ['pointerup', 'pointercancel'] as const) addEventListener(type, end, passive)
  signal.addEventListener('abort', end)
}
