/**
 * One place where a passage may stand, with what speaks for it: read off the blocks in which the
 * passage and the text say the same.
 */

import { type Block, type Chain, jumpCost } from './blocks'
import type { Passage } from './passage'

export interface Candidate {
  /** The marked text's span in the folded text; empty where nothing of it is left. */
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
  /** What the marked text and its context agree on, in characters, less the cost of jumps. */
  weight: number
}

/** Nearer context says more: a character this far off counts half. */
const CONTEXT_HALF_LIFE = 32
/** Context that has drifted this far from the marked text counts half. */
const DRIFT_HALF = 40

export function toCandidate(passage: Passage, chain: Chain): Candidate | null {
  const { from, till, pattern } = passage
  let matched = 0
  let longest = 0
  let weight = 0
  let previous: Block | null = null
  for (const block of chain) {
    const inside = Math.min(block.at + block.length, till) - Math.max(block.at, from)
    if (inside > 0) {
      matched += inside
      longest = Math.max(longest, inside)
    }
    weight += block.length
    if (previous !== null) {
      weight -= jumpCost(Math.abs(block.to - block.at - previous.to + previous.at))
    }
    previous = block
  }
  const length = till - from
  const start = startOf(passage, chain)
  const end = endOf(passage, chain)
  if (start === null || end === null || end < start) return null
  const quote = matched / length
  return {
    start,
    end,
    quote,
    verbatim: matched === length && end - start === length,
    longest,
    prefix: from === 0 ? null : prefixScore(chain, from, start),
    suffix: till === pattern.length ? null : suffixScore(chain, till, pattern.length, end),
    inserted: end - start - matched,
    weight,
  }
}

/** The integral, from the edge to a distance, of how much context counts. */
function nearness(distance: number): number {
  return 1 - Math.pow(0.5, distance / CONTEXT_HALF_LIFE)
}

function discount(drift: number): number {
  return 1 / (1 + Math.abs(drift) / DRIFT_HALF)
}

function prefixScore(chain: Chain, from: number, start: number): number {
  let matched = 0
  for (const block of chain) {
    if (block.at >= from) break
    const high = Math.min(block.at + block.length, from)
    const drift = start - from - (block.to - block.at)
    matched += discount(drift) * (nearness(from - block.at) - nearness(from - high))
  }
  return matched / nearness(from)
}

function suffixScore(chain: Chain, till: number, size: number, end: number): number {
  let matched = 0
  for (const block of chain) {
    if (block.at + block.length <= till) continue
    const low = Math.max(block.at, till)
    const drift = end - till - (block.to - block.at)
    matched += discount(drift) * (nearness(block.at + block.length - till) - nearness(low - till))
  }
  return matched / nearness(size - till)
}

/** Where the marked text begins: at its own first character, or right after its prefix. */
function startOf({ from, till }: Passage, chain: Chain): number | null {
  let previous: Block | null = null
  for (const block of chain) {
    const end = block.at + block.length
    if (end <= from) {
      previous = block
      continue
    }
    if (block.at <= from) return block.to + from - block.at
    // The beginning was edited: what stands where it stood, if the prefix says where that is.
    const missing = Math.min(block.at, till) - from
    if (previous !== null && previous.at + previous.length === from) {
      const gap = block.to - (previous.to + previous.length)
      if (gap <= 2 * missing + 24) return previous.to + previous.length
    }
    return block.to
  }
  return previous === null ? null : previous.to + previous.length
}

function endOf({ from, till }: Passage, chain: Chain): number | null {
  let next: Block | null = null
  for (let i = chain.length - 1; i >= 0; i--) {
    const block = chain[i] as Block
    const end = block.at + block.length
    if (block.at >= till) {
      next = block
      continue
    }
    if (end >= till) return block.to + till - block.at
    const missing = till - Math.max(end, from)
    if (next !== null && next.at === till) {
      const gap = next.to - (block.to + block.length)
      if (gap <= 2 * missing + 24) return next.to
    }
    return block.to + block.length
  }
  return next === null ? null : next.to
}
