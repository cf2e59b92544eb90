/**
 * A passage to be found, folded: what the reader marked with what stood around it, as one pattern.
 */

import { type Lookalikes, lookalikesOf } from '../context'
import { type Folded, fold } from '../fold'
import { atOnce } from '../slices'

export interface Passage {
  /** prefix + exact + suffix */
  pattern: Uint16Array
  /** Where in the pattern the marked text begins and ends. */
  from: number
  till: number
  exact: string
  /** Where the words of the marked text begin, counted from `from`, and its end. */
  words: number[]
  /** Where it is expected in the folded text; null when nothing is known. */
  hint: number | null
  /** What its page had that was like it. */
  lookalikes: Lookalikes
}

export function toPassage(
  quote: { exact: string; prefix: string; suffix: string },
  hint: number | null,
): Passage {
  const prefix = atOnce(fold(quote.prefix))
  const exact = atOnce(fold(quote.exact))
  const suffix = atOnce(fold(quote.suffix))
  const pattern = new Uint16Array(prefix.codes.length + exact.codes.length + suffix.codes.length)
  pattern.set(prefix.codes)
  pattern.set(exact.codes, prefix.codes.length)
  pattern.set(suffix.codes, prefix.codes.length + exact.codes.length)
  return {
    pattern,
    from: prefix.codes.length,
    till: prefix.codes.length + exact.codes.length,
    exact: exact.text,
    words: wordStarts(exact),
    hint,
    lookalikes: lookalikesOf(quote),
  }
}

/** A word begins after white space (of which folding left a gap in the origins) or a mark. */
function wordStarts({ codes, origin }: Folded): number[] {
  const starts: number[] = []
  for (let at = 0; at < codes.length; at++) {
    const gap = at === 0 || (origin[at] as number) - (origin[at - 1] as number) > 1
    if (gap || standsAlone(codes[at] as number) || standsAlone(codes[at - 1] as number)) {
      starts.push(at)
    }
  }
  starts.push(codes.length)
  return starts
}

/** Marks, and the characters of scripts that put no space between words. */
function standsAlone(code: number): boolean {
  if (code >= 0x2e80) return code < 0xac00 || code > 0xdfff
  return code < 0x80 && !/[0-9A-Za-z]/.test(String.fromCharCode(code))
}
