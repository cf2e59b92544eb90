/**
 * Where in a long text it is worth looking closer: single seeds of a passage stand all over it by
 * chance, many of them together only where the passage, or something much like it, stands.
 *
 * Hits are counted by stretches of the text, each at least as long as the passage.
 */

import { LARGEST_GAP, hitPlace } from './blocks'

/** So few hits are weighed sooner than sifted. */
const FEW = 48
/** A place with fewer of the seeds than this share of the best place's is no rival to it. */
const LEAST_OF_BEST = 1 / 8
const SHORTEST = 1_024

let counts = new Int32Array(4_096)
let wanted = new Int32Array(4_096)

/**
 * Of the hits of so many seeds in a text of this size, those that stand at, or in reach of, a place
 * with many of the seeds; moved to the front of the same array.
 */
export function promising(
  hits: Float64Array,
  seeds: number,
  length: number,
  size: number,
): Float64Array {
  if (hits.length <= FEW) return hits
  const stretch = Math.max(SHORTEST, length + (length >> 1))
  const stretches = Math.ceil(size / stretch) + 1
  if (counts.length < stretches + 1) {
    counts = new Int32Array(2 * stretches)
    wanted = new Int32Array(2 * stretches)
  }
  counts.fill(0, 0, stretches + 1)
  wanted.fill(0, 0, stretches + 1)
  for (const hit of hits) {
    const at = Math.floor(hitPlace(hit) / stretch)
    counts[at] = (counts[at] as number) + 1
  }
  // A place may lie across a border. A seed that is there several times over is still one seed.
  const countAt = (at: number): number =>
    Math.min(seeds, (counts[at] as number) + (counts[at + 1] as number))
  let most = 0
  for (let at = 0; at < stretches; at++) most = Math.max(most, countAt(at))
  const reach = Math.ceil((LARGEST_GAP + length) / stretch)
  for (let at = 0; at < stretches; at++) {
    if (countAt(at) < LEAST_OF_BEST * most) continue
    const from = Math.max(0, at - reach)
    const till = Math.min(stretches, at + 2 + reach)
    wanted[from] = (wanted[from] as number) + 1
    wanted[till] = (wanted[till] as number) - 1
  }
  for (let at = 1; at < stretches; at++) {
    wanted[at] = (wanted[at] as number) + (wanted[at - 1] as number)
  }
  let kept = 0
  for (const hit of hits) {
    if ((wanted[Math.floor(hitPlace(hit) / stretch)] as number) > 0) hits[kept++] = hit
  }
  return hits.subarray(0, kept)
}
