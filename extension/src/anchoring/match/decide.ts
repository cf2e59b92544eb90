/**
 * From candidates to a verdict: which place is the passage's, or that none is. A wrong place is
 * worse than none, so a candidate needs evidence of its own and a lead over the next best.
 *
 * The *place* is chosen by everything that was recorded, the marked text and its context alike.
 * Where the context stands and the marked text does not, the passage is gone, whatever says the
 * same elsewhere; unless what is missing there stands elsewhere as one piece: then it moved.
 */

import { TELLING_SHARE, WHOLE_SHARE } from '../context'
import type { Candidate } from './candidate'
import type { Passage } from './passage'
import { type Occurrences, chanceOf } from './occurrences'

export interface Found {
  kind: 'exact' | 'moved' | 'changed'
  score: number
  start: number
  end: number
  /** To the letter, and none of the look-alikes: others may go by it. */
  sure: boolean
}

/** Verbatim text in foreign surroundings is believed from this length on. */
export const LONG_ENOUGH_ALONE = 32
/** ... and a shorter one only with this much of its context. */
export const CONTEXT_FOR_VERBATIM = 0.3
/** Below this share of its words nothing of the marked text is left. */
export const QUOTE_LEFT = 0.2
/** An edited passage between its own neighbours must keep this share of its words ... */
export const QUOTE_IN_CONTEXT = 0.3
/** ... one with a neighbour on one side only, this share ... */
export const QUOTE_BESIDE_CONTEXT = 0.5
/** ... one that stood alone on its page, this share, wherever it stands ... */
export const QUOTE_ALONE = 0.55
/** ... and one that had look-alikes, this, and at least some of its context. */
export const QUOTE_AMONG_LOOKALIKES = 0.7
/** Context above this counts as "its own neighbours". */
export const CONTEXT_KEPT = 0.5
/** On both sides above this: the very spot, whatever stands there now. */
export const CONTEXT_AT_SPOT = 0.7
/** Candidates whose weights differ by less than this share of the pattern are told by position ... */
export const MARGIN = 0.03
/** ... or than this many characters. */
export const LARGEST_MARGIN = 12
/** A place is believed for its position alone if chance would put one there this seldom. */
export const CHANCE = 0.01
/** ... or up to so many times less seldom, if some of its context stands there too. */
export const CONTEXT_HELPS = 0.2
/** Context taken along to another place counts from this many characters on ... */
export const LEAST_TORN = 8
/** ... where there were look-alikes from this many, since they had some too ... */
export const LEAST_TORN_AMONG_LOOKALIKES = 16
/** ... and with the marked text from this many. */
export const LEAST_MOVED = 20

export function decide(
  passage: Passage,
  candidates: readonly Candidate[],
  occurrences: Occurrences,
): Found | null {
  const present = candidates.filter(({ quote, verbatim }) => verbatim || quote >= QUOTE_LEFT)
  const best = foremost(passage, present)
  if (best === null) return null
  const spot = vacantSpot(passage, candidates, best)
  if (spot !== null) {
    const mover = hasMovedWhole(passage, best, occurrences) ? best : tornOut(passage, present, spot)
    return mover && found(passage, mover)
  }
  if (acceptable(passage, best, present.length, occurrences)) return found(passage, best)
  return whereItWas(passage, present, occurrences)
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
  if (best === null || passage.hint === null) return best
  if (passage.lookalikes.alone === true || isProven(passage, best)) return best
  // Among look-alikes that were there before, the one on the very spot is it, edited or not.
  for (const candidate of candidates) {
    const away = Math.abs(candidate.start - passage.hint)
    if (away <= AT_HINT && candidate.weight > 0.6 * heaviest) return candidate
  }
  return best
}

function margin({ pattern }: Passage): number {
  return Math.min(LARGEST_MARGIN, Math.max(3, MARGIN * pattern.length))
}

