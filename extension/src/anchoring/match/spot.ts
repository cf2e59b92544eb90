/**
 * The spot a passage has left: its context stands there, and the marked text does not. Either the
 * passage was deleted, or it was taken elsewhere, along with some of that context.
 */

import type { Candidate } from './candidate'
import { context, isBetweenNeighbours, isProven, margin, overlaps, shift } from './evidence'
import type { Occurrences } from './occurrences'
import type { Passage } from './passage'
import {
  LEAST_MOVED,
  LEAST_TAKEN_OUT,
  LEAST_TORN,
  LONG_ENOUGH_ALONE,
  MOST_LOST,
  QUOTE_LEFT,
} from './thresholds'

/** Where the context stands rather than at the best place, without the marked text in it. */
export function vacantSpot(
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
  if (!isBetweenNeighbours(spot) || mostlyWithin(passage, best, spot)) return false
  const elsewhere = contextApart(best, spot)
  if (lookalikes.alone === true) return elsewhere + 0.1 < context(spot)
  if (elsewhere < context(spot)) return true
  const nearer = hint !== null && shift(spot.start - hint) < shift(best.start - hint)
  return nearer && elsewhere < context(spot) + 0.02
}

/** Whether what is left of the passage stands rather in the spot than beside it. */
function mostlyWithin({ from, till }: Passage, best: Candidate, spot: Candidate): boolean {
  let all = 0
  let within = 0
  for (const { at, to, length } of best.chain) {
    const head = Math.max(0, from - at)
    const left = Math.min(length, till - at) - head
    if (left <= 0) continue
    all += left
    const begin = to + head
    within += Math.max(0, Math.min(begin + left, spot.end) - Math.max(begin, spot.start))
  }
  return 2 * within > all
}

/**
 * How much context speaks for this place rather than for the spot: what borders both belongs to the
 * one that has more of the context.
 */
function contextApart(best: Candidate, spot: Candidate): number {
  const lead = context(best) - context(spot)
  const whole = best.verbatim || (isBetweenNeighbours(best) && best.quote >= 1 - MOST_LOST)
  if (lead > 0 || (lead === 0 && whole)) return context(best)
  const prefix = best.start === spot.start ? 0 : best.prefix
  const suffix = best.end === spot.end ? 0 : best.suffix
  return context({ ...best, prefix, suffix })
}

/**
 * Whether a passage that left its spot may be believed to have come here for its words alone. A
 * few words, replaced between neighbours that both stand, were said anew here.
 */
export function hasMovedWhole(
  { lookalikes, from, till }: Passage,
  { verbatim }: Candidate,
  spot: Candidate,
  occurrences: Occurrences,
): boolean {
  if (!verbatim || lookalikes.alone === false) return false
  const long = till - from >= LONG_ENOUGH_ALONE
  if (lookalikes.alone === null) return long
  // Its neighbours now touch: it was not said anew there, but taken out.
  const takenOut = spot.inserted === 0 && spot.end === spot.start && till - from >= LEAST_TAKEN_OUT
  return (long || takenOut || !isBetweenNeighbours(spot)) && occurrences.count() === 1
}

/**
 * The place where the passage stands with just that of its context that is missing at the spot: a
 * paragraph was taken from there and put here.
 */
export function tornOut(
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
  // A look-alike has some of the context as well.
  if (mover !== null && passage.lookalikes.alone === false && !isProven(passage, mover)) return null
  const enough = most >= LEAST_TORN && most + length >= LEAST_MOVED
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
