/**
 * Where passages may stand: one pass over the text finds the seeds of all of them; for each passage
 * they are grown into blocks, chained, and aligned.
 */

import type { Folded } from '../fold'
import type { Steps } from '../slices'
import { type Candidate, toCandidate } from './candidate'
import type { Passage } from './passage'
import { seededCandidates } from './seeded'
import { SeedIndex } from './seeds'
import { verbatimCandidates } from './verbatim'

/** Long enough to be rare, short enough that edited text still holds some. */
const SEED = 8
/** The same for scripts whose characters each stand for a syllable or a word. */
const DENSE_SEED = 4
const MOST_SEEDS = 256
/** A seed that stands in more places does not lead to the only one. */
const MOST_PLACES = 64
const MOST_CHAINS = 8
/** Shorter patterns stand in many places by chance. */
const LEAST_WHOLE = 64
const SEEDS_PER_STEP = 2_048

/** A passage with the seeds it is sought by. */
export interface Plan {
  passage: Passage
  table: SeedIndex
  seeds: readonly Seed[]
}

export interface Seed {
  at: number
  id: number
}

export interface Wanted {
  /** So many places for each passage. */
  most: number
  /** Other places too where the whole of it stands to the letter at one. */
  rivals: boolean
}

/** Calls `each` with the candidates of every passage, in the passages' order. */
export function* search(
  text: Folded,
  passages: readonly Passage[],
  each: (passage: Passage, candidates: Candidate[]) => void,
  { most, rivals }: Wanted = { most: MOST_CHAINS, rivals: false },
): Steps<void> {
  const dense = new SeedIndex(DENSE_SEED)
  const usual = new SeedIndex(SEED)
  const plans: Plan[] = []
  let seeded = 0
  for (const passage of passages) {
    const table = isDense(passage.pattern) ? dense : usual
    yield* table.reserve(seedCount(passage.pattern.length))
    const seeds = seedsOf(passage, table)
    plans.push({ passage, table, seeds })
    seeded += seeds.length
    if (seeded < SEEDS_PER_STEP) continue
    seeded = 0
    yield
  }
  for (const table of [dense, usual]) if (table.size > 0) yield* table.scan(text.codes)
  for (const plan of plans) {
    yield
    const whole = rivals ? null : wholeCandidate(text, plan)
    if (whole !== null) {
      each(plan.passage, [whole])
      continue
    }
    const found = yield* seededCandidates(text, plan, most)
    each(plan.passage, [...found, ...(yield* verbatimCandidates(text, plan, found))])
  }
}

function strideFor(length: number): number {
  return Math.max(2, Math.ceil(length / MOST_SEEDS))
}

function seedCount(length: number): number {
  return Math.ceil(length / strideFor(length)) + 4
}

function seedsOf(passage: Passage, table: SeedIndex): Seed[] {
  const { pattern, from, till } = passage
  const last = pattern.length - table.length
  const stride = strideFor(pattern.length)
  const places = new Set<number>()
  for (let at = 0; at <= last; at += stride) places.add(at)
  for (const at of [last, from - table.length, from, till - table.length, till]) {
    if (at >= 0 && at <= last) places.add(at)
  }
  return [...places].map((at) => ({ at, id: table.add(pattern, at) }))
}

/** The only place where passage and context stand to the letter: nothing weighs more than that. */
function wholeCandidate(text: Folded, { passage, table, seeds }: Plan): Candidate | null {
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

/** Whether the passage is mostly ideographs, syllables or the like. */
function isDense(pattern: Uint16Array): boolean {
  let dense = 0
  for (const code of pattern) if (code >= 0x2e80) dense++
  return dense * 2 > pattern.length
}
