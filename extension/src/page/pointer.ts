/** What the pointer is on: clicks on highlights, and a cursor that shows they can be clicked. */

import type { Host } from './host'
import type { Mark } from './mark'
import { liveRange } from './selection'

/** `highlightsFromPoint` costs a millisecond or more: not at every move of the mouse. */
const HOVER_MS = 80

/** A click on these means something to the page already. */
const INTERACTIVE =
  'a[href], area, button, input, select, textarea, label, summary, option, video, audio, ' +
  '[contenteditable], [role=button], [role=link], [role=checkbox], [role=tab], [role=menuitem]'

export interface PointerOptions {
  host: Host
  marks: () => Mark[]
  /** Those under the pointer, the shortest first. */
  clicked: (marks: Mark[]) => void
  /** Rests on these; on none when it left. */
  hovered: (marks: Mark[]) => void
  /** The same, where a click is the page's: on links, buttons, fields. */
  passed: (marks: Mark[], x: number, y: number) => void
}

export function onPointer(options: PointerOptions, signal: AbortSignal): void {
  const { host, marks, clicked } = options
  const click = (event: MouseEvent) => {
    const { button, ctrlKey, metaKey, shiftKey, altKey } = event
    if (button !== 0 || ctrlKey || metaKey || shiftKey || altKey) return
    if (getSelection()?.type === 'Range' || host.heard(event)) return
    const spot = spotOf(event)
    if (isInteractive(spot)) return
    const hit = marksAt(spot, marks())
    if (hit.length) clicked(hit)
  }
  addEventListener('click', click, { capture: true, signal })
  hover(options, signal)
}

/** Where the pointer was; an event forgets its path once it was dispatched. */
export interface Spot {
  x: number
  y: number
  pressed: boolean
  path: EventTarget[]
}

export function spotOf(event: MouseEvent): Spot {
  const { clientX: x, clientY: y, buttons } = event
  return { x, y, pressed: buttons !== 0, path: event.composedPath() }
}

/** The marks painted at a point, the shortest first: what lies inside another is reached so. */
export function marksAt({ x, y, path }: Spot, marks: readonly Mark[]): Mark[] {
  const shadowRoots = path.filter((node) => node instanceof ShadowRoot)
  const hits = CSS.highlights.highlightsFromPoint?.(x, y, { shadowRoots })
  if (!hits) return marks.filter((mark) => mark.range && covers(mark.range, x, y))
  const ranges = new Set(hits.flatMap((hit) => hit.ranges))
  const length = (mark: Mark) => mark.annotation.quote?.exact.length ?? 0
  return marks
    .filter((mark) => mark.range && ranges.has(mark.range))
    .sort((a, b) => length(a) - length(b))
}

function covers(range: StaticRange, x: number, y: number): boolean {
  return [...liveRange(range).getClientRects()].some((box) => {
    return x >= box.left && x <= box.right && y >= box.top && y <= box.bottom
  })
}

export function isInteractive({ path }: Spot): boolean {
  return path.some((node) => node instanceof Element && node.matches(INTERACTIVE))
}

/**
 * The cursor is set by a sheet of our own that is switched on and off: the page's elements and
 * their attributes are left alone.
 */
function hover({ host, marks, hovered, passed }: PointerOptions, signal: AbortSignal): void {
  const pointing = pointingCursor(signal)
  let waiting = 0
  let last: Spot | null = null
  const look = () => {
    waiting = 0
    if (!last || last.path.some((node) => host.owns(node))) return pointing(false)
    const over = last.pressed ? [] : marksAt(last, marks())
    const theirs = over.length > 0 && isInteractive(last)
    pointing(over.length > 0 && !theirs)
    hovered(over)
    passed(theirs ? over : [], last.x, last.y)
  }
  const move = (event: MouseEvent) => {
    last = spotOf(event)
    waiting ||= setTimeout(look, HOVER_MS)
  }
  addEventListener('mousemove', move, { passive: true, capture: true, signal })
  signal.addEventListener('abort', () => clearTimeout(waiting))
}

/** Firefox shields the list of sheets from extensions; the cursor stays as it is there. */
function pointingCursor(signal: AbortSignal): (on: boolean) => void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('html { cursor: pointer !important }')
  sheet.disabled = true
  try {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]
  } catch {
    return () => {}
  }
  signal.addEventListener('abort', () => {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet)
  })
  return (on) => (sheet.disabled = !on)
}
