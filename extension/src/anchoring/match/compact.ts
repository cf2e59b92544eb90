/**
 * A page that repeats itself draws a passage apart: where its end was edited, the same words
 * further down fit better than the edited ones right here. A chain with a wide gap is therefore
 * cut there, if what the text says beside the cut is the passage too, only not to the letter.
 */

import type { Steps } from '../slices'
import { type Block, type Chain, chainBlocks } from './blocks'

/** Wider than what one edit puts in. */
const WIDE_GAP = 160
/** What stands beside the cut must say this much of what stood beyond the gap. */
const LEAST_BESIDE = 0.5
/** A part lighter than this, compared with the other, is no ground to leave the other. */
const LEAST_KEPT = 0.1
/** So much of the passage right beside the cut shows that what was between was taken out. */
const LEAST_AT_SEAM = 24
const MOST_CUTS = 4

/** The chain, and what was cut off it: a place of its own, where the passage may have gone. */
export function* compact(
  chain: Chain,
  blocks: readonly Block[],
  length: number,
): Steps<Chain[]> {
  let best = chain
  const apart: Chain[] = []
  for (let cuts = 0; cuts < MOST_CUTS; cuts++) {
    const at = widestGap(best)
    if (at === -1) break
    const closer = yield* closed(best.slice(0, at), best.slice(at), blocks, length)
    if (closer === null) break
    best = closer.chain
    apart.push(closer.apart)
  }
  return [best, ...apart]
}

/** Before which block the most was put in, if it is much; -1 otherwise. */
function widestGap(chain: Chain): number {
  let widest = WIDE_GAP
  let found = -1
  for (let i = 1; i < chain.length; i++) {
    const jump = diagonal(chain[i] as Block) - diagonal(chain[i - 1] as Block)
    if (jump <= widest) continue
    widest = jump
    found = i
  }
  return found
}

function* closed(
  head: Chain,
  tail: Chain,
  blocks: readonly Block[],
  length: number,
): Steps<{ chain: Chain; apart: Chain } | null> {
  const left = head[head.length - 1] as Block
  const right = tail[0] as Block
  const at = left.at + left.length
  const to = left.to + left.length
  const end = Math.min(right.to, to + reach(length - at))
  const start = Math.max(to, right.to - reach(right.at))
  const nearTail = yield* heaviest(
    blocks.filter((block) => block.at >= at && block.to >= to && block.to + block.length <= end),
  )
  yield
  const nearHead = yield* heaviest(
    blocks.filter(
      (block) =>
        block.at + block.length <= right.at &&
        block.to >= start &&
        block.to + block.length <= right.to,
    ),
  )
  yield
  const keepsHead =
    weight(head) >= LEAST_KEPT * weight(tail) &&
    (weight(nearTail) >= LEAST_BESIDE * weight(tail) || isSeam(left, nearTail[0]))
  const keepsTail =
    weight(tail) >= LEAST_KEPT * weight(head) &&
    (weight(nearHead) >= LEAST_BESIDE * weight(head) || isSeam(nearHead.at(-1), right))
  if (!keepsHead && !keepsTail) return null
  const withHead = keepsHead ? weight(head) + weight(nearTail) : 0
  const withTail = keepsTail ? weight(nearHead) + weight(tail) : 0
  return withHead >= withTail
    ? { chain: [...head, ...nearTail], apart: tail }
    : { chain: [...nearHead, ...tail], apart: head }
}

function isSeam(before: Block | undefined, after: Block | undefined): boolean {
  if (before === undefined || after === undefined) return false
  const meet = before.to + before.length === after.to
  return meet && Math.min(before.length, after.length) >= LEAST_AT_SEAM
}

function reach(length: number): number {
  return length + (length >> 2) + WIDE_GAP
}

function* heaviest(blocks: Block[]): Steps<Chain> {
  return (yield* chainBlocks(blocks, 1))[0] ?? []
}

function weight(chain: Chain): number {
  return chain.reduce((sum, { length }) => sum + length, 0)
}

function diagonal({ at, to }: Block): number {
  return to - at
}
