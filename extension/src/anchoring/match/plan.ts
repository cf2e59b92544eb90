/** What each passage is sought by: its seeds, and the table that knows where they stand. */

import type { Steps } from '../slices'
import type { Passage } from './passage'
import { SeedIndex } from './seeds'

/** Long enough to be rare, short enough that edited text still holds some. */
const SEED = 8
/** The same for scripts whose characters each stand for a syllable or a word. */
const DENSE_SEED = 4
const MOST_SEEDS = 256
const CHARACTERS_PER_STEP = 32_768
const SEEDS_PER_STEP = 512

export interface Plan {
  passage: Passage
  table: SeedIndex
  seeds: Seeds
}

/** Flat, not an object each: the notes of one page may have half a million. */
export interface Seeds {
  /** Where each begins in the pattern. */
  at: Int32Array
  /** Its number in the table. */
  id: Int32Array
}

/** The plans of these passages, in their order, all seeds found in the text. */
export function* planned(text: Uint16Array, passages: readonly Passage[]): Steps<Plan[]> {
  const dense = new SeedIndex(DENSE_SEED)
  const usual = new SeedIndex(SEED)
  const plans: Plan[] = []
  let read = 0
  for (const passage of passages) {
    const table = isDense(passage.pattern) ? dense : usual
    const at = seedPlaces(passage, table.length)
    table.expect(at.length)
    plans.push({ passage, table, seeds: { at, id: new Int32Array(at.length) } })
    read += passage.pattern.length
    if (read < CHARACTERS_PER_STEP) continue
    read = 0
    yield
  }
  for (const table of [dense, usual]) {
    table.open()
    yield
  }
  let added = 0
  for (const { passage, table, seeds } of plans) {
    for (const [i, at] of seeds.at.entries()) seeds.id[i] = table.add(passage.pattern, at)
    added += seeds.at.length
    if (added < SEEDS_PER_STEP) continue
    added = 0
    yield
  }
  for (const table of [dense, usual]) if (table.size > 0) yield* table.scan(text)
  return plans
}

/** Where the seed that begins at `at` of the pattern stands in the text; null if none does. */
export function placesOfSeed({ table, seeds }: Plan, at: number): Int32Array | null {
  const i = seeds.at.indexOf(at)
  return i === -1 ? null : table.placesOf(seeds.id[i] as number)
}

/** Spread over the pattern, and at every border of the marked text and of the whole. */
function seedPlaces({ pattern, from, till }: Passage, size: number): Int32Array {
  const last = pattern.length - size
  const stride = Math.max(2, Math.ceil(pattern.length / MOST_SEEDS))
  const places: number[] = []
  for (let at = 0; at <= last; at += stride) places.push(at)
  for (const at of [last, from - size, from, till - size, till]) {
    if (at >= 0 && at <= last && !places.includes(at)) places.push(at)
  }
  return Int32Array.from(places)
}

/** Whether the passage is mostly ideographs, syllables or the like. */
function isDense(pattern: Uint16Array): boolean {
  let dense = 0
  for (const code of pattern) if (code >= 0x2e80) dense++
  return dense * 2 > pattern.length
}
