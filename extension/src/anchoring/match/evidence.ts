/** What speaks for a candidate: how much of its context stands, how near it is, what it proves. */

import { TELLING_SHARE, WHOLE_SHARE } from '../context'
import type { Candidate } from './candidate'
import { type Occurrences, chanceOf } from './occurrences'
import type { Passage } from './passage'
import {
  AT_HINT,
  CHANCE,
  CONTEXT_AT_SPOT,
  CONTEXT_HELPS,
  LARGEST_MARGIN,
  MARGIN,
} from './thresholds'

export function isBetweenNeighbours({ prefix, suffix }: Candidate): boolean {
  return Math.min(prefix ?? 1, suffix ?? 1) >= CONTEXT_AT_SPOT
}

/** Whether so much of the context stands that this can be none of the look-alikes. */
export function isProven(passage: Passage, candidate: Candidate): boolean {
  const { lookalikes, from, till, pattern } = passage
  const { prefixShare, suffixShare } = candidate
  const all = from + pattern.length - till
  const both = prefixShare * from + suffixShare * (pattern.length - till)
  if (all === 0) return false
  return (
    (lookalikes.wholeTells && both >= WHOLE_SHARE * all) ||
    (lookalikes.prefixTells && prefixShare >= TELLING_SHARE) ||
    (lookalikes.suffixTells && suffixShare >= TELLING_SHARE) ||
    (lookalikes.bothTell && both >= TELLING_SHARE * all)
  )
}

/** Whether chance would hardly have put one of so many places so near to where the passage was. */
export function isWhereItWas(
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

export function context(candidate: Candidate): number {
  return contextOf(candidate) ?? 0
}

export function overlaps(a: Candidate, b: Candidate): boolean {
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
