/**
 * Blocks: stretches in which a passage and the text say the same. Seeds are grown into maximal
 * blocks, and blocks that follow one another in both are chained; each chain is a place where the
 * passage may stand.
 */

import type { Steps } from '../slices'
import { AT_HINT } from './thresholds'

/** `pattern[at ... at + length]` equals `text[to ... to + length]`. */
export interface Block {
  at: number
  to: number
  length: number
}

/** Blocks in order, overlapping neither in the passage nor in the text. */
export type Chain = Block[]

/** A passage stays one passage though this much (an advertisement, a picture's caption) came in. */
export const LARGEST_GAP = 3_000
/** How many earlier blocks a block may follow; fewer where everything repeats and many stand. */
const LOOK_BACK = 1_000
const MOST_LINKS = 400_000
const LINKS_PER_STEP = 32_768

/**
 * What it costs, in matched characters, to go on at another distance than before: more than a
 * chance agreement within the jump would bring. Text put in (above 0) or taken out (below) costs
 * more the more it is, but only by its logarithm; a lot put in costs more again, lest a phrase
 * that returns further down draw a passage out to there. Words replaced by others of the same
 * length cost nothing.
 */
export function jumpCost(jump: number): number {
  const size = Math.abs(jump)
  const cost = size < COSTS.length ? (COSTS[size] as number) : costOf(size)
  return jump > 0 ? cost + Math.min(jump / 40, 30) : cost
}

function costOf(size: number): number {
  return size === 0 ? 0 : 1.5 + 1.5 * Math.log2(1 + size)
}

const COSTS = Float64Array.from({ length: 4_096 }, (_, size) => costOf(size))

/**
 * Where the text goes on without a gap, something was just taken out. Between two long blocks that
 * does not come about by chance, and outweighs a phrase of the lost part that stands further down.
 */
const SEAM_COST = 4
const SEAM_BONUS = 48
const LONG_AT_SEAM = 16

/** Grows each (pattern, text) pair of positions where a seed matched into a maximal block. */
export function growBlocks(
  pattern: Uint16Array,
  text: Uint16Array,
  hits: Float64Array,
  shortest: number,
): Block[] {
  const blocks: Block[] = []
  /** By diagonal, where the last block on it ends in the text. */
  const covered = new Map<number, number>()
  let budget = 400_000
  for (const hit of hits) {
    const to = hitPlace(hit)
    const at = hit % HIT_BASE
    if ((covered.get(to - at) ?? -1) > to) continue
    let back = 0
    const farthestBack = Math.min(at, to)
    while (back < farthestBack && pattern[at - back - 1] === text[to - back - 1]) back++
    let ahead = 0
    const farthestAhead = Math.min(pattern.length - at, text.length - to)
    while (ahead < farthestAhead && pattern[at + ahead] === text[to + ahead]) ahead++
    covered.set(to - at, to + Math.max(ahead, 1))
    budget -= back + ahead
    if (back + ahead >= shortest) {
      blocks.push({ at: at - back, to: to - back, length: back + ahead })
    }
    if (budget < 0) break
  }
  return blocks
}

/** Packs a hit so that sorting numbers sorts by text position. */
export function packHit(at: number, to: number): number {
  return to * HIT_BASE + at
}

export function hitPlace(hit: number): number {
  return Math.floor(hit / HIT_BASE)
}

const HIT_BASE = 0x10000

/**
 * At most `limit` chains, heaviest first, none sharing a block with a heavier one; and, where it is
 * none of them, the heaviest with a block on the `expected` diagonal.
 */
export function* chainBlocks(
  blocks: Block[],
  limit: number,
  expected: number | null = null,
): Steps<Chain[]> {
  blocks.sort((a, b) => a.to - b.to || a.at - b.at)
  const weights = new Float64Array(blocks.length)
  const before = new Int32Array(blocks.length).fill(-1)
  let longest = 0
  let last = 0
  for (const { at, length } of blocks) {
    longest = Math.max(longest, length)
    last = Math.max(last, at)
  }
  const reach = LARGEST_GAP + 2 * last + longest
  const lookBack = Math.max(48, Math.min(LOOK_BACK, MOST_LINKS / (blocks.length + 1)))
  let links = 0
  for (let i = 0; i < blocks.length; i++) {
    const block = blocks[i] as Block
    links += Math.min(i, lookBack)
    if (links >= LINKS_PER_STEP) {
      links = 0
      yield
    }
    let best = block.length
    for (let j = i - 1; j >= 0 && j >= i - lookBack; j--) {
      const previous = blocks[j] as Block
      if (block.to - previous.to > reach) break
      const gain = linkedLength(previous, block)
      if (gain <= 0) continue
      const weight = (weights[j] as number) + gain
      if (weight > best) {
        best = weight
        before[i] = j
      }
    }
    weights[i] = best
  }
  const isExpected = ({ at, to }: Block): boolean =>
    expected !== null && Math.abs(to - at - expected) <= AT_HINT
  return heaviestChains(blocks, weights, before, limit, isExpected)
}

/** What `next` adds after `previous`: its length less their overlap and the cost of the jump. */
function linkedLength(previous: Block, next: Block): number {
  if (next.at <= previous.at || next.to <= previous.to) return 0
  const gapHere = next.at - (previous.at + previous.length)
  const gapThere = next.to - (previous.to + previous.length)
  if (gapThere > LARGEST_GAP + 2 * Math.max(0, gapHere)) return 0
  const overlap = Math.max(0, -gapHere, -gapThere)
  const cost = gapThere === 0 && gapHere > 0 ? SEAM_COST : jumpCost(gapThere - gapHere)
  const sure = cost === SEAM_COST && Math.min(previous.length, next.length) >= LONG_AT_SEAM
  return next.length - overlap - cost + (sure ? SEAM_BONUS : 0)
}

function heaviestChains(
  blocks: Block[],
  weights: Float64Array,
  before: Int32Array,
  limit: number,
  isExpected: (block: Block) => boolean,
): Chain[] {
  const order = Array.from(weights.keys()).sort(
    (a, b) => (weights[b] as number) - (weights[a] as number),
  )
  const taken = new Uint8Array(blocks.length)
  const chains: Chain[] = []
  let wanting = blocks.some(isExpected)
  for (const end of order) {
    if (chains.length >= limit && !wanting) break
    if (taken[end] === 1) continue
    const chain: Chain = []
    for (let i = end; i !== -1 && taken[i] !== 1; i = before[i] as number) {
      taken[i] = 1
      chain.push(blocks[i] as Block)
    }
    const expected = wanting && chain.some(isExpected)
    if (expected) wanting = false
    if (expected || chains.length < limit) chains.push(withoutOverlaps(chain.reverse()))
  }
  return chains
}

function withoutOverlaps(chain: Chain): Chain {
  const clean: Chain = []
  let at = 0
  let to = 0
  for (const block of chain) {
    const cut = Math.max(0, at - block.at, to - block.to)
    if (cut >= block.length) continue
    clean.push({ at: block.at + cut, to: block.to + cut, length: block.length - cut })
    at = block.at + block.length
    to = block.to + block.length
  }
  return clean
}
