/**
 * Finds annotations again on the page as it is now: one text index and one search for all of them,
 * in slices short enough that the page never stutters.
 */

import type { Place, Position, Quote } from '../model'
import { CodePointRuler } from './code-points'
import { type Change, difference } from './difference'
import { type Folded, foldedOffset } from './fold'
import { graphemesAround } from './graphemes'
import type { Found } from './match/decide'
import { matchAll } from './match/match'
import { type Passage, toPassage } from './match/passage'
import { type Steps, inSlices } from './slices'
import { TextIndex } from './text-index'

export interface Sought {
  id: string
  quote: Quote
  position: Position | null
}

export interface Anchored {
  id: string
  place: Exclude<Place, { kind: 'page' }>
  /** null for an orphan. */
  range: StaticRange | null
  /** Offset in the text index, for reading order; -1 for an orphan. */
  start: number
  end: number
  /** For `changed`: from the quote to what the text says now, word by word. */
  diff?: Change[]
}

export interface AnchorOptions {
  /** Aborting rejects with the signal's reason. */
  signal?: AbortSignal
  /** Look first for what belongs near the part of the page now in view. Default: true. */
  viewportFirst?: boolean
  /** Told of each annotation as soon as its place is known, before all are. */
  each?: (anchored: Anchored) => void
}

/** Answers in the order asked. `root` may be an index, if the page stands as when it was built. */
export async function anchor(
  annotations: readonly Sought[],
  root: Element | TextIndex,
  options: AnchorOptions = {},
): Promise<Anchored[]> {
  if (annotations.length === 0) return []
  return inSlices(steps(annotations, root, options), options.signal)
}

const CHARACTERS_PER_STEP = 8_192

function* steps(
  annotations: readonly Sought[],
  root: Element | TextIndex,
  { viewportFirst = true, each }: AnchorOptions,
): Steps<Anchored[]> {
  const index = root instanceof TextIndex ? root : yield* TextIndex.build(root)
  const folded = yield* index.folded()
  const ruler = yield* CodePointRuler.measure(index.text)
  const sought = viewportFirst ? nearestFirst(annotations, index, ruler) : annotations
  const byPassage = new Map<Passage, Sought>()
  let read = 0
  for (const annotation of sought) {
    const { quote, position } = annotation
    const hint =
      position === null ? null : foldedOffset(folded, ruler.toUnits(position.start))
    const passage = toPassage(quote, hint)
    byPassage.set(passage, annotation)
    read += passage.pattern.length
    if (read < CHARACTERS_PER_STEP) continue
    read = 0
    yield
  }
  const anchored = new Map<Sought, Anchored>()
  yield* matchAll(folded, [...byPassage.keys()], (passage, found) => {
    const annotation = byPassage.get(passage) as Sought
    const result = toAnchored(annotation, found, index, folded)
    anchored.set(annotation, result)
    each?.(result)
  })
  return annotations.map((annotation) => anchored.get(annotation) as Anchored)
}

function toAnchored(
  { id, quote }: Sought,
  found: Found | null,
  index: TextIndex,
  folded: Folded,
): Anchored {
  if (found === null) return orphan(id)
  // An edit may have changed half of what a reader sees as one character.
  const start = graphemesAround(index.text, folded.origin[found.start] as number)[0]
  const end = graphemesAround(index.text, (folded.origin[found.end - 1] as number) + 1)[1]
  const { kind, score } = found
  const range = index.range(start, end)
  if (kind !== 'changed') return { id, place: { kind, score }, range, start, end }
  const now = apart(index.text.slice(start, end))
  return {
    id,
    place: { kind, score, now },
    range,
    start,
    end,
    // Worked out when it is looked at: few readers ask, and a page may hold thousands.
    get diff() {
      return difference(quote.exact, now)
    },
  }
}

/** A copy of its own: a slice keeps all of the page's text for as long as it is kept itself. */
function apart(slice: string): string {
  return JSON.parse(JSON.stringify(slice)) as string
}

function orphan(id: string): Anchored {
  return { id, place: { kind: 'orphan' }, range: null, start: -1, end: -1 }
}

/** By distance from the text that is in the middle of the window. */
function nearestFirst(
  annotations: readonly Sought[],
  index: TextIndex,
  ruler: CodePointRuler,
): Sought[] {
  const inView = offsetInView(index)
  if (inView === null) return [...annotations]
  const distance = ({ position }: Sought): number =>
    position === null ? Infinity : Math.abs(ruler.toUnits(position.start) - inView)
  return annotations
    .map((annotation): [number, Sought] => [distance(annotation), annotation])
    .sort(([a], [b]) => (a === b ? 0 : a - b))
    .map(([, annotation]) => annotation)
}

function offsetInView(index: TextIndex): number | null {
  const { ownerDocument: document } = index.root
  const window = document.defaultView
  if (window === null) return null
  const element = document.elementFromPoint(window.innerWidth / 2, window.innerHeight / 2)
  if (element === null || !index.root.contains(element)) return null
  return index.offsetOf(element, 0)
}
