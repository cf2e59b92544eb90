/** Candidates from seeds: hits, grown into blocks, chained, and aligned. */

import type { Folded } from '../fold'
import type { Steps } from '../slices'
import { fillGaps } from './align'
import { type Chain, chainBlocks, growBlocks, packHit } from './blocks'
import { type Candidate, toCandidate } from './candidate'
import { compact } from './compact'
import { nearest } from './nearest'
import { betweenNeighbours } from './neighbours'
import type { Plan } from './plan'
import { promising } from './zones'

/** A seed that stands in more places says little; only its places nearest the hint are tried. */
const MOST_PLACES = 64
const NEAREST_PLACES = 16
/** One hit finds a whole block: with so many from rare seeds, common ones add little. */
const ENOUGH_HITS = 300
/** Lighter places are no rivals, and not worth aligning. */
const LEAST_OF_HEAVIEST = 0.25

export function* seededCandidates(text: Folded, plan: Plan, most: number): Steps<Candidate[]> {
  const { passage, table, seeds } = plan
  const { pattern } = passage
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

function matched(chain: Chain): number {
  return chain.reduce((sum, { length }) => sum + length, 0)
}

let scratch = new Float64Array(4_096)

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
