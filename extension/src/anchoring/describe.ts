/**
 * Describes a range so that it can be found again: the text itself, as much of what stands around
 * it as makes it unmistakable, and its position as a hint.
 */

import type { Position, Quote } from '../model'
import { CodePointRuler } from './code-points'
import { type Folded, fold, foldedOffset } from './fold'
import { graphemesAround } from './graphemes'
import { atOnce } from './slices'
import { TextIndex } from './text-index'

export interface Description {
  quote: Quote
  position: Position
}

/** The record's limits, in code points. */
const LONGEST_QUOTE = 20_000
const SHORTEST_CONTEXT = 32
const LONGEST_CONTEXT = 256
/**
 * Every quote gets this much on each side. Short ones live by their context, so the shorter the
 * quote, the more it is given.
 */
const USUAL_CONTEXT = 64
const CONTEXT_OF_SHORT = 128
const SHORT = 48

/**
 * null where the range holds no visible text. A selection over the longest quote the record takes
 * is described by its beginning.
 */
export function describe(
  range: Range | StaticRange,
  root: Element | TextIndex,
): Description | null {
  const index = root instanceof TextIndex ? root : atOnce(TextIndex.build(root))
  const span = visibleSpan(range, index)
  if (span === null) return null
  const { text } = index
  const ruler = new CodePointRuler(text)
  let { start, end } = span
  const longest = ruler.toUnits(ruler.toCodePoints(start) + LONGEST_QUOTE)
  if (end > longest) end = withoutSpaceAtEnd(text, start, graphemesAround(text, longest)[0])
  const [before, after] = contextSizes(text, start, end)
  return {
    quote: {
      exact: text.slice(start, end),
      prefix: text.slice(contextStart(text, ruler, start, before), start),
      suffix: text.slice(end, contextEnd(text, ruler, end, after)),
    },
    position: { start: ruler.toCodePoints(start), end: ruler.toCodePoints(end) },
  }
}

/** The range in index offsets, without white space at its ends, and never half a grapheme. */
function visibleSpan(
  range: Range | StaticRange,
  index: TextIndex,
): { start: number; end: number } | null {
  const { text } = index
  let start = index.offsetOf(range.startContainer, range.startOffset)
  let end = index.offsetOf(range.endContainer, range.endOffset)
  while (start < end && isSpace(text, start)) start++
  end = withoutSpaceAtEnd(text, start, end)
  if (end <= start) return null
  return { start: graphemesAround(text, start)[0], end: graphemesAround(text, end)[1] }
}

function withoutSpaceAtEnd(text: string, start: number, end: number): number {
  while (end > start && isSpace(text, end - 1)) end--
  return end
}

function isSpace(text: string, at: number): boolean {
  return text[at] === ' ' || text[at] === '\n'
}

/**
 * Grows each side until it alone, with the quote, is found once in the page: then either side may
 * be rewritten and the other still tells.
 */
function contextSizes(text: string, start: number, end: number): [number, number] {
  const folded: Folded = atOnce(fold(text))
  const from = foldedOffset(folded, start)
  const till = foldedOffset(folded, end)
  const least = end - start < SHORT ? CONTEXT_OF_SHORT : USUAL_CONTEXT
  let before = Math.max(SHORTEST_CONTEXT, least)
  let after = before
  const back = (size: number): number => foldedOffset(folded, Math.max(0, start - size))
  const ahead = (size: number): number => foldedOffset(folded, Math.min(text.length, end + size))
  while (before < LONGEST_CONTEXT && !isUnique(folded.text, back(before), till)) before *= 2
  while (after < LONGEST_CONTEXT && !isUnique(folded.text, from, ahead(after))) after *= 2
  return [Math.min(before, LONGEST_CONTEXT), Math.min(after, LONGEST_CONTEXT)]
}

function isUnique(text: string, from: number, till: number): boolean {
  const piece = text.slice(from, till)
  return text.indexOf(piece) === from && text.indexOf(piece, from + 1) === -1
}

function contextStart(text: string, ruler: CodePointRuler, start: number, size: number): number {
  const at = ruler.toUnits(Math.max(0, ruler.toCodePoints(start) - size))
  return Math.min(start, graphemesAround(text, at)[1])
}

function contextEnd(text: string, ruler: CodePointRuler, end: number, size: number): number {
  const at = ruler.toUnits(ruler.toCodePoints(end) + size)
  return Math.max(end, graphemesAround(text, at)[0])
}
