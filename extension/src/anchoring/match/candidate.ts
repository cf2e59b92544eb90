/**
 * One place where a passage may stand, with what speaks for it: read off the blocks in which the
 * passage and the text say the same.
 */

import type { Folded } from '../fold'
import { type Block, type Chain, jumpCost } from './blocks'
import { type Passage, isWordBorder, standsAsWords } from './passage'

export interface Candidate {
  /** The marked text's span in the folded text; empty where nothing of it is left. */
  start: number
  end: number
  /** How much of the marked text is there, 0 to 1, in words that are whole or nearly so. */
  quote: number
  /** The same, by the number of words. */
  words: number
  /** Nothing is missing and nothing was put in. */
  verbatim: boolean
  /** The longest stretch of the marked text that stands unbroken, in characters. */
  longest: number
  /** How much of the text before and after is there, 0 to 1; null where none was recorded. */
  prefix: number | null
  suffix: number | null
  /** The same, near and far counted alike. */
  prefixShare: number
  suffixShare: number
  /** Characters that stand inside the span and are not of the marked text. */
  inserted: number
  /** What the marked text and its context agree on, in characters, less the cost of jumps. */
  weight: number
  /** What it was read off. */
  chain: Chain
}

/** Nearer context says more: a character this far off counts half. */
const CONTEXT_HALF_LIFE = 32
/** Context that has drifted farther is not this passage's, as far as counting it alike goes. */
const STILL_BESIDE = 32
/** Context that has drifted this far from the marked text counts half. */
const DRIFT_HALF = 40

export function toCandidate(text: Folded, passage: Passage, chain: Chain): Candidate | null {
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
      weight -= jumpCost(block.to - block.at - previous.to + previous.at)
    }
    previous = block
  }
  const length = till - from
  const start = startOf(passage, chain)
  const end = endOf(passage, chain)
  if (start === null || end === null || end < start) return null
  return {
    start,
    end,
    ...keptWords(text, passage, chain),
    verbatim:
      matched === length && end - start === length && standsAsWords(text, passage, start, end),
    longest,
    prefix: from === 0 ? null : prefixScore(chain, from, start),
    suffix: till === pattern.length ? null : suffixScore(chain, till, pattern.length, end),
    prefixShare: shareWithin(chain, 0, from, start - from),
    suffixShare: shareWithin(chain, till, pattern.length, end - till),
    inserted: end - start - matched,
    weight,
    chain,
  }
}

/** The share of a stretch of the pattern that stands about where this diagonal has it. */
export function shareWithin(chain: Chain, low: number, high: number, diagonal: number): number {
  let matched = 0
  for (const { at, to, length } of chain) {
    const inside = Math.min(at + length, high) - Math.max(at, low)
    if (inside > 0 && Math.abs(diagonal - (to - at)) <= STILL_BESIDE) matched += inside
  }
  return high === low ? 0 : matched / (high - low)
}

/** Of a word that was itself edited, this much must be left for its letters to count. */
const LEAST_OF_WORD = 4

/** The share of the marked words' characters that stand as words, not by chance within others. */
function keptWords(
  text: Folded,
  passage: Passage,
  chain: Chain,
): Pick<Candidate, 'quote' | 'words'> {
  const { from, words } = passage
  let kept = 0
  let all = 0
  let whole = 0
  let i = 0
  for (const word of words) {
    const begin = from + word.begin
    const end = from + word.end
    while (i < chain.length && blockEnd(chain[i] as Block) <= begin) i++
    let here = 0
    for (let j = i; j < chain.length && (chain[j] as Block).at < end; j++) {
      const block = chain[j] as Block
      const low = Math.max(block.at, begin)
      const high = Math.min(blockEnd(block), end)
      const at = block.to + low - block.at
      const whole = low === begin && high === end
      if (whole && end - begin < LEAST_OF_WORD && !isWord(text, at, end - begin)) continue
      here += high - low
    }
    const most = here >= LEAST_OF_WORD && here >= 0.75 * (end - begin)
    if (most || here === end - begin) {
      kept += here
      whole++
    }
    all += end - begin
  }
  const borrowed = lent(passage, chain)
  return {
    quote: Math.max(0, kept - borrowed) / Math.max(1, all),
    words: borrowed > 0 ? 0 : whole / Math.max(1, words.length),
  }
}

function isWord(text: Folded, at: number, length: number): boolean {
  return isWordBorder(text, at) && isWordBorder(text, at + length)
}

function blockEnd({ at, length }: Block): number {
  return at + length
}

/**
 * Where a passage is gone, what follows it may begin as it did ("the one | the other"): then that
 * beginning was counted as the passage's, and is missing from the context. It is the context's.
 */
function lent({ pattern, from, till }: Passage, chain: Chain): number {
  let lent = 0
  for (let i = 0; i + 1 < chain.length; i++) {
    const block = chain[i] as Block
    const next = chain[i + 1] as Block
    const end = block.at + block.length
    if (block.to + block.length !== next.to) continue
    const missing = next.at - till
    if (end > from && end < till && missing > 0 && end - missing >= from) {
      if (equal(pattern, end - missing, till, missing)) lent += missing
    }
    const short = from - end
    if (next.at > from && next.at < till && short > 0 && next.at + short <= till) {
      if (equal(pattern, end, next.at, short)) lent += short
    }
  }
  return lent
}

function equal(pattern: Uint16Array, a: number, b: number, length: number): boolean {
  for (let i = 0; i < length; i++) if (pattern[a + i] !== pattern[b + i]) return false
  return true
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
