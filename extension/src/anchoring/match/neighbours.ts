/**
 * What stands between a passage's own neighbours, be it the passage, what became of it, or nothing.
 * Chains go where most of the passage is; where it was taken away and something like it stands
 * elsewhere, none of them would tell that its neighbours now stand side by side.
 */

import type { Folded } from '../fold'
import type { Steps } from '../slices'
import { type Block, type Chain, chainBlocks } from './blocks'
import type { Candidate } from './candidate'
import { isBetweenNeighbours } from './evidence'
import { firstFrom, nearest } from './nearest'
import type { Passage } from './passage'
import { type Plan, placesOfSeed } from './plan'

/** What replaced the passage may be this much longer. */
const LONGER = 2
const MORE = 64
/** Ends of the prefix that are tried, where it stands often. */
const MOST_TRIED = 64
/** Beginnings of the suffix that are tried behind each. */
const MOST_STARTS = 17

export function* betweenNeighbours(
  text: Folded,
  plan: Plan,
  blocks: readonly Block[],
  known: readonly Candidate[],
): Steps<Chain | null> {
  const { passage } = plan
  const around = closestNeighbours(text, plan)
  if (around === null) return null
  const [before, after] = around
  const end = before.to + before.length
  const isIt = (one: Candidate): boolean => one.start === end && one.end === after.to
  if (known.some((one) => isIt(one) && isBetweenNeighbours(one))) return null
  const inside = blocks.flatMap((block) => within(block, passage, end, after.to))
  return [before, ...((yield* chainBlocks(inside, 1))[0] ?? []), after]
}

/**
 * The prefix's end and the suffix's beginning where most of both stand. Of equals it is the pair
 * with nothing between, else that with most nearly as much as was marked, nearest to the hint.
 */
function closestNeighbours(text: Folded, plan: Plan): [before: Block, after: Block] | null {
  const { passage, table } = plan
  const { from, till } = passage
  const size = table.length
  const ends = placesOfSeed(plan, from - size)
  const starts = placesOfSeed(plan, till)
  if (ends === null || starts === null) return null
  let best: [Block, Block] | null = null
  let most = 0
  let least = Infinity
  let closest = Infinity
  const step = Math.ceil(ends.length / MOST_TRIED)
  for (let i = 0; i < ends.length; i += step) {
    const end = (ends[i] as number) + size
    const before = grownBack(text.codes, passage, end)
    if (before.length < size) continue
    const away = Math.abs(end - (passage.hint ?? end))
    for (const start of startsAfter(starts, end, till - from)) {
      const after = grownAhead(text.codes, passage, start)
      const both = before.length + after.length
      const change = start === end ? 0 : Math.abs(start - end - (till - from))
      if (after.length < size || both < most) continue
      if (both === most && (change > least || (change === least && away >= closest))) continue
      best = [before, after]
      most = both
      least = change
      closest = away
    }
  }
  return best
}

/** Where the suffix begins behind an end of the prefix; the first, and those about as far off. */
function startsAfter(starts: Int32Array, end: number, length: number): Int32Array {
  const low = firstFrom(starts, end)
  const behind = starts.subarray(low, firstFrom(starts, end + LONGER * length + MORE + 1))
  if (behind.length <= MOST_STARTS) return behind
  const others = nearest(behind.subarray(1), end + length, 0, (MOST_STARTS - 1) >> 1)
  return Int32Array.of(behind[0] as number, ...others)
}

function grownBack(codes: Uint16Array, { pattern, from }: Passage, end: number): Block {
  let length = 0
  while (length < Math.min(from, end) && pattern[from - length - 1] === codes[end - length - 1]) {
    length++
  }
  return { at: from - length, to: end - length, length }
}

function grownAhead(codes: Uint16Array, { pattern, till }: Passage, start: number): Block {
  let length = 0
  while (
    length < Math.min(pattern.length - till, codes.length - start) &&
    pattern[till + length] === codes[start + length]
  ) {
    length++
  }
  return { at: till, to: start, length }
}

/** The part of a block that is of the marked text and stands between the two places. */
function within({ at, to, length }: Block, { from, till }: Passage, low: number, high: number) {
  const head = Math.max(0, from - at, low - to)
  const tail = Math.max(0, at + length - till, to + length - high)
  const left = length - head - tail
  return left > 0 ? [{ at: at + head, to: to + head, length: left }] : []
}
