/**
 * The places of a page that say something like a quote, as the matcher itself sees them: how much
 * of the quote's context they share decides how much of it must be recorded.
 */

import { LONGEST_CONTEXT, type Shared, contextAmong, leastContext } from './context'
import { type Folded, foldedOffset } from './fold'
import type { Candidate } from './match/candidate'
import { type Passage, toPassage } from './match/passage'
import { search } from './match/search'
import { atOnce } from './slices'

/** A place that says this much of the quote is a look-alike. */
const LIKENESS = 0.5
const MOST_LOOKALIKES = 40

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
  const hint = foldedOffset(folded, start)
  const passage = toPassage({ exact, prefix, suffix }, hint)
  const bare = toPassage({ exact, prefix: '', suffix: '' }, hint)
  const shared = sharedByAny(folded, passage, bare)
  if (shared === null) return [leastContext(exact), leastContext(exact)]
  const { from, till, pattern } = passage
  const spread = (prefix.length + suffix.length) / Math.max(1, from + pattern.length - till)
  return contextAmong(exact, {
    before: shared.before * spread,
    after: shared.after * spread,
    both: shared.both * spread,
  })
}

/** The most that any of them has of the context, in folded characters; null if there is none. */
function sharedByAny(folded: Folded, passage: Passage, bare: Passage): Shared | null {
  const { from, till, pattern } = passage
  const start = passage.hint as number
  const end = start + till - from
  const shared: Shared = { before: -1, after: 0, both: 0 }
  const each = (sought: Passage, candidates: Candidate[]): void => {
    for (const candidate of candidates) {
      const { quote, prefixShare, suffixShare } = candidate
      if (quote < LIKENESS || (candidate.start < end && start < candidate.end)) continue
      // One so near stands in the same context, a few words further: nothing is to be told there.
      const apart = sought === passage && Math.abs(candidate.start - start) > LONGEST_CONTEXT
      const before = apart ? prefixShare * from : 0
      const after = apart ? suffixShare * (pattern.length - till) : 0
      shared.before = Math.max(shared.before, before)
      shared.after = Math.max(shared.after, after)
      shared.both = Math.max(shared.both, before + after)
    }
  }
  atOnce(search(folded, [passage, bare], each, MOST_LOOKALIKES))
  if (shared.before < 0) return null
  const { text } = folded
  const before = leastUnique(from, (size) => isUnique(text, start - size, end))
  const after = leastUnique(pattern.length - till, (size) => isUnique(text, start, end + size))
  return {
    before: Math.max(shared.before, before),
    after: Math.max(shared.after, after),
    both: shared.both,
  }
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
