/**
 * How far the text around a passage has moved, as the passages found beyond doubt tell: what
 * stands among equals is then looked for where it must stand now, not where it stood.
 */

import type { Found } from './decide'
import type { Passage } from './passage'

export class Shifts {
  private readonly known: { hint: number; shift: number }[] = []
  private sorted = true

  /** Learns from a place, if there is no doubt about it. */
  learn({ hint }: Passage, { start, sure }: Found): void {
    if (hint === null || !sure) return
    this.known.push({ hint, shift: start - hint })
    this.sorted = false
  }

  /** Where what stood at `hint` must be now, by the nearest passage known; null without any. */
  expected(hint: number): number | null {
    const { known } = this
    if (!this.sorted) known.sort((a, b) => a.hint - b.hint)
    this.sorted = true
    let low = 0
    let high = known.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((known[middle]?.hint ?? 0) < hint) low = middle + 1
      else high = middle
    }
    const before = known[low - 1]
    const after = known[low]
    if (before === undefined || after === undefined) {
      const only = before ?? after
      return only === undefined ? null : hint + only.shift
    }
    return hint + (hint - before.hint <= after.hint - hint ? before : after).shift
  }
}
