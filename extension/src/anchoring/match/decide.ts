/**
 * From candidates to a verdict: which place is the passage's, or that none is. A wrong place is
 * worse than none, so a candidate needs evidence of its own and a lead over the next best.
 *
 * The *place* is chosen by everything that was recorded, the marked text and its context alike.
 * Where the context stands and the marked text does not, the passage is gone, whatever says the
 * same elsewhere; unless what is missing there stands elsewhere as one piece: then it moved.
 */

import type { Candidate } from './candidate'
import {
  contextOf,
  isBetweenNeighbours,
  isProven,
  isWhereItWas,
  margin,
  overlaps,
  shift,
  unbroken,
} from './evidence'
import type { Occurrences } from './occurrences'
import type { Passage } from './passage'
import { hasMovedWhole, tornOut, vacantSpot } from './spot'
import {
  AS_MUCH,
  AT_HINT,
  CONTEXT_FOR_VERBATIM,
  CONTEXT_KEPT,
  FEW_WORDS,
  LONG_ENOUGH_ALONE,
  MOST_LOST,
  NEIGHBOURS_DAMAGED,
  NEIGHBOURS_WHOLE,
  QUOTE_ALONE,
  QUOTE_AMONG_LOOKALIKES,
  QUOTE_BESIDE_CONTEXT,
  QUOTE_IN_CONTEXT,
  QUOTE_LEFT,
} from './thresholds'

export interface Found {
  kind: 'exact' | 'moved' | 'changed'
  score: number
  start: number
  end: number
  /** To the letter, and none of the look-alikes: others may go by it. */
  sure: boolean
}

export function decide(
  passage: Passage,
  candidates: readonly Candidate[],
  occurrences: Occurrences,
): Found | null {
  const present = candidates.filter(({ quote, verbatim }) => verbatim || quote >= QUOTE_LEFT)
  const heaviest = foremost(passage, present)
  if (heaviest === null) return null
  const whole = withinItsOwn(passage, present, toTheLetter(present, heaviest))
  const best = original(passage, present, whole)
  const spot = vacantSpot(passage, candidates, best)
  if (spot !== null) {
    const moved = hasMovedWhole(passage, best, spot, occurrences)
    const mover = moved ? best : tornOut(passage, present, spot)
    return mover && found(passage, mover)
  }
  if (acceptable(passage, best, present, occurrences)) return found(passage, best)
  const only = onlyPlace(passage, present, occurrences)
  return only === null ? whereItWas(passage, present, occurrences) : found(passage, only)
}

/** The heaviest, and among those about as heavy the nearest to where the passage was. */
function foremost(passage: Passage, candidates: readonly Candidate[]): Candidate | null {
  let heaviest = 0
  for (const { weight } of candidates) heaviest = Math.max(heaviest, weight)
  const floor = heaviest - margin(passage)
  let best: Candidate | null = null
  for (const candidate of candidates) {
    if (candidate.weight < floor) continue
    if (best === null || better(passage, candidate, best)) best = candidate
  }
  const { hint } = passage
  if (best === null || hint === null) return best
  if (passage.lookalikes.alone === true || isProven(passage, best)) return best
  // Among look-alikes that were there before, the one on the very spot is it, edited or not.
  const there = candidates.filter(
    ({ start, weight }) => Math.abs(start - hint) <= AT_HINT && weight > 0.6 * heaviest,
  )
  return there.reduce((one, other) => (other.weight > one.weight ? other : one), there[0] ?? best)
}

/** What says it to the letter within a place that was drawn out to more of the context. */
function toTheLetter(candidates: readonly Candidate[], best: Candidate): Candidate {
  if (best.verbatim) return best
  return candidates.find((one) => one.verbatim && overlaps(one, best)) ?? best
}

/**
 * What a page that repeats itself drew out beyond the passage's own neighbours, to words like those
 * that were taken out, is only what stands between them: if such a neighbour stood only there.
 */
function withinItsOwn(
  { lookalikes }: Passage,
  present: readonly Candidate[],
  best: Candidate,
): Candidate {
  if (best.verbatim) return best
  const { alone, prefixTells, suffixTells } = lookalikes
  const own = present.find(
    (one) =>
      overlaps(one, best) &&
      one.quote >= QUOTE_IN_CONTEXT &&
      leastShare(one) >= NEIGHBOURS_WHOLE &&
      2 * one.inserted < best.inserted &&
      (leastShare(best) < NEIGHBOURS_DAMAGED || one.quote >= best.quote - AS_MUCH) &&
      (alone === true || one.start === best.start || prefixTells !== null) &&
      (alone === true || one.end === best.end || suffixTells !== null),
  )
  return own ?? best
}

