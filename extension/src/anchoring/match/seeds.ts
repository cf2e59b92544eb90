/**
 * One pass over the text for all passages together: every short piece ("seed") of every passage
 * is put in a hash table, a rolling hash runs over the text once, and each seed then knows all
 * places where it stands, in order. The cost is that of the text plus that of the hits, however
 * many passages are looked for.
 */

import type { Steps } from '../slices'

const BASE = 0x01000193
const POSITIONS_PER_STEP = 16_384

export class SeedIndex {
  private keys: Int32Array
  /** One more than the seed's number; 0 for an empty slot. */
  private numbers: Int32Array
  private used = 0
  private readonly leaving: number
  private first = new Int32Array(1)
  private places = new Int32Array(0)

  constructor(readonly length: number) {
    this.keys = new Int32Array(1024)
    this.numbers = new Int32Array(1024)
    let power = 1
    for (let i = 0; i < length; i++) power = Math.imul(power, BASE)
    this.leaving = power
  }

  /** How many different seeds there are. */
  get size(): number {
    return this.used
  }

  /** Makes room for so many more seeds. */
  *reserve(seeds: number): Steps<void> {
    let room = this.keys.length
    while (room < 2 * (this.used + seeds)) room *= 2
    if (room > this.keys.length) yield* this.resize(room)
  }

  /**
   * Registers the seed that begins at `at`, for which there is room; the same text always gets the
   * same number.
   */
  add(codes: Uint16Array, at: number): number {
    const hash = this.hash(codes, at)
    const slot = this.slot(hash)
    if (this.numbers[slot] === 0) {
      this.keys[slot] = hash
      this.numbers[slot] = ++this.used
    }
    return (this.numbers[slot] as number) - 1
  }

  /** Finds where every registered seed stands. */
  *scan(text: Uint16Array): Steps<void> {
    const k = this.length
    let seeds = new Int32Array(4096)
    let places = new Int32Array(4096)
    let count = 0
    const tally = new Int32Array(this.used + 1)
    let hash = text.length >= k ? this.hash(text, 0) : 0
    for (let at = 0; at + k <= text.length; at++) {
      if (at > 0) {
        hash = Math.imul(hash, BASE) + (text[at + k - 1] as number)
        hash = (hash - Math.imul(text[at - 1] as number, this.leaving)) | 0
      }
      if (at % POSITIONS_PER_STEP === POSITIONS_PER_STEP - 1) yield
      const id = (this.numbers[this.slot(hash)] as number) - 1
      if (id === -1) continue
      if (count === seeds.length) {
        yield
        seeds = doubled(seeds)
        places = doubled(places)
        yield
      }
      seeds[count] = id
      places[count++] = at
      tally[id + 1] = (tally[id + 1] as number) + 1
    }
    for (let id = 1; id <= this.used; id++) {
      tally[id] = (tally[id] as number) + (tally[id - 1] as number)
    }
    yield
    this.first = tally.slice()
    this.places = new Int32Array(count)
    yield
    for (let i = 0; i < count; i++) {
      const id = seeds[i] as number
      this.places[tally[id] as number] = places[i] as number
      tally[id] = (tally[id] as number) + 1
      if (i % POSITIONS_PER_STEP === POSITIONS_PER_STEP - 1) yield
    }
  }

  /** Where a seed stands in the text, ascending. Equal hashes count as equal: callers compare. */
  placesOf(seed: number): Int32Array {
    return this.places.subarray(this.first[seed], this.first[seed + 1])
  }

  private hash(codes: Uint16Array, at: number): number {
    let hash = 0
    for (let i = 0; i < this.length; i++) {
      hash = (Math.imul(hash, BASE) + (codes[at + i] as number)) | 0
    }
    return hash
  }

  private slot(hash: number): number {
    const { keys, numbers } = this
    const mask = keys.length - 1
    let slot = (Math.imul(hash, 0x9e3779b1) >>> 7) & mask
    while (numbers[slot] !== 0 && keys[slot] !== hash) slot = (slot + 1) & mask
    return slot
  }

  private *resize(room: number): Steps<void> {
    const { keys, numbers } = this
    this.keys = new Int32Array(room)
    this.numbers = new Int32Array(room)
    for (let i = 0; i < keys.length; i++) {
      if (i % POSITIONS_PER_STEP === POSITIONS_PER_STEP - 1) yield
      if (numbers[i] === 0) continue
      const slot = this.slot(keys[i] as number)
      this.keys[slot] = keys[i] as number
      this.numbers[slot] = numbers[i] as number
    }
  }
}

function doubled(from: Int32Array): Int32Array<ArrayBuffer> {
  const to = new Int32Array(from.length * 2)
  to.set(from)
  return to
}
