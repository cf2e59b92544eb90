/**
 * What the matcher would take for a passage if it were gone: found out by taking it away, alone and
 * with ever more of what stands around it, and asking. Sections that differ by a word or two are
 * not told apart by how much they share; what is left of one may even lend the other its context.
 */

import type { Folded } from './fold'
import type { Candidate } from './match/candidate'
import { decide } from './match/decide'
import { isProven } from './match/evidence'
import { type Occurrences, occurrencesOf } from './match/occurrences'
import type { Passage } from './match/passage'
import { search } from './match/search'
import { atOnce } from './slices'

/** So much goes with the passage on either side, in folded characters. */
const CUTS = [0, 80, 160, 320]
/** So far around it the page is looked at: beyond, nothing changes for its being gone. */
const REACH = 8_000

/** What is not among the likeliest is not believed. */
const LIKELIEST = { most: 4, rivals: false }

export interface Mistake {
  /** What would be taken for the passage. */
  taken: Candidate
  /** It would be believed for where it stands, not for what stands around it. */
  byPosition: boolean
}

interface Rest {
  text: Folded
  /** How often the marked text would stand on the whole page. */
  occurrences: Occurrences
}

export type Span = { start: number; end: number }

export class Absence {
  /** Where the page around the passage begins: hints count from there. */
  readonly low: number
  private readonly rests: Rest[]
  private next = 0

  /** `sections` are the paragraph that holds it, and whatever else may be taken out with it. */
  constructor(page: Folded, { start, end }: Span, sections: readonly Span[], passage: Passage) {
    this.low = Math.max(0, start - REACH)
    const high = Math.min(page.codes.length, end + REACH)
    const spans = CUTS.map((cut) => ({ start: start - cut, end: end + cut }))
    const everywhere = occurrencesOf(page, passage)
    this.rests = [...spans, ...sections].map((gone) => {
      const from = Math.max(this.low, gone.start)
      const till = Math.min(high, gone.end)
      const removed = occurrencesOf(pieces(page, [[from, till]]), passage)
      return {
        text: pieces(page, [[this.low, from], [till, high]]),
        occurrences: {
          count: () => Math.max(0, everywhere.count() - removed.count()),
          size: page.codes.length - (till - from),
        },
      }
    })
  }

  /**
   * The next place that would be taken for the passage as it is recorded; null if none would. Asked
   * again for a stricter record, it goes on from there: what withstood before withstands now. What
   * would be believed for its position counts only where the record can still say not to.
   */
  mistake(passage: Passage, orByPosition: boolean): Mistake | null {
    for (; this.next < this.rests.length; this.next++) {
      const { text, occurrences } = this.rests[this.next] as Rest
      const mistake = mistakeIn(text, occurrences, passage)
      // Where whole sections are twins, their surroundings are alike whatever is recorded of them:
      // asking for all of it would lose every passage there, edited or not.
      if (mistake === null) continue
      if (mistake.byPosition ? orByPosition : this.next <= CUTS.length) return mistake
    }
    return null
  }
}

function mistakeIn(text: Folded, occurrences: Occurrences, passage: Passage): Mistake | null {
  let mistake: Mistake | null = null
  const each = (_: Passage, candidates: Candidate[]): void => {
    const found = decide(passage, candidates, occurrences)
    if (found === null) return
    // One place may have been come upon in more than one way.
    const taken = candidates
      .filter(({ start, end }) => start === found.start && end === found.end)
      .reduce((one, other) => (other.weight > one.weight ? other : one))
    const byPosition = passage.lookalikes.alone === false && !isProven(passage, taken)
    mistake = { taken, byPosition }
  }
  atOnce(search(text, [passage], each, LIKELIEST))
  return mistake
}

/** These stretches of a text, one after another. */
function pieces(
  { text, codes, origin }: Folded,
  spans: readonly [from: number, till: number][],
): Folded {
  const length = spans.reduce((sum, [from, till]) => sum + till - from, 0)
  const joined = {
    text: spans.map(([from, till]) => text.slice(from, till)).join(''),
    codes: new Uint16Array(length),
    origin: new Uint32Array(length + 1),
  }
  let at = 0
  for (const [from, till] of spans) {
    joined.codes.set(codes.subarray(from, till), at)
    joined.origin.set(origin.subarray(from, till + 1), at)
    at += till - from
  }
  return joined
}