function leastShare({ prefix, suffix, prefixShare, suffixShare }: Candidate): number {
  return Math.min(prefix === null ? 1 : prefixShare, suffix === null ? 1 : suffixShare)
}

/**
 * What stood alone and now stands twice was copied, with what stands around the copy unbroken. The
 * original has all of that around it, and more, and stands further on if the copy was put before.
 */
function original(
  passage: Passage,
  present: readonly Candidate[],
  best: Candidate,
): Candidate {
  const { hint, lookalikes } = passage
  if (hint === null || lookalikes.alone !== true || !best.verbatim) return best
  if (best.start >= hint - AT_HINT) return best
  const [before, after] = unbroken(passage, best)
  const has = (one: Candidate): boolean => {
    const [more, yetMore] = unbroken(passage, one)
    return more >= before && yetMore >= after && more + yetMore > before + after
  }
  return present.find((one) => one.verbatim && one.start >= hint && has(one)) ?? best
}

function better({ hint }: Passage, candidate: Candidate, best: Candidate): boolean {
  if (hint === null || overlaps(candidate, best)) {
    // One place, once drawn out to what stands further off: believed where its neighbours stand.
    const less = candidate.inserted - best.inserted
    if (less !== 0 && isBetweenNeighbours(less < 0 ? candidate : best)) return less < 0
    return candidate.weight > best.weight
  }
  return shift(candidate.start - hint) < shift(best.start - hint)
}

function acceptable(
  passage: Passage,
  candidate: Candidate,
  present: readonly Candidate[],
  occurrences: Occurrences,
): boolean {
  const length = passage.till - passage.from
  const kept = contextOf(candidate)
  const { quote, inserted } = candidate
  if (quote < 0.5 && inserted > 0.5 * quote * length + FEW_WORDS) return false
  if (quote < 1 - MOST_LOST && inserted > quote * length + FEW_WORDS) return false
  if (passage.lookalikes.alone === false && !isProven(passage, candidate)) {
    // Its look-alikes had some of its context then, and have it now: only position is left.
    if (!isWhereItWas(passage, candidate, present, occurrences)) return false
  }
  if (candidate.verbatim) {
    if (kept === null || kept >= CONTEXT_FOR_VERBATIM) return true
    const { alone } = passage.lookalikes
    return alone === true ? occurrences.count() === 1 : length >= LONG_ENOUGH_ALONE
  }
  if (isBetweenNeighbours(candidate)) {
    const share = Math.max(quote, candidate.words)
    return share >= (inserted === 0 ? QUOTE_LEFT : QUOTE_IN_CONTEXT)
  }
  if ((kept ?? 0) >= CONTEXT_KEPT && candidate.quote >= QUOTE_BESIDE_CONTEXT) return true
  if (length < LONG_ENOUGH_ALONE || candidate.longest < 8) return false
  if (passage.lookalikes.alone === true) return candidate.quote >= QUOTE_ALONE
  return candidate.quote >= QUOTE_AMONG_LOOKALIKES && (kept ?? 0) >= CONTEXT_FOR_VERBATIM
}

/**
 * What stood alone on its page and stands once on this one, to the letter: whatever is more like it
 * for its context says something else.
 */
function onlyPlace(
  { lookalikes, from, till }: Passage,
  present: readonly Candidate[],
  occurrences: Occurrences,
): Candidate | null {
  if (lookalikes.alone !== true || till - from < LONG_ENOUGH_ALONE) return null
  return occurrences.count() === 1 ? (present.find(({ verbatim }) => verbatim) ?? null) : null
}

/** With its surroundings rewritten, the same words where they were are believed. */
function whereItWas(
  passage: Passage,
  present: readonly Candidate[],
  occurrences: Occurrences,
): Found | null {
  const { hint } = passage
  if (hint === null) return null
  let nearest: Candidate | null = null
  for (const candidate of present) {
    if (!candidate.verbatim) continue
    if (nearest === null || Math.abs(candidate.start - hint) < Math.abs(nearest.start - hint)) {
      nearest = candidate
    }
  }
  if (nearest === null || !isWhereItWas(passage, nearest, present, occurrences)) return null
  return found(passage, nearest)
}

function found(passage: Passage, candidate: Candidate): Found {
  const context = contextOf(candidate)
  const { start, end, verbatim, weight } = candidate
  const score = Math.max(0, Math.min(1, weight / passage.pattern.length))
  if (!verbatim) return { kind: 'changed', score, start, end, sure: false }
  const kind = context === null || context >= CONTEXT_FOR_VERBATIM ? 'exact' : 'moved'
  const { alone } = passage.lookalikes
  const sure = alone === true || (alone === false && isProven(passage, candidate))
  return { kind, score, start, end, sure: kind === 'exact' && sure }
}
