/**
 * Describes a range so that it can be found again: the text itself, as much of what stands around
 * it as makes it unmistakable, and its position as a hint.
 */

import type { Position, Quote } from '../model'
import { CodePointRuler } from './code-points'
import { graphemesAround } from './graphemes'
import { contextSizes } from './lookalikes'
import { atOnce } from './slices'
import { TextIndex } from './text-index'

export interface Description {
  quote: Quote
  position: Position
}

/** The record's limit, in code points. */
const LONGEST_QUOTE = 20_000

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
  const ruler = atOnce(CodePointRuler.measure(text))
  let { start, end } = span
  const longest = ruler.toUnits(ruler.toCodePoints(start) + LONGEST_QUOTE)
  if (end > longest) end = withoutSpaceAtEnd(text, start, graphemesAround(text, longest)[0])
  const [before, after] = contextSizes(atOnce(index.folded()), text, start, end)
  return {
    quote: {
      exact: text.slice(start, end),
      prefix: text.slice(contextStart(text, ruler, start, before), start),
      suffix: text.slice(end, contextEnd(text, ruler, end, after)),
    },
    position: { start: ruler.toCodePoints(start), end: ruler.toCodePoints(end) },
  }
}

/** Whether a range holds more visible text than the longest quote. */
export function isTooLong(range: Range | StaticRange, root: Element | TextIndex): boolean {
  const index = root instanceof TextIndex ? root : atOnce(TextIndex.build(root))
  const span = visibleSpan(range, index)
  return span !== null && [...index.text.slice(span.start, span.end)].length > LONGEST_QUOTE
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

function contextStart(text: string, ruler: CodePointRuler, start: number, size: number): number {
  const at = ruler.toUnits(Math.max(0, ruler.toCodePoints(start) - size))
  return Math.min(start, graphemesAround(text, at)[1])
}

function contextEnd(text: string, ruler: CodePointRuler, end: number, size: number): number {
  const at = ruler.toUnits(ruler.toCodePoints(end) + size)
  return Math.max(end, graphemesAround(text, at)[0])
}
