/**
 * Fills the gaps of a chain: what stands between two blocks, and beyond the outermost ones, is
 * aligned character by character by dynamic programming, so that small edits cost only what they
 * changed. Only gaps of bounded size are aligned; a large gap is something put in or taken out.
 */

import type { Steps } from '../slices'
import type { Block, Chain } from './blocks'

/** Cells of the largest table: a gap of 256 by 256 characters. */
const LARGEST_TABLE = 65_536
const CELLS_PER_STEP = 4 * LARGEST_TABLE
/** How far beyond the outermost blocks the passage is followed. */
const LARGEST_END = 160
/** A shorter stretch that is near no longer one is chance: any two texts share letters. */
const SHORTEST_ISLAND = 4
const NEAR = 2

const MATCH = 2
const MISMATCH = -3
const GAP = -2

export function* fillGaps(
  pattern: Uint16Array,
  text: Uint16Array,
  chain: Chain,
): Steps<Chain> {
  const first = chain[0]
  const last = chain[chain.length - 1]
  if (first === undefined || last === undefined) return []
  const filled: Chain = []

  const before = Math.min(first.at, LARGEST_END)
  const beforeText = Math.min(first.to, reach(before))
  align(filled, pattern, text, {
    at: first.at - before,
    to: first.to - beforeText,
    rows: before,
    columns: beforeText,
    open: 'start',
  })
  let cells = 0
  for (const [i, block] of chain.entries()) {
    filled.push(block)
    const next = chain[i + 1]
    if (next === undefined) break
    const at = block.at + block.length
    const to = block.to + block.length
    const gap = { at, to, rows: next.at - at, columns: next.to - to, open: null }
    align(filled, pattern, text, gap)
    cells += gap.rows * gap.columns
    if (cells < CELLS_PER_STEP) continue
    cells = 0
    yield
  }
  const at = last.at + last.length
  const to = last.to + last.length
  const after = Math.min(pattern.length - at, LARGEST_END)
  align(filled, pattern, text, {
    at,
    to,
    rows: after,
    columns: Math.min(text.length - to, reach(after)),
    open: 'end',
  })
  return withoutChance(joined(filled))
}

function reach(length: number): number {
  return length + (length >> 1) + 24
}

interface Gap {
  at: number
  to: number
  rows: number
  columns: number
  /** At this end of the passage the rest of both may be left unaligned for nothing. */
  open: 'start' | 'end' | null
}

const scores = new Int32Array(LARGEST_TABLE)
const steps = new Uint8Array(LARGEST_TABLE)
const STOP = 0
const BOTH = 1
const SKIP_PATTERN = 2
const SKIP_TEXT = 3

function align(out: Chain, pattern: Uint16Array, text: Uint16Array, gap: Gap): void {
  const { at, to, rows, columns, open } = gap
  const width = columns + 1
  if (rows <= 0 || columns <= 0 || (rows + 1) * width > LARGEST_TABLE) return
  const openStart = open === 'start'
  for (let c = 0; c <= columns; c++) {
    scores[c] = openStart ? 0 : c * GAP
    steps[c] = openStart || c === 0 ? STOP : SKIP_TEXT
  }
  let best = 0
  let bestCell = 0
  for (let r = 1; r <= rows; r++) {
    const code = pattern[at + r - 1]
    const row = r * width
    scores[row] = openStart ? 0 : r * GAP
    steps[row] = openStart ? STOP : SKIP_PATTERN
    for (let c = 1; c <= columns; c++) {
      const above = row - width + c
      let score = (scores[above - 1] as number) + (code === text[to + c - 1] ? MATCH : MISMATCH)
      let step = BOTH
      const skipPattern = (scores[above] as number) + GAP
      if (skipPattern > score) {
        score = skipPattern
        step = SKIP_PATTERN
      }
      const skipText = (scores[row + c - 1] as number) + GAP
      if (skipText > score) {
        score = skipText
        step = SKIP_TEXT
      }
      if (openStart && score < 0) {
        score = 0
        step = STOP
      }
      scores[row + c] = score
      steps[row + c] = step
      if (score > best) {
        best = score
        bestCell = row + c
      }
    }
  }
  const from = open === 'end' ? bestCell : rows * width + columns
  for (const block of traced(pattern, text, gap, from)) out.push(block)
}

/** Walks the table back from a cell and collects the stretches of equal characters. */
function traced(pattern: Uint16Array, text: Uint16Array, gap: Gap, from: number): Block[] {
  const width = gap.columns + 1
  const found: Block[] = []
  let row = Math.floor(from / width)
  let column = from % width
  let length = 0
  for (;;) {
    const step = steps[row * width + column]
    const equal =
      step === BOTH && pattern[gap.at + row - 1] === text[gap.to + column - 1]
    if (!equal && length > 0) {
      found.push({ at: gap.at + row, to: gap.to + column, length })
      length = 0
    }
    if (step === STOP || step === undefined) break
    if (equal) length++
    if (step !== SKIP_TEXT) row--
    if (step !== SKIP_PATTERN) column--
  }
  return found.reverse()
}

/** Makes one block of those that follow each other without a gap. */
function joined(chain: Chain): Chain {
  const out: Chain = []
  for (const block of chain) {
    const last = out[out.length - 1]
    if (
      last !== undefined &&
      last.at + last.length === block.at &&
      last.to + last.length === block.to
    ) {
      out[out.length - 1] = { ...last, length: last.length + block.length }
    } else {
      out.push(block)
    }
  }
  return out
}

function withoutChance(chain: Chain): Chain {
  return chain.filter((block, i) => {
    if (block.length >= SHORTEST_ISLAND) return true
    const previous = chain[i - 1]
    const next = chain[i + 1]
    return (
      (previous !== undefined && previous.length >= SHORTEST_ISLAND && near(previous, block)) ||
      (next !== undefined && next.length >= SHORTEST_ISLAND && near(block, next))
    )
  })
}

function near(a: Block, b: Block): boolean {
  return b.at - a.at - a.length <= NEAR && b.to - a.to - a.length <= NEAR
}
