/** What speaks for a candidate: how much of its context stands, how near it is, what it proves. */

import { MOST_DOUBT } from '../context'
import type { Candidate } from './candidate'
import { type Occurrences, chanceOf } from './occurrences'
import type { Passage } from './passage'
import {
  AT_HINT,
  CHANCE,
  CONTEXT_AT_SPOT,
  CONTEXT_FOR_VERBATIM,
  CONTEXT_HELPS,
  CONTEXT_KEPT,
  LARGEST_MARGIN,
  LEAST_RUN,
  LONGER_RUN,
  MARGIN,
  MORE_RUN,
  QUOTE_SHIFTED,
  QUOTE_SHIFTED_BESIDE_TWIN,
  TO_THE_LETTER,
} from './thresholds'

export function isBetweenNeighbours({ prefix, suffix }: Candidate): boolean {
  return Math.min(prefix ?? 1, suffix ?? 1) >= CONTEXT_AT_SPOT
}

/** Whether so much of the context stands that this can be none of the look-alikes. */
export function isProven(passage: Passage, candidate: Candidate): boolean {
  const { lookalikes, from, till, pattern } = passage
  const { prefixTells, suffixTells, bothTell, wholeTells } = lookalikes
  const after = pattern.length - till
  if (from + after === 0) return false
  const { prefixShare, suffixShare } = candidate
  if (prefixTells !== null && prefixShare >= prefixTells.share) return true
  if (suffixTells !== null && suffixShare >= suffixTells.share) return true
  const both = (prefixShare * from + suffixShare * after) / (from + after)
  if (bothTell !== null && both >= bothTell) return true
  const [before, behind] = unbroken(passage, candidate)
  if (wholeTells && before === from && behind === after) return true
  return (
    (prefixTells !== null && before >= prefixTells.unbroken * from) ||
    (suffixTells !== null && behind >= suffixTells.unbroken * after)
  )
}

/** How much context stands, to the letter and without a gap, before and after the quote. */
export function unbroken({ from, till }: Passage, { chain }: Candidate): [number, number] {
  const block = chain.find(({ at, length }) => at <= from && at + length >= till)
  return block === undefined ? [-1, -1] : [from - block.at, block.at + block.length - till]
}

/**
 * Whether chance would hardly have put one of so many places so near to where the passage was.
 * Look-alikes come in clusters: what does not even say it to the letter is measured by how densely
 * they stand here, if that is more than on the whole page.
 */
export function isWhereItWas(
  passage: Passage,
  candidate: Candidate,
  present: readonly Candidate[],
  occurrences: Occurrences,
): boolean {
  const { hint } = passage
  if (hint === null || isOutrun(passage, candidate, present)) return false
  const away = Math.abs(candidate.start - hint)
  if (mayBeTwin(passage, candidate, away)) return false
  const places = candidate.verbatim
    ? Math.max(present.length, occurrences.count())
    : Math.max(1, occurrences.count(), occurrences.size / spacing(candidate, present))
  const chance = chanceOf(places, away, occurrences.size)
  // What is not even to the letter must have its own context for that to speak for it.
  const kept = context(candidate)
  const unsure = passage.lookalikes.doubt > 0 && away > AT_HINT && isLikeItsOwn(kept)
  const helps = !unsure && (candidate.verbatim || kept >= CONTEXT_KEPT)
  const less = helps ? Math.max(CONTEXT_HELPS, Math.pow(10, -4 * kept)) : 1
  return chance * less <= CHANCE
}

/**
 * Whether it may be a twin that moved up to where the passage was. A twin has surroundings like the
 * passage's own, though not the same: where next to nothing of them stands, they were rewritten,
 * and where all of them do, it is no twin but a copy.
 */
function mayBeTwin({ lookalikes }: Passage, candidate: Candidate, away: number): boolean {
  const { doubt, wholeTells } = lookalikes
  const { verbatim, quote } = candidate
  const kept = context(candidate)
  if (away <= AT_HINT) {
    return doubt === MOST_DOUBT && wholeTells && kept >= CONTEXT_KEPT && kept < TO_THE_LETTER
  }
  if (!verbatim && quote < (doubt === 0 ? QUOTE_SHIFTED : QUOTE_SHIFTED_BESIDE_TWIN)) return true
  return doubt > 1 && isLikeItsOwn(kept)
}

function isLikeItsOwn(kept: number): boolean {
  return kept >= CONTEXT_FOR_VERBATIM && kept < TO_THE_LETTER
}

/**
 * Whether the context stands unbroken here for a while, and for much longer at another place: then
 * nobody rewrote it here, it is another's.
 */
function isOutrun(
  passage: Passage,
  candidate: Candidate,
  present: readonly Candidate[],
): boolean {
  if (passage.lookalikes.alone !== false) return false
  const run = runOf(passage, candidate)
  if (run < LEAST_RUN) return false
  const longer = LONGER_RUN * run + MORE_RUN
  return present.some(
    (other) => other.verbatim && !overlaps(other, candidate) && runOf(passage, other) > longer,
  )
}

function runOf(passage: Passage, candidate: Candidate): number {
  const [before, after] = unbroken(passage, candidate)
  return before + after
}

/** How far it is to the next place. */
function spacing(candidate: Candidate, present: readonly Candidate[]): number {
  let least = Infinity
  for (const other of present) {
    if (overlaps(candidate, other)) continue
    least = Math.min(least, Math.abs(candidate.start - other.start))
  }
  return least
}

/** How much of what stood around is still there; the better side counts more. */
export function contextOf({ prefix, suffix }: Candidate): number | null {
  if (prefix === null) return suffix
  if (suffix === null) return prefix
  return 0.7 * Math.max(prefix, suffix) + 0.3 * Math.min(prefix, suffix)
}

export function context(candidate: Candidate): number {
  return contextOf(candidate) ?? 0
}

type Span = Pick<Candidate, 'start' | 'end'>

export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end
}

export function margin({ pattern }: Passage): number {
  return Math.min(LARGEST_MARGIN, Math.max(3, MARGIN * pattern.length))
}

/**
 * Of two equal places one is a copy, so something was put in: before the passage, which then
 * stands further down, or after it, and it stands where it was. Neither brings it forward.
 */
export function shift(away: number): number {
  return away >= -AT_HINT ? Math.abs(away) : FORWARD - away
}

const FORWARD = 1e9