function better({ hint }: Passage, candidate: Candidate, best: Candidate): boolean {
  if (hint === null || overlaps(candidate, best)) return candidate.weight > best.weight
  return shift(candidate.start - hint) < shift(best.start - hint)
}

/**
 * Of two equal places one is a copy, so something was put in: before the passage, which then
 * stands further down, or after it, and it stands where it was. Neither brings it forward.
 */
function shift(away: number): number {
  return away >= -AT_HINT ? Math.abs(away) : FORWARD - away
}

/** Nearer than this is the same position. */
const AT_HINT = 3
const FORWARD = 1e9

/** Where the context stands rather than at the best place, without the marked text in it. */
function vacantSpot(
  passage: Passage,
  candidates: readonly Candidate[],
  best: Candidate,
): Candidate | null {
  let spot: Candidate | null = null
  for (const candidate of candidates) {
    if (candidate.verbatim || candidate.quote >= QUOTE_LEFT) continue
    if (spot !== null && candidate.weight <= spot.weight) continue
    if (isRather(passage, candidate, best)) spot = candidate
  }
  return spot
}

/** Whether the passage stood rather at the vacant spot than where its words are. */
function isRather(passage: Passage, spot: Candidate, best: Candidate): boolean {
  const { lookalikes, hint } = passage
  if (spot.weight > best.weight + margin(passage)) return true
  if (overlaps(spot, best) || !isBetweenNeighbours(spot)) return false
  if (lookalikes.alone === true) return context(best) + 0.1 < context(spot)
  if (context(best) < context(spot)) return true
  const nearer = hint !== null && shift(spot.start - hint) < shift(best.start - hint)
  return nearer && context(best) < context(spot) + 0.02
}

/** Whether a passage that left its spot may be believed to have come here, for its words alone. */
function hasMovedWhole(
  { lookalikes, from, till }: Passage,
  { verbatim }: Candidate,
  occurrences: Occurrences,
): boolean {
  if (!verbatim || lookalikes.alone === false) return false
  return lookalikes.alone === true
    ? occurrences.count() === 1
    : till - from >= LONG_ENOUGH_ALONE
}

/**
 * The place where the passage stands with just that of its context that is missing at the spot: a
 * paragraph was taken from there and put here.
 */
function tornOut(
  passage: Passage,
  present: readonly Candidate[],
  spot: Candidate,
): Candidate | null {
  let mover: Candidate | null = null
  let most = 0
  let second = 0
  for (const candidate of present) {
    if (!candidate.verbatim) continue
    const run = tornRun(passage, candidate, spot)
    if (run <= most && mover !== null && !overlaps(mover, candidate)) second = Math.max(second, run)
    if (run <= most) continue
    if (mover !== null && !overlaps(mover, candidate)) second = most
    most = run
    mover = candidate
  }
  const length = passage.till - passage.from
  const least = passage.lookalikes.alone === false ? LEAST_TORN_AMONG_LOOKALIKES : LEAST_TORN
  const enough = most >= least && most + length >= LEAST_MOVED
  return enough && second < 0.75 * most ? mover : null
}

/** How much context stands unbroken around the marked text here, of which the spot has nothing. */
function tornRun({ from, till }: Passage, candidate: Candidate, spot: Candidate): number {
  const block = candidate.chain.find(({ at, length }) => at <= from && at + length >= till)
  if (block === undefined) return 0
  const end = block.at + block.length
  const run = from - block.at + end - till
  const claimed = matchedWithin(spot.chain, block.at, from) + matchedWithin(spot.chain, till, end)
  return claimed <= 0.25 * run ? run : 0
}

function matchedWithin(chain: Candidate['chain'], low: number, high: number): number {
  let matched = 0
  for (const { at, length } of chain) {
    matched += Math.max(0, Math.min(at + length, high) - Math.max(at, low))
  }
  return matched
}

