/**
 * The places of a page that say something like a quote, as the matcher itself sees them: how much
 * of the quote's context they share decides how much of it must be recorded.
 */

import { Absence, type Span } from './absence'
import {
  type Doubt,
  LONGEST_CONTEXT,
  MOST_DOUBT,
  type Shared,
  contextFor,
  stricterContext,
  withDoubt,
} from './context'
import { type Folded, foldedOffset } from './fold'
import { type Candidate, shareWithin } from './match/candidate'
import { overlaps } from './match/evidence'
import { type Passage, toPassage } from './match/passage'
import { search } from './match/search'
import { atOnce } from './slices'

/** A place that says this much of the quote is a look-alike. */
const LIKENESS = 0.5
/** All of them are wanted, not the likeliest. */
const RIVALS = { most: 40, rivals: true }

/** Twins farther apart are no neighbours. */
const LONGEST_SECTION = 4_000
/** A section is taken to begin with any of so many blocks before the passage. */
const MOST_BEGINNINGS = 4
/** Each is asked for once more at most: a proof that withstands, or the strictest there is. */
const MOST_TRIES = 12

/** How many characters to record before and after the quote from `start` to `end`. */
export function contextSizes(
  folded: Folded,
  text: string,
  start: number,
  end: number,
): [number, number] {
  const exact = text.slice(start, end)
  const prefix = text.slice(Math.max(0, start - LONGEST_CONTEXT), start)
  const suffix = text.slice(end, end + LONGEST_CONTEXT)
  const there = { before: prefix.length, after: suffix.length }
  const hint = foldedOffset(folded, start)
  const passage = toPassage({ exact, prefix, suffix }, hint)
  const bare = toPassage({ exact, prefix: '', suffix: '' }, hint)
  const { from, till, pattern } = passage
  const spread = (prefix.length + suffix.length) / Math.max(1, from + pattern.length - till)
  const twins: number[] = []
  let shared = inText(sharedByAny(folded, passage, bare, twins), spread)
  let sizes = contextFor(exact, shared, there)

  const place = { start: hint, end: hint + till - from }
  const sections = sectionsWith(folded, text, place, twins)
  const absence = new Absence(folded, place, sections, passage)
  let doubt: Doubt = 0
  for (let tries = 1; ; tries++) {
    const recorded = withDoubt(exact, sizes, doubt)
    const around = {
      exact,
      prefix: prefix.slice(prefix.length - recorded[0]),
      suffix: suffix.slice(0, recorded[1]),
    }
    const asRecorded = toPassage(around, hint - absence.low)
    const mistake = absence.mistake(asRecorded, doubt < MOST_DOUBT)
    if (mistake === null || tries === MOST_TRIES) return recorded
    if (mistake.byPosition) {
      doubt = (doubt + 1) as Doubt
      continue
    }
    shared = most(shared, inText(sharedBy(mistake.taken, asRecorded), spread))
    const more = contextFor(exact, shared, there)
    const stricter = isMore(more, sizes) ? more : stricterContext(sizes, there)
    if (stricter === null) return recorded
    sizes = stricter
  }
}

/**
 * What of the page may be taken out with the passage: the block that holds it, and, where twins
 * follow one another, as much as brings the next one to its place, from the beginning of a block.
 */
function sectionsWith(
  folded: Folded,
  text: string,
  { start, end }: Span,
  twins: readonly number[],
): Span[] {
  const at = folded.origin[start] as number
  const last = folded.origin[end - 1] as number
  const lineStart = (at: number): number =>
    foldedOffset(folded, text.lastIndexOf('\n', at - 1) + 1)
  const lineEnd = (at: number): number => {
    const found = text.indexOf('\n', at)
    return foldedOffset(folded, found === -1 ? text.length : found)
  }
  const sections = [{ start: lineStart(at), end: lineEnd(last + 1) }]
  for (const near of [nearestOf(twins, start, 1), nearestOf(twins, start, -1)]) {
    if (near === null) continue
    const period = Math.abs(near - start)
    if (period < end - start || period > LONGEST_SECTION) continue
    for (let from = start, tried = 0; from >= 0 && tried < MOST_BEGINNINGS; tried++, from--) {
      from = lineStart(folded.origin[from] as number)
      if (from <= end - period) break
      sections.push({ start: from, end: from + period })
    }
  }
  return sections
}

