/**
 * A passage to be found, folded: what the reader marked with what stood around it, as one pattern.
 */

import { type Lookalikes, lookalikesOf } from '../context'
import { type Folded, fold, foldedOffset } from '../fold'
import { atOnce } from '../slices'

export interface Passage {
  /** prefix + exact + suffix */
  pattern: Uint16Array
  /** Where in the pattern the marked text begins and ends. */
  from: number
  till: number
  exact: string
  /** Whether the marked text began, and ended, with a whole word. */
  opens: boolean
  closes: boolean
  /** The words of the marked text, counted from `from`; its marks only if it has nothing else. */
  words: Word[]
  /** Where it is expected in the folded text; null when nothing is known. */
  hint: number | null
  /** What its page had that was like it. */
  lookalikes: Lookalikes
}

type Letters = Pick<Folded, 'codes' | 'origin'>

export interface Word {
  begin: number
  end: number
}

export function toPassage(
  quote: { exact: string; prefix: string; suffix: string },
  hint: number | null,
): Passage {
  // Folded as one text, for what a character becomes may depend on the one before it.
  const { codes, origin, text } = atOnce(fold(quote.prefix + quote.exact + quote.suffix))
  const from = foldedOffset({ origin }, quote.prefix.length)
  const till = foldedOffset({ origin }, quote.prefix.length + quote.exact.length)
  return {
    pattern: codes,
    from,
    till,
    exact: text.slice(from, till),
    opens: from > 0 && isWordBorder({ codes, origin }, from),
    closes: till < codes.length && isWordBorder({ codes, origin }, till),
    words: wordsOf({ codes: codes.subarray(from, till), origin: origin.subarray(from, till + 1) }),
    hint,
    lookalikes: lookalikesOf(quote),
  }
}

function wordsOf(exact: Letters): Word[] {
  const words: Word[] = []
  const marks: Word[] = []
  let begin = 0
  for (let at = 1; at <= exact.codes.length; at++) {
    if (!isWordBorder(exact, at)) continue
    const mark = at === begin + 1 && isMark(exact.codes[begin] as number)
    ;(mark ? marks : words).push({ begin, end: at })
    begin = at
  }
  return words.length > 0 ? words : marks
}

/** A word begins after white space (of which folding left a gap in the origins) or a mark. */
export function isWordBorder({ codes, origin }: Letters, at: number): boolean {
  if (at <= 0 || at >= codes.length) return true
  if ((origin[at] as number) - (origin[at - 1] as number) > 1) return true
  return standsAlone(codes[at] as number) || standsAlone(codes[at - 1] as number)
}

/**
 * Whether the same letters from `start` to `end` are the same words: "the" is none in "other", nor
 * in "at height", though folding leaves no space. A footnote's number may follow a word.
 */
export function standsAsWords(
  text: Letters,
  { opens, closes }: Passage,
  start: number,
  end: number,
): boolean {
  return (!opens || isEdge(text, start)) && (!closes || isEdge(text, end))
}

function isEdge(text: Letters, at: number): boolean {
  return isWordBorder(text, at) || isNumberBorder(text, at)
}

function isNumberBorder({ codes }: Letters, at: number): boolean {
  return isDigit(codes[at - 1] as number) !== isDigit(codes[at] as number)
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

/** Marks, and the characters of scripts that put no space between words. */
function standsAlone(code: number): boolean {
  return (code >= 0x2e80 && (code < 0xac00 || code > 0xdfff)) || isMark(code)
}

function isMark(code: number): boolean {
  if (code >= 0x80) return (code >= 0x2000 && code < 0x2c00) || (code >= 0x3000 && code < 0x3040)
  return !(isDigit(code) || ((code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a))
}
