/**
 * Positions in the record are code points, so that every language counts them alike; strings here
 * count UTF-16 units. A ruler converts between the two, at no cost where the text has only
 * characters of one unit.
 */

import type { Steps } from './slices'

const INTERVAL = 1024
const UNITS_PER_STEP = 65_536

export class CodePointRuler {
  private constructor(
    private readonly text: string,
    /** Code points before every INTERVAL-th unit; null where both counts are equal. */
    private readonly marks: number[] | null,
  ) {}

  static *measure(text: string): Steps<CodePointRuler> {
    const marks: number[] = []
    let points = 0
    for (let unit = 0; unit < text.length; unit++) {
      if (unit % INTERVAL === 0) marks.push(points)
      if (unit % UNITS_PER_STEP === UNITS_PER_STEP - 1) yield
      if (!isTrail(text, unit)) points++
    }
    marks.push(points)
    return new CodePointRuler(text, points === text.length ? null : marks)
  }

  toCodePoints(unit: number): number {
    if (this.marks === null) return unit
    const at = Math.min(unit, this.text.length)
    const mark = Math.floor(at / INTERVAL)
    let points = this.marks[mark] as number
    for (let i = mark * INTERVAL; i < at; i++) if (!isTrail(this.text, i)) points++
    return points
  }

  toUnits(points: number): number {
    if (this.marks === null) return Math.min(points, this.text.length)
    let low = 0
    let high = this.marks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.marks[middle] as number) <= points) low = middle
      else high = middle - 1
    }
    let unit = Math.min(low * INTERVAL, this.text.length)
    let left = points - (this.marks[low] as number)
    while (unit < this.text.length && (left > 0 || isTrail(this.text, unit))) {
      if (!isTrail(this.text, unit)) left--
      unit++
    }
    return unit
  }
}

/** The second half of a surrogate pair. */
function isTrail(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff
}
