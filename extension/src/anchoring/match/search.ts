/**
 * Where passages may stand: one pass over the text finds the seeds of all of them; for each passage
 * they are grown into blocks, chained, and aligned.
 */

import type { Folded } from '../fold'
import type { Steps } from '../slices'
import { type Candidate, toCandidate } from './candidate'
import { isBetweenNeighbours } from './evidence'
import type { Passage } from './passage'
import { type Plan, planned } from './plan'
import { seededCandidates } from './seeded'
import { verbatimCandidates } from './verbatim'

/** A seed that stands in more places does not lead to the only one. */
const MOST_PLACES = 64
const MOST_CHAINS = 8
/** Shorter patterns stand in many places by chance. */
const LEAST_WHOLE = 64

export interface Wanted {
  /** So many places for each passage. */
  most: number
  /** Other places too where the whole of it stands to the letter at one. */
  rivals: boolean
}

/**
 * Calls `each` with the candidates of every passage, in the passages' order: the fastest is that in
 * which they stood, for what moved one has moved the next.
 */
export function* search(
  text: Folded,
  passages: readonly Passage[],
  each: (passage: Passage, candidates: Candidate[]) => void,
  { most, rivals }: Wanted = { most: MOST_CHAINS, rivals: false },
): Steps<void> {
  let drift = 0
  for (const plan of yield* planned(text.codes, passages)) {
    yield
    const whole = rivals ? null : wholeCandidate(text, plan)
    if (whole !== null) {
      drift = driftOf(plan.passage, [whole]) ?? drift
      each(plan.passage, [whole])
      continue
    }
    const found = yield* seededCandidates(text, plan, most, rivals ? null : drift)
    drift = driftOf(plan.passage, found) ?? drift
    each(plan.passage, [...found, ...(yield* verbatimCandidates(text, plan, found))])
  }
}

/** How far a passage has moved that has but one place, between its own neighbours. */
function driftOf({ hint }: Passage, found: readonly Candidate[]): number | null {
  const only = found[0]
  if (hint === null || only === undefined || found.length > 1) return null
  return isBetweenNeighbours(only) ? only.start - hint : null
}

/** The only place where passage and context stand to the letter: nothing weighs more than that. */
function wholeCandidate(text: Folded, { passage, table, seeds }: Plan): Candidate | null {
  const { pattern } = passage
  if (pattern.length < LEAST_WHOLE || !passage.lookalikes.wholeTells) return null
  let rarest = -1
  let least = Infinity
  for (const [i, id] of seeds.id.entries()) {
    const count = table.countOf(id)
    if (count >= least) continue
    least = count
    rarest = i
  }
  if (least > MOST_PLACES) return null
  const offset = seeds.at[rarest] as number
  const places = table.placesOf(seeds.id[rarest] as number)
  const starts = places.map((place) => place - offset).filter((at) => equals(text, at, pattern))
  const to = starts[0]
  if (starts.length !== 1 || to === undefined) return null
  return toCandidate(text, passage, [{ at: 0, to, length: pattern.length }])
}

function equals({ codes }: Folded, start: number, pattern: Uint16Array): boolean {
  if (start < 0 || start + pattern.length > codes.length) return false
  for (let i = 0; i < pattern.length; i++) if (pattern[i] !== codes[start + i]) return false
  return true
}
