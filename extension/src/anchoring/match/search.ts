/**
 * Where passages may stand: one pass over the text finds the seeds of all of them; for each passage
 * they are grown into blocks, chained, and aligned.
 */

import type { Folded } from '../fold'
import type { Steps } from '../slices'
import { fillGaps } from './align'
import { chainBlocks, growBlocks, packHit } from './blocks'
import { type Candidate, toCandidate } from './candidate'
import { compact } from './compact'
import type { Passage } from './passage'
import { SeedIndex } from './seeds'

/** Long enough to be rare, short enough that edited text still holds some. */
const SEED = 8
/** The same for scripts whose characters each stand for a syllable or a word. */
const DENSE_SEED = 4
const MOST_SEEDS = 256
/** A seed that stands in more places says little; only its places nearest the hint are tried. */
const MOST_PLACES = 64
const NEAREST_PLACES = 16
const MOST_HITS = 20_000
const MOST_CHAINS = 8
const LONGEST_SHORT = 64

/** Calls `each` with the candidates of every passage, in the passages' order. */
export function* search(
  text: Folded,
  passages: readonly Passage[],
  each: (passage: Passage, candidates: Candidate[]) => void,
  most = MOST_CHAINS,
): Steps<void> {
  const tables = new Map<number, SeedIndex>()
  const seeds = passages.map((passage) => {
    const length = isDense(passage.pattern) ? DENSE_SEED : SEED
    let table = tables.get(length)
    if (table === undefined) tables.set(length, (table = new SeedIndex(length)))
    return seedsOf(passage, table)
  })
  for (const table of tables.values()) yield* table.scan(text.codes)
  for (const [i, passage] of passages.entries()) {
    yield
    const table = tables.get(isDense(passage.pattern) ? DENSE_SEED : SEED) as SeedIndex
    each(passage, [
      ...seededCandidates(text, passage, table, seeds[i] as Seed[], most),
      ...verbatimCandidates(text, passage, table, seeds[i] as Seed[]),
    ])
  }
}

interface Seed {
  at: number
  id: number
}

function seedsOf(passage: Passage, table: SeedIndex): Seed[] {
  const { pattern, from, till } = passage
  const last = pattern.length - table.length
  const stride = Math.max(2, Math.ceil(pattern.length / MOST_SEEDS))
  const places = new Set<number>()
  for (let at = 0; at <= last; at += stride) places.add(at)
  for (const at of [last, from, till - table.length]) {
    if (at >= 0 && at <= last) places.add(at)
  }
  return [...places].map((at) => ({ at, id: table.add(pattern, at) }))
}

function seededCandidates(
  text: Folded,
  passage: Passage,
  table: SeedIndex,
  seeds: readonly Seed[],
  most: number,
): Candidate[] {
  const hits: number[] = []
  for (const { at, id } of seeds) {
    const places = table.placesOf(id)
    const expected = passage.hint === null ? 0 : passage.hint - passage.from + at
    for (const to of nearest(places, expected)) hits.push(packHit(at, to))
    if (hits.length > MOST_HITS) break
  }
  const sorted = Float64Array.from(hits).sort()
  const blocks = growBlocks(passage.pattern, text.codes, sorted, table.length)
  const found: Candidate[] = []
  for (const loose of chainBlocks(blocks, most)) {
    const chain = compact(loose, blocks, passage.pattern.length)
    const candidate = toCandidate(text, passage, fillGaps(passage.pattern, text.codes, chain))
    if (candidate !== null) found.push(candidate)
  }
  return found
}

function nearest(places: Int32Array, expected: number): Int32Array {
  if (places.length <= MOST_PLACES) return places
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] as number) < expected) low = middle + 1
    else high = middle
  }
  return places.subarray(Math.max(0, low - NEAREST_PLACES), low + NEAREST_PLACES)
}

/**
 * The places nearest the hint that say a short passage to the letter, whatever stands around it:
 * with all of its context rewritten it would not be among the heaviest.
 */
function verbatimCandidates(
  text: Folded,
  passage: Passage,
  table: SeedIndex,
  seeds: readonly Seed[],
): Candidate[] {
  const { exact, pattern, from, till } = passage
  if (exact.length === 0 || exact.length > LONGEST_SHORT) return []
  const seed = seeds.find(({ at }) => at === from)
  const places =
    exact.length < table.length || seed === undefined
      ? Int32Array.from(occurrences(text.text, exact))
      : table.placesOf(seed.id)
  const found: Candidate[] = []
  for (const to of nearest(places, passage.hint ?? 0)) {
    if (!text.text.startsWith(exact, to)) continue
    const block = { at: from, to, length: till - from }
    const candidate = toCandidate(text, passage, fillGaps(pattern, text.codes, [block]))
    if (candidate !== null) found.push(candidate)
  }
  return found
}

function* occurrences(text: string, exact: string): Generator<number> {
  for (let at = text.indexOf(exact); at !== -1; at = text.indexOf(exact, at + 1)) yield at
}

/** Whether the passage is mostly ideographs, syllables or the like. */
function isDense(pattern: Uint16Array): boolean {
  let dense = 0
  for (const code of pattern) if (code >= 0x2e80) dense++
  return dense * 2 > pattern.length
}
