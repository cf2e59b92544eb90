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
/** One hit finds a whole block: with so many from rare seeds, common ones add little. */
const ENOUGH_HITS = 300
const MOST_CHAINS = 8
/** Lighter places are no rivals, and not worth aligning. */
const LEAST_OF_HEAVIEST = 0.25
const LONGEST_SHORT = 64
/** Shorter patterns stand in many places by chance. */
const LEAST_WHOLE = 64
const PASSAGES_PER_STEP = 16
const NEAREST_VERBATIM = 8

/** Calls `each` with the candidates of every passage, in the passages' order. */
export function* search(
  text: Folded,
  passages: readonly Passage[],
  each: (passage: Passage, candidates: Candidate[]) => void,
  most = MOST_CHAINS,
): Steps<void> {
  const dense = new SeedIndex(DENSE_SEED)
  const usual = new SeedIndex(SEED)
  const seedsAtMost = passages.reduce((sum, { pattern }) => sum + seedCount(pattern.length), 0)
  usual.reserve(seedsAtMost)
  const plans: { passage: Passage; table: SeedIndex; seeds: Seed[] }[] = []
  for (const passage of passages) {
    const table = isDense(passage.pattern) ? dense : usual
    plans.push({ passage, table, seeds: seedsOf(passage, table) })
    if (plans.length % PASSAGES_PER_STEP === 0) yield
  }
  for (const table of [dense, usual]) if (table.size > 0) yield* table.scan(text.codes)
  for (const { passage, table, seeds } of plans) {
    yield
    const whole = wholeCandidate(text, passage, table, seeds)
    if (whole !== null) {
      each(passage, [whole])
      continue
    }
    const found = seededCandidates(text, passage, table, seeds, most)
    each(passage, [...found, ...verbatimCandidates(text, passage, table, seeds, found)])
  }
}

interface Seed {
  at: number
  id: number
}

function strideFor(length: number): number {
  return Math.max(2, Math.ceil(length / MOST_SEEDS))
}

function seedCount(length: number): number {
  return Math.ceil(length / strideFor(length)) + 3
}

function seedsOf(passage: Passage, table: SeedIndex): Seed[] {
  const { pattern, from, till } = passage
  const last = pattern.length - table.length
  const stride = strideFor(pattern.length)
  const places = new Set<number>()
  for (let at = 0; at <= last; at += stride) places.add(at)
  for (const at of [last, from, till - table.length]) {
    if (at >= 0 && at <= last) places.add(at)
  }
  return [...places].map((at) => ({ at, id: table.add(pattern, at) }))
}

/** The only place where passage and context stand to the letter: nothing weighs more than that. */
function wholeCandidate(
  text: Folded,
  passage: Passage,
  table: SeedIndex,
  seeds: readonly Seed[],
): Candidate | null {
  const { pattern } = passage
  if (pattern.length < LEAST_WHOLE || !passage.lookalikes.wholeTells) return null
  let rarest: Int32Array | null = null
  let offset = 0
  for (const { at, id } of seeds) {
    const places = table.placesOf(id)
    if (rarest !== null && places.length >= rarest.length) continue
    rarest = places
    offset = at
  }
  if (rarest === null || rarest.length > MOST_PLACES) return null
  const starts = rarest.map((place) => place - offset).filter((at) => equals(text, at, pattern))
  const to = starts[0]
  if (starts.length !== 1 || to === undefined) return null
  return toCandidate(text, passage, [{ at: 0, to, length: pattern.length }])
}

function equals({ codes }: Folded, start: number, pattern: Uint16Array): boolean {
  if (start < 0 || start + pattern.length > codes.length) return false
  for (let i = 0; i < pattern.length; i++) if (pattern[i] !== codes[start + i]) return false
  return true
}

function seededCandidates(
  text: Folded,
  passage: Passage,
  table: SeedIndex,
  seeds: readonly Seed[],
  most: number,
): Candidate[] {
  const hits: number[] = []
  const rarestFirst = seeds
    .map(({ at, id }) => ({ at, places: table.placesOf(id) }))
    .sort((a, b) => a.places.length - b.places.length)
  for (const { at, places } of rarestFirst) {
    const expected = passage.hint === null ? 0 : passage.hint - passage.from + at
    const [few, some] = hits.length < ENOUGH_HITS ? [MOST_PLACES, NEAREST_PLACES] : [0, 2]
    for (const to of nearest(places, expected, few, some)) hits.push(packHit(at, to))
  }
  const sorted = Float64Array.from(hits).sort()
  const blocks = growBlocks(passage.pattern, text.codes, sorted, table.length)
  const found: Candidate[] = []
  let heaviest = 0
  for (const loose of chainBlocks(blocks, most)) {
    const matched = loose.reduce((sum, { length }) => sum + length, 0)
    heaviest = Math.max(heaviest, matched)
    if (matched < LEAST_OF_HEAVIEST * heaviest) continue
    const chain = compact(loose, blocks, passage.pattern.length)
    const candidate = toCandidate(text, passage, fillGaps(passage.pattern, text.codes, chain))
    if (candidate !== null) found.push(candidate)
  }
  return found
}

/** All of them if they are few, otherwise some before and some after the expected place. */
function nearest(
  places: Int32Array,
  expected: number,
  few: number,
  some: number,
): Int32Array {
  if (places.length <= few) return places
  let low = 0
  let high = places.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] as number) < expected) low = middle + 1
    else high = middle
  }
  return places.subarray(Math.max(0, low - some), low + some)
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
  known: readonly Candidate[],
): Candidate[] {
  const { exact, pattern, from, till } = passage
  if (exact.length === 0 || exact.length > LONGEST_SHORT) return []
  const seed = seeds.find(({ at }) => at === from)
  const places =
    exact.length < table.length || seed === undefined
      ? Int32Array.from(occurrences(text.text, exact))
      : table.placesOf(seed.id)
  const found: Candidate[] = []
  for (const to of nearest(places, passage.hint ?? 0, 0, NEAREST_VERBATIM)) {
    if (known.some(({ start, verbatim }) => verbatim && start === to)) continue
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
