/** Candidates from seeds: hits, grown into blocks, chained, and aligned. */

import type { Folded } from '../fold'
import type { Steps } from '../slices'
import { fillGaps } from './align'
import { type Chain, chainBlocks, growBlocks, packHit } from './blocks'
import { type Candidate, toCandidate } from './candidate'
import { compact } from './compact'
import { isBetweenNeighbours } from './evidence'
import { firstFrom, nearest } from './nearest'
import { betweenNeighbours } from './neighbours'
import type { Plan } from './plan'
import { FEW_WORDS, MOST_LOST } from './thresholds'
import { promising } from './zones'

/** A seed that stands in more places says little; only its places nearest the hint are tried. */
const MOST_PLACES = 64
const NEAREST_PLACES = 16
/** One hit finds a whole block: with so many from rare seeds, common ones add little. */
const ENOUGH_HITS = 300
/** Lighter places are no rivals, and not worth aligning. */
const LEAST_OF_HEAVIEST = 0.25
/** So far from where it is expected it still stands about there. */
const REACH = 256
/** What says less of it there is not looked at more closely. */
const LEAST_EXPECTED = 0.5

/**
 * `drift` is how far what stood before the passage has moved, as far as is known; null where its
 * look-alikes are wanted too.
 */
export function* seededCandidates(
  text: Folded,
  plan: Plan,
  most: number,
  drift: number | null,
): Steps<Candidate[]> {
  const { passage, table, seeds } = plan
  const { pattern } = passage
  const its = drift === null ? null : yield* whereExpected(text, plan, drift)
  if (its !== null) return [its]
  const size = text.codes.length
  const hits = promising(hitsOf(plan), seeds.at.length, pattern.length, size).sort()
  const blocks = growBlocks(pattern, text.codes, hits, table.length)
  yield
  const found: Candidate[] = []
  const add = (candidate: Candidate | null): void => {
    if (candidate !== null) found.push(candidate)
  }
  let heaviest = 0
  const { hint, from } = passage
  // Where fifty say the same, the one that was edited is not among the heaviest.
  const expected = hint === null || passage.lookalikes.alone === true ? null : hint - from
  for (const loose of yield* chainBlocks(blocks, most, expected)) {
    heaviest = Math.max(heaviest, matched(loose))
    if (matched(loose) < LEAST_OF_HEAVIEST * heaviest) continue
    yield
    for (const chain of yield* compact(loose, blocks, pattern.length)) {
      if (matched(chain) < LEAST_OF_HEAVIEST * heaviest) continue
      add(toCandidate(text, passage, yield* fillGaps(pattern, text.codes, chain)))
    }
  }
  const between = yield* betweenNeighbours(text, plan, blocks, found)
  if (between !== null) {
    add(toCandidate(text, passage, yield* fillGaps(pattern, text.codes, between)))
  }
  return found
}

/**
 * What stood alone on its page and stands about where it is expected, hardly edited and between its
 * own neighbours, is not sought all over the text.
 */
function* whereExpected(text: Folded, plan: Plan, drift: number): Steps<Candidate | null> {
  const { passage, table } = plan
  const { hint, from, pattern, lookalikes } = passage
  if (hint === null || lookalikes.alone !== true) return null
  const hits = hitsNear(plan, hint - from + drift).sort()
  const blocks = growBlocks(pattern, text.codes, hits, table.length)
  const chain = (yield* chainBlocks(blocks, 1))[0]
  if (chain === undefined || matched(chain) < LEAST_EXPECTED * pattern.length) return null
  const candidate = toCandidate(text, passage, yield* fillGaps(pattern, text.codes, chain))
  if (candidate === null || !isBetweenNeighbours(candidate)) return null
  const { quote, inserted } = candidate
  return quote >= 1 - MOST_LOST && inserted <= FEW_WORDS ? candidate : null
}

function matched(chain: Chain): number {
  return chain.reduce((sum, { length }) => sum + length, 0)
}

let scratch = new Float64Array(4_096)

/** Where seeds stand about where they are expected, packed; good until the next call. */
function hitsNear({ table, seeds }: Plan, expected: number): Float64Array {
  let count = 0
  for (const [i, at] of seeds.at.entries()) {
    const places = table.placesOf(seeds.id[i] as number)
    const last = expected + at + REACH
    for (let p = firstFrom(places, expected + at - REACH); p < places.length; p++) {
      const to = places[p] as number
      if (to > last) break
      if (count === scratch.length) return scratch.subarray(0, 0)
      scratch[count++] = packHit(at, to)
    }
  }
  return scratch.subarray(0, count)
}

/** Where seeds stand, packed; good until the next call. */
function hitsOf({ passage, table, seeds }: Plan): Float64Array {
  const order: { at: number; places: Int32Array }[] = []
  for (const [i, at] of seeds.at.entries()) {
    const places = table.placesOf(seeds.id[i] as number)
    if (places.length > 0) order.push({ at, places })
  }
  order.sort((a, b) => a.places.length - b.places.length)
  const most = MOST_PLACES * order.length
  if (scratch.length < most) scratch = new Float64Array(most)
  let count = 0
  for (const { at, places } of order) {
    const expected = passage.hint === null ? 0 : passage.hint - passage.from + at
    const enough = count >= ENOUGH_HITS
    const some = enough
      ? nearest(places, expected, 0, 2)
      : nearest(places, expected, MOST_PLACES, NEAREST_PLACES)
    for (let i = 0; i < some.length; i++) scratch[count++] = packHit(at, some[i] as number)
  }
  return scratch.subarray(0, count)
}
