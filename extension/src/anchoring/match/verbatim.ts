/**
 * The places nearest the hint that say a passage to the letter, whatever stands around it: a short
 * one with all of its context rewritten would not be among the heaviest, and a long one may be
 * drawn out to a neighbour's look-alike.
 */

import type { Folded } from '../fold'
import type { Steps } from '../slices'
import { fillGaps } from './align'
import { type Candidate, toCandidate } from './candidate'
import { nearest } from './nearest'
import { type Passage, standsAsWords } from './passage'
import { type Plan, placesOfSeed } from './plan'

/** So many before the hint, and as many after. */
const NEAREST = 8
/** The same letters in other words are passed over, so many times. */
const MOST_PASSED = 256

export function* verbatimCandidates(
  text: Folded,
  plan: Plan,
  known: readonly Candidate[],
): Steps<Candidate[]> {
  const { passage } = plan
  const { exact, pattern, from, till } = passage
  if (exact.length === 0) return []
  const found: Candidate[] = []
  for (const to of placesOf(text, plan)) {
    if (known.some(({ start, verbatim }) => verbatim && start === to)) continue
    if (!isThere(text, passage, to)) continue
    const block = { at: from, to, length: till - from }
    const candidate = toCandidate(text, passage, yield* fillGaps(pattern, text.codes, [block]))
    if (candidate !== null) found.push(candidate)
    yield
  }
  return found
}

function isThere(text: Folded, passage: Passage, at: number): boolean {
  const { exact } = passage
  return text.text.startsWith(exact, at) && standsAsWords(text, passage, at, at + exact.length)
}

function placesOf(text: Folded, plan: Plan): Iterable<number> {
  const { passage, table } = plan
  const { exact, from } = passage
  const hint = passage.hint ?? 0
  const ofSeed = exact.length < table.length ? null : placesOfSeed(plan, from)
  if (ofSeed !== null) return nearest(ofSeed, hint, 0, NEAREST)
  const before = someOf(text, passage, hint - 1, (at) =>
    at < 0 ? -1 : text.text.lastIndexOf(exact, at),
  )
  const after = someOf(text, passage, hint, (at) => text.text.indexOf(exact, at))
  return [...before.reverse(), ...after]
}

/** The first few places where the words stand, going one way from an offset. */
function someOf(
  text: Folded,
  passage: Passage,
  from: number,
  next: (at: number) => number,
): number[] {
  const places: number[] = []
  const step = from < (passage.hint ?? 0) ? -1 : 1
  let at = next(from)
  for (let tried = 0; at !== -1 && places.length < NEAREST && tried < MOST_PASSED; tried++) {
    if (isThere(text, passage, at)) places.push(at)
    at = next(at + step)
  }
  return places
}