function nearestOf(places: readonly number[], start: number, way: 1 | -1): number | null {
  const distances = places.map((place) => way * (place - start)).filter((away) => away > 0)
  return distances.length === 0 ? null : start + way * Math.min(...distances)
}

function inText(shared: Shared | null, spread: number): Shared | null {
  if (shared === null) return null
  const { before, after, both, unique } = shared
  return { before: before * spread, after: after * spread, both: both * spread, unique }
}

function sharedBy({ prefixShare, suffixShare }: Candidate, passage: Passage): Shared {
  const before = prefixShare * passage.from
  const after = suffixShare * (passage.pattern.length - passage.till)
  return { before, after, both: before + after, unique: true }
}

function most(a: Shared | null, b: Shared | null): Shared | null {
  if (a === null || b === null) return a ?? b
  return {
    before: Math.max(a.before, b.before),
    after: Math.max(a.after, b.after),
    both: Math.max(a.both, b.both),
    unique: a.unique && b.unique,
  }
}

function isMore(a: readonly [number, number], b: readonly [number, number]): boolean {
  return a[0] !== b[0] || a[1] !== b[1]
}

/** The most that any of them has of the context, in folded characters; null if there is none. */
function sharedByAny(
  folded: Folded,
  passage: Passage,
  bare: Passage,
  twins: number[],
): Shared | null {
  const { from, till, pattern } = passage
  const start = passage.hint as number
  const end = start + till - from
  const shared: Shared = { before: -1, after: 0, both: 0, unique: true }
  const each = (sought: Passage, candidates: Candidate[]): void => {
    for (const candidate of candidates) {
      // What overlaps the passage is one for what of it would stand there still when the passage
      // is gone; much of that is in a text that repeats itself, nothing in the passage shortened.
      const beyond = Math.max(0, start - candidate.start) + Math.max(0, candidate.end - end)
      const stays = overlaps(candidate, { start, end }) ? beyond / (end - start) : 1
      if (Math.min(candidate.quote, stays) < LIKENESS) continue
      twins.push(candidate.start)
      const [before, after] = sought === passage ? ownContext(passage, candidate) : [0, 0]
      shared.before = Math.max(shared.before, before)
      shared.after = Math.max(shared.after, after)
      shared.both = Math.max(shared.both, before + after)
    }
  }
  atOnce(search(folded, [passage, bare], each, RIVALS))
  if (shared.before < 0) return null
  const { text } = folded
  const before = leastUnique(from, (size) => isUnique(text, start - size, end))
  const after = leastUnique(pattern.length - till, (size) => isUnique(text, start, end + size))
  return {
    before: Math.max(shared.before, before),
    after: Math.max(shared.after, after),
    both: shared.both,
    unique: isUnique(text, start - from, end + pattern.length - till),
  }
}

/**
 * How much of the passage's context a place has before and after it, in folded characters. One
 * nearby may stand in the very same context, a few words further: that tells nothing of it.
 */
function ownContext(passage: Passage, { chain, start, end }: Candidate): [number, number] {
  const { from, till, pattern, hint } = passage
  const itself = (hint as number) - from
  const own = chain.filter(({ at, to }) => to - at !== itself)
  return [
    shareWithin(own, 0, from, start - from) * from,
    shareWithin(own, till, pattern.length, end - till) * (pattern.length - till),
  ]
}

/** The least size that is unique, or the most; what contains a unique piece is unique as well. */
function leastUnique(most: number, unique: (size: number) => boolean): number {
  let low = 0
  let high = most
  while (low < high) {
    const middle = (low + high) >> 1
    if (unique(middle)) high = middle
    else low = middle + 1
  }
  return low
}

function isUnique(text: string, from: number, till: number): boolean {
  const piece = text.slice(from, till)
  return text.indexOf(piece) === from && text.indexOf(piece, from + 1) === -1
}
