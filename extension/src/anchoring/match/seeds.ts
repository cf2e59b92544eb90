/**
 * One pass over the text for all passages together: every short piece ("seed") of every passage
 * is put in a hash table, a rolling hash runs over the text once, and each seed then knows all
 * places where it stands, in order. The cost is that of the text plus that of the hits, however
 * many passages are looked for.
 *
 * All of it is kept in flat arrays of numbers: what is one object each, a collector of garbage
 * must go through, and holds the page meanwhile.
 */

import type { Steps } from '../slices'

const BASE = 0x01000193
/** Few, for each may be the first to touch the memory it looks at. */
const POSITIONS_PER_STEP = 4_096
const NUMBERS_PER_STEP = 65_536

export class SeedIndex {
  /** Two numbers a slot: the hash, and one more than the seed's number, 0 for an empty slot. */
  private slots = new Int32Array(2)
  private expected = 0
  private used = 0
  private readonly leaving: number
  /** Where the places of each seed end; they begin where those of the seed before end. */
  private ends = new Int32Array(0)
  private places = new Int32Array(0)

  constructor(readonly length: number) {
    let power = 1
    for (let i = 0; i < length; i++) power = Math.imul(power, BASE)
    this.leaving = power
  }

  /** How many different seeds there are. */
  get size(): number {
    return this.used
  }

  /** So many more will be added. */
  expect(seeds: number): void {
    this.expected += seeds
  }

  /** Makes room for all that are expected; nothing can be added before. */
  open(): void {
    this.slots = new Int32Array(2 * roomFor(this.expected))
  }

  /**
   * Registers the seed that begins at `at`, which is expected; the same text always gets the same
   * number.
   */
  add(codes: Uint16Array, at: number): number {
    const hash = this.hash(codes, at)
    const slot = this.slot(hash)
    if (this.slots[slot + 1] === 0) {
      this.slots[slot] = hash
      this.slots[slot + 1] = ++this.used
    }
    return (this.slots[slot + 1] as number) - 1
  }

  /** Finds where every registered seed stands. */
  *scan(text: Uint16Array): Steps<void> {
    const { slots, length } = this
    const hits = new Hits()
    const bounds = new Int32Array(this.used)
    yield
    let hash = text.length >= length ? this.hash(text, 0) : 0
    for (let at = 0; at + length <= text.length; at++) {
      if (at > 0) {
        hash = Math.imul(hash, BASE) + (text[at + length - 1] as number)
        hash = (hash - Math.imul(text[at - 1] as number, this.leaving)) | 0
      }
      if (at % POSITIONS_PER_STEP === POSITIONS_PER_STEP - 1) yield
      const seed = (slots[this.slot(hash) + 1] as number) - 1
      if (seed === -1) continue
      hits.add(seed, at)
      bounds[seed] = (bounds[seed] as number) + 1
    }
    let sum = 0
    for (let seed = 0; seed < bounds.length; seed++) {
      const places = bounds[seed] as number
      bounds[seed] = sum
      sum += places
      if (seed % NUMBERS_PER_STEP === NUMBERS_PER_STEP - 1) yield
    }
    const places = new Int32Array(sum)
    yield
    for (const page of hits.taken()) {
      for (let i = 0; i < page.length; i += 2) {
        const seed = page[i] as number
        const next = bounds[seed] as number
        places[next] = page[i + 1] as number
        bounds[seed] = next + 1
      }
      yield
    }
    this.places = places
    // Each bound was moved on past its seed's own places.
    this.ends = bounds
  }

  /** Where a seed stands in the text, ascending. Equal hashes count as equal: callers compare. */
  placesOf(seed: number): Int32Array {
    return this.places.subarray(this.begin(seed), this.ends[seed])
  }

  /** How many those are. */
  countOf(seed: number): number {
    return (this.ends[seed] as number) - this.begin(seed)
  }

  private begin(seed: number): number {
    return seed === 0 ? 0 : (this.ends[seed - 1] as number)
  }

  private hash(codes: Uint16Array, at: number): number {
    let hash = 0
    for (let i = 0; i < this.length; i++) {
      hash = (Math.imul(hash, BASE) + (codes[at + i] as number)) | 0
    }
    return hash
  }

  /** Where the hash stands in `slots`, or may be put. */
  private slot(hash: number): number {
    const { slots } = this
    const mask = slots.length - 2
    let slot = (Math.imul(hash, 0x9e3779b1) >>> 6) & mask
    while (slots[slot + 1] !== 0 && slots[slot] !== hash) slot = (slot + 2) & mask
    return slot
  }
}

/** A power of two, half as much again or more: the fuller a table, the longer it is probed. */
function roomFor(seeds: number): number {
  let room = 2
  while (2 * room < 3 * seeds) room *= 2
  return room
}

const HITS_PER_PAGE = 16_384

/** A list of hits that grows by pages: nothing long is ever copied. */
class Hits {
  private readonly pages: Int32Array[] = []
  private last = new Int32Array(2 * HITS_PER_PAGE)
  private used = 0

  add(seed: number, place: number): void {
    if (this.used === this.last.length) {
      this.pages.push(this.last)
      this.last = new Int32Array(2 * HITS_PER_PAGE)
      this.used = 0
    }
    this.last[this.used++] = seed
    this.last[this.used++] = place
  }

  /** Seed and place by turns, a page at a time in the order they were added. */
  *taken(): Generator<Int32Array> {
    yield* this.pages
    yield this.last.subarray(0, this.used)
  }
}
