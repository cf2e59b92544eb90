/**
 * One place where a passage may stand, with what speaks for it: read off the blocks in which the
 * passage and the text say the same.
 */

import type { Chain } from './blocks'
import type { Passage } from './passage'

export interface Candidate {
  /** The marked text's span in the folded text. */
  start: number
  end: number
  /** How much of the marked text is there, 0 to 1; 1 = every character. */
  quote: number
  /** Nothing is missing and nothing was put in. */
  verbatim: boolean
  /** The longest stretch of the marked text that stands unbroken, in characters. */
  longest: number
  /** How much of the text before and after is there, 0 to 1; null where none was recorded. */
  prefix: number | null
  suffix: number | null
  /** Characters that stand inside the span and are not of the marked text. */
  inserted: number
}

/** Nearer context says more: a character this far off counts half. */
const CONTEXT_HALF_LIFE = 24

export function toCandidate(passage: Passage, chain: Chain): Candidate | null {
  const { from, till, pattern } = passage
  let matched = 0
  let longest = 0
  for (const block of chain) {
    const inside = Math.min(block.at + block.length, till) - Math.max(block.at, from)
    if (inside <= 0) continue
    matched += inside
    longest = Math.max(longest, inside)
  }
  const start = startOf(passage, chain)
  const end = endOf(passage, chain)
  if (start === null || end === null || end <= start) return null
  const length = till - from
  return {
    start,
    end,
    quote: matched / length,
    verbatim: matched === length && end - start === length,
    longest,
    prefix: from === 0 ? null : contextScore(chain, 0, from, from),
    suffix: till === pattern.length ? null : contextScore(chain, till, pattern.length, till),
    inserted: end - start - matched,
  }
}

/** Of the context between `low` and `high`, how much matched, weighted by nearness to `edge`. */
function contextScore(chain: Chain, low: number, high: number, edge: number): number {
  const decay = Math.log(2) / CONTEXT_HALF_LIFE
  /** The integral of the weight from the edge to a distance. */
  const weight = (distance: number): number => 1 - Math.exp(-decay * distance)
  let matched = 0
  for (const block of chain) {
    const a = Math.max(block.at, low)
    const b = Math.min(block.at + block.length, high)
    if (b <= a) continue
    matched += Math.abs(weight(Math.abs(b - edge)) - weight(Math.abs(a - edge)))
  }
  return matched / weight(high - low)
}

/** Where the marked text begins: at its own first character, or right after its prefix. */
function startOf({ from, till }: Passage, chain: Chain): number | null {
  let previous: Chain[number] | null = null
  for (const block of chain) {
    const end = block.at + block.length
    if (end <= from) {
      previous = block
      continue
    }
    if (block.at <= from) return block.to + from - block.at
    if (block.at >= till && previous === null) return null
    // The beginning was edited: what stands where it stood, if the prefix says where that is.
    const missing = block.at - from
    if (previous !== null && previous.at + previous.length === from) {
      const gap = block.to - (previous.to + previous.length)
      if (gap <= 2 * missing + 24) return previous.to + previous.length
    }
    return block.at >= till ? null : block.to
  }
  return null
}

function endOf({ from, till }: Passage, chain: Chain): number | null {
  let next: Chain[number] | null = null
  for (let i = chain.length - 1; i >= 0; i--) {
    const block = chain[i] as Chain[number]
    const end = block.at + block.length
    if (block.at >= till) {
      next = block
      continue
    }
    if (end >= till) return block.to + till - block.at
    if (end <= from && next === null) return null
    const missing = till - end
    if (next !== null && next.at === till) {
      const gap = next.to - (block.to + block.length)
      if (gap <= 2 * missing + 24) return next.to
    }
    return end <= from ? null : block.to + block.length
  }
  return null
}