function acceptable(
  passage: Passage,
  candidate: Candidate,
  places: number,
  occurrences: Occurrences,
): boolean {
  const length = passage.till - passage.from
  const kept = contextOf(candidate)
  if (candidate.quote < 0.5 && candidate.inserted > 0.5 * candidate.quote * length + 24) return false
  if (passage.lookalikes.alone === false && !isProven(passage, candidate)) {
    // Its look-alikes had some of its context then, and have it now: only position is left.
    if (!isWhereItWas(passage, candidate, places, occurrences)) return false
  }
  if (candidate.verbatim) {
    if (kept === null || kept >= CONTEXT_FOR_VERBATIM) return true
    return passage.lookalikes.alone === true ? occurrences.count() === 1 : length >= LONG_ENOUGH_ALONE
  }
  if (isBetweenNeighbours(candidate)) {
    return candidate.quote >= (candidate.inserted === 0 ? QUOTE_LEFT : QUOTE_IN_CONTEXT)
  }
  if ((kept ?? 0) >= CONTEXT_KEPT && candidate.quote >= QUOTE_BESIDE_CONTEXT) return true
  if (length < LONG_ENOUGH_ALONE || candidate.longest < 8) return false
  if (passage.lookalikes.alone === true) return candidate.quote >= QUOTE_ALONE
  return candidate.quote >= QUOTE_AMONG_LOOKALIKES && (kept ?? 0) >= CONTEXT_FOR_VERBATIM
}

function isBetweenNeighbours({ prefix, suffix }: Candidate): boolean {
  return Math.min(prefix ?? 1, suffix ?? 1) >= CONTEXT_AT_SPOT
}

/** Whether so much of the context stands that this can be none of the look-alikes. */
function isProven(passage: Passage, candidate: Candidate): boolean {
  const { lookalikes, from, till, pattern } = passage
  const { prefixShare, suffixShare } = candidate
  const all = from + pattern.length - till
  const both = prefixShare * from + suffixShare * (pattern.length - till)
  return (
    (lookalikes.wholeTells && both >= WHOLE_SHARE * all) ||
    (lookalikes.prefixTells && prefixShare >= TELLING_SHARE) ||
    (lookalikes.suffixTells && suffixShare >= TELLING_SHARE) ||
    (lookalikes.bothTell && both >= TELLING_SHARE * all)
  )
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
  if (nearest === null || !isWhereItWas(passage, nearest, 1, occurrences)) return null
  return found(passage, nearest)
}

/** Whether chance would hardly have put one of so many places so near to where the passage was. */
function isWhereItWas(
  { hint }: Passage,
  candidate: Candidate,
  places: number,
  occurrences: Occurrences,
): boolean {
  if (hint === null) return false
  const away = Math.abs(candidate.start - hint)
  const chance = chanceOf(Math.max(places, occurrences.count()), away, occurrences.size)
  return chance * Math.max(CONTEXT_HELPS, Math.pow(10, -4 * context(candidate))) <= CHANCE
}

/** How much of what stood around is still there; the better side counts more. */
export function contextOf({ prefix, suffix }: Candidate): number | null {
  if (prefix === null) return suffix
  if (suffix === null) return prefix
  return 0.7 * Math.max(prefix, suffix) + 0.3 * Math.min(prefix, suffix)
}

function context(candidate: Candidate): number {
  return contextOf(candidate) ?? 0
}

function overlaps(a: Candidate, b: Candidate): boolean {
  return a.start < b.end && b.start < a.end
}

function found(passage: Passage, candidate: Candidate): Found {
  const context = contextOf(candidate)
  const { start, end, verbatim, weight } = candidate
  const score = Math.max(0, Math.min(1, weight / passage.pattern.length))
  if (!verbatim) return { kind: 'changed', score, start, end, sure: false }
  const kind = context === null || context >= CONTEXT_FOR_VERBATIM ? 'exact' : 'moved'
  const sure = passage.lookalikes.alone === true || isProven(passage, candidate)
  return { kind, score, start, end, sure: kind === 'exact' && sure }
}
