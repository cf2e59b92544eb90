/**
 * What the reader has selected, and when they are done selecting it.
 *
 * A mouse is done when its button comes up; a finger or the keyboard when the selection has stood
 * still for a moment. Text that is being edited is none of our business.
 */

import type { Frame } from './frame'
import { withinTree } from './tree-range'

/** Long enough for the next press of an arrow key or the next nudge of a handle. */
const STILL_MS = 250

export type Means = 'mouse' | 'touch' | 'keyboard'

/** Tells of each finished selection, and (null) of each that is given up. */
export function onSelection(
  frame: Frame,
  tell: (ranges: Range[] | null, means: Means) => void,
  signal: AbortSignal,
): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let means: Means = frame.touched ? 'touch' : 'mouse'

  const look = () => {
    clearTimeout(timer)
    if (frame.pressed || signal.aborted) return
    const ranges = selectedRanges()
    tell(ranges.length ? ranges : null, means)
  }
  const lookIn = (milliseconds: number) => {
    clearTimeout(timer)
    timer = setTimeout(look, milliseconds)
  }
  const point = (event: PointerEvent) => {
    means = event.pointerType === 'mouse' ? 'mouse' : 'touch'
    // A click on a selection clears it only after the button came up.
    if (event.type !== 'pointerdown') lookIn(means === 'mouse' ? 0 : STILL_MS)
  }
  // A finger held until it selects a word is cancelled: from there on it is the browser's.
  for (const type of ['pointerdown', 'pointerup', 'pointercancel'] as const) {
    addEventListener(type, point, { capture: true, signal })
  }
  addEventListener('keydown', () => (means = 'keyboard'), { capture: true, signal })
  // The browser tells of the last change only after the button came up.
  const changed = () => lookIn(means === 'mouse' ? 0 : STILL_MS)
  document.addEventListener('selectionchange', changed, { signal })
  signal.addEventListener('abort', () => clearTimeout(timer))
  // The selection that had this script loaded may be finished by now.
  lookIn(0)
}

/** The selected passages outside of anything that is being edited; Firefox can hold several. */
export function selectedRanges(): Range[] {
  const selection = getSelection()
  if (!selection || editing(document)) return []
  return rangesOf(selection, globalThis.postil?.trees ?? []).map(withinBody).filter(worthMarking)
}

export function clearSelection(): void {
  getSelection()?.removeAllRanges()
}

function rangesOf(selection: Selection, roots: ShadowRoot[]): Range[] {
  if (roots.length && selection.getComposedRanges) {
    const composed = selection.getComposedRanges({ shadowRoots: roots })
    if (composed.some(inTree)) return composed.map(withinTree)
  }
  return Array.from({ length: selection.rangeCount }, (_, index) => selection.getRangeAt(index))
}

function inTree({ collapsed, startContainer, endContainer }: AbstractRange): boolean {
  if (collapsed) return false
  return [startContainer, endContainer].some((node) => node.getRootNode() instanceof ShadowRoot)
}

export function liveRange(range: AbstractRange): Range {
  const live = document.createRange()
  live.setStart(range.startContainer, range.startOffset)
  live.setEnd(range.endContainer, range.endOffset)
  return live
}

/** Selecting everything reaches beyond the body, to where our own interface stands. */
function withinBody(range: Range): Range {
  const { body } = document
  if (!body || !range.intersectsNode(body) || range.startContainer.getRootNode() !== document) {
    return range
  }
  const cut = range.cloneRange()
  if (!body.contains(range.startContainer)) cut.setStart(body, 0)
  if (!body.contains(range.endContainer)) cut.setEnd(body, body.childNodes.length)
  return cut
}

function worthMarking(range: Range): boolean {
  if (range.collapsed) return false
  const node = range.commonAncestorContainer
  const element = node instanceof Element ? node : node.parentElement
  if (element instanceof HTMLElement && element.isContentEditable) return false
  if (element?.closest('postil-ui, input, textarea, select')) return false
  return /\S/.test(range.toString())
}

function editing(scope: Document | ShadowRoot): boolean {
  const active = scope.activeElement
  if (active?.shadowRoot) return editing(active.shadowRoot)
  if (active instanceof HTMLInputElement || active instanceof HTMLTextAreaElement) return true
  return active instanceof HTMLElement && active !== document.body && active.isContentEditable
}
