/**
 * From candidates to a verdict: which place is the passage's, or that none is. A wrong place is
 * worse than none, so a candidate needs evidence of its own and a lead over the next best.
 *
 * The *place* is chosen by everything that was recorded, the marked text and its context alike:
 * where the context stands but the marked text does not, the passage is gone, whatever says the
 * same elsewhere. Only then is the marked text itself judged.
 */

import type { Candidate } from './candidate'
import type { Passage } from './passage'

export interface Found {
  kind: 'exact' | 'moved' | 'changed'
  score: number
  start: number
  end: number
}

/** Verbatim text in foreign surroundings is believed from this length on. */
export const LONG_ENOUGH_ALONE = 32
/** ... and a shorter one only with this much of its context. */
export const CONTEXT_FOR_VERBATIM = 0.3
/** An edited passage between its own neighbours must keep this share of its characters ... */
export const QUOTE_IN_CONTEXT = 0.4
/** ... and one whose neighbours are gone too, this share. */
export const QUOTE_ALONE = 0.7
/** Context above this counts as "its own neighbours". */
export const CONTEXT_KEPT = 0.5
/** Candidates whose weights differ by less than this share of the pattern are told by position. */
export const MARGIN = 0.03

export function decide(passage: Passage, candidates: readonly Candidate[]): Found | null {
  const best = foremost(passage, candidates)
  if (best === null) return null
  if (acceptable(passage, best)) return found(passage, best)
  return null
}

/** The heaviest, and among those about as heavy the nearest to where the passage was. */
function foremost(passage: Passage, candidates: readonly Candidate[]): Candidate | null {
  let heaviest = 0
  for (const { weight } of candidates) heaviest = Math.max(heaviest, weight)
  const floor = heaviest - Math.max(3, MARGIN * passage.pattern.length)
  let best: Candidate | null = null
  for (const candidate of candidates) {
    if (candidate.weight < floor) continue
    if (best === null || better(passage, candidate, best)) best = candidate
  }
  return best
}

function better({ hint }: Passage, candidate: Candidate, best: Candidate): boolean {
  if (hint === null || overlaps(candidate, best)) return candidate.weight > best.weight
  return Math.abs(candidate.start - hint) < Math.abs(best.start - hint)
}

function acceptable(passage: Passage, candidate: Candidate): boolean {
  const length = passage.till - passage.from
  const context = contextOf(candidate)
  if (candidate.verbatim) {
    return context === null || length >= LONG_ENOUGH_ALONE || context >= CONTEXT_FOR_VERBATIM
  }
  const kept = context ?? 0
  if (candidate.quote < (kept >= CONTEXT_KEPT ? QUOTE_IN_CONTEXT : QUOTE_ALONE)) return false
  if (length < LONG_ENOUGH_ALONE) return kept >= 0.6 && candidate.quote >= 0.5
  return candidate.longest >= 8
}

/** How much of what stood around is still there; the better side counts more. */
export function contextOf({ prefix, suffix }: Candidate): number | null {
  if (prefix === null) return suffix
  if (suffix === null) return prefix
  return 0.7 * Math.max(prefix, suffix) + 0.3 * Math.min(prefix, suffix)
}

function overlaps(a: Candidate, b: Candidate): boolean {
  return a.start < b.end && b.start < a.end
}

function found(passage: Passage, candidate: Candidate): Found {
  const context = contextOf(candidate)
  const { start, end, verbatim, weight } = candidate
  const score = Math.max(0, Math.min(1, weight / passage.pattern.length))
  if (!verbatim) return { kind: 'changed', score, start, end }
  const kind = context === null || context >= CONTEXT_FOR_VERBATIM ? 'exact' : 'moved'
  return { kind, score, start, end }
}
