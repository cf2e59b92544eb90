/**
 * From candidates to a verdict: which place is the passage's, or that none is. A wrong place is
 * worse than none, so a candidate needs evidence of its own and a lead over the next best.
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
export const LONG_ENOUGH_ALONE = 24
/** ... and a shorter one only with this much of its context, or this near to where it was. */
export const CONTEXT_FOR_VERBATIM = 0.3
/** An edited passage between its own neighbours must keep this share of its characters ... */
export const QUOTE_IN_CONTEXT = 0.42
/** ... and one whose neighbours are gone too, this share. */
export const QUOTE_ALONE = 0.62
/** Context above this counts as "its own neighbours". */
export const CONTEXT_KEPT = 0.45
/** The lead over the runner-up below which position decides, if it can. */
export const MARGIN = 0.06

export function decide(passage: Passage, candidates: readonly Candidate[]): Found | null {
  let best: Candidate | null = null
  let rival: Candidate | null = null
  for (const candidate of candidates) {
    if (best !== null && overlaps(best, candidate)) {
      if (rank(candidate) > rank(best)) best = candidate
    } else if (best === null || rank(candidate) > rank(best)) {
      rival = best
      best = candidate
    } else if (rival === null || rank(candidate) > rank(rival)) {
      rival = candidate
    }
  }
  if (best === null) return null
  if (rival !== null && rank(best) - rank(rival) < MARGIN) {
    const nearest = nearestOf(passage, candidates, rank(best) - MARGIN)
    if (nearest === null) return null
    best = nearest
  }
  return acceptable(passage, best) ? found(best) : null
}

/** Among equals the one nearest to where the passage was, if it is nearer by far. */
function nearestOf(
  passage: Passage,
  candidates: readonly Candidate[],
  floor: number,
): Candidate | null {
  const { hint } = passage
  if (hint === null) return null
  const distance = (candidate: Candidate): number => Math.abs(candidate.start - hint)
  const equals = candidates
    .filter((candidate) => rank(candidate) >= floor)
    .sort((a, b) => distance(a) - distance(b) || rank(b) - rank(a))
  return equals[0] ?? null
}

function acceptable(passage: Passage, candidate: Candidate): boolean {
  const length = passage.till - passage.from
  const context = contextOf(candidate)
  if (candidate.verbatim) {
    if (context === null) return true
    return length >= LONG_ENOUGH_ALONE || context >= CONTEXT_FOR_VERBATIM
  }
  const kept = context === null ? 0 : context
  const needed = kept >= CONTEXT_KEPT ? QUOTE_IN_CONTEXT : QUOTE_ALONE
  if (candidate.quote < needed) return false
  // A short passage that was edited is known by its neighbours only.
  if (length < LONG_ENOUGH_ALONE) return kept >= 0.6 && candidate.quote >= 0.6
  return candidate.longest >= Math.min(8, length)
}

function rank(candidate: Candidate): number {
  const context = contextOf(candidate) ?? 0
  const length = candidate.end - candidate.start
  const stuffed = Math.min(0.1, (0.1 * candidate.inserted) / (length + 1))
  return 0.6 * candidate.quote + 0.4 * context - stuffed
}

/** How much of what stood around is still there; the better side counts more. */
function contextOf({ prefix, suffix }: Candidate): number | null {
  if (prefix === null) return suffix
  if (suffix === null) return prefix
  return 0.7 * Math.max(prefix, suffix) + 0.3 * Math.min(prefix, suffix)
}

function overlaps(a: Candidate, b: Candidate): boolean {
  return a.start < b.end && b.start < a.end
}

function found(candidate: Candidate): Found {
  const context = contextOf(candidate)
  const { start, end } = candidate
  const score = Math.max(0, Math.min(1, rank(candidate) + (context === null ? 0.4 : 0)))
  if (!candidate.verbatim) return { kind: 'changed', score, start, end }
  const kind = context === null || context >= CONTEXT_FOR_VERBATIM ? 'exact' : 'moved'
  return { kind, score, start, end }
}
